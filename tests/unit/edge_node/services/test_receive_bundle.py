"""一件事: one form becomes a case for each item, all of them or none, over the API and at the desk."""

from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import pytest

from edge_node.services import take_parts
from edge_node.services.matter import BUNDLE, matter_of
from sync.casework.find_case import find_case
from sync.errors import DiskFull
from sync.store.ledger.originals import claimed_originals
from sync.typed import replace
from tests.unit.edge_node.applications import JPEG, key
from tests.unit.edge_node.bundles import CODE, take, whole, without
from tests.unit.edge_node.desk.typing_in import begin, fill, press
from tests.unit.edge_node.pictures.drawing import page, saved
from tests.unit.forms import form_on, photo, read

CASES = "/api/v1/cases"
# By 一件事: the item, its field, and what it is asked for as.
SAME = {
    CODE: [("QX-WJ-0033", "due_date", "birth_date")],
    "QX-YJS-03": [("QX-GY-0058", "supply_address", "plot")],
    "QX-YJS-04": [("QX-MZ-0027", "disability_grade", "disability_grade")],
}


@pytest.fixture
def matter(station):
    return matter_of(station.catalogue, BUNDLE, CODE)


def listed(client):
    return client.get(CASES).get_json()["cases"]


def test_what_items_share_is_asked_for_once_and_as_strictly_as_the_strictest(matter):
    names = [field.name for field in matter.fields]
    assert len(names) == len(set(names)) < sum(len(item.fields) for item in matter.items)
    labels = {(item.code, field.name): field.label for item in matter.items for field in item.fields}
    shown = {field.name: field.label for field in matter.fields}
    same = {(item, name): asked_as for item, name, asked_as in SAME[CODE]}
    assert {place: shown[name] for place, name in matter.keys.items()} == {
        place: shown[same[place]] if place in same else label for place, label in labels.items()
    }
    for paper in matter.materials:
        asked = [one for item in matter.items for one in item.materials if one.name == paper.name]
        assert paper.required is any(one.required for one in asked)


@pytest.mark.parametrize("code", SAME)
def test_what_two_items_ask_under_two_names_is_asked_for_once_and_stands_in_both_cases(client, station, code):
    matter = matter_of(station.catalogue, BUNDLE, code)
    (row,) = [one for one in client.get("/api/v1/bundles").get_json()["bundles"] if one["code"] == code]
    assert [(one["item"], one["field"], one["asked_as"]) for one in row["same"]] == SAME[code]
    labels = [field.label for field in matter.fields]
    assert len(labels) == len(set(labels))
    told = take(client, whole(matter), code=code).get_json()["applications"]
    cases = {
        item.code: station.node.read(partial(find_case, node=station.node, case_id=one["id"])).fields
        for item, one in zip(matter.items, told, strict=True)
    }
    for item, name, asked_as in SAME[code]:
        assert matter.keys[item, name] == asked_as
        assert {field.name for field in matter.fields} & {name, asked_as} == {asked_as}
        values = [
            cases[other.code][own]
            for other in matter.items
            for own in (name, asked_as)
            if (other.code, own) in matter.keys and matter.keys[other.code, own] == asked_as
        ]
        assert len(values) >= 2
        assert len(set(values)) == 1


def test_another_day_for_the_same_child_is_refused_and_what_is_wrong_is_said_once(client, matter):
    body = whole(matter)
    body["fields"]["due_date"] = "2025-09-01"
    assert [one["field"] for one in take(client, body).get_json()["errors"]] == ["fields.due_date"]
    body = whole(matter)
    body["fields"]["birth_date"] = "9月1日"
    (wrong,) = take(client, body).get_json()["errors"]
    assert wrong["field"] == "fields.birth_date"
    assert "预产期" not in str(wrong)


def test_of_two_lists_of_choices_those_count_that_both_have(client, station):
    matter = matter_of(station.catalogue, BUNDLE, "QX-YJS-04")
    (grade,) = [field for field in matter.fields if field.label == "残疾等级"]
    assert grade.choices == ("一级", "二级")
    body = whole(matter)
    body["fields"][grade.name] = "三级"
    (wrong,) = take(client, body, code="QX-YJS-04").get_json()["errors"]
    assert wrong["field"] == f"fields.{grade.name}"


