"""人员: registered, found, read masked and worked on, as somebody does at the desk without scripts."""

import re
from hashlib import sha256

import pytest

from edge_node.wiring import build_app
from fixtures.county import county
from sync.http_api.feeds import FeedGate
from sync.people_pages.act_forms import FORMS
from sync.records.merge import merge_conflicts
from sync.revisions.tree import Branch
from sync.values.documents import Document, Wanted
from tests.model.story import Writer, append
from tests.unit.edge_node.applications import JPEG, application, key
from tests.unit.edge_node.conftest import PASSWORD, SetClock, stations
from tests.unit.edge_node.registering import told
from tests.unit.forms import errors_on, form_on, photo, read, send


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """One station for all of them: each test has people of its own."""
    with stations(tmp_path_factory.mktemp("station"), SetClock()) as make:
        client = build_app(make(), FeedGate()).test_client()
        assert client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD}).status_code == 201
        yield client


def register(client, number, **more):
    form = form_on(read(client, "/people/new"), "cert_number")["values"]
    answer = send(client, "/people/new", {**form, **told(number, **more)})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rsplit("/", 1)[1]


def act(client, person, name, /, **filled):
    address = f"/people/{person}/acts/{name}"
    form = form_on(read(client, address), "key")["values"]
    return send(client, address, {**form, **filled})


def test_somebody_is_registered_and_read_and_the_second_time_the_page_leads_to_him(client):
    person, one = register(client, 0), county().people[0]
    page = read(client, f"/people/{person}")
    for shown in (
        "李**",
        f"***********{one.id_number[-4:]}",
        "在册",
        "居民身份证",
        "已登记，已存本机",
        "不是现有的省份",
    ):
        assert shown in page, shown
    for secret in (one.name, one.id_number, one.phone):
        assert secret not in page
    form = form_on(read(client, "/people/new"), "cert_number")["values"]
    again = send(client, "/people/new", {**form, **told(0)})
    assert again.status_code == 409
    assert f'href="/people/{person}"' in again.text
    wrong = send(client, "/people/new", {**form, **told(1, phone="1", name="")})
    assert wrong.status_code == 422
    assert set(errors_on(wrong.text)) == {"请填写姓名", "联系电话应为 11 位手机号，或带区号的固定电话"}
    assert county().people[1].id_number in wrong.text  # it is his form, and comes back as it was


def test_people_are_listed_and_found_by_name_or_number_without_either_in_an_address(client):
    person, one = register(client, 2), county().people[2]
    assert f'href="/people/{person}"' in read(client, "/people")
    assert f'href="/people/{person}"' not in read(client, "/people?state=moved")
    form = form_on(read(client, "/people"), "asked")
    assert form["action"] == "/people/find"
    for asked in (one.name, one.id_number, one.id_number[-4:]):
        found = send(client, "/people/find", {**form["values"], "asked": asked})
        assert (found.status_code, f'href="/people/{person}"' in found.text) == (200, True)
    assert "没有找到" in send(client, "/people/find", {**form["values"], "asked": "无此人"}).text
    assert f'href="/people/{person}"' in read(client, f"/search?q={one.name}")
    assert client.get("/people?cursor=eA", headers={"Accept": "text/html"}).status_code == 302


def test_the_plain_text_is_shown_for_a_reason(client):
    person, one = register(client, 3), county().people[3]
    address = f"/people/{person}/identity"
    form = form_on(read(client, f"/people/{person}"), "why")["values"]
    assert send(client, address, form).status_code == 422
    shown = send(client, address, {**form, "why": "核对证件"})
    assert one.id_number in shown.text
    assert "已记入日志" in shown.text


