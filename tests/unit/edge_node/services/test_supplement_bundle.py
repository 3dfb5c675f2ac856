"""补交 to a 一件事: a paper that several of its cases lack is brought once, and all of them get it or none does."""

import json

import pytest

from edge_node.services import supplement_case
from edge_node.services.matter import BUNDLE, matter_of
from fixtures.county import text
from sync.errors import DiskFull
from sync.values.json_text import dump
from tests.unit.edge_node.applications import JPEG, encoded, key
from tests.unit.edge_node.bundles import CODE, take, whole, without
from tests.unit.forms import errors_on, form_on, photo, read, send

CASES = "/api/v1/cases"
CERTIFICATE = "出生医学证明"


@pytest.fixture
def cases(client, station):
    """The ids of three cases of a 一件事; the second and the third lack the certificate, and each one more."""
    body = without(whole(matter_of(station.catalogue, BUNDLE, CODE)), CERTIFICATE, "父母身份证", incomplete=True)
    return [one["id"] for one in take(client, body).get_json()["applications"]]


def bring(client, case, *others, papers=(CERTIFICATE,), photos=(), name="brought", **more):
    body = {
        "materials": [{"name": one, "photos": [encoded(content) for content in photos]} for one in papers],
        "also_for": list(others),
        **more,
    }
    return client.post(f"{CASES}/{case}/materials", json=body, headers=key(name))


def told(client, case):
    return client.get(f"{CASES}/{case}").get_json()


def papers(client, case):
    return {one["name"]: len(one["photos"]) for one in told(client, case)["materials"]}


def test_each_case_gets_what_it_lacks_in_one_step_and_goes_on_when_it_has_all(client, cases):
    first, second, third = cases
    before = told(client, first)
    answer = bring(client, second, third, first, papers=(CERTIFICATE, "父母身份证"), photos=(JPEG,))
    assert answer.status_code == 200, answer.text
    done = answer.get_json()
    assert (done["id"], done["act"], done["state"]) == (second, "supplemented", "received")
    assert [(one["id"], one["act"]) for one in done["also"]] == [(third, "supplemented")]
    assert papers(client, second).items() >= {CERTIFICATE: 1, "父母身份证": 1}.items()
    assert papers(client, third)[CERTIFICATE] == 1
    assert "父母身份证" not in papers(client, third)  # its item does not ask for it
    assert told(client, third)["log"][-1]["note"] == f"收到：{CERTIFICATE}"
    assert told(client, first) == before  # it lacked nothing of it
    assert client.get(f"{CASES}/{third}/materials/0").data
    assert bring(client, second, third, first, papers=(CERTIFICATE, "父母身份证"), photos=(JPEG,)).data == answer.data


def test_nobody_else_gets_it_unless_it_is_said(client, cases):
    done = bring(client, cases[1]).get_json()
    assert done["also"] == []
    assert CERTIFICATE not in papers(client, cases[2])


def test_what_got_there_before_is_not_handed_in_twice(client, cases):
    assert bring(client, cases[2], name="a").status_code == 200
    before = told(client, cases[2])
    assert bring(client, cases[1], cases[2], name="b").get_json()["also"] == []
    assert told(client, cases[2]) == before


def test_the_number_on_a_card_that_comes_later_is_filled_in_where_it_is_asked_for_alike(client, station):
    shelf = json.loads(text("items.json"))
    of_disabled = next(one for one in shelf["bundles"] if one["code"] == "QX-YJS-04")
    for row in shelf["items"]:
        if row["code"] in of_disabled["items"]:
            row["version"] += 1
            for field in row["fields"]:
                field["required"] = field["required"] and field["name"] != "bank_card"
    station.catalogue.bring(dump(shelf))
    body = without(whole(matter_of(station.catalogue, BUNDLE, "QX-YJS-04")), "银行卡", incomplete=True)
    del body["fields"]["bank_card"]
    received = take(client, body, code="QX-YJS-04").get_json()["applications"]
    waiting = [one["id"] for one in received if one["state"] == "supplement_before"]
    assert len(waiting) == 2
    answer = bring(client, *waiting, papers=("银行卡",), fields={"bank_card": "6222000011112222"})
    assert answer.status_code == 200, answer.text
    for case in waiting:
        after = told(client, case)
        assert after["state"] == "received"
        assert [one["value"] for one in after["fields"] if one["name"] == "bank_card"] == ["************2222"]


def test_when_another_cannot_be_written_none_is(client, cases, monkeypatch, keep_unchanged):
    keep_unchanged()

    def breaks(*given):
        raise DiskFull

    monkeypatch.setattr(supplement_case, "_filled_alike", breaks)
    assert bring(client, cases[1], cases[2], photos=(JPEG,)).status_code == 507
    assert CERTIFICATE not in papers(client, cases[1])


def test_a_case_of_another_matter_is_refused_by_its_place(client, cases, keep_unchanged):
    keep_unchanged()
    for row, others in enumerate(((cases[1],), (cases[2], "case:nobody"))):
        answer = bring(client, cases[1], *others)
        assert answer.status_code == 422
        said = [(one["field"], one["message"]) for one in answer.get_json()["errors"]]
        assert said == [(f"also_for.{row}", "这件不属于同一个一件事")]


def got(form, paper):
    (place,) = (name for name, value in form.items() if value == paper)
    return {place.replace(".name", ".got"): "yes", place.replace(".name", ".photos"): photo(JPEG)}


def test_at_the_desk_the_others_that_lack_it_are_ticked_and_it_is_said_that_they_got_it(client, cases):
    address = f"/cases/{cases[1]}"
    page = read(client, f"{address}/papers")
    assert "一件事里也缺这些材料的办件，一并交给" in page
    assert "还缺：出生医学证明" in page
    assert cases[0] not in page  # it lacks nothing
    form = form_on(page, "reason")["values"]
    assert form["also_for"] == cases[2]
    assert send(client, f"{address}/papers", {**form, **got(form, CERTIFICATE)}).status_code == 303
    assert "一件事里的“新生儿参保”也收到了这次的材料，现在的状态是“已收件”" in read(client, address)
    assert papers(client, cases[2])[CERTIFICATE] == 1


def test_one_that_is_taken_out_gets_nothing_stays_out_and_is_named_as_lacking_it(client, cases):
    address = f"/cases/{cases[1]}"
    form = form_on(read(client, f"{address}/papers"), "reason")["values"]
    del form["also_for"]
    nothing = send(client, f"{address}/papers", form)
    assert errors_on(nothing.text)
    again = form_on(nothing.text, "reason")["values"]
    assert "also_for" not in again
    assert send(client, f"{address}/papers", {**again, **got(again, CERTIFICATE)}).status_code == 303
    assert "一件事里的“新生儿参保”也缺：出生医学证明。请在那件也补交" in read(client, address)
    assert CERTIFICATE not in papers(client, cases[2])
