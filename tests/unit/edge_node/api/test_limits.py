"""The limits of a station: a wrong password costs its address something, a right one nothing."""

from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from sync.typed import replace
from tests.unit.edge_node.conftest import PASSWORD


def sign_in(app, password=PASSWORD, name="wang"):
    return app.test_client().post("/api/v1/session", json={"name": name, "password": password})


def test_signing_in_is_counted_only_where_it_fails(station):
    settings = replace(station.settings, stranger_requests_per_second=1)
    app = build_app(replace(station, settings=settings), FeedGate())
    assert {sign_in(app).status_code for _ in range(62)} == {201}
    assert [sign_in(app, name="nobody").status_code for _ in range(64)][-2:] == [429] * 2
    assert sign_in(app).status_code == 429


def test_wrong_basic_passwords_are_counted_where_they_come_from(station):
    settings = replace(station.settings, stranger_requests_per_second=1)
    app = build_app(replace(station, settings=settings), FeedGate())
    asked = [app.test_client().get("/api/v1/items", auth=(f"nobody{n}", "x")).status_code for n in range(63)]
    assert asked[:60] == [401] * 60
    assert set(asked[60:]) <= {401, 429}
    assert 429 in asked