def test_both_sides_of_a_dispute_are_told_apart_by_whoever_says_why(tmp_path):
    with stations(tmp_path, SetClock()) as make:
        station = make()
        client = build_app(station, FeedGate()).test_client()
        assert client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD}).status_code == 201
        person = register(client, 0)
        _disagree(station, person, "15400001111", "15400101111")
        page = read(client, f"/people/{person}")
        assert "两处填写不一致" in page
        assert page.count("154****1111") >= 2
        assert "查看完整信息" in page
        form = form_on(page, "why")["values"]
        shown = send(client, f"/people/{person}/identity", {**form, "why": "核对电话"}).text
        assert "15400001111、15400101111" in shown
        told = client.post(f"/api/v1/people/{person}/identity", json={"reason": "核对"}).get_json()["disputes"]
        assert sorted(told["phone"].values()) == ["15400001111", "15400101111"]


def _disagree(station, person, one, other):
    """Two colleagues wrote other numbers unseen by each other, as after a merge."""
    database = station.node.documents.database("station_k3m7q")
    (before,) = database.read([Wanted(person)])
    for phone, name in ((one, "wang"), (other, "zhang")):
        events = before.fields()["events"]
        body = append(before, Writer(name, "village").does("corrected", events, phone=phone))
        path = Branch(before.path.generation + 1, (sha256(body).hexdigest()[:32], *before.path.digests))
        database.graft([Document(person, path, body)])
    merge_conflicts(database, [person])


def test_everything_that_may_be_done_has_a_form(client):
    person, other, child = (register(client, number) for number in (4, 5, 6))
    number = county().people[6].id_number
    done = (
        (person, "correct", {"address": "石桥村1组3号"}),
        (person, "verify", {"phone": "15400000009"}),
        (person, "found", {}),
        (child, "join", {"with": county().people[4].id_number, "role": "child"}),
        (child, "head", {"role": "parent"}),
        (person, "head", {"role": "child"}),
        (child, "leave", {}),
        (person, "relate", {"person": number, "kind": "parent", "until": "2026-01-01"}),
        (person, "unrelate", {"person": child}),
        (person, "consent", {"kind": "processing"}),
        (
            person,
            "entrust",
            {"item": county().items[0].code, **RUNNER, "until": "2026-01-01"},
        ),
        (person, "withdraw", {"kind": "processing"}),
        (person, "withdraw", {"kind": f"errand {county().items[0].code}"}),
        (person, "note", {"reason": "常年在家"}),
        (other, "move", {}),
        (other, "reinstate", {"reason": "误报"}),
        (other, "merge", {"into": county().people[4].id_number}),
        (child, "void", {"reason": "登记错人"}),
        (person, "death", {"died_on": "2025-09-20", "sure": "yes"}),
    )
    assert {name for _, name, _ in done} == {form.name for form in FORMS}
    for who, name, filled in done:
        answer = act(client, who, name, **filled)
        assert answer.status_code == 303, (name, answer.text)
    page = read(client, f"/people/{other}")
    assert "打开保留的登记" in page
    offered = read(client, f"/people/{person}")
    assert f"/people/{person}/acts/move" not in offered
    assert f"/people/{person}/acts/reinstate" in offered


def test_a_death_is_noted_with_its_day_and_after_a_second_look(client):
    person = register(client, 27)
    for filled in ({}, {"died_on": "2025-09-20"}):
        assert act(client, person, "death", **filled).status_code == 422
    unsure = act(client, person, "death", died_on="2025-09-20")
    assert "请核对后勾选确认" in unsure.text
    assert act(client, person, "death", died_on="2025-09-20", sure="yes").status_code == 303
    page = read(client, f"/people/{person}")
    assert "身故日期 2025-09-20" in page
    assert [name for name in ("consent", "entrust", "relate", "found", "join") if f"/acts/{name}" in page] == []
    assert "按此人现在的登记（身故），不能办理“登记代办委托”" in read(client, f"/people/{person}/acts/entrust")


def test_a_form_come_back_to_and_sent_as_it_is_withdraws_no_other_consent_and_ends_no_other_relation(client):
    person = register(client, 20)
    for kind in ("processing", "sensitive"):
        assert act(client, person, "consent", kind=kind).status_code == 303
    for number in (21, 22):
        register(client, number)
        relative = {"person": county().people[number].id_number, "kind": "other", "until": "2026-01-01"}
        assert act(client, person, "relate", **relative).status_code == 303
    before = len(client.get(f"/api/v1/people/{person}").get_json()["log"])
    for name in ("withdraw", "unrelate", "consent"):
        answer = act(client, person, name)
        assert answer.status_code == 422, name
        assert "请填写" in answer.text
    assert len(client.get(f"/api/v1/people/{person}").get_json()["log"]) == before


