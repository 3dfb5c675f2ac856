"""Acts that ask for more than a reason, each on a page of its own."""

import re
from hashlib import sha256

import pytest

from fixtures.applications import whole_materials
from fixtures.county import county
from sync.case_pages.act_forms import FORMS
from sync.node.lists.tending import tend
from sync.records.merge import merge_conflicts
from sync.revisions.tree import Branch
from sync.values.documents import Document, Wanted
from tests.model.story import Writer, append
from tests.unit.edge_node.applications import application, item, key
from tests.unit.forms import form_on, read, send

API = "/api/v1/cases"


@pytest.fixture
def case(client):
    """One without its 银行卡, which may follow."""
    return client.post(API, json=application(follow=True), headers=key("1")).get_json()["id"]


def fill(client, case, act, **typed):
    address = f"/cases/{case}/acts/{act}"
    return send(client, address, {**form_on(read(client, address), "reason")["values"], **typed})


def fill_as_before(client, case, act, **typed):
    """From a page that was opened while the act could be done."""
    form = form_on(read(client, f"/cases/{case}/acts/step"), "reason")["values"]
    return send(client, f"/cases/{case}/acts/{act}", {**form, **typed})


def shown(client, case):
    return client.get(f"{API}/{case}").get_json()


def test_a_case_offers_the_forms_its_state_allows(client, case):
    page = read(client, f"/cases/{case}")
    offered = set(re.findall(rf'href="/cases/{case}/acts/(\w+)"', page))
    assert offered == {"tolerance", "notice", "passing", "correction", "authority", "step"}


def test_a_case_that_is_over_is_given_to_nobody_else_and_needs_no_authority(client, case):
    over = client.post(f"{API}/{case}/withdrawal", json={"reason": "不办了"}, headers=key("w"))
    assert over.status_code == 200
    offered = set(re.findall(rf'href="/cases/{case}/acts/(\w+)"', read(client, f"/cases/{case}")))
    assert offered == {"correction", "step"}


@pytest.mark.parametrize("act", [form.act for form in FORMS])
def test_every_form_opens_with_its_case_and_hides_its_citizen(client, case, act):
    page = read(client, f"/cases/{case}/acts/{act}")
    assert "高龄津贴" in page
    assert application()["fields"]["id_number"] not in page


def test_a_form_come_back_to_after_it_was_handed_in_keeps_what_is_typed_then(client, case):
    address = f"/cases/{case}/acts/passing"
    values = {**form_on(read(client, address), "reason")["values"], "assignee": "zhang", "reason": "休假"}
    assert send(client, address, values).status_code == 303
    again = send(client, address, {**values, "reason": "休假，材料在左边抽屉"})
    assert (again.status_code, "已经提交过" in again.text) == (409, True)
    kept = form_on(again.text, "reason")["values"]
    assert (kept["assignee"], kept["reason"]) == ("zhang", "休假，材料在左边抽屉")
    assert kept["key"] != values["key"]


def test_a_tolerance_is_promised_on_its_page(client, case):
    assert fill(client, case, "tolerance", materials="银行卡").status_code == 303
    told = shown(client, case)
    assert told["state"] == "tolerance"
    assert "银行卡，" in told["log"][-1]["note"]
    page = read(client, f"/cases/{case}")
    assert "容缺材料还有" in page


def test_what_lacks_keeps_a_case_from_being_accepted_and_the_page_says_instead_of_the_button_what_may_be_done(
    client, case
):
    page = read(client, f"/cases/{case}")
    form = form_on(page, "reason")
    assert "accept" not in form["buttons"]
    acts = page.partition('id="acts"')[2].partition("</section>")[0]
    assert "暂不能“受理”：不能按材料齐全受理，还缺：银行卡。" in acts
    for address in (f"/cases/{case}/papers", f"/cases/{case}/acts/tolerance", f"/cases/{case}/acts/notice"):
        assert f'href="{address}"' in acts
    told = shown(client, case)
    assert "accepted" not in [act["type"] for act in told["acts"]]
    (withheld,) = told["withheld_acts"]
    assert (withheld["type"], withheld["name"]) == ("accepted", "受理")
    # From a page of before.
    refused = send(client, form["action"], {**form["values"], "act": "accept"})
    assert refused.status_code == 403
    assert "不能按材料齐全受理，还缺：银行卡" in refused.text
    assert "容缺受理" in refused.text
    assert "补正告知" in refused.text
    assert withheld["why"] in refused.text
    assert shown(client, case)["state"] == "received"


