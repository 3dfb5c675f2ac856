"""暂存的件 over the API: the same the desk goes on with, of whoever began them and nobody else."""

import pytest

from edge_node.desk.kept_papers import PAPERS
from edge_node.services import keep_drafts
from edge_node.services.draft import Typed
from sync.records.items import ItemState
from sync.typed import replace
from tests.unit.edge_node.applications import JPEG, application, item, key
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press
from tests.unit.forms import form_on, photo, read, send

DRAFTS = "/api/v1/drafts"


def body(name="高龄津贴", **more):
    """What is begun: an application without its photos."""
    return {**application(name), **more}


def begun(client, named="draft", **more):
    answer = client.post(DRAFTS, json=body(**more), headers=key(named))
    assert answer.status_code == 201, answer.text
    return answer.get_json()["id"]


def errors(answer):
    assert answer.status_code == 422, answer.text
    return {one["field"]: one["message"] for one in answer.get_json()["errors"]}


def test_a_draft_of_the_api_is_gone_on_with_at_the_desk_and_becomes_a_case(client):
    draft = begun(client)
    name = application()["fields"]["applicant_name"]
    assert name in read(client, f"/drafts/{draft}/applicant")
    assert f'href="/drafts/{draft}/' in read(client, "/drafts")
    assert press(client, f"/drafts/{draft}", "confirm", {}, "receive").status_code == 303
    (case,) = client.get("/api/v1/cases").get_json()["cases"]
    assert case["item"] == item().code
    assert client.get(DRAFTS).get_json() == {"drafts": []}


def test_a_draft_of_the_desk_is_told_and_gone_on_with_over_the_api(client):
    address = begin(client, address_of())
    fill(client, address, {**filled(), "materials.0.photos": [photo(JPEG)], "materials.0.kind": "shown"})
    told = client.get(f"/api/v1{address}").get_json()
    typed = application()["fields"]
    assert {name: told["fields"][name] for name in typed} == typed
    assert (told["item"], told["bundle"], told["channel"]) == (item().code, "", "counter")
    first = told["materials"][0]
    assert (first["name"], first["photos"], first["kind"], first["compared"]) == (
        *(item().materials[0].name, 1),
        *("photo", True),
    )
    changed = {"fields": {**typed, "phone": "13900000001"}, "materials": [{"name": first["name"], "kind": "copy"}]}
    assert client.put(f"/api/v1{address}", json=changed).status_code == 200
    page = read(client, f"{address}/applicant")
    assert "13900000001" in page
    again = client.get(f"/api/v1{address}").get_json()
    assert [(one["name"], one["kind"], one["photos"]) for one in again["materials"]] == [(first["name"], "copy", 1)]


def test_the_list_tells_of_each_what_it_is_for_and_whose_masked(client, clock):
    first = begun(client, "1")
    clock.now_ms += 60_000
    second = client.post(DRAFTS, json={"bundle": "QX-YJS-01"}, headers=key("2")).get_json()["id"]
    rows = client.get(DRAFTS).get_json()["drafts"]
    assert [(row["id"], row["item"], row["bundle"]) for row in rows] == [
        (second, "", "QX-YJS-01"),
        (first, item().code, ""),
    ]
    name = application()["fields"]["applicant_name"]
    assert rows[1]["applicant"].startswith(name[0])
    assert "*" in rows[1]["applicant"]
    assert rows[1]["name"] == item().name
    assert [row["takes_cases"] for row in rows] == [True, True]
    assert rows[0]["updated_at"] > rows[1]["updated_at"]


