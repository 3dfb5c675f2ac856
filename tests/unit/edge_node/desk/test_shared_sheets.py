"""A sheet that cases of a 一件事 share: offered to the bag once, in one bag for all of them, found from each case."""

import re

import pytest

from edge_node.services.matter import BUNDLE, matter_of
from sync.papers.place_papers import place_papers
from sync.papers.shared_sheets import kin_of
from sync.records.log import Record
from tests.unit.edge_node import bundles
from tests.unit.edge_node.applications import key
from tests.unit.forms import read

CODE, SHEET = "QX-YJS-02", "死亡证明"  # three items ask for it
API = "/api/v1"


@pytest.fixture
def matter(station):
    return matter_of(station.catalogue, BUNDLE, CODE)


@pytest.fixture
def cases(client, matter):
    """The three cases of a 一件事, as they were answered."""
    answer = bundles.take(client, bundles.whole(matter), code=CODE)
    assert answer.status_code == 201, answer.text
    return answer.get_json()["applications"]


def loose(client):
    return client.get(f"{API}/loose-papers").get_json()["papers"]


def sheets(client):
    return [one for one in loose(client) if one["material"] == SHEET]


def pack(client, keys, name="p"):
    return client.post(f"{API}/bags", json={"papers": keys}, headers=key(name))


def told(client, bag):
    return client.get(f"{API}/bags/{bag}").get_json()["papers"]


def placed(station, case):
    return next(one for one in place_papers(station.node, case) if one["material"] == SHEET)


def others(case, cases):
    return {one["receipt_number"] for one in cases if one["id"] != case}


def test_it_is_ticked_with_one_case_and_named_with_the_others(client, cases):
    first, *rest = sheets(client)
    assert [one["offered_with"] for one in (first, *rest)] == ["", *[first["receipt_number"]] * 2]
    for one in (first, *rest):
        assert {other["receipt_number"] for other in one["shared_with"]} == others(one["case"], cases)
    page = read(client, "/bags/new")
    boxes = re.findall(rf'name="papers" value="([^"|]*)\|{SHEET}"( checked)?', page)
    assert boxes == [(one["case"], " checked" if one is first else "") for one in (first, *rest)]
    assert page.count("共一份，确有两份才勾选") == 2
    assert page.count("共一份，同时用于 ") == 1
    alone = [one for one in loose(client) if one["material"] != SHEET]
    assert all((one["shared_with"], one["offered_with"]) == ([], "") for one in alone)


def test_packed_with_either_case_it_is_offered_with_none_and_its_place_is_told_of_each(client, station, cases):
    first, second, third = (one["key"] for one in sheets(client))
    answer = pack(client, [second])
    assert answer.status_code == 201, answer.text
    bag = answer.get_json()
    assert sheets(client) == []
    for name, one in (("first", first), ("third", third)):
        assert pack(client, [one], name).status_code == 422
    (row,) = told(client, bag["id"])
    assert {one["receipt_number"] for one in row["shared_with"]} == others(row["case"], cases)
    for case in cases:
        place, is_own = placed(station, case["id"]), case["id"] == row["case"]
        assert (place["where"], place["bag"]) == ("packed", bag["id"])
        assert place["listed_with"] == ("" if is_own else row["receipt_number"])
        assert ("列在" in read(client, f"/cases/{case['id']}")) is not is_own
    for page in (f"/bags/{bag['id']}", f"/bags/{bag['id']}/print"):
        assert "（共一份，同时用于 " in read(client, page)


def test_two_sheets_of_the_same_name_are_packed_where_both_are_ticked(client, station, cases):
    first, second, third = (one["key"] for one in sheets(client))
    bag = pack(client, [first, second]).get_json()
    assert [len(one["shared_with"]) for one in told(client, bag["id"])] == [1, 1]  # the third has no row of its own
    for one in (first, second):
        assert placed(station, one.partition("|")[0])["listed_with"] == ""
    assert placed(station, third.partition("|")[0])["listed_with"]
    assert sheets(client) == []


def test_what_is_let_go_again_may_be_packed_with_another_case(client, station, cases):
    first, second, _third = (one["key"] for one in sheets(client))
    bag = pack(client, [first]).get_json()["id"]
    assert client.post(f"{API}/bags/{bag}/voiding", json={}).status_code == 200
    assert len(sheets(client)) == 3
    again = pack(client, [second], "again").get_json()["id"]
    for case in cases:
        assert placed(station, case["id"])["bag"] == again


def test_what_was_brought_for_one_case_alone_is_another_sheet(client, matter, clock):
    body = bundles.without(bundles.whole(matter), SHEET, incomplete=True)
    cases = [one["id"] for one in bundles.take(client, body, code=CODE).get_json()["applications"]]
    for name, case, also in (("a", cases[0], [cases[1]]), ("b", cases[2], [])):
        clock.now_ms += 60_000
        brought = {"materials": [{"name": SHEET}], "also_for": also}
        assert client.post(f"{API}/cases/{case}/materials", json=brought, headers=key(name)).status_code == 200
    shared = {one["case"]: [other["case"] for other in one["shared_with"]] for one in sheets(client)}
    assert shared == {cases[0]: [cases[1]], cases[1]: [cases[0]], cases[2]: []}
    assert [bool(one["offered_with"]) for one in sheets(client)].count(True) == 1


def test_what_is_handed_in_again_for_one_case_leaves_the_sheet_of_the_others_where_it_is(client, station, cases, clock):
    first, second, third = (one["key"] for one in sheets(client))
    bag = pack(client, [first]).get_json()["id"]
    clock.now_ms += 60_000
    case = first.partition("|")[0]
    brought = {"materials": [{"name": SHEET, "kind": "copy"}]}
    assert client.post(f"{API}/cases/{case}/materials", json=brought, headers=key("again")).status_code == 200
    (again,) = sheets(client)
    assert (again["key"], again["shared_with"]) == (first, [])
    assert placed(station, case)["where"] == "station"
    assert placed(station, case)["earlier"]
    for other in (second, third):
        assert placed(station, other.partition("|")[0])["bag"] == bag
    (row,) = told(client, bag)
    assert {one["receipt_number"] for one in row["shared_with"]} == others(case, cases)
    clock.now_ms += 60_000
    assert pack(client, [first], "second").status_code == 201
    assert sheets(client) == []
    for other in (second, third):
        assert placed(station, other.partition("|")[0])["bag"] == bag


@pytest.mark.parametrize("listed", [None, "x", [None], [{"id": 3}], [{"id": "case:elsewhere-aaqeayeaudaocaja"}]])
def test_a_case_that_names_others_in_no_sense_has_no_kin(listed):
    assert kin_of(_case({"bundle_cases": listed})) == ()


def _case(fields):
    return Record("case:k3m7q-aaqeayeaudaocaja", "case", 2, "received", "", fields, ())