@pytest.mark.parametrize("other_form", ["lacks it", "asks for something else"])
def test_a_field_stands_on_its_own_where_no_other_item_asks_for_it(station, other_form):
    items = station.catalogue.items()
    born = items["QX-GA-0048"]
    others = [one for one in born.fields if one.name != "birth_date"]
    if other_form != "lacks it":
        others += [replace(one, kind="text") for one in born.fields if one.name == "birth_date"]
    items = {**items, born.code: replace(born, fields=tuple(others))}
    bundle = replace(station.catalogue.bundles()[CODE], items=("QX-WJ-0033", born.code))
    shelf = SimpleNamespace(bundles=lambda: {CODE: bundle}, items=lambda: items)
    matter = matter_of(shelf, BUNDLE, CODE)
    assert matter.keys["QX-WJ-0033", "due_date"] == "due_date"
    assert [field.label for field in matter.fields if field.name == "due_date"] == ["预产期或出生日期"]


def test_each_item_becomes_a_case_with_its_own_number_and_all_name_each_other(client, station, matter):
    large = saved(page(1400, 1100, seed=5), quality=95)
    answer = take(client, whole(matter, photos=(large, JPEG)))
    assert answer.status_code == 201, answer.text
    told = answer.get_json()
    assert [one["item_name"] for one in told["applications"]] == [item.name for item in matter.items]
    numbers = [one["receipt_number"] for one in told["applications"]]
    assert len(set(numbers)) == 3
    assert (told["bundle"], told["bundle_number"]) == (CODE, numbers[0])
    for one, item in zip(told["applications"], matter.items, strict=True):
        case = client.get(f"{CASES}/{one['id']}").get_json()
        assert (case["bundle"], case["bundle_number"]) == (CODE, numbers[0])
        assert [other["receipt_number"] for other in case["bundle_cases"]] == numbers
        asked = {field.name for field in item.fields}
        assert {field["name"] for field in case["fields"]} <= asked | {"assignee"}  # who received it has it
        assert {paper["name"] for paper in case["materials"]} <= {paper.name for paper in item.materials}
    originals = station.node.engine.read(claimed_originals)
    assert len(originals) <= 1  # of a photo that several ask for, what it was before is kept once
    assert take(client, whole(matter, photos=(large, JPEG))).data == answer.data
    assert len(listed(client)) == 3


def test_everything_wrong_with_any_of_them_is_said_at_once_and_nothing_is_taken(client, matter, keep_unchanged):
    keep_unchanged()
    body = whole(matter)
    body["fields"] |= {"phone": "1", "nonsense": "x"}
    last = matter.items[-1]
    others = {matter.keys[item.code, field.name] for item in matter.items[:-1] for field in item.fields}
    asked = [matter.keys[last.code, field.name] for field in last.fields if field.required]
    other = next(name for name in asked if name not in others)
    del body["fields"][other]
    body["materials"].append({"name": "房产证明之外的"})
    answer = take(client, body)
    assert answer.status_code == 422
    fields = [one["field"] for one in answer.get_json()["errors"]]
    assert {"fields.phone", f"fields.{other}", "fields.nonsense", "materials"} <= set(fields)
    assert fields.count("fields.phone") == 1


@contextmanager
def third_breaks(monkeypatch):
    """While the block runs, the third case of a bundle cannot be written."""
    real, done = take_parts.file_in, []

    def breaking(*given, **more):
        done.append(1)
        if len(done) == 3:
            raise DiskFull
        return real(*given, **more)

    with monkeypatch.context() as broken:
        broken.setattr(take_parts, "file_in", breaking)
        yield


def test_when_one_cannot_be_written_none_is_and_no_number_is_spent(client, matter, monkeypatch, keep_unchanged):
    keep_unchanged()
    with third_breaks(monkeypatch):
        assert take(client, {**whole(matter), "register": True}).status_code == 507
    assert listed(client) == []
    assert client.get("/api/v1/people").get_json()["people"] == []


def test_at_the_desk_one_form_is_filled_in_and_the_slip_lists_the_others(client, matter):
    draft = begin(client, f"/bundles/{CODE}/application")
    body = whole(matter)
    form = read(client, f"{draft}/form")
    assert ("fields.birth_date" in form, "预产期" in form) == (True, False)
    values = {f"fields.{name}": value for name, value in body["fields"].items()}
    values |= {f"materials.{row}.got": "yes" for row, one in enumerate(matter.materials) if one.required}
    fill(client, draft, {**values, "materials.0.photos": photo(JPEG)})
    confirm = read(client, f"{draft}/confirm")
    assert "需要改正" not in confirm
    assert f"一件事：{matter.name}" in read(client, "/drafts")
    answer = press(client, draft, "confirm", {}, "receive")
    assert answer.status_code == 303, answer.text
    numbers = [one["receipt_number"][-7:] for one in listed(client)]
    assert len(numbers) == 3
    received = answer.headers["Location"]
    for place in (received, received.replace("/received", "/prints/receipt"), received.removesuffix("/received")):
        shown = read(client, place)
        assert all(f"{number[:2]}-{number[2:6]}-{number[6]}" in shown for number in numbers)
        assert "一件事" in shown
    assert client.get(f"{draft}/form").headers["Location"] == received
    assert form_on(read(client, "/items"), "csrf_token")


