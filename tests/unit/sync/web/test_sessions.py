"""Signing in over HTTP: cookies, idleness, roles, and forms of foreign pages."""

import io
import re

import pytest
from flask import Flask, g

from sync.store.engine import Engine
from sync.store.ledger.audit import entries_after
from sync.web.accounts import FAILURES_UNTIL_LOCK, Accounts
from sync.web.frame import Frame, register_frame
from sync.web.passwords import Passwords
from sync.web.problems import register_problems
from sync.web.roles import Role
from sync.web.sessions import IDLE_SECONDS, LONGEST_SECONDS, Sessions, signed_in
from sync.web.signing_in import register_signing_in

PASSWORD = "Shiqiao-2025"
PAGE = {"Accept": "text/html"}
COOKIE = "yizhan_80"
ORIGIN = {"Origin": "http://localhost"}


class Clock:
    ms = 1_760_000_000_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path):
    with Engine.open(tmp_path) as engine:
        yield engine


@pytest.fixture
def app(engine, clock) -> Flask:
    accounts = Accounts(engine, Passwords(memory_kib=64, passes=1), now_ms=clock)
    accounts.create("agent", display_name="李春梅", role=Role.AGENT, password=PASSWORD)
    accounts.create("head", display_name="张站长", role=Role.HEAD, password=PASSWORD)
    app = Flask(__name__)
    app.secret_key = "for the messages between pages"
    app.accounts = accounts
    register_problems(app)
    register_frame(app, Frame("石桥村便民服务站"))
    register_signing_in(app, Sessions(engine, accounts, now_ms=clock))
    app.add_url_rule("/api/v1/mine", view_func=mine, methods=["GET", "POST", "PUT"])
    app.add_url_rule("/mine", "page", view_func=mine, methods=["GET", "POST"])
    app.add_url_rule("/api/v1/stations", "stations", view_func=signed_in(Role.HEAD)(lambda: "stations"))
    return app


@signed_in()
def mine() -> str:
    return g.account.name


@pytest.fixture
def client(app):
    return app.test_client()


def sign_in(client, name="agent", password=PASSWORD, **options):
    return client.post("/api/v1/session", json={"name": name, "password": password}, **options)


def cookie_of(answer) -> str:
    return answer.headers["Set-Cookie"]


def test_nobody_gets_in_without_signing_in(client):
    answer = client.get("/api/v1/mine")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert "Basic" not in answer.headers["WWW-Authenticate"]


def test_signing_in_opens_and_signing_out_closes(client):
    answer = sign_in(client)
    assert answer.status_code == 201
    assert answer.get_json()["account"] == {
        "name": "agent",
        "display_name": "李春梅",
        "role": "agent",
        "role_label": "代办员",
    }
    assert client.get("/api/v1/mine").text == "agent"
    assert client.get("/api/v1/session").get_json()["idle_seconds"] == IDLE_SECONDS
    assert client.delete("/api/v1/session").status_code == 204
    assert client.get("/api/v1/mine").status_code == 401


def test_a_signed_out_token_is_dead_even_if_somebody_kept_it(app, client):
    token = cookie_of(sign_in(client)).split(";")[0]
    client.delete("/api/v1/session")
    thief = app.test_client(use_cookies=False)
    assert thief.get("/api/v1/mine", headers={"Cookie": token}).status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_foreign_pages(client):
    cookie = cookie_of(sign_in(client))
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie
    assert "Secure" in cookie_of(sign_in(client, base_url="https://localhost"))


def test_the_token_itself_is_nowhere_in_the_store(client, engine, tmp_path):
    token = re.search(r"=([^;]+)", cookie_of(sign_in(client)))[1]
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"agent" in kept
    assert token.encode() not in kept
    assert token.partition(".")[2].encode() not in kept


def use(client, engine) -> int:
    status = client.get("/api/v1/mine").status_code
    engine.write(lambda tx: None)  # that it was used is written soon after; here, now
    return status