def test_where_all_papers_are_there_the_button_stands_and_nothing_is_withheld(client):
    whole = client.post(API, json=application(), headers=key("whole")).get_json()["id"]
    assert "accept" in form_on(read(client, f"/cases/{whole}"), "reason")["buttons"]
    told = shown(client, whole)
    assert "accepted" in [act["type"] for act in told["acts"]]
    assert [act["type"] for act in told["withheld_acts"]] == ["tolerated"]  # there is nothing to be tolerated
    assert "暂不能" not in read(client, f"/cases/{whole}")


def test_a_case_names_what_still_lacks_until_it_is_decided(client, case):
    assert shown(client, case)["lacking"] == [{"name": "银行卡", "may_follow": True}]
    page = read(client, f"/cases/{case}")
    assert "还缺：银行卡（可以后补）。" in page
    done = client.post(f"{API}/{case}/withdrawal", json={"reason": "不办了"}, headers=key("w"))
    assert done.status_code == 200
    assert shown(client, case)["lacking"] == []
    assert "还缺" not in read(client, f"/cases/{case}")


def test_a_notice_names_papers_and_what_else_there_is(client, case):
    address = f"/cases/{case}/acts/notice"
    empty = fill(client, case, "notice")
    assert empty.status_code == 422
    assert "请一次性写明需要补正的全部内容" in empty.text
    typed = {"gaps": "户口簿", "what.户口簿": "缺首页", "others": "申请书没有签字\r\n\r\n电话打不通"}
    assert send(client, address, {**form_on(empty.text, "reason")["values"], **typed}).status_code == 303
    assert shown(client, case)["log"][-1]["note"] == "户口簿：缺首页；申请书没有签字；电话打不通"


def test_a_case_that_is_returned_is_asked_why_and_not_only_what_lacks(client, case):
    fill(client, case, "notice", others="申请书没有签字")
    form = form_on(read(client, f"/cases/{case}"), "return")
    empty = send(client, form["action"] or f"/cases/{case}", {**form["values"], "act": "return"})
    assert "请写明原因；需要补正的，请一次写全" in empty.text


def test_a_case_says_whose_turn_it_is_and_what_another_account_does(client):
    case = client.post(API, json=application(), headers=key("1")).get_json()["id"]
    assert (shown(client, case)["turn"], shown(client, case)["turn_here"]) == ("village", True)
    page = read(client, f"/cases/{case}")
    assert "现在由" not in page
    assert client.post(f"{API}/{case}/acceptance", json={}, headers=key("a")).status_code == 200
    told = shown(client, case)
    assert (told["turn"], told["turn_name"], told["turn_here"]) == ("township", "乡镇", False)
    assert "现在由乡镇办理" in read(client, f"/cases/{case}")


def test_what_another_account_of_the_station_decides_is_named_to_who_may_not(sign_in, client):
    case = client.post(API, json=application("村级开具证明（居住等）"), headers=key("1")).get_json()["id"]
    for act in ("acceptance", "review"):
        assert client.post(f"{API}/{case}/{act}", json={}, headers=key(act)).status_code == 200
    hint = "“准予、不予”由有审批权限的账号办理"
    assert hint in read(client, f"/cases/{case}")
    head = sign_in("zhang")
    assert hint not in read(head, f"/cases/{case}")
    body = {"decision": "approve", "reason": ""}
    assert head.post(f"{API}/{case}/decision", json=body, headers=key("d")).status_code == 200
    assert client.post(f"{API}/{case}/completion", json={}, headers=key("c")).status_code == 200
    assert '<section class="card" id="acts">' not in read(client, f"/cases/{case}")  # it is to be delivered, by a form