def test_a_bundle_nobody_has_is_not_found(client):
    assert client.post("/api/v1/bundles/none/applications", json={"fields": {}}, headers=key("1")).status_code == 404


def test_whoever_comes_with_a_passport_is_one_applicant_in_every_case_of_a_bundle(client, matter):
    assert {name for (_item, field), name in matter.keys.items() if field == "cert_kind"} == {"cert_kind"}
    body = whole(matter)
    told = {"cert_kind": "passport", "id_number": "e1234 5678"}
    answer = take(client, {**body, "fields": {**body["fields"], **told}, "register": True})
    assert answer.status_code == 201, answer.text
    cases = answer.get_json()["applications"]
    assert len({one["person"] for one in cases} - {""}) == 1
    for one in cases:
        fields = client.get(f"{CASES}/{one['id']}").get_json()["fields"]
        assert {"name": "cert_kind", "label": "证件种类", "value": "护照"} in fields


def test_a_bundle_that_lacks_papers_is_refused_whole_or_received_whole_and_each_case_says_what_it_lacks(client, matter):
    body = without(whole(matter), "出生医学证明", "父母身份证")
    refused = take(client, body)
    assert refused.status_code == 422
    said = [one["message"] for one in refused.get_json()["errors"]]
    assert said == ["缺少材料：出生医学证明", "缺少材料：父母身份证"]
    assert listed(client) == []
    answer = take(client, {**body, "incomplete": True}, "2")
    assert answer.status_code == 201, answer.text
    told = answer.get_json()["applications"]
    assert [one["state"] for one in told] == ["received", "supplement_before", "supplement_before"]
    cases = [client.get(f"{CASES}/{one['id']}").get_json() for one in told]
    assert [[gap["material"] for gap in case.get("gaps", ())] for case in cases] == [
        [],
        ["出生医学证明", "父母身份证"],
        ["出生医学证明", "户口簿"],
    ]
    assert [len(case["log"]) for case in cases] == [1, 2, 2]
    assert len({case["received_at"] for case in cases}) == 1
    assert take(client, {**body, "incomplete": True}, "2").data == answer.data
    assert len(listed(client)) == 3


def test_when_a_bundle_lacks_papers_and_one_cannot_be_written_none_is_and_nobody_is_told(
    client, matter, monkeypatch, keep_unchanged
):
    keep_unchanged()
    with third_breaks(monkeypatch):
        assert take(client, without(whole(matter), "出生医学证明", incomplete=True)).status_code == 507
    assert listed(client) == []


def test_at_the_desk_a_bundle_that_lacks_papers_is_received_and_all_of_it_is_told_with_every_notice(client, matter):
    draft = begin(client, f"/bundles/{CODE}/application")
    body = whole(matter)
    values = {f"fields.{name}": value for name, value in body["fields"].items()}
    missing = ("出生医学证明", "父母身份证")
    values |= {
        f"materials.{row}.got": "yes"
        for row, one in enumerate(matter.materials)
        if one.required and one.name not in missing
    }
    fill(client, draft, values)
    page = form_on(read(client, f"{draft}/confirm"), "save")["values"]
    assert "材料不齐，先收件并一次性告知" in read(client, f"{draft}/confirm")
    answer = press(client, draft, "confirm", {}, "receive")
    assert answer.status_code == 422
    answer = client.post(f"{draft}/confirm", data={**page, "incomplete": "yes", "go": "receive"})
    assert answer.status_code == 303
    received = read(client, answer.headers["Location"])
    waiting = [one["id"] for one in listed(client) if one["state"] == "supplement_before"]
    assert len(waiting) == 2
    for case in waiting:
        assert f'href="/cases/{case}/prints/notice"' in received
    assert "父母身份证：没有提交" in received
    assert "户口簿：没有提交，可容缺后补" in received