def test_a_draft_begun_twice_under_one_key_is_one_and_a_key_is_needed(client):
    answers = [client.post(DRAFTS, json=body(), headers=key("1")) for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert answers[1].headers["Idempotent-Replay"] == "true"
    assert answers[0].headers["Location"] == f"{DRAFTS}/{answers[0].get_json()['id']}"
    assert len(client.get(DRAFTS).get_json()["drafts"]) == 1
    assert client.post(DRAFTS, json=body()).status_code == 400
    assert client.post(DRAFTS, json={"item": item().code}, headers=key("1")).status_code == 422


def test_what_changed_unseen_is_not_written_over(client):
    address = f"{DRAFTS}/{begun(client)}"
    seen = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": seen}).status_code == 304
    press(client, address.removeprefix("/api/v1"), "applicant", {"fields.phone": "13900000002"})
    refused = client.put(address, json={"fields": {"phone": "13900000003"}}, headers={"If-Match": seen})
    assert refused.status_code == 412
    assert client.get(address).get_json()["fields"]["phone"] == "13900000002"
    seen = client.get(address).headers["ETag"]
    kept = client.put(address, json={"fields": {"phone": "13900000003"}}, headers={"If-Match": seen})
    assert kept.get_json()["version"] == client.get(address).get_json()["version"]
    assert client.get(address).get_json()["fields"] == {"phone": "13900000003"}


def test_nothing_has_to_be_right_yet_but_what_nobody_asks_for_is_refused(client):
    begun(client, fields={"id_number": "99"}, materials=[])
    wrong = body(fields={"nonsense": "x"}, materials=[{"name": "船票"}], situations={"whether": "x"})
    assert set(errors(client.post(DRAFTS, json=wrong, headers=key("2")))) == {
        "fields.nonsense",
        "materials",
        "situations.whether",
    }
    compared = body(materials=[{"name": item().materials[0].name, "kind": "original", "compared": True}])
    assert set(errors(client.post(DRAFTS, json=compared, headers=key("3")))) == {"materials.0.compared"}
    for named in ({}, {"item": item().code, "bundle": "QX-YJS-01"}):
        assert "item" in errors(client.post(DRAFTS, json=named, headers=key("4")))
    assert set(errors(client.post(DRAFTS, json={"item": "QX-XX-9999"}, headers=key("5")))) == {"item"}
    photos = body(materials=[{"name": item().materials[0].name, "photos": []}])
    assert set(errors(client.post(DRAFTS, json=photos, headers=key("6")))) == {"materials.0.photos"}
    consents = [{"kind": kind, "means": "oral", "read_by": kind} for kind in ("processing", "sensitive")]
    assert errors(client.post(DRAFTS, json=body(consents=consents), headers=key("7")))


def test_all_that_is_sent_is_told_again(client):
    paper = {"name": item().materials[0].name, "kind": "copy", "compared": True, "copies": 2}
    consents = [{"kind": "processing", "means": "oral", "read_by": "王芳"}]
    draft = begun(
        client,
        "1",
        materials=[paper],
        channel="visit",
        consents=consents,
        prefilled=["phone"],
        agent={"relation": "child", "id_number": "990281194103150025"},
    )
    told = client.get(f"{DRAFTS}/{draft}").get_json()
    assert told["materials"] == [{**paper, "on_file": "", "photos": 0}]
    assert (told["channel"], told["consents"], told["prefilled"]) == ("visit", consents, ["phone"])
    assert told["agent"] == {"relation": "child", "id_number": "990281194103150025"}


def test_a_draft_is_given_up_with_its_photos(client, station):
    address = begin(client, address_of())
    press(client, address, "papers", {"materials.0.photos": photo(JPEG)})
    answer = client.delete(f"/api/v1{address}")
    assert (answer.status_code, answer.data) == (204, b"")
    count = station.node.engine.read(lambda reader: reader.execute("SELECT count(*) FROM draft_photos"))
    assert count[0][0] == 0
    assert client.delete(f"/api/v1{address}").status_code == 404


def test_nobody_is_told_of_anothers_draft_nor_changes_it(client, sign_in):
    draft = begun(client)
    head = sign_in("zhang")
    assert head.get(DRAFTS).get_json() == {"drafts": []}
    for answer in (
        head.get(f"{DRAFTS}/{draft}"),
        head.put(f"{DRAFTS}/{draft}", json={}),
        head.delete(f"{DRAFTS}/{draft}"),
    ):
        assert answer.status_code == 404
    assert client.get(f"{DRAFTS}/{draft}").status_code == 200


def test_what_pages_keep_of_papers_handed_in_later_is_no_draft_of_an_application(client, station):
    station.drafts.begin("wang", "of-a-page", PAPERS, "case:k3m7q-aaaaaaaaaaaaaaaa", Typed())
    assert client.get(DRAFTS).get_json() == {"drafts": []}
    assert client.get(f"{DRAFTS}/of-a-page").status_code == 404
    assert client.delete(f"{DRAFTS}/of-a-page").status_code == 404
    assert station.drafts.read("wang", "of-a-page")


def test_more_drafts_than_an_account_may_have_are_refused(client, monkeypatch):
    monkeypatch.setattr(keep_drafts, "MOST_DRAFTS", 1)
    begun(client, "1")
    answer = client.post(DRAFTS, json=body(), headers=key("2"))
    assert (answer.status_code, answer.get_json()["type"]) == (409, "urn:yizhan:problem:too-many-drafts")


@pytest.fixture
def withdrawn(monkeypatch, station):
    """Suspend the item, as a release of the catalogue would."""

    def suspend():
        items = dict(station.catalogue.items())
        items[item().code] = replace(items[item().code], state=ItemState.SUSPENDED)
        monkeypatch.setattr(station.catalogue, "items", lambda: items)

    return suspend


def test_a_draft_of_an_item_that_takes_no_new_cases_says_so_and_none_is_begun(client, withdrawn):
    draft = begun(client)
    withdrawn()
    assert [row["takes_cases"] for row in client.get(DRAFTS).get_json()["drafts"]] == [False]
    assert client.get(f"{DRAFTS}/{draft}").get_json()["fields"]
    assert set(errors(client.post(DRAFTS, json=body(), headers=key("2")))) == {"item"}


def test_what_another_situation_asked_for_is_kept_until_it_is_asked_for_again(client):
    birth = {"item": item("生育登记").code, "fields": {"spouse_name": "李四"}, "situations": {"marriage": "again"}}
    made = client.post(DRAFTS, json=birth, headers=key("1"))
    address = f"{DRAFTS}/{made.get_json()['id']}"
    assert client.get(address).get_json()["fields"] == {"spouse_name": "李四"}
    client.put(address, json={"situations": {"marriage": "single"}})
    assert client.get(address).get_json()["fields"] == {}
    assert errors(client.put(address, json={**birth, "situations": {"marriage": "single"}} | {"item": ""}))
    seen = client.get(address).get_json()
    client.put(address, json={"fields": {"applicant_name": "王五"}, "situations": {"marriage": "single"}})
    assert client.get(address).get_json()["version"] != seen["version"]
    page = f"{address.removeprefix('/api/v1')}/guide"
    send(client, page, {**form_on(read(client, page), "save")["values"], "situations.marriage": "again", "go": "next"})
    assert client.get(address).get_json()["fields"] == {"spouse_name": "李四", "applicant_name": "王五"}