def test_a_head_is_not_put_in_the_place_of_another_than_the_page_showed(client):
    one, two, three = (register(client, number) for number in (24, 25, 26))
    assert act(client, one, "found").status_code == 303
    for person in (two, three):
        joined = act(client, person, "join", **{"with": county().people[24].id_number, "role": "child"})
        assert joined.status_code == 303
    address = f"/people/{three}/acts/head"
    form = {**form_on(read(client, address), "key")["values"], "role": "parent"}
    assert act(client, two, "head", role="parent").status_code == 303
    refused = send(client, address, form)
    assert refused.status_code == 409
    assert "户内其他人或者与户主的关系有了变化，这次没有办理" in refused.text
    again = {**form_on(refused.text, "key")["values"], "role": "other"}
    for _ in range(2):
        assert send(client, address, again).status_code == 303
    roles = [client.get(f"/api/v1/people/{person}").get_json()["household_role"] for person in (one, two, three)]
    assert roles == ["parent", "other", "head"]


def test_a_page_of_an_act_on_a_person_that_was_done_says_so(client):
    person = register(client, 23)
    assert act(client, person, "note", reason="常年在家").status_code == 303
    assert "最近一步就是您办的这一项，已经办好" in read(client, f"/people/{person}/acts/note")
    assert act(client, person, "move").status_code == 303
    page = read(client, f"/people/{person}/acts/move")
    assert "按此人现在的登记（迁出），不能办理“迁出”" in page
    assert 'name="reason"' not in page


def test_a_consent_and_its_signed_paper_are_registered_on_one_form(client):
    person = register(client, 9)
    form = f"/people/{person}/acts/consent"
    values = form_on(read(client, form), "key")["values"]
    sent = {**values, "kind": "sensitive", "means": "signature"}
    oral = send(client, form, {**sent, "means": "oral", "paper.photos": photo(JPEG)})
    assert (oral.status_code, "口头同意没有签字件" in oral.text) == (422, True)
    wrong = send(client, form, {**sent, "paper.photos": photo(b"MZ")})
    assert (wrong.status_code, "签字件" in errors_on(wrong.text)[0]) == (422, True)
    large = JPEG + b"\0" * 100_000 + b"\xff\xd9"  # more than forms without photos may have
    for _ in range(2):  # sent twice, it is done once
        done = send(client, form, {**sent, "paper.photos": photo(large)})
        assert (done.status_code, done.headers["Location"]) == (303, f"/people/{person}")
    page = read(client, f"/people/{person}")
    assert "还没有拍照存档" not in page
    (address,) = set(re.findall(rf'src="(/people/{person}/photos/[0-9a-f]+)"', page))
    assert client.get(address).data == large
    told = client.get(f"/api/v1/people/{person}").get_json()
    assert [one["type"] for one in told["log"]] == ["registered", "consented"]  # one act, one event


OTHER_JPEG = JPEG[:-2] + b"another" + JPEG[-2:]
RUNNER = {"agent": "王代办", "agent_id_number": county().people[9].id_number}


def kept_photos_on(client, page):
    return [client.get(address).data for address in re.findall(r'src="(/drafts/[^"]+)"', page)]