def test_a_paper_that_was_handed_in_is_not_told_to_be_lacking(client, case):
    page = read(client, f"/cases/{case}/acts/notice")
    handed = re.findall(r'name="handed" value="([^"]+)"', page)
    assert "户口簿" in handed
    assert "银行卡" not in handed
    values = {**form_on(page, "reason")["values"], "handed": handed, "gaps": ["户口簿", "银行卡"]}
    assert send(client, f"/cases/{case}/acts/notice", values).status_code == 303
    assert shown(client, case)["log"][-1]["note"] == "户口簿：不符合要求；银行卡：没有提交"


def test_what_is_left_empty_is_asked_for_and_what_is_wrong_is_told_once(client, case):
    empty = fill(client, case, "authority")
    assert empty.text.count("此项必填") == 2 * 4  # in the summary and beside the field
    assert "长度应在" not in empty.text
    wrong = fill(client, case, "correction", reason="抄错", **{"fields.phone": "12"})
    assert "联系电话：联系电话" not in wrong.text
    assert "联系电话：应为 11 位手机号" in re.sub(r"<[^>]+>", "", wrong.text)
    unsaid = fill(client, case, "passing", assignee="zhang")
    assert "请写明原因" in re.sub(r"<[^>]+>", "", unsaid.text)


def test_a_text_that_is_too_long_is_told_how_long_it_may_be(client):
    case = client.post(API, json=application("村级开具证明"), headers=key("long")).get_json()["id"]
    for name in ("acceptance", "finish"):
        assert client.post(f"{API}/{case}/{name}", json={}).status_code == 200
    page = fill(client, case, "delivery", method="visit", receiver="王" * 60).text
    assert "长度不能超过 50" in page
    assert "0 到 50" not in page


def test_what_is_wrong_stands_beside_its_input_and_what_was_typed_stays(client, case):
    typed = {"agent_name": "李四", "agent_id_number": "12", "scope": "代办", "until": "2099-01-01"}
    answer = fill(client, case, "authority", **typed, signed="signature")
    assert answer.status_code == 422
    assert "李四" in answer.text
    assert 'id="agent_id_number-error"' in answer.text


def test_who_a_case_is_passed_on_to_is_chosen_among_colleagues(client, case):
    page = read(client, f"/cases/{case}/acts/passing")
    assert 'value="zhang"' in page
    assert 'value="wang"' not in page
    assert fill(client, case, "passing", assignee="zhang").status_code == 422
    assert fill(client, case, "passing", assignee="zhang", reason="休假").status_code == 303
    assert "转给 zhang" in shown(client, case)["log"][-1]["note"]


def test_people_are_called_by_their_names_and_the_log_keeps_the_account(client, case, station):
    station.accounts.set_person("zhang", display_name="张建国", by="acct:root")
    station.accounts.set_person("wang", display_name="王芳", by="acct:root")
    assert "张建国" in read(client, f"/cases/{case}/acts/passing")
    assert fill(client, case, "passing", assignee="zhang", reason="休假").status_code == 303
    page = read(client, f"/cases/{case}")
    assert "转给 张建国" in page
    assert "<dt>经办人</dt><dd>张建国</dd>" in page
    assert re.search(r"<strong>转办</strong>　\S+ 王芳", page)
    told = shown(client, case)
    assert told["log"][-1]["by"] == "wang"
    assert {"name": "assignee", "label": "经办人", "value": "zhang"} in told["fields"]


def test_nobody_of_another_level_is_called_by_the_name_of_a_namesake_here(client, case, station):
    station.accounts.set_person("zhang", display_name="张建国", by="acct:root")
    database = station.node.documents.database("station_k3m7q")
    (before,) = database.read([Wanted(case)])
    passed = Writer("town", "township").does("passed_on", before.fields()["events"], assignee="acct:zhang")
    body = append(before, passed)
    path = Branch(before.path.generation + 1, (sha256(body).hexdigest()[:32], *before.path.digests))
    database.graft([Document(case, path, body)])
    page = read(client, f"/cases/{case}")
    assert "转给 zhang" in page
    assert "<dt>经办人</dt><dd>zhang</dd>" in page


def test_a_form_sent_twice_is_done_once(client, case):
    address = f"/cases/{case}/acts/step"
    values = {**form_on(read(client, address), "reason")["values"], "step": "受理"}
    for _ in range(2):
        assert send(client, address, dict(values)).status_code == 303
    assert len(shown(client, case)["log"]) == 2


