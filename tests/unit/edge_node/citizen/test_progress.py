"""查进度: a case by its number and query code, without an account, without the cable, and without a way to guess."""

import itertools
import re
from datetime import datetime, timedelta

import pytest

from edge_node.wiring import build_app
from fixtures.county import county
from sync.casework.query_case import MOST_WRONG, WAIT_MS
from sync.http_api.feeds import FeedGate
from sync.records.clock import BEIJING
from sync.records.receipt_number import short_number
from sync.records.working_days import add_working_days
from sync.store.ledger.audit import entries_about, entries_after
from sync.values.json_text import dump
from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.conftest import PASSWORD, SetClock, stations
from tests.unit.forms import HTML, form_on, read, send

PAGE = "/citizen/progress"
WRONG = "收件号和查询码对不上"
DAY_MS = 24 * 60 * 60 * 1000
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def clock():
    return SetClock()


@pytest.fixture(scope="module")
def station(tmp_path_factory, clock):
    """One for all tests here: each has a case and an address of its own."""
    with stations(tmp_path_factory.mktemp("citizen"), clock) as make:
        yield make()


@pytest.fixture(scope="module")
def app(station):
    return build_app(station, FeedGate())


@pytest.fixture(scope="module")
def client(app):
    agent = app.test_client()
    assert agent.post("/api/v1/session", json={"name": "wang", "password": PASSWORD}).status_code == 201
    return agent


@pytest.fixture
def case(client):
    return client.post("/api/v1/cases", json=application(), headers=key(f"case {next(numbers)}")).get_json()


@pytest.fixture
def code(client, case):
    (found,) = re.findall(r"<strong class=\"slip-number\">([0-9]{4} [0-9]{4})</strong>", read(client, receipt(case)))
    return found


@pytest.fixture
def citizen(app):
    return citizen_at(app)


def citizen_at(app):
    """Somebody at an address nobody was at before."""
    somebody = app.test_client()
    somebody.environ_base = {**somebody.environ_base, "REMOTE_ADDR": f"192.168.1.{next(numbers)}"}
    return somebody


def receipt(case):
    return f"/cases/{case['id']}/prints/receipt"


def ask(citizen, number, code):
    form = form_on(read(citizen, PAGE), "number")["values"]
    return citizen.post(PAGE, data={**form, "number": number, "code": code}, headers=HTML)


def other(code):
    return f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"


def test_the_slip_of_the_citizen_has_the_code_and_the_stations_copy_has_not(client, case, code):
    page = read(client, receipt(case))
    assert page.count(code) == 1
    assert page.index(code) < page.index("站点留存")
    assert code in read(client, f"/cases/{case['id']}/received")


def test_a_case_is_told_in_plain_words_to_whoever_has_number_and_code(citizen, case, code):
    number = case["receipt_number"]
    for typed in (
        number,
        number[-13:],
        short_number(number),
        number[-7:].lower(),
        f" {number[:12]} {number[12:18]}-{number[18:]}".lower(),
        f"https://x/#{number}",
    ):
        answer = ask(citizen, typed, code)
        assert answer.status_code == 200, typed
        for sentence in ("您的申请已经收下", "已收件", "已到村站", "石桥村便民服务站", "2025-09-26 14:04", "答复剩余"):
            assert sentence in answer.text, sentence


def test_what_is_missing_is_told_with_its_day(client, citizen, case, code):
    gaps = [{"material": "户口簿", "what": "缺首页的复印件，电话13800001111"}]
    asked = client.post(f"/api/v1/cases/{case['id']}/notice", json={"gaps": gaps, "due": "2025-10-20"})
    assert asked.status_code == 200, asked.text
    page = ask(citizen, case["receipt_number"], code).text
    assert "户口簿：缺首页的复印件，电话138****1111" in page
    assert "请在 2025-10-20 前交到石桥村便民服务站" in page
    assert "材料还不齐" in page


def test_what_came_since_the_notice_is_not_asked_for_again_and_a_day_is_told_always(client, citizen, clock):
    case, code = taken_without_card(client)
    gaps = [
        {"material": "银行卡", "what": "没有提交"},
        {"material": "身份证", "what": "照片不清楚"},
        {"what": "没有签字"},
    ]
    assert client.post(f"/api/v1/cases/{case['id']}/notice", json={"gaps": gaps}).status_code == 200
    bring(client, case, "银行卡")
    page = ask(citizen, case["receipt_number"], code).text
    assert "没有提交" not in page
    assert "身份证：照片不清楚" in page
    assert "没有签字" in page
    day = datetime.fromtimestamp(clock.now_ms / 1000, BEIJING).date() + timedelta(days=10)
    assert f"请在 {day} 前交到石桥村便民服务站" in page