def test_the_photos_of_a_form_that_comes_back_are_kept_and_need_not_be_taken_again(client):
    person = register(client, 62)
    form = f"/people/{person}/acts/consent"
    values = form_on(read(client, form), "key")["values"]
    sent = {**values, "kind": "sensitive", "means": "signature"}
    past = send(client, form, {**sent, "until": "2001-01-01", "paper.photos": photo(JPEG)})
    assert (past.status_code, kept_photos_on(client, past.text)) == (422, [JPEG])
    assert "已拍的 1 张照片保留着，不用重拍" in past.text
    # Another photo with it, and still wrong; then right, with the first one dropped.
    again = {**form_on(past.text, "tray")["values"], "kind": "sensitive", "means": "signature"}
    past = send(client, form, {**again, "until": "2001-01-02", "paper.photos": photo(OTHER_JPEG)})
    assert kept_photos_on(client, past.text) == [JPEG, OTHER_JPEG]
    # The cable of the PC is pulled: it stands under 暂存的件, and goes on from there.
    drafts = read(client, "/drafts")
    assert re.search(r"签字件</strong>\s*<span[^>]*>\s*\S\*+，", drafts), drafts
    (kept,) = re.findall(rf'href="({form}[^"]*draft=[^"]+)"', drafts)
    page = read(client, kept)
    assert kept_photos_on(client, page) == [JPEG, OTHER_JPEG]
    last = {**form_on(page, "tray")["values"], "kind": "sensitive", "means": "signature", "paper.drop": "0"}
    for _ in range(2):  # sent twice, it is done once
        done = send(client, form, last)
        assert (done.status_code, done.headers["Location"]) == (303, f"/people/{person}")
    (address,) = set(re.findall(rf'src="(/people/{person}/photos/[0-9a-f]+)"', read(client, f"/people/{person}")))
    assert client.get(address).data == OTHER_JPEG
    assert form not in read(client, "/drafts")
    told = client.get(f"/api/v1/people/{person}").get_json()
    assert [one["type"] for one in told["log"]] == ["registered", "consented"]


def test_so_are_those_of_a_paper_that_is_photographed_later(client):
    person = register(client, 63)
    assert act(client, person, "consent", kind="sensitive", means="signature").status_code == 303
    camera = f"/people/{person}/signed/sensitive"
    values = form_on(read(client, camera), "key")["values"]
    wrong = send(client, camera, {**values, "paper.photos": [photo(JPEG), photo(b"MZ")]})
    assert (wrong.status_code, kept_photos_on(client, wrong.text)) == (422, [JPEG])
    for _ in range(2):
        done = send(client, camera, form_on(wrong.text, "tray")["values"])
        assert (done.status_code, done.headers["Location"]) == (303, f"/people/{person}")
    (consent,) = client.get(f"/api/v1/people/{person}").get_json()["consents"]
    assert len(consent["photos"]) == 1


def test_a_form_come_back_to_after_it_was_handed_in_keeps_what_is_typed_then(client):
    form = f"/people/{register(client, 71)}/acts/note"
    values = {**form_on(read(client, form), "key")["values"], "reason": "常住县城"}
    assert send(client, form, values).status_code == 303
    again = send(client, form, {**values, "reason": "常住县城，周末回村"})
    assert (again.status_code, form_on(again.text, "key")["values"]["reason"]) == (409, "常住县城，周末回村")


def test_what_somebody_else_kept_is_neither_shown_nor_filed(client):
    person = register(client, 64)
    form = f"/people/{person}/acts/consent"
    page = read(client, f"{form}?draft=0123456789abcdef")
    assert kept_photos_on(client, page) == []
    sent = {**form_on(page, "key")["values"], "kind": "sensitive", "means": "signature", "tray": "0123456789abcdef"}
    missing = send(client, form, {**sent, "paper.kept": "1"})
    assert (missing.status_code, "原来的照片没有保留住" in missing.text) == (422, True)


def test_an_errand_takes_its_signed_paper_on_its_form_and_other_acts_take_none(client):
    person, item = register(client, 60), county().items[0]
    form = f"/people/{person}/acts/entrust"
    values = form_on(read(client, form), "key")["values"]
    sent = {
        **values,
        "item": item.code,
        **RUNNER,
        "until": "2026-01-01",
        "means": "fingerprint",
    }
    assert send(client, form, {**sent, "paper.photos": photo(JPEG)}).status_code == 303
    (consent,) = client.get(f"/api/v1/people/{person}").get_json()["consents"]
    assert (consent["kind"], len(consent["photos"])) == ("errand", 1)
    assert "paper.photos" not in read(client, f"/people/{person}/acts/relate")