def test_what_is_sent_again_after_others_went_on_says_that_it_was_done_and_no_state_of_then(client, case):
    address = f"/cases/{case}/acts/notice"
    values = {**form_on(read(client, address), "reason")["values"], "others": "没有签字"}
    assert send(client, address, values).status_code == 303
    assert "现在的状态是“待补正（受理前）”" in read(client, f"/cases/{case}")
    assert client.post(f"{API}/{case}/withdrawal", json={"reason": "不办了"}, headers=key("w")).status_code == 200
    assert send(client, address, values).status_code == 303
    page = read(client, f"/cases/{case}")
    assert "“补正告知”之前已经办好，没有重复办理" in page
    assert "现在的状态是“待补正" not in page


def test_an_act_that_is_not_allowed_says_so_and_does_nothing(client, case):
    answer = fill_as_before(client, case, "delivery", method="pickup", receiver="本人")
    assert answer.status_code == 403
    assert "不能“送达”" in answer.text
    assert client.get(f"/cases/{case}/acts/nothing").status_code == 404


def test_a_page_of_an_act_that_was_done_says_so_and_one_that_cannot_be_done_asks_for_nothing(client, case):
    assert fill(client, case, "step", step="回访", reason="电话回访").status_code == 303
    again = read(client, f"/cases/{case}/acts/step")
    assert "最近一步就是您办的这一项，已经办好" in again
    assert "电话回访" in again
    assert form_on(again, "reason")["values"]["step"] == ""
    assert fill(client, case, "notice", others="申请书没有签字").status_code == 303
    assert "最近一步就是您" not in read(client, f"/cases/{case}/acts/step")
    page = read(client, f"/cases/{case}/acts/notice")
    assert "现在不能办理“补正告知”：这件办件现在是“待补正（受理前）”" in page
    assert "<strong>补正告知</strong>　村站 wang" in page
    assert 'name="reason"' not in page


def test_a_page_of_an_act_that_the_level_may_not_do_says_whose_it_is_and_not_that_it_is_done(client):
    case = client.post(API, json=application("农村宅基地"), headers=key("house")).get_json()["id"]
    for name in ("acceptance", "review"):
        assert client.post(f"{API}/{case}/{name}", json={}).status_code == 200
    for act in ("special", "notice"):  # the second would be the village's before acceptance
        page = read(client, f"/cases/{case}/acts/{act}")
        assert re.search("本级无权办理“[^”]+”：这件办件的这一项由乡镇办理", page), act
        assert [wrong for wrong in ("现在不能办理", "已经办好", 'name="reason"') if wrong in page] == []


def test_a_form_sent_as_it_was_opened_does_not_do_what_stands_first_in_a_list(client, case):
    for act in ("step", "passing"):
        answer = fill(client, case, act, reason="休假")
        assert answer.status_code == 422, act
        assert "请选择</a>" in answer.text, act
    assert [one["type"] for one in shown(client, case)["log"]] == ["received"]


def test_a_dispute_is_told_in_plain_words_and_settled_on_its_page(client, station, case):
    disagree(station, case)
    page = read(client, f"/cases/{case}")
    assert "“联系电话”两处填写不一致：甲（" in page
    assert "写“139****1111”" in page
    address = f"/cases/{case}/acts/settlement"
    form = read(client, address)
    event = re.search(r'<input type="radio" name="choices.phone" value="([A-Za-z0-9_-]{43})"> 甲', form).group(1)
    left = fill(client, case, "settlement")
    assert left.status_code == 422
    assert re.findall(r'<a href="#([^"]+)"[^>]*>[^<]*请选择以哪一方为准', left.text) == ["choices.phone"]
    assert fill(client, case, "settlement", **{"choices.phone": event}).status_code == 303
    after = read(client, f"/cases/{case}")
    told = shown(client, case)
    assert told["disputes"] == []
    assert "不一致" not in after
    side = r"（村站 \w+）写“\S+”"
    sentence = re.search(rf"争议已处理：(“联系电话”有争议：甲{side}，乙{side}；采纳甲的“\S+”)<", after)
    step = told["log"][-1]
    assert sentence
    assert (step["name"], step["note"]) == ("处理争议", sentence.group(1))


