"""The page about CouchDB's API tells of every endpoint and parameter what we do with it, and tells the truth."""

import re
from collections import defaultdict
from typing import NamedTuple

from click import Option

from sync.commands import couch
from sync.commands.couch import serve_couch
from sync.http_api import call, feeds, following, server
from sync.http_api.not_offered import NOT_OFFERED
from sync.http_api.routes import ROUTES
from sync.users import accounts, failures, passwords
from sync.web.shares import Shares
from tests.docs.markdown import ROOT, Page

PAGE = Page(ROOT / "docs" / "reference" / "couchdb-compatibility.md")
OFFERED = ("yes", "differs")


class Row(NamedTuple):
    """One row of the table; `parameter` is "" on the row of the endpoint itself."""

    methods: str
    address: str
    parameter: str
    offered: str
    how: str


def rows() -> list[Row]:
    """The table of endpoints and parameters."""
    section = PAGE.text.split("\n## Endpoints and parameters\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if re.match(r"\| [A-Za-z ]+ \| `/", line)]
    cells = ([cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")] for line in lines)
    return [Row(methods, address.strip("`"), name.strip("`"), *rest) for methods, address, name, *rest in cells]


def test_every_route_is_told_and_no_other() -> None:
    routes, told = defaultdict(set), defaultdict(set)
    for route in ROUTES:
        routes[route.rule].add(route.method)
    for row in rows():
        if not row.parameter and row.offered in OFFERED:
            told[row.address] |= set(row.methods.split())
    assert told == routes


def test_everything_not_offered_is_told_with_what_to_use_instead() -> None:
    known = {("any", rule): instead for rule, instead in NOT_OFFERED}
    told = {(row.methods, row.address): row.how for row in rows() if not row.parameter and row.offered == "no"}
    assert told == known


def test_a_parameter_belongs_to_an_endpoint_that_is_offered() -> None:
    endpoints = {(m, row.address) for row in rows() if not row.parameter for m in row.methods.split()}
    strays = [row for row in rows() if row.parameter for m in row.methods.split() if (m, row.address) not in endpoints]
    assert strays == []


def test_nothing_is_told_twice_and_every_difference_is_explained() -> None:
    seen = [(m, row.address, row.parameter) for row in rows() for m in row.methods.split()]
    assert len(seen) == len(set(seen))
    assert [row for row in rows() if row.offered not in ("yes", "differs", "no")] == []
    assert [row for row in rows() if row.offered != "yes" and not row.how] == []


def test_every_parameter_told_as_offered_is_one_the_code_reads() -> None:
    source = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "sync").rglob("*.py")))
    for row in rows():
        ignored = row.how.startswith("ignored")
        if row.parameter and row.offered in OFFERED and not ignored:
            assert f'"{row.parameter}"' in source, row


def test_every_option_of_the_command_is_told_with_its_variable_and_no_other() -> None:
    told = re.findall(r"^\| `(--[a-z-]+)` \| ?`?([A-Z_]*)`? \|", PAGE.text, re.MULTILINE)
    assert told == [(each.opts[0], each.envvar or "") for each in serve_couch.params if isinstance(each, Option)]


def test_the_numbers_told_are_the_numbers_in_force() -> None:
    assert f"At most {feeds.PLACES} feeds wait at once" in PAGE.text
    shares = Shares(couch.BUSY_THREADS)
    of_one_machine = sum(shares.take("10.0.0.1") for _ in range(couch.BUSY_THREADS))
    assert f"at most {of_one_machine} requests under way" in PAGE.text
    assert f"A feed waits at most {following.LONGEST_WAIT_MILLISECONDS // 1000} seconds" in PAGE.text
    assert f"larger than {call.MAX_BODY_BYTES >> 20} MiB" in PAGE.text
    assert f"of Apache CouchDB {server.DIALECT.rsplit('.', 1)[0]}" in PAGE.text
    assert f"After {failures.MOST_FAILURES} failures" in PAGE.text
    assert f"is locked for {failures.LOCKED_SECONDS // 60} minutes" in PAGE.text
    assert f"lasts {accounts.SESSION_SECONDS} seconds" in PAGE.text
    assert f"more than {passwords.MOST_ITERATIONS:,} iterations" in PAGE.text
    assert any(row.parameter == "count" and f"up to {server.MOST_UUIDS}" in row.how for row in rows())