def test_a_session_ends_by_idleness_and_lives_by_use(client, clock, engine):
    sign_in(client)
    for _ in range(4):
        clock.ms += IDLE_SECONDS * 1000 - 1000
        assert use(client, engine) == 200
    clock.ms += IDLE_SECONDS * 1000 + 1000
    assert client.get("/api/v1/mine").status_code == 401


def test_a_session_ends_with_the_working_day_however_busy(client, clock, engine):
    sign_in(client)
    for _ in range(LONGEST_SECONDS // 600):
        clock.ms += 600_000
        assert use(client, engine) == 200
    clock.ms += 600_000
    assert client.get("/api/v1/mine").status_code == 401


def test_a_token_cannot_be_made_younger(app, client, clock):
    name, _, token = cookie_of(sign_in(client)).split(";")[0].partition("=")
    began, _, chance = token.partition(".")
    forged = f"{int(began, 16) + 3600:x}.{chance}"
    assert (
        app.test_client(use_cookies=False).get("/api/v1/mine", headers={"Cookie": f"{name}={forged}"}).status_code
        == 401
    )


@pytest.mark.parametrize("token", ["", "x", "1.2", "zz.yy", "5" * 3000, "é", "-1.x"])
def test_nonsense_in_the_cookie_is_nobody(app, client, token):
    name = cookie_of(sign_in(client)).partition("=")[0]
    stranger = app.test_client(use_cookies=False)
    assert stranger.get("/api/v1/mine", headers={"Cookie": f"{name}={token}"}).status_code == 401


def test_a_role_opens_only_its_own_routes(client):
    sign_in(client, "agent")
    refused = client.get("/api/v1/stations")
    assert refused.status_code == 403
    assert "站长" in refused.get_json(force=True)["detail"]
    sign_in(client, "head")
    assert client.get("/api/v1/stations").status_code == 200


def test_wrong_passwords_lock_and_say_so(client, engine):
    for _ in range(FAILURES_UNTIL_LOCK):
        assert sign_in(client, password="wrong").status_code == 401
    refused = sign_in(client)
    assert refused.status_code == 403
    assert "锁定" in refused.get_json(force=True)["detail"]
    assert "account_locked" in {entry.action for _, entry in engine.read(entries_after)}


def test_signing_in_and_out_is_audited(client, engine):
    sign_in(client)
    client.delete("/api/v1/session")
    rows = [(entry.action, entry.actor) for _, entry in engine.read(entries_after)]
    assert rows[-2:] == [("signed_in", "acct:agent"), ("signed_out", "acct:agent")]


@pytest.mark.parametrize(
    "body",
    [{}, {"name": "agent"}, {"name": 1, "password": 2}, {"name": "agent", "password": PASSWORD, "role": "admin"}],
)
def test_a_malformed_sign_in_names_its_fields(client, body):
    answer = client.post("/api/v1/session", json=body)
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"]


def test_programs_may_send_name_and_password_with_every_request(client):
    assert client.get("/api/v1/mine", auth=("agent", PASSWORD)).text == "agent"
    assert client.get("/api/v1/mine", auth=("agent", "wrong")).status_code == 401
    assert client.post("/api/v1/mine", auth=("agent", PASSWORD)).text == "agent"


def test_a_closed_account_loses_its_open_sessions(app, client):
    sign_in(client)
    app.accounts.set_disabled("agent", True, by="acct:head")
    assert client.get("/api/v1/mine").status_code == 401


def test_an_initial_password_opens_nothing_but_its_own_change(app, client):
    first = app.accounts.create("new", display_name="新来的", role=Role.AGENT)
    assert sign_in(client, "new", first).get_json()["must_change_password"] is True
    assert client.get("/api/v1/mine").status_code == 403
    assert client.get("/mine", headers=PAGE).headers["Location"] == "/password"
    weak = client.put("/api/v1/session/password", json={"old": first, "new": "weak"})
    assert weak.get_json(force=True)["errors"][0]["field"] == "new"
    assert client.put("/api/v1/session/password", json={"old": first, "new": "Another-2026"}).status_code == 204
    assert client.get("/api/v1/mine").text == "new"


def test_a_changed_password_ends_the_sessions_elsewhere(app, client):
    elsewhere = app.test_client()
    sign_in(elsewhere)
    sign_in(client)
    client.put("/api/v1/session/password", json={"old": PASSWORD, "new": "Another-2026"})
    assert elsewhere.get("/api/v1/mine").status_code == 401
    assert client.get("/api/v1/mine").status_code == 200


# Forms, and pages of others


def form_token(client) -> str:
    return client.get("/api/v1/session").get_json()["csrf_token"]


def test_a_form_without_its_token_changes_nothing(client):
    sign_in(client)
    assert client.post("/mine", data={"a": "b"}).status_code == 403
    assert client.post("/mine", data={"a": "b", "csrf_token": "wrong"}).status_code == 403
    assert client.post("/api/v1/mine", data="{}", content_type="text/plain").status_code == 403
    assert client.post("/api/v1/mine").status_code == 403


def test_a_form_with_its_token_is_taken(client):
    sign_in(client)
    assert client.post("/mine", data={"csrf_token": form_token(client)}, headers=ORIGIN).text == "agent"
    assert client.post("/mine", headers={"X-CSRF-Token": form_token(client)}).text == "agent"


def test_the_form_token_of_one_account_is_no_good_for_another(app, client):
    other = app.test_client()
    sign_in(other, "head")
    sign_in(client)
    assert client.post("/mine", data={"csrf_token": form_token(other)}).status_code == 403


def test_a_form_that_stood_open_is_taken_after_signing_in_again_until_the_password_is_another(app, client, clock):
    sign_in(client)
    token = form_token(client)
    clock.ms += IDLE_SECONDS * 1000 + 1
    assert client.post("/mine", data={"csrf_token": token}).status_code == 401
    sign_in(client)
    assert client.post("/mine", data={"csrf_token": token}).text == "agent"
    app.accounts.change_password("agent", PASSWORD, "Another-2026")
    sign_in(client, password="Another-2026")
    assert client.post("/mine", data={"csrf_token": token}).status_code == 403


def test_a_form_of_another_account_is_told_to_be_out_of_date_and_says_nothing_of_rights(app, client):
    other = app.test_client()
    sign_in(other, "head")
    sign_in(client)
    page = client.post("/mine", data={"csrf_token": form_token(other)}, headers=PAGE)
    assert page.status_code == 403
    assert "页面已过期" in page.text
    assert "刷新" in page.text
    assert "没有权限" not in page.text
    assert "账号" in page.text
    assert "站长" not in page.text
    told = client.post("/api/v1/mine", data="{}", content_type="text/plain").get_json()
    assert told["type"] == "urn:yizhan:problem:page-expired"


def test_who_sends_a_form_signed_out_is_told_how_to_send_it_once_more(client):
    page = client.post("/mine", data={"a": "b"}, headers=PAGE)
    assert page.status_code == 401
    assert "请先登录" in page.text
    assert "没有丢" in page.text
    assert 'href="/sign-in" target="_blank"' in page.text


@pytest.mark.parametrize("origin", ["http://evil.example", "https://localhost", "null", "http://localhost:81"])
def test_a_page_of_another_origin_changes_nothing(client, origin):
    sign_in(client)
    headers = {"Origin": origin, "X-CSRF-Token": form_token(client)}
    assert client.post("/api/v1/mine", json={}, headers=headers).status_code == 403
    assert client.put("/api/v1/mine", json={}, headers=headers).status_code == 403
    assert sign_in(client, headers={"Origin": origin}).status_code == 403


def test_programs_send_json_with_a_cookie_and_need_no_form_token(client):
    sign_in(client)
    assert client.post("/api/v1/mine", json={}).text == "agent"


# Pages


def test_a_person_is_sent_to_sign_in_and_back_to_where_they_went(client):
    answer = client.get("/mine?day=1", headers=PAGE)
    assert answer.headers["Location"] == "/sign-in?next=/mine%3Fday%3D1"
    form = client.get(answer.headers["Location"], headers=PAGE)
    assert 'name="next" value="/mine?day=1"' in form.text
    entered = client.post(
        "/sign-in", data={"name": " agent ", "password": PASSWORD, "next": "/mine?day=1"}, headers={**PAGE, **ORIGIN}
    )
    assert entered.headers["Location"] == "/mine?day=1"
    assert client.get("/mine", headers=PAGE).text == "agent"


@pytest.mark.parametrize(
    "target",
    [
        *("//evil.example", "///evil.example", "////evil.example", "//////evil.example/?a", "http://evil.example"),
        *("/\\evil", "/\t/evil", "javascript:x", ""),
    ],
)
def test_signing_in_never_leads_to_a_foreign_page(client, target):
    answer = client.post("/sign-in", data={"name": "agent", "password": PASSWORD, "next": target}, headers=PAGE)
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_shows_the_form_again_with_the_name_and_without_the_password(client):
    answer = client.post("/sign-in", data={"name": "agent", "password": "Wrong-pass1"}, headers=PAGE)
    assert answer.status_code == 401
    assert "账号或密码不对" in answer.text
    assert 'value="agent"' in answer.text
    assert "Wrong-pass1" not in answer.text


def test_who_has_not_shown_who_he_is_has_no_large_form_read(client):
    photo = {"name": "agent", "password": PASSWORD, "photo": (io.BytesIO(bytes(100_000)), "photo.jpg")}
    answer = client.post("/sign-in", data=photo, content_type="multipart/form-data", headers=PAGE)
    assert answer.status_code == 413


def test_pages_are_kept_by_no_cache_and_framed_by_nobody(client):
    headers = client.get("/sign-in", headers=PAGE).headers
    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_changing_the_password_as_a_page(client):
    sign_in(client)
    token = form_token(client)
    data = {"csrf_token": token, "old": PASSWORD, "new": "Another-2026", "again": "Another-2027"}
    answer = client.post("/password", data=data, headers=PAGE)
    assert answer.status_code == 422
    assert "不一致" in answer.text
    done = client.post("/password", data={**data, "again": "Another-2026"}, headers=PAGE)
    assert done.status_code == 303
    assert client.get("/api/v1/mine").status_code == 200


def test_a_change_of_password_sent_twice_is_told_to_be_done(app, client):
    sign_in(client)
    data = {"csrf_token": form_token(client), "old": PASSWORD, "new": "Another-2026", "again": "Another-2026"}
    old = client.get_cookie(COOKIE).value
    assert client.post("/password", data=data, headers=PAGE).status_code == 303
    again = client.post("/password", data=data, headers=PAGE)
    assert (again.status_code, again.headers["Location"]) == (303, "/")
    # The second was on its way before the answer to the first brought the new cookie.
    other = app.test_client()
    other.set_cookie(COOKIE, old)
    late = other.post("/password", data=data, headers=PAGE)
    assert (late.status_code, late.headers["Location"]) == (303, "/sign-in")
    page = other.get("/sign-in", headers=PAGE).text
    assert "如果您刚刚改过密码，已经改好，请用新密码" in page
    assert client.get("/api/v1/mine").status_code == 200


def test_signing_out_as_a_page(client):
    sign_in(client)
    page = client.get("/password", headers=PAGE)
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page.text)[1]
    for _ in range(2):  # pressed twice, or in two tabs
        answer = client.post("/sign-out", data={"csrf_token": token}, headers=PAGE)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
        assert client.get("/api/v1/mine").status_code == 401


def test_an_error_page_says_what_to_do_in_chinese(client):
    page = client.get("/nowhere", headers=PAGE)
    assert page.status_code == 404
    assert "没有找到" in page.text
    assert "回到首页" in page.text
    assert "Not Found" not in page.text