def test_whoever_comes_late_and_whoever_asks_the_api_is_told_that_a_dispute_was_settled(client, station, case, sign_in):
    disagree(station, case)
    address = f"/cases/{case}/acts/step"
    opened = form_on(read(client, address), "reason")["values"]
    (dispute,) = shown(client, case)["disputes"]
    chosen = {"choices": {"phone": dispute["sides"][0]["event"]}}
    done = sign_in("zhang").post(f"{API}/{case}/settlement", json=chosen, headers=key("s")).get_json()
    assert (done["act"], done["act_name"]) == ("corrected", "处理争议")
    late = send(client, address, {**opened, "step": "回访", "reason": "电话回访"})
    assert late.status_code == 412
    assert "<strong>处理争议</strong>　村站 zhang" in late.text
    assert "“联系电话”有争议：甲" in late.text
    corrected = client.post(f"{API}/{case}/correction", json={"fields": {"phone": "13933333333"}, "reason": "问过"})
    assert corrected.get_json()["act_name"] == "信息更正"


def test_a_case_in_dispute_is_counted_and_found(client, station, case):
    other = client.post(API, json=application("生育登记", number=1), headers=key("2")).get_json()["id"]
    for address in ("/", "/cases"):
        assert "有争议 <strong>0</strong>" in read(client, address)
    disagree(station, case)
    assert fill(client, case, "step", step="受理").status_code == 303  # merges are listed as they come
    for address in ("/", "/cases"):
        assert "有争议 <strong>1</strong>" in read(client, address)
    listed = read(client, "/cases?disputed=1")
    assert (case in listed, other in listed) == (True, False)
    assert [one["id"] for one in client.get(f"{API}?disputed=true").get_json()["cases"]] == [case]


def test_a_dispute_that_is_put_right_otherwise_says_so(client, station, case):
    disagree(station, case)
    assert fill(client, case, "correction", reason="问过本人", **{"fields.phone": "13933333333"}).status_code == 303
    assert shown(client, case)["log"][-1]["note"].endswith("；改为“139****3333”")


def test_sides_that_look_alike_are_told_in_full_to_who_says_why(client, station, case):
    disagree(station, case, "13910001111", "13920001111")
    page = read(client, f"/cases/{case}")
    assert page.count("写“139****1111”") == 2
    form = form_on(page, "why")
    shown = send(client, form["action"], {**form["values"], "why": "核对争议"}).text
    assert "写“13910001111”" in shown
    assert "写“13920001111”" in shown
    told = client.post(f"{API}/{case}/identity", json={"reason": "核对"}).get_json()["disputes"]
    assert sorted(told["phone"].values()) == ["13910001111", "13920001111"]


def test_sides_about_the_kind_of_paper_are_told_in_words_also_in_full(client, station, case):
    disagree(station, case, "passport", "other", field="cert_kind")
    page = read(client, f"/cases/{case}")
    assert "“证件种类”两处填写不一致" in page
    form = form_on(page, "why")
    shown = send(client, form["action"], {**form["values"], "why": "核对争议"}).text
    assert "写“护照”" in shown
    assert "写“其他证件”" in shown
    assert "passport" not in shown


def disagree(station, case, one="13911111111", other="13922222222", *, field="phone"):
    """A colleague who had not seen it wrote another number, as after a merge."""
    database = station.node.documents.database("station_k3m7q")
    (before,) = database.read([Wanted(case)])
    for value, name in ((one, "wang"), (other, "zhang")):
        events = before.fields()["events"]
        event = Writer(name, "village").does("corrected", events, **{field: value})
        body = append(before, event)
        path = Branch(before.path.generation + 1, (sha256(body).hexdigest()[:32], *before.path.digests))
        database.graft([Document(case, path, body)])
    merge_conflicts(database, [case])


def pass_on_unseen(station, case, level, assignee, phone="13911111111"):
    """Somebody gives the case away while wang, cut off, corrects the telephone."""
    database = station.node.documents.database(f"station_{station.node.identity.sid}")
    (before,) = database.read([Wanted(case)])
    events = before.fields()["events"]
    passed = Writer("chef", level).does("passed_on", events, assignee=f"acct:{assignee}")
    edited = Writer("wang", "village").does("corrected", events, phone=phone)
    for event in (passed, edited):
        body = append(before, event)
        path = Branch(before.path.generation + 1, (sha256(body).hexdigest()[:32], *before.path.digests))
        database.graft([Document(case, path, body)])
    merge_conflicts(database, [case])