def test_once_the_promised_paper_is_in_nothing_is_asked_for(client, citizen):
    case, code = taken_without_card(client)
    assert client.post(f"/api/v1/cases/{case['id']}/tolerance", json={}).status_code == 200
    waiting = ask(citizen, case["receipt_number"], code).text
    assert "<li>银行卡</li>" in waiting
    assert "前交到" in waiting
    bring(client, case, "银行卡")
    page = ask(citizen, case["receipt_number"], code).text
    assert "材料已交，等待审核" in page
    assert [asked for asked in ("<li>银行卡</li>", "前交到", "请补交") if asked in page] == []


def test_an_answer_that_is_overdue_is_called_so(tmp_path):
    clock = SetClock()
    with stations(tmp_path, clock) as make:
        station = make()
        app = build_app(station, FeedGate())
        agent = app.test_client()
        agent.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
        case, code = taken_without_card(agent)
        other_case, other_code = taken_without_card(agent)
        clock.now_ms += 2 * DAY_MS
        agent.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
        gaps = [{"material": "户口簿", "what": "缺户主页"}]
        assert agent.post(f"/api/v1/cases/{other_case['id']}/notice", json={"gaps": gaps}).status_code == 200
        bring(agent, other_case, "户口簿")
        clock.now_ms += 30 * DAY_MS
        page = ask(citizen_at(app), case["receipt_number"], code).text
        assert "答复已超期，您的申请视为自收件之日起受理" in page
        assert "5 个工作日内会给您答复" not in page
        later = ask(citizen_at(app), other_case["receipt_number"], other_code).text
        assert "答复已超期，您的申请视为自材料补齐之日起受理" in later


def test_where_the_papers_lie_is_told_beside_how_far_what_was_told_has_come(citizen, client, case, code):
    def placed():
        page = ask(citizen, case["receipt_number"], code).text
        assert "申请信息到了哪里" in page
        return re.sub(r"<[^>]+>|\s+", "", page.partition("您交的纸质材料在哪里")[2].partition("办理经过")[0])

    loose = client.get("/api/v1/loose-papers").get_json()["papers"]
    own = [one for one in loose if one["case"] == case["id"]]
    assert placed() == "在收件的站点" + "、".join(one["material"] for one in own)
    bag = client.post("/api/v1/bags", json={"papers": [own[0]["key"]]}, headers=key("citizen's")).get_json()["id"]
    assert placed().startswith("在收件的站点")
    client.post(f"/api/v1/bags/{bag}/handing", json={"giver": "王春梅", "carrier": "赵师傅"})
    assert f"正在送往乡镇{own[0]['material']}" in placed()


def taken_without_card(client):
    number = f"without {next(numbers)}"
    case = client.post("/api/v1/cases", json=application(follow=True), headers=key(number)).get_json()
    (code,) = re.findall(r"<strong class=\"slip-number\">([0-9]{4} [0-9]{4})</strong>", read(client, receipt(case)))
    return case, code


def bring(client, case, name):
    body = {"materials": [{"name": name, "copies": 1}]}
    address = f"/api/v1/cases/{case['id']}/materials"
    assert client.post(address, json=body, headers=key(f"bring {next(numbers)}")).status_code == 200


@pytest.mark.parametrize(
    ("decision", "told", "never"),
    [
        ("deny", ("审查没有通过", "行政复议"), "领取结果"),
        ("approve", ("请到收件的站点领取结果",), "没有通过"),
    ],
)
def test_a_case_that_is_done_says_how_it_was_decided(tmp_path, clock, decision, told, never):
    with stations(tmp_path, clock) as make:
        app = build_app(make("t3k9m", township=True), FeedGate())
        head = app.test_client()
        head.post("/api/v1/session", json={"name": "li", "password": PASSWORD})
        case = head.post("/api/v1/cases", json=application("生育登记"), headers=key("1")).get_json()
        (code,) = re.findall(r"<strong class=\"slip-number\">([0-9]{4} [0-9]{4})</strong>", read(head, receipt(case)))
        for what, body in (
            ("acceptance", {}),
            ("review", {}),
            ("decision", {"decision": decision, "reason": "材料不实"}),
            ("completion", {}),
        ):
            assert head.post(f"/api/v1/cases/{case['id']}/{what}", json=body).status_code == 200
        done = ask(citizen_at(app), case["receipt_number"], code).text
        assert all(sentence in done for sentence in told)
        head.post(f"/api/v1/cases/{case['id']}/delivery", json={"method": "pickup", "receiver": "本人"})
        handed = ask(citizen_at(app), case["receipt_number"], code).text
        assert all(sentence in handed for sentence in told if "领取" not in sentence)
        assert [page for page in (done, handed) if never in page] == []


