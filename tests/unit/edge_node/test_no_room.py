"""When there is no room for photos an application is taken without them, at the desk and over the API."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from edge_node.station import Station
from sync.node.budgets import Budgets
from sync.node.road.fetching import Fetcher
from sync.node.room import Room
from sync.records.ids import blobs_database
from sync.typed import replace
from tests.unit.edge_node.applications import JPEG, application, item, key
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press
from tests.unit.forms import form_on, photo, read, send

CASES = "/api/v1/cases"


@pytest.fixture
def free() -> dict[str, int]:
    """How many bytes of the disk are free, in the test's hand; 1,000 are to be spare."""
    return {"bytes": 100}


@pytest.fixture
def station(make_station: Callable[[], Station], free: dict[str, int]) -> Iterator[Station]:
    made = make_station()
    room = Room(made.node, Budgets(spare_disk_bytes=1000), free_bytes=lambda directory: free["bytes"])
    fetcher = Fetcher(made.node, made.courier.way, refused=room.photos_refused)
    yield replace(made, room=room, fetcher=fetcher)
    fetcher.close()


def without_photos(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "materials": [{**paper, "photos": []} for paper in body["materials"]]}


def test_over_the_api_photos_are_refused_by_a_name_and_the_application_is_taken_without(
    client: FlaskClient, keep_unchanged: Callable[[], object]
) -> None:
    keep_unchanged()
    body = application(photos=(JPEG,))
    refused = client.post(CASES, json=body, headers=key("one"))
    assert refused.status_code == 507
    told = refused.get_json()
    assert told["type"] == "urn:yizhan:problem:no-room-for-photos"
    assert "不带照片" in refused.text


def test_the_application_itself_is_always_taken(client: FlaskClient, free: dict[str, int]) -> None:
    body = application(photos=(JPEG,))
    assert client.post(CASES, json=body, headers=key("one")).status_code == 507
    taken = client.post(CASES, json=without_photos(body), headers=key("one"))
    assert taken.status_code == 201
    free["bytes"] = 5000
    again = client.post(CASES, json=application(photos=(JPEG,), number=1), headers=key("two"))
    assert again.status_code == 201


def test_what_was_taken_before_is_answered_as_it_was(client: FlaskClient, free: dict[str, int]) -> None:
    free["bytes"] = 5000
    body = application(photos=(JPEG,))
    first = client.post(CASES, json=body, headers=key("one"))
    free["bytes"] = 100
    assert client.post(CASES, json=body, headers=key("one")).get_json() == first.get_json()


def test_a_photo_that_is_not_here_is_not_fetched_and_it_is_said_why(
    client: FlaskClient, station: Station, free: dict[str, int]
) -> None:
    free["bytes"] = 5000
    taken = client.post(CASES, json=application(photos=(JPEG,)), headers=key("one")).get_json()
    name = blobs_database(station.node.identity.sid)
    station.node.databases.destroy(name)
    station.node.databases.create(name)
    free["bytes"] = 100
    told = client.get(f"{CASES}/{taken['id']}/materials/1")
    assert told.status_code == 503
    assert "暂时不能存新照片" in told.get_json()["trouble"]


def test_status_says_what_is_running_out(client: FlaskClient, free: dict[str, int]) -> None:
    told = client.get("/api/v1/status").get_json()["room"]
    assert [one["level"] for one in told["shortages"]] == ["stop_photos"]
    assert "申请照常收" in told["photos_refused"]
    free["bytes"] = 600
    told = client.get("/api/v1/status").get_json()["room"]
    assert ([one["level"] for one in told["shortages"]], told["photos_refused"]) == (["warn"], "")


def test_a_photo_that_came_too_late_is_named_and_everything_else_is_kept(
    client: FlaskClient, free: dict[str, int]
) -> None:
    free["bytes"] = 5000
    draft = begin(client, address_of())
    form = form_on(read(client, f"{draft}/papers"), "save")["values"]
    free["bytes"] = 100  # it ran full while the agent was at it
    answer = send(client, f"{draft}/papers", {**form, "materials.0.photos": photo(JPEG), "materials.0.got": "yes"})
    assert answer.status_code == 422
    assert "新选的照片没有存上：磁盘只剩" in answer.text
    assert form_on(answer.text, "save")["values"]["materials.0.got"] == "yes"
    fill(client, draft, filled())
    assert press(client, draft, "confirm", {}, "receive").status_code == 303


def test_photos_kept_before_it_ran_full_wait_or_the_application_is_taken_without(
    client: FlaskClient, free: dict[str, int]
) -> None:
    free["bytes"] = 5000
    draft = begin(client, address_of())
    typed = {name: value for name, value in filled().items() if name != "materials.0.got"}
    fill(client, draft, {**typed, "materials.0.photos": photo(JPEG)})
    free["bytes"] = 100
    answer = press(client, draft, "confirm", {}, "receive")
    assert answer.status_code == 507
    assert "bare" in form_on(answer.text, "save")["buttons"]
    assert press(client, draft, "confirm", {}, "bare").status_code == 303
    (case,) = client.get(CASES).get_json()["cases"]
    assert (case["materials"]["photos"], len(client.get(CASES).get_json()["cases"])) == (0, 1)


def test_papers_that_begin_without_room_ask_for_no_photos(client: FlaskClient, free: dict[str, int]) -> None:
    draft = begin(client, address_of())
    page = read(client, f"{draft}/papers")
    assert 'type="file"' not in page
    assert "照片以后补交" in page
    free["bytes"] = 5000
    assert read(client, f"{draft}/papers").count('type="file"') == len(item().materials)


def test_papers_are_added_later_without_photos_too(client: FlaskClient, free: dict[str, int]) -> None:
    case = client.post(CASES, json=application(), headers=key("one")).get_json()
    place = f"/cases/{case['id']}/papers"
    form = form_on(read(client, place), "reason")["values"]
    answer = send(client, place, {**form, "materials.0.photos": photo(JPEG), "reason": "补交"})
    assert answer.status_code == 507
    assert "materials.0.got" in form_on(answer.text, "reason")["values"]
    free["bytes"] = 5000
    assert send(client, place, {**form, "materials.0.photos": photo(JPEG), "reason": "补交"}).status_code == 303


def test_home_says_it_in_words(client: FlaskClient, free: dict[str, int]) -> None:
    page = client.get("/").text
    assert "磁盘只剩" in page
    assert "照片以后补交" in page
    free["bytes"] = 5000
    assert "磁盘只剩" not in client.get("/").text