def test_who_had_a_case_before_does_not_answer_his_own_changes(client, sign_in, station, case):
    before = shown(client, case)["version"]
    pass_on_unseen(station, case, "township", "qian")
    assert shown(client, case)["version"] != before
    for one in (client, sign_in("li"), sign_in("zhang")):
        page = read(one, f"/cases/{case}")
        assert "139****1111" in page
        assert f"/cases/{case}/acts/parked" not in page
        assert "等您决定" not in page
        assert "由现在的经办人或该级负责人决定是否采纳" in page
        refused = one.post(f"{API}/{case}/parked", json={"take": True}, headers=key("p"))
        assert refused.status_code == 403
    assert shown(client, case)["parked_edits"] != []


def test_who_has_it_now_or_a_head_sees_what_would_change_and_answers(client, sign_in, station, case):
    pass_on_unseen(station, case, "village", "li")
    assert f"/cases/{case}/acts/parked" not in read(client, f"/cases/{case}")
    assert f"/cases/{case}/acts/parked" in read(sign_in("zhang"), f"/cases/{case}")
    tend(station.node, [station.node.identity.sid])
    now = sign_in("li")
    assert "待认可的修改 <strong>1</strong>" in read(now, "/")
    assert "待认可的修改</span>" in read(now, "/cases?parked=1")
    assert [(one["id"], one["parked"]) for one in client.get(f"{API}?parked=true").get_json()["cases"]] == [(case, 1)]
    page = read(now, f"/cases/{case}/acts/parked")
    assert "联系电话：现为“154****7919”，改为“139****1111”" in page
    assert fill(now, case, "parked", take="true").status_code == 303
    assert shown(client, case)["parked_edits"] == []
    assert client.get(f"{API}?parked=true").get_json()["cases"] == []
    assert "待认可的修改" not in read(now, "/")
    assert "139****1111" in read(client, f"/cases/{case}")


def test_changes_that_look_alike_are_said_to_differ_and_shown_in_full_to_who_says_why(client, sign_in, station, case):
    told = client.post(f"{API}/{case}/identity", json={"reason": "核对"}).get_json()["fields"]["phone"]
    alike = f"{told[:3]}9999{told[-4:]}"
    pass_on_unseen(station, case, "village", "li", phone=alike)
    now = sign_in("li")
    page = read(now, f"/cases/{case}/acts/parked")
    hidden = f"{told[:3]}****{told[-4:]}"
    assert f"联系电话：现为“{hidden}”，遮住的部分有改动" in page
    form = form_on(page, "why")
    assert form["action"] == f"/cases/{case}/identity"
    full = send(now, form["action"], {**form["values"], "why": "核对修改"}).text
    assert f"联系电话：现为“{told}”，改为“{alike}”" in full
    (waiting,) = shown(client, case)["parked_edits"]
    revealed = client.post(f"{API}/{case}/identity", json={"reason": "核对"}).get_json()["parked"]
    assert revealed == {waiting["event"]: {"phone": alike}}
    assert alike not in read(now, f"/cases/{case}")


def test_who_had_a_case_at_another_level_is_offered_to_give_it_back_to(client, station, case):
    pass_on_unseen(station, case, "township", "qian")
    page = read(client, f"/cases/{case}/acts/passing")
    assert '<option value="chef@township">送交乡镇：chef</option>' in page
    assert "wang@village" not in page
    assert fill(client, case, "passing", assignee="chef@township", reason="核实过了").status_code == 303
    told = shown(client, case)
    assert (told["turn"], told["log"][-1]["note"]) == ("township", "核实过了；交还乡镇 chef")
    assert "assigned_at" not in read(client, f"/cases/{case}")
    assert fill(client, case, "passing", assignee="chef@county", reason="核实过了").status_code == 422


def test_what_steps_have_set_is_called_by_names_people_know(client, case):
    fill(client, case, "notice", gaps="户口簿", due="2025-10-20")
    page = read(client, f"/cases/{case}")
    assert "补正期限" in page
    for name in ("supplement_due", "gaps", "material&#39;"):
        assert name not in page