def test_the_item_of_an_errand_is_chosen_by_its_name(client):
    person, item = register(client, 66), county().items[0]
    form = f"/people/{person}/acts/entrust"
    page = read(client, form)
    assert 'list="items"' in page
    assert f'<option value="{item.name}">' in page
    assert "<datalist" not in read(client, f"/people/{person}/acts/consent")
    sent = {**RUNNER, "until": "2026-01-01", "means": "fingerprint"}
    wrong = act(client, person, "entrust", item="没有这个事项", **sent)
    assert wrong.status_code == 422
    assert "没有叫这个名称的事项" in wrong.text
    assert 'value="没有这个事项"' in wrong.text
    assert act(client, person, "entrust", item=item.name, **sent).status_code == 303
    (consent,) = client.get(f"/api/v1/people/{person}").get_json()["consents"]
    assert consent["item"] == item.code


def test_a_paper_that_was_not_photographed_is_asked_for_until_it_is(client):
    person = register(client, 61)
    answer = act(client, person, "consent", kind="sensitive", means="signature")
    assert answer.headers["Location"] == f"/people/{person}"
    page = read(client, f"/people/{person}")
    assert "签字件还没有拍照存档" in page
    camera = f"/people/{person}/signed/sensitive"
    assert f'href="{camera}"' in page
    values = form_on(read(client, camera), "key")["values"]
    for wrong in ({}, {"paper.photos": photo(b"MZ")}):
        refused = send(client, camera, {**values, **wrong})
        assert (refused.status_code, "签字件" in errors_on(refused.text)[0]) == (422, True)
    done = send(client, camera, {**values, "paper.photos": photo(JPEG)})
    assert (done.status_code, done.headers["Location"]) == (303, f"/people/{person}")
    page = read(client, f"/people/{person}")
    assert "还没有拍照存档" not in page
    assert "登记和签字件照片：已到村站（材料 1/1）" in page
    (address,) = set(re.findall(rf'src="(/people/{person}/photos/[0-9a-f]+)"', page))
    assert client.get(address).data == JPEG
    assert send(client, camera, {**values, "paper.photos": photo(JPEG)}).status_code == 303  # sent twice
    assert act(client, person, "consent", kind="family", means="oral").headers["Location"] == f"/people/{person}"
    assert client.get(f"/people/{person}/signed/economic").status_code == 404


def test_what_is_wrong_with_a_form_stands_beside_its_field(client):
    person = register(client, 7)
    nobody = act(client, person, "relate", person="990281190001010000", until="2026-01-01")
    assert (nobody.status_code, "没有登记这个证件号码" in nobody.text) == (422, True)
    assert act(client, person, "note").status_code == 422
    assert "请填写受托人姓名" in act(client, person, "entrust", until="2026-01-01", item="x").text
    assert act(client, person, "correct", phone="12").status_code == 422
    assert client.get(f"/people/{person}/acts/nothing", headers={"Accept": "text/html"}).status_code == 404


def test_a_persons_cases_stand_on_his_page_and_he_on_theirs(client):
    person = register(client, 8)
    case = client.post("/api/v1/cases", json=application(number=8), headers=key("c")).get_json()["id"]
    assert f'href="/cases/{case}"' in read(client, f"/people/{person}")
    assert f'href="/people/{person}"' in read(client, f"/cases/{case}")


def test_the_head_of_others_is_told_what_to_do_before_leaving_and_can_do_it(client):
    head, child = register(client, 40), register(client, 41)
    assert act(client, head, "found").status_code == 303
    assert act(client, child, "join", **{"with": county().people[40].id_number, "role": "child"}).status_code == 303
    refused = act(client, head, "leave")
    assert refused.status_code == 422
    assert "户主出户后就没有户主了" in "".join(errors_on(refused.text))
    assert f"/people/{head}/acts/head" not in read(client, f"/people/{head}")
    assert act(client, child, "head", role="parent").status_code == 303
    assert "本人是户主" in read(client, f"/people/{child}")
    assert act(client, head, "leave").status_code == 303
