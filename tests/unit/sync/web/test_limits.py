"""A device that asks too often waits, and nobody else because of it."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from sync.web.limits import Buckets, Rates, register_limits
from sync.web.problems import register_problems
from sync.web.sessions import attach, signed_in


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


class Tokens:
    """Sessions of which every token beginning with `good` is one."""

    def account(self, token):
        return NewBorn() if token.startswith("good") else None


class NewBorn:
    must_change, role = False, "agent"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def app(clock):
    """Two requests a second for a session, one for strangers: 120 and 60 at once."""
    app = Flask("limits")
    register_problems(app)
    attach(app, Tokens())
    register_limits(app, Rates(2, 1), now_seconds=clock)
    app.add_url_rule("/api/v1/thing", "thing", signed_in()(lambda: "thing"))
    app.add_url_rule("/api/v1/open", "open", lambda: "open")
    app.add_url_rule("/page", "page", lambda: "page")
    return app


def ask(app, path="/api/v1/thing", *, token="", address="10.0.0.1"):
    client = app.test_client()
    if token:
        client.set_cookie("yizhan_80", token)
    return client.get(path, environ_base={"REMOTE_ADDR": address})


def statuses(app, times, **how):
    return [ask(app, **how).status_code for _ in range(times)]


def test_a_session_has_a_minutes_worth_at_once_and_then_its_rate(app, clock):
    assert set(statuses(app, 120, token="good")) == {200}
    refused = ask(app, token="good")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"
    assert refused.get_json()["type"] == "urn:yizhan:problem:too-many-requests"
    assert "1 秒后再试" in refused.get_json()["detail"]
    clock.now += 1
    assert statuses(app, 3, token="good") == [200, 200, 429]


def test_thirty_phones_behind_one_address_do_not_hinder_each_other_nor_does_a_stranger_there(app):
    assert set(statuses(app, 61)) == {401, 429}
    for phone in range(30):
        assert set(statuses(app, 20, token=f"good{phone}")) == {200}


def test_made_up_sessions_are_strangers_of_their_address(app):
    made_up = [ask(app, token=f"bad{n}").status_code for n in range(70)]
    assert made_up == [401] * 60 + [429] * 10
    assert ask(app).status_code == 429
    assert ask(app, address="10.0.0.2").status_code == 401
    assert ask(app, "/api/v1/open").status_code == 429


def test_pages_and_whatever_else_is_no_api_are_never_counted(app):
    statuses(app, 70)
    assert set(statuses(app, 200, path="/page")) == {200}


def test_without_a_rate_nothing_is_counted(clock):
    buckets = Buckets(0, now_seconds=clock)
    assert {buckets.take(b"a") for _ in range(1000)} == {0.0}
    assert len(buckets) == 0


def test_names_without_end_take_no_memory_without_end(clock):
    buckets = Buckets(1, most=10, now_seconds=clock)
    for n in range(100):
        buckets.take(str(n).encode())
    assert len(buckets) == 10


@given(st.lists(st.floats(0, 5), max_size=200))
def test_nobody_ever_gets_more_than_the_burst_and_what_came_in_since(pauses):
    clock = Clock()
    buckets, begun, given_out = Buckets(0.1, now_seconds=clock), clock.now, 0
    for pause in pauses:
        clock.now += pause
        wait = buckets.take(b"a")
        given_out += not wait
        assert given_out <= 6 + (clock.now - begun) * 0.1 + 1e-6
        if wait:  # and whoever waits as long as told is served
            clock.now += wait + 1e-6
            assert buckets.look(b"a") == 0.0
