"""The page about CouchDB's API tells of every route, and of no other."""

import re
from collections import defaultdict

from sync.http_api import blueprint, changes, feeds, server
from sync.http_api.not_offered import METHODS_NOT_OFFERED, NOT_OFFERED
from sync.http_api.routes import ROUTES
from tests.docs.markdown import ROOT, Page

PAGE = Page(ROOT / "docs" / "reference" / "couchdb-api.md")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = PAGE.text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_every_route_is_told_and_no_other() -> None:
    routes = defaultdict(set)
    for route in ROUTES:
        routes[route.rule].add(route.method)
    told = {address.strip("`"): set(methods.split()) for address, methods, _ in rows("Offered")}
    assert told == routes


def test_everything_not_offered_is_told_with_what_to_use_instead() -> None:
    known = dict(NOT_OFFERED)
    known |= {f"{method} {rule}": instead for method, rule, instead in METHODS_NOT_OFFERED}
    assert {address.strip("`"): instead for address, instead in rows("Not offered")} == known


def test_every_parameter_told_is_one_the_code_reads() -> None:
    source = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "sync" / "http_api").glob("*.py")))
    for _, _, parameters in rows("Offered"):
        for name in re.findall(r"`([a-z][a-z_]*)(?:=\w+)?`", parameters):
            assert f'"{name}"' in source, name


def test_the_numbers_told_are_the_numbers_in_force() -> None:
    assert f"At most {feeds.PLACES} feeds wait at once" in PAGE.text
    assert f"A feed waits at most {changes.LONGEST_WAIT_MILLISECONDS // 1000} seconds" in PAGE.text
    assert f"larger than {blueprint.MAX_BODY_BYTES >> 20} MiB" in PAGE.text
    assert f"of Apache CouchDB {server.DIALECT.rsplit('.', 1)[0]}" in PAGE.text
    assert f"`count` up to {server.MOST_UUIDS}" in PAGE.text