def test_no_name_beyond_its_mask_and_no_number_of_a_person_is_shown(citizen, case, code):
    page = ask(citizen, case["receipt_number"], code).text
    sent = application()["fields"]
    told = [value for name, value in sent.items() if name not in ("applicant_name",) and len(value) > 4]
    assert [value for value in (sent["applicant_name"], *told) if value in page] == []
    assert f"{sent['applicant_name'][0]}*" in page
    assert "wang" not in page


def test_an_unknown_number_and_a_wrong_code_are_answered_alike(app, case, code):
    unknown = "250926019999X"
    wrong, nobody = ask(citizen_at(app), case["receipt_number"], other(code)), ask(citizen_at(app), unknown, code)
    assert wrong.status_code == nobody.status_code == 404
    assert WRONG in wrong.text
    told = [re.sub(r'name="form" value="[^"]*"', "", one.text) for one in (wrong, nobody)]
    assert told[0].replace(case["receipt_number"], "") == told[1].replace(unknown, "")


def test_after_five_wrong_codes_the_right_one_waits_a_quarter_of_an_hour(app, case, code, clock, station):
    before = len(station.node.engine.read(lambda reader: entries_after(reader, limit=10_000)))
    citizen = citizen_at(app)
    for _ in range(MOST_WRONG):
        assert ask(citizen, case["receipt_number"], other(code)).status_code == 404
    held = ask(citizen, case["receipt_number"][-13:], code)
    assert held.status_code == 403
    assert "请 15 分钟后再查" in held.text
    assert "已收件" not in held.text
    restarted = build_app(station, FeedGate())
    assert ask(citizen_at(restarted), case["receipt_number"], code).status_code == 403
    clock.now_ms += WAIT_MS
    assert ask(citizen, case["receipt_number"], code).status_code == 200
    entries = station.node.engine.read(lambda reader: entries_after(reader, before, limit=10_000))
    locked = [entry.subject for _, entry in entries if entry.action == "queries_locked"]
    assert locked == ["number", "address"]


def test_the_short_number_that_is_printed_large_names_no_case_of_another_day_and_tries_at_it_count(app, client, clock):
    """Two of one station, day after day, may have it in common; the code says which is meant."""

    def taken():
        case = client.post("/api/v1/cases", json=application(), headers=key(f"case {next(numbers)}")).get_json()
        (code,) = re.findall(r"<strong class=\"slip-number\">([0-9]{4} [0-9]{4})</strong>", read(client, receipt(case)))
        return case, code

    case, code = taken()
    short = short_number(case["receipt_number"])
    for typed in (short, f" {short.lower()}", case["receipt_number"][-7:]):
        assert case["receipt_number"] in ask(citizen_at(app), typed, code).text.replace(" ", "")
    assert ask(citizen_at(app), short, other(code)).status_code == 404
    absent = short[:3] + "9998" + short[-2:]
    assert ask(citizen_at(app), absent, code).status_code == 404
    for _ in range(MOST_WRONG - 1):
        assert ask(citizen_at(app), short, other(code)).status_code == 404
    assert ask(citizen_at(app), case["receipt_number"], code).status_code == 403
    clock.now_ms += WAIT_MS
    for wrong in ("01-021-D", "01-0O21-D", "0-10021-D1"):
        answer = ask(citizen_at(app), wrong, code)
        assert answer.status_code == 422
        assert "大字" in answer.text


def test_an_address_that_guesses_at_many_numbers_waits_and_others_do_not(app, case, code):
    guesser = citizen_at(app)
    for serial in range(MOST_WRONG):
        ask(guesser, f"25092601900{serial}X", code)
    assert ask(guesser, case["receipt_number"], code).status_code == 403
    assert ask(citizen_at(app), case["receipt_number"], code).status_code == 200


def test_a_right_code_forgives_what_was_mistyped_before(app, case, code):
    for _ in range(2):
        for _ in range(MOST_WRONG - 1):
            assert ask(citizen_at(app), case["receipt_number"], other(code)).status_code == 404
        assert ask(citizen_at(app), case["receipt_number"], code).status_code == 200


def test_a_clock_that_was_set_back_locks_nobody_out_for_years(citizen, case, code, clock):
    for _ in range(MOST_WRONG):
        ask(citizen, case["receipt_number"], other(code))
    now_ms = clock.now_ms
    clock.now_ms -= 3 * 365 * 24 * 3600 * 1000
    assert "请 15 分钟后再查" in ask(citizen, case["receipt_number"], code).text
    clock.now_ms += WAIT_MS
    assert ask(citizen, case["receipt_number"], code).status_code == 200
    clock.now_ms = now_ms


