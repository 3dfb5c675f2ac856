"""Every route of an application, asked by somebody: who is turned away from which."""

import re
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient

# What stands in an address in place of a part; nothing here has that name or number.
_PART = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>")
_OWN = "sessions."  # signing out in the middle would end the asking


def doors(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(method, rule, endpoint) of every route."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.rule, rule.endpoint


def turned_away(app: Flask, client: FlaskClient, status: int) -> set[str]:
    """The routes at which this client is answered with that status, as `GET /cases/<case_id>`."""
    found = set()
    for method, rule, endpoint in doors(app):
        if endpoint.startswith(_OWN):
            continue
        path = _PART.sub(lambda part: "1" if part[1] == "int" else "x", rule)
        answer = client.open(path, method=method, json={} if method != "GET" else None)
        if answer.status_code == status:
            found.add(f"{method} {rule}")
        answer.close()
    return found


def all_doors(app: Flask) -> set[str]:
    """Every route that is asked at."""
    return {f"{method} {rule}" for method, rule, endpoint in doors(app) if not endpoint.startswith(_OWN)}
