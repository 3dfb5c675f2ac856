"""A page of another origin keeps a PouchDB that syncs with the plain server."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, send_file
from playwright.sync_api import Browser, Page

from sync.http_api.api import create_app
from sync.http_api.cors import Cors
from sync.store.memory import MemoryDatabases
from sync.users.accounts import Accounts
from sync.users.governed import GovernedDatabases
from sync.users.passwords import Passwords
from sync.users.security import to_keep
from sync.values.documents import Edit, Wanted
from sync.web.serving import running

pytestmark = [pytest.mark.browser, pytest.mark.node]

USER = b'{"name":"li","type":"user","roles":["clerk"],"password":"pw"}'
SYNC = """
async ([remote, how]) => {
  const options = { skip_setup: true };
  if (how === "password") { options.auth = { username: "li", password: "pw" }; }
  if (how === "cookie") {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ name: "li", password: "pw" });
    const address = new URL("/_session", remote);
    const answer = await fetch(address, { method: "POST", credentials: "include", headers, body });
    if (!answer.ok) { return { error: answer.status }; }
  }
  const here = new PouchDB(`here-${how}`);
  await here.put({ _id: how, n: 1 });
  try {
    const told = await here.sync(new PouchDB(remote, options));
    const feed = await fetch(new URL("/_session", remote), { credentials: "include" }).then((answer) => answer.json());
    return { written: told.push.docs_written, read: told.pull.docs_read, session: feed.userCtx.name };
  } catch (error) {
    return { error: error.status || error.name };
  }
}
"""


@pytest.fixture
def databases() -> MemoryDatabases:
    kept = MemoryDatabases()
    kept.create("db").set_security(to_keep({"members": {"roles": ["clerk"]}}))
    kept.open("db").write([Edit("there", None)])
    return kept


@pytest.fixture
def page(browser: Browser, databases: MemoryDatabases, node_modules: Path) -> Iterator[tuple[Page, str]]:
    """A page with PouchDB at an origin of its own, and the address of the database at another."""
    pages = Flask(__name__)
    pages.add_url_rule("/", "home", lambda: "<!doctype html><title>app</title><script src=/pouchdb.js></script>")
    pages.add_url_rule(
        "/pouchdb.js", "pouchdb", lambda: send_file(node_modules / "pouchdb" / "dist" / "pouchdb.min.js")
    )
    passwords = Passwords(iterations=10)
    accounts = Accounts(databases, admin=("chen", "s"), passwords=passwords)
    accounts.prepare()
    GovernedDatabases(databases, passwords).open("_users").write([Edit("org.couchdb.user:li", None, USER)])
    with ExitStack() as stack:
        page_port = stack.enter_context(running(pages, threads=4))
        cors = Cors.of([f"http://127.0.0.1:{page_port}"])
        app = create_app(databases, uuid="u", accounts=accounts, passwords=passwords, cors=cors)
        port = stack.enter_context(running(app, threads=16))
        context = browser.new_context()
        stack.callback(context.close)
        opened = context.new_page()
        opened.goto(f"http://127.0.0.1:{page_port}/")
        yield opened, f"http://127.0.0.1:{port}/db"


@pytest.mark.parametrize("how", ["password", "cookie"])
def test_a_page_of_an_origin_named_syncs(page: tuple[Page, str], databases: Any, how: str) -> None:
    opened, remote = page
    told = opened.evaluate(SYNC, [remote, how])
    assert told == {"written": 1, "read": 1, "session": "li" if how == "cookie" else None}
    (found,) = databases.open("db").read([Wanted(how)])
    assert found.fields() == {"n": 1}


def test_a_page_of_another_origin_or_without_an_account_does_not(page: tuple[Page, str], databases: Any) -> None:
    opened, remote = page
    assert opened.evaluate(SYNC, [remote, "nothing"]) == {"error": 401}
    opened.goto(opened.url.replace("127.0.0.1", "localhost"))
    assert "error" in opened.evaluate(SYNC, [remote, "password"])
    assert databases.open("db").info().doc_count == 1
