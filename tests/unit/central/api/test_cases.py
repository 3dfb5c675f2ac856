"""What stations brought, listed, read and decided at the centre; the answer is an event like any other."""

import pytest

from fixtures.catalogue import publish_county
from sync.records.events import read_event
from sync.values.documents import Wanted
from tests.unit.central.stations import ID_NUMBER, JPEG, carry, take_in

CASES = "/api/v1/cases"


@pytest.fixture
def station(node, enrolled):
    publish_county(node)
    return enrolled()


@pytest.fixture
def case(station, node):
    doc_id = take_in(station, photo=JPEG)
    carry(station, node)
    return doc_id


def test_a_case_that_arrived_is_listed_with_its_station_and_people_masked(supervisor, station, case):
    (row,) = supervisor.get(CASES).get_json()["cases"]
    assert (row["id"], row["state"], row["station"]) == (case, "received", station.identity.sid)
    assert row["station_name"] == "石桥村"
    assert row["materials"] == {"held": 1, "photos": 1}
    assert row["custody"]["reached"] == "centre"
    assert "王秀兰" not in str(row)


def test_a_case_whose_photos_are_on_their_way_says_so(supervisor, station, node):
    take_in(station, photo=JPEG)
    carry(station, node, ("station",))
    (row,) = supervisor.get(CASES).get_json()["cases"]
    assert row["materials"] == {"held": 0, "photos": 1}
    assert "0/1" in row["custody"]["sentence"]


def test_a_case_is_accepted_reviewed_and_decided(supervisor, node, case):
    for act, body in (("acceptance", {}), ("review", {}), ("decision", {"decision": "approve"})):
        answer = supervisor.post(f"{CASES}/{case}/{act}", json=body, headers={"Idempotency-Key": act})
        assert answer.status_code == 200, answer.text
    told = supervisor.get(f"{CASES}/{case}").get_json()
    assert told["state"] == "approved"
    assert [(one["level"], one["by"]) for one in told["log"]][1:] == [("centre", "zhou")] * 3
    assert {one["clock"] for one in told["log"]} == {"confirmed"}
    assert ID_NUMBER not in str(told)


def test_what_the_centre_wrote_is_signed_for_with_its_own_key(supervisor, node, station, case):
    supervisor.post(f"{CASES}/{case}/acceptance", json={})
    database = node.documents.database(f"station_{station.identity.sid}")
    (document,) = database.read([Wanted(case)])
    events = [read_event(event) for event in document.fields()["events"]]
    assert [event.writer for event in events] == [station.identity.writer, node.identity.writer]


def test_a_denial_says_why(supervisor, case):
    for act in ("acceptance", "review"):
        supervisor.post(f"{CASES}/{case}/{act}", json={})
    assert supervisor.post(f"{CASES}/{case}/decision", json={"decision": "deny"}).status_code == 422
    answer = supervisor.post(f"{CASES}/{case}/decision", json={"decision": "deny", "reason": "不符合条件"})
    assert answer.get_json()["state"] == "denied"


def test_what_the_state_table_forbids_is_refused_in_chinese(supervisor, case):
    answer = supervisor.post(f"{CASES}/{case}/decision", json={"decision": "approve"})
    assert answer.status_code == 403
    assert any("\u4e00" <= character <= "\u9fff" for character in answer.get_json()["detail"])


def test_a_photo_comes_out_as_it_went_in_and_the_road_has_two_hops(supervisor, case):
    answer = supervisor.get(f"{CASES}/{case}/materials/1")
    assert (answer.data, answer.mimetype) == (JPEG, "image/jpeg")
    hops = supervisor.get(f"{CASES}/{case}/custody").get_json()["hops"]
    assert [hop["level"] for hop in hops] == ["village", "centre"]
    assert hops[-1]["state"] == "held"


def test_an_administrator_sees_no_citizens_papers(sign_in, case):
    admin = sign_in("root")
    for path in ("", f"/{case}", f"/{case}/custody", f"/{case}/materials/1"):
        assert admin.get(CASES + path).status_code == 403


def test_cases_can_be_asked_for_by_station_and_state(supervisor, station, case):
    assert supervisor.get(f"{CASES}?station={station.identity.sid}&state=received").get_json()["cases"]
    assert not supervisor.get(f"{CASES}?station=nobody").get_json()["cases"]
    assert not supervisor.get(f"{CASES}?state=approved").get_json()["cases"]
