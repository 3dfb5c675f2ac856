"""Who is turned away from which route of a station: one table, so that each new route is decided upon here."""

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
    *("GET /citizen/", "GET /citizen/bundles/<code>", "GET /citizen/items", "GET /citizen/items/<code>"),
    *("GET /citizen/progress", "POST /citizen/progress", "GET /citizen/search"),
    *(f"GET /{folder}/<path:filename>" for folder in ("case-pages", "citizen/static", "description", "desk", "frame")),
}
# An administrator sees how the machine stands, and nobody's papers.
ADMINISTRATOR = {
    *("GET /", "GET /road", "POST /call", "POST /api/v1/call", "GET /events"),
    *("GET /api/v1/status", "GET /api/v1/search/misses"),
    *("GET /alerts", "POST /alerts/<code>/reading", "GET /api/v1/alerts", "POST /api/v1/alerts/<code>/reading"),
    *("GET /attention", "POST /attention/alarms/<int:number>", "POST /attention/set-aside/<int:number>"),
    *("POST /attention/set-aside/<int:number>/offering", "GET /api/v1/alarms", "GET /api/v1/alarms/<int:alarm>"),
    *("POST /api/v1/alarms/<int:alarm>/settling", "GET /api/v1/set-aside", "GET /api/v1/set-aside/<int:aside>"),
    *("POST /api/v1/set-aside/<int:aside>/offering", "POST /api/v1/set-aside/<int:aside>/settling"),
}
NOT_AN_AGENT = {
    *("POST /api/v1/cases/<case_id>/decision", "POST /api/v1/cases/<case_id>/refusal"),
    *("GET /api/v1/search/misses", "GET /api/v1/set-aside/<int:aside>/document"),
    *("POST /api/v1/set-aside/<int:aside>/offering", "POST /api/v1/set-aside/<int:aside>/settling"),
    *("POST /api/v1/alarms/<int:alarm>/settling", "POST /attention/alarms/<int:number>"),
    *("POST /attention/set-aside/<int:number>", "POST /attention/set-aside/<int:number>/offering"),
}


def test_without_an_account_one_has_the_citizens_pages_and_nothing_of_anybodys(app: Flask) -> None:
    assert all_doors(app) - turned_away(app, app.test_client(), 401) == ANYONE | NODES


def test_nobody_signed_in_has_more_than_his_post(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    doors = all_doors(app)
    away = {name: turned_away(app, sign_in(name), 403) for name in ("root", "wang", "zhang", "li")}
    assert doors - away["root"] == ANYONE | ADMINISTRATOR | NODES | TO_NODES_ONLY
    assert away["wang"] == NOT_AN_AGENT
    assert away["zhang"] == set()
    assert away["li"] == {"GET /api/v1/search/misses"}


def test_a_session_opens_no_door_of_nodes(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    for name in ("root", "zhang"):
        assert turned_away(app, sign_in(name), 401) == TO_NODES_ONLY