def test_what_was_filled_in_wrongly_is_put_right_and_what_is_left_empty_stays(client, case):
    assert "现为：154****7919" in read(client, f"/cases/{case}/acts/correction")
    wrong = fill(client, case, "correction", reason="号码写错", **{"fields.phone": "12", "fields.id_number": "1"})
    assert wrong.status_code == 422
    assert 'id="fields.phone-error"' in wrong.text
    assert 'id="fields.id_number-error"' in wrong.text
    assert fill(client, case, "correction", reason="号码写错", **{"fields.phone": "13912340000"}).status_code == 303
    revealed = client.post(f"{API}/{case}/identity", json={"reason": "核对"}).get_json()["fields"]
    given = application()["fields"]
    assert (revealed["phone"], revealed["id_number"]) == ("13912340000", given["id_number"])
    log = shown(client, case)["log"]
    assert (log[-1]["name"], log[-1]["note"]) == ("信息更正", "号码写错；改动：联系电话")


def test_a_correction_that_changes_nothing_or_names_no_field_is_refused(client, case):
    given = application()["fields"]
    same = fill(client, case, "correction", reason="再写一遍", **{"fields.phone": given["phone"]})
    assert (same.status_code, "没有改动" in same.text) == (422, True)
    none = fill(client, case, "correction", reason="什么也没填")
    assert (none.status_code, "没有改动" in none.text) == (422, True)
    unknown = client.post(f"{API}/{case}/correction", json={"fields": {"village_role": "直"}, "reason": "x"})
    assert unknown.status_code == 422
    assert shown(client, case)["log"][-1]["type"] == "received"


def test_tolerance_is_offered_only_where_a_paper_may_follow(client):
    sent = application()
    papers = [{"name": paper.name} for paper in item().materials]
    whole = client.post(API, json={**sent, "materials": papers}, headers=key("whole")).get_json()["id"]
    assert shown(client, whole)["lacking"] == []
    assert f"/cases/{whole}/acts/tolerance" not in read(client, f"/cases/{whole}")
    refused = fill_as_before(client, whole, "tolerance")  # from a page opened before the papers came
    assert refused.status_code == 403
    assert "本件没有可以后补的材料" in refused.text


def test_where_nobody_else_works_the_page_says_why_a_case_cannot_be_passed_on(client, case, station):
    assert "没有别人可以接手" not in read(client, f"/cases/{case}/acts/passing")
    for one in station.accounts.all():
        if one.name != "wang":
            station.accounts.set_disabled(one.name, True, by="acct:wang")
    assert "没有别人可以接手" in read(client, f"/cases/{case}/acts/passing")


def test_a_correction_says_which_paper_the_number_is_of_now(client, case):
    assert "现为：公民身份号码" in read(client, f"/cases/{case}/acts/correction")
    told = {"fields.cert_kind": "passport", "fields.id_number": "E1234567"}
    assert fill(client, case, "correction", reason="凭护照办理", **told).status_code == 303
    page = read(client, f"/cases/{case}/acts/correction")
    assert "现为：护照" in page
    assert "现为：公民身份号码" not in page


def test_the_form_that_leads_on_is_the_first_of_the_acts(client, make_station, sign_in_to):
    above = sign_in_to(make_station("t3k9m", township=True), "li")
    for asking, name, acts, leads in (
        (client, "村级开具证明", ("acceptance", "finish"), "delivery"),
        (above, "高龄津贴", ("acceptance", "review"), "forwarding"),
        (client, "高龄津贴", (), ""),
    ):
        whole = [{"name": one} for one in whole_materials(county().item(name))]
        body = {**application(name, number=3), "materials": whole}
        taken = asking.post(API, json=body, headers=key(f"leads-to-{leads}")).get_json()["id"]
        for act in acts:
            assert asking.post(f"{API}/{taken}/{act}", json={}).status_code == 200
        page = read(asking, f"/cases/{taken}")
        told = re.findall(rf'<a class="button( primary)?" href="/cases/{taken}/acts/([\w-]+)"', page)
        assert [name for look, name in told if look] == ([leads] if leads else [])
        assert not leads or told[0][1] == leads
