"""Who is turned away from which route of the centre: one table, so that each new route is decided upon here."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.doors import all_doors, turned_away

# Other nodes' doors, which ask for a signature and not for a session; methods nobody has anywhere.
NODES = {
    *("POST /enrolment", "POST /exchange"),
    *(f"{method} /couch/<couch_address:rest>" for method in ("COPY", "PATCH", "TRACE")),
}
TO_NODES_ONLY = {f"{method} /couch/<couch_address:rest>" for method in ("DELETE", "GET", "POST", "PUT")}
ANYONE = {
    *("GET /api/v1/docs", "GET /api/v1/openapi.json", "GET /metrics", "GET /text-size"),
    *(f"GET /{folder}/<path:filename>" for folder in ("case-pages", "console", "description", "frame")),
}
# An administrator sees the stations, and nobody's papers; he registers and revokes none.
ADMINISTRATOR = {
    *("GET /", "GET /events", "GET /api/v1/status", "GET /alerts", "GET /api/v1/alerts", "GET /misses"),
    *("GET /api/v1/search/misses", "GET /stations/<sid>", "GET /stations/<sid>/devices/<device>"),
    *("GET /api/v1/stations", "GET /api/v1/stations/<sid>", "GET /attention", "GET /api/v1/alarms"),
    *("GET /api/v1/alarms/<int:alarm>", "POST /api/v1/alarms/<int:alarm>/settling", "GET /api/v1/set-aside"),
    *("GET /api/v1/set-aside/<int:aside>", "POST /api/v1/set-aside/<int:aside>/offering"),
    *("POST /api/v1/set-aside/<int:aside>/settling", "POST /attention/alarms/<int:number>"),
    *("POST /attention/set-aside/<int:number>", "POST /attention/set-aside/<int:number>/offering"),
}


def test_without_an_account_one_has_nothing_of_anybodys(app: Flask) -> None:
    assert all_doors(app) - turned_away(app, app.test_client(), 401) == ANYONE | NODES


def test_an_administrator_reaches_no_papers_and_revokes_nobody(
    app: Flask, sign_in: Callable[[str], FlaskClient]
) -> None:
    away = turned_away(app, sign_in("root"), 403)
    assert all_doors(app) - away == ANYONE | ADMINISTRATOR | NODES | TO_NODES_ONLY


def test_a_session_opens_no_door_of_nodes(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    for name in ("root", "zhou"):
        assert turned_away(app, sign_in(name), 401) == TO_NODES_ONLY
