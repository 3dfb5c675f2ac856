"""The paper that is signed for an act on a case, photographed on the form of the act: filed in the same step, or not
at all."""

import re

import pytest

from tests.unit.edge_node.applications import JPEG, application, key, png
from tests.unit.forms import HTML, errors_on, form_on, photo, read, send

API = "/api/v1/cases"


@pytest.fixture
def case(client):
    return client.post(API, json=application(follow=True), headers=key("first")).get_json()["id"]


@pytest.fixture
def completed(client):
    """A case of the village's own item that waits to be delivered."""
    told = client.post(API, json=application("村级开具证明"), headers=key("proof")).get_json()["id"]
    for act in ("acceptance", "finish"):
        assert client.post(f"{API}/{told}/{act}", json={}).status_code == 200, act
    return told


def told(client, case):
    return client.get(f"{API}/{case}").get_json()


def fill(client, case, name, **values):
    address = f"/cases/{case}/acts/{name}"
    return send(client, address, {**form_on(read(client, address), "reason")["values"], **values})


def test_a_promise_is_filed_with_the_tolerance_it_stands_behind(client, case):
    page = read(client, f"/cases/{case}/acts/tolerance")
    assert '<input type="file" name="paper.photos"' in page
    assert "容缺补正承诺书 <span" in page
    answer = fill(client, case, "tolerance", materials="银行卡", **{"paper.photos": photo(png(), "p.png")})
    assert answer.status_code == 303
    after = told(client, case)
    assert (after["state"], after["unfiled_papers"]) == ("tolerance", [])
    assert [one["type"] for one in after["log"]] == ["received", "tolerated"]
    promise = after["materials"][-1]
    assert (promise["name"], promise["kind"], len(promise["photos"])) == ("容缺补正承诺书", "original", 1)
    assert client.get(f"/cases/{case}/photos/1").data == png()
    assert "还没有存档" not in read(client, f"/cases/{case}")


def test_without_a_photo_it_is_done_as_before_and_asked_for_later(client, case):
    assert fill(client, case, "tolerance", materials="银行卡").status_code == 303
    assert told(client, case)["unfiled_papers"] == ["容缺补正承诺书"]


def test_a_proof_of_delivery_is_filed_with_it(client, completed):
    answer = fill(client, completed, "delivery", method="visit", receiver="本人", **{"paper.photos": photo(JPEG)})
    assert answer.status_code == 303
    after = told(client, completed)
    assert (after["state"], after["materials"][-1]["name"]) == ("delivered", "送达回证")
    assert after["log"][-1]["said"][-1] == "收到：送达回证"


def test_a_proof_that_is_signed_later_is_photographed_later_and_nothing_else(client, completed):
    assert fill(client, completed, "delivery", method="visit", receiver="本人").status_code == 303
    page = read(client, f"/cases/{completed}")
    assert "还没有存档" not in page  # it is asked for by nobody
    assert f'href="/cases/{completed}/papers"' in page
    form = form_on(read(client, f"/cases/{completed}/papers"), "reason")["values"]
    assert [value for name, value in form.items() if name.endswith(".name")] == ["送达回证"]
    answer = send(client, f"/cases/{completed}/papers", {**form, "materials.0.photos": photo(png(), "p.png")})
    assert answer.status_code == 303
    after = told(client, completed)
    assert (after["state"], after["log"][-1]["type"]) == ("delivered", "materials_added")


def test_what_is_announced_in_public_has_nobodys_signature(client, completed):
    assert fill(client, completed, "delivery", method="notice").status_code == 303
    assert told(client, completed)["signed_papers"] == []


def test_photos_of_a_form_that_came_back_are_kept_and_filed_once(client, completed):
    past = fill(client, completed, "delivery", method="visit", **{"paper.photos": photo(JPEG)})
    assert past.status_code == 422
    assert errors_on(past.text) == ["签收人：请填写签收人姓名"]
    assert "签字件" in read(client, "/drafts")
    again = form_on(past.text, "reason")["values"]
    assert again["paper.kept"] == "1"
    assert client.get(re.search(r'<img src="(/drafts/[^"]*)"', past.text)[1]).data == JPEG
    address = f"/cases/{completed}/acts/delivery"
    values = {**again, "receiver": "本人"}
    answers = [send(client, address, dict(values)) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len(told(client, completed)["materials"][-1]["photos"]) == 1
    assert "签字件" not in read(client, "/drafts")


def test_what_is_no_photo_is_told_and_nothing_is_done(client, case, keep_unchanged):
    keep_unchanged()
    answer = fill(client, case, "tolerance", materials="银行卡", **{"paper.photos": photo(b"no picture", "note.txt")})
    assert answer.status_code == 422
    assert errors_on(answer.text)[0].startswith("容缺补正承诺书：新选的第 1 张：不是 JPEG 或 PNG 照片")


def test_other_acts_take_no_photos_and_no_large_forms(client, case):
    assert "paper.photos" not in read(client, f"/cases/{case}/acts/notice")
    much = b"x" * (1 << 20)
    kind = "multipart/form-data; boundary=b"
    answer = client.post(f"/cases/{case}/acts/notice", data=much, headers=HTML, content_type=kind)
    assert answer.status_code == 413