def test_what_is_no_number_or_no_code_is_said_beside_the_field_and_is_no_try(citizen, case, code):
    number = case["receipt_number"]
    mistyped = number[:-1] + ("0" if number[-1] != "0" else "1")
    for _ in range(MOST_WRONG + 1):
        answer = ask(citizen, mistyped, "12345")
        assert answer.status_code == 422
        assert "校验位不对" in answer.text
        assert "查询码是 8 位数字" in answer.text
    assert ask(citizen, number, code).status_code == 200


def test_a_form_that_was_answered_answers_no_second_time(citizen, case, code):
    form = {**form_on(read(citizen, PAGE), "number")["values"], "number": case["receipt_number"], "code": code}
    assert "已收件" in send(citizen, PAGE, form).text
    again = send(citizen, PAGE, form)
    assert (again.status_code, again.headers["Location"]) == (303, PAGE)
    assert send(citizen, PAGE, {**form, "form": ""}).status_code == 303


def test_at_a_kiosk_a_case_leaves_the_screen_without_scripts_too(citizen, case, code):
    citizen.set_cookie("yizhan_kiosk", "on")
    page = ask(citizen, case["receipt_number"], code).text
    assert '<noscript><meta http-equiv="refresh" content="360;url=/citizen/"></noscript>' in page


def test_neither_number_nor_code_stands_in_an_address_and_nothing_is_kept(citizen, case, code):
    answer = ask(citizen, case["receipt_number"], code)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    links = re.findall(r'(?:href|src|action)="([^"]*)"', answer.text)
    assert links
    assert [link for link in links if case["receipt_number"] in link or code[:4] in link or case["id"] in link] == []


def test_a_foreign_page_may_not_ask(citizen, case, code):
    foreign = {"Origin": "http://evil.example", **HTML}
    form = form_on(read(citizen, PAGE), "number")["values"]
    sent = {**form, "number": case["receipt_number"], "code": code}
    assert citizen.post(PAGE, data=sent, headers=foreign).status_code == 403


def test_that_somebody_asked_is_in_the_audit_without_saying_who(citizen, case, code, station):
    ask(citizen, case["receipt_number"], code)
    station.node.engine.write(lambda tx: None)  # what was posted is written before it
    entries = station.node.engine.read(lambda reader: entries_about(reader, case["id"]))
    assert [(entry.actor, entry.detail) for entry in entries if entry.action == "case_queried"] == [("citizen", "")]


def test_the_code_is_carried_nowhere(client, case, code):
    told = client.get(f"/api/v1/cases/{case['id']}").get_json()
    assert code.replace(" ", "") not in dump(told).decode()


def test_a_check_character_is_taken_for_the_one_that_looks_like_it(client, app):
    for number in range(100):
        case = client.post("/api/v1/cases", json=application(), headers=key(f"alike {number}")).get_json()
        if case["receipt_number"][-1] in "1I0O":
            break
    (code,) = re.findall(r"<strong class=\"slip-number\">([0-9]{4} [0-9]{4})</strong>", read(client, receipt(case)))
    written = case["receipt_number"]
    taken_for = written[:-1] + {"I": "1", "1": "I", "O": "0", "0": "O"}[written[-1]]
    for typed in (written, taken_for, taken_for[-13:]):
        assert ask(citizen_at(app), typed, code).status_code == 200
    for typed in (written, taken_for, written[-13:], taken_for[-13:], taken_for):
        assert ask(citizen_at(app), typed, other(code)).status_code == 404
    assert ask(citizen_at(app), written, code).status_code == 403  # all of them were tries at one number


def test_once_the_day_has_passed_nobody_is_asked_to_bring_a_paper_by_it(tmp_path):
    clock = SetClock()
    with stations(tmp_path, clock) as make:
        app = build_app(make(), FeedGate())
        agent = app.test_client()
        agent.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
        asked, promised = taken_without_card(agent), taken_without_card(agent)
        gaps = [{"material": "银行卡", "what": "没有提交"}]
        assert agent.post(f"/api/v1/cases/{asked[0]['id']}/notice", json={"gaps": gaps}).status_code == 200
        day = datetime.fromtimestamp(clock.now_ms / 1000, BEIJING).date() + timedelta(days=5)
        assert agent.post(f"/api/v1/cases/{promised[0]['id']}/tolerance", json={"due": str(day)}).status_code == 200

        def told(one):
            return ask(citizen_at(app), one[0]["receipt_number"], one[1]).text

        assert f"请在 {day} 前交到" in told(promised)
        clock.now_ms += 12 * DAY_MS
        assert "期限已经过了，请尽快交来" in told(asked)
        assert "前交到" not in told(asked)
        page = told(promised)
        assert "补交下列材料的期限已过，办理时间暂停计算" in page
        last = add_working_days(county().calendar, day, 15)
        assert f"请在 {last} 前交到" in page
        clock.now_ms += 30 * DAY_MS
        page = told(promised)
        assert "申请要退回" in page
        assert "前交到" not in page
