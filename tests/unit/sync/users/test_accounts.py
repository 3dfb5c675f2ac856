import hashlib
from typing import Any

import orjson
import pytest

from sync.errors import Forbidden, Unauthorized
from sync.revisions.tree import Branch
from sync.store.memory import MemoryDatabases
from sync.users.accounts import SESSION_SECONDS, Accounts
from sync.users.caller import Caller
from sync.users.failures import LOCKED_SECONDS, MOST_FAILURES
from sync.users.governed import GovernedDatabases
from sync.users.passwords import Passwords
from sync.values.documents import Document, Edit, Wanted

HERE = "10.0.0.1"
ID = "org.couchdb.user:li"


class Server:
    """Accounts over databases in memory, and a clock that moves when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.databases = MemoryDatabases()
        self.passwords = Passwords(iterations=2)
        self.accounts = self.start()
        self.accounts.prepare()

    def start(self) -> Accounts:
        """The accounts of a process that begins."""
        return Accounts(self.databases, admin=("chen", "s"), passwords=self.passwords, clock=lambda: self.seconds)

    def put(self, **fields: Any) -> None:
        """Write the account `li`."""
        body = orjson.dumps({"name": "li", "type": "user", "roles": ["clerk"], **fields})
        users = GovernedDatabases(self.databases, self.passwords).open("_users")
        found = list(users.read([Wanted(ID)]))
        parent = found[0].revision if found and isinstance(found[0], Document) else None
        (outcome,) = users.write([Edit(ID, parent, body)])
        assert outcome.error is None


@pytest.fixture
def server() -> Server:
    made = Server()
    made.put(password="pw")
    return made


def test_a_document_and_the_administrator_sign_in(server: Server) -> None:
    assert server.accounts.verify("li", "pw", address=HERE) == Caller("li", ("clerk",))
    assert server.accounts.verify("chen", "s", address=HERE) == Caller("chen", ("_admin",))
    for name, password in (("li", "s"), ("chen", "pw"), ("wang", "pw"), ("", ""), ("\ud800", "pw")):
        with pytest.raises(Unauthorized, match="Name or password is incorrect"):
            server.accounts.verify(name, password, address=HERE)


def test_whoever_is_struck_off_is_out_at_the_next_request(server: Server) -> None:
    _, token = server.accounts.begin("li", "pw", address=HERE)
    assert server.accounts.resume(token) is not None
    users = server.databases.open("_users")
    (found,) = users.read([Wanted(ID)])
    assert isinstance(found, Document)
    users.write([Edit(ID, found.revision, deleted=True)])
    assert server.accounts.resume(token) is None
    with pytest.raises(Unauthorized):
        server.accounts.verify("li", "pw", address=HERE)
    server.databases.destroy("_users")
    assert server.accounts.resume(token) is None


def test_an_administrator_cannot_be_replaced_by_a_document(server: Server) -> None:
    body = orjson.dumps({"name": "chen", "type": "user", "roles": [], "password": "mine"})
    users = GovernedDatabases(server.databases, server.passwords).open("_users")
    users.write([Edit("org.couchdb.user:chen", None, body)])
    with pytest.raises(Unauthorized):
        server.accounts.verify("chen", "mine", address=HERE)
    assert server.accounts.verify("chen", "s", address=HERE).is_admin


def test_a_role_that_no_checked_document_has_gives_no_power(server: Server) -> None:
    body = {"name": "x", "type": "user", "roles": ["_admin", "clerk", 1], **server.passwords.hash("pw", salt="s")}
    server.databases.open("_users").write([Edit("org.couchdb.user:x", None, orjson.dumps(body))])
    assert server.accounts.verify("x", "pw", address=HERE).roles == ("clerk",)


@pytest.mark.parametrize("fields", [{"totp": {"key": "x"}}, {"password_scheme": None}, {"derived_key": None}])
def test_a_document_that_asks_for_more_or_has_too_little_opens_nothing(server: Server, fields: dict[str, Any]) -> None:
    body = {"name": "x", "type": "user", "roles": [], **server.passwords.hash("pw", salt="s"), **fields}
    server.databases.open("_users").write([Edit("org.couchdb.user:x", None, orjson.dumps(body))])
    with pytest.raises(Unauthorized):
        server.accounts.verify("x", "pw", address=HERE)


def test_a_document_in_conflict_opens_nothing_until_it_is_settled(server: Server) -> None:
    users = server.databases.open("_users")
    users.graft([Document(ID, Branch(1, ("f" * 32,)), b"{}")])
    with pytest.raises(Unauthorized, match="conflicts must be resolved"):
        server.accounts.verify("li", "pw", address=HERE)
    users.graft([Document(ID, Branch(2, ("e" * 32, "f" * 32), deleted=True), b"{}")])
    assert server.accounts.verify("li", "pw", address=HERE).name == "li"


def test_a_session_lives_while_it_is_used_and_is_renewed_now_and_then(server: Server) -> None:
    caller, token = server.accounts.begin("li", "pw", address=HERE)
    assert caller == Caller("li", ("clerk",))
    opened = server.accounts.resume(token)
    assert opened is not None
    assert (opened.caller, opened.renewed) == (Caller("li", ("clerk",), "cookie"), None)
    server.seconds += SESSION_SECONDS - 1
    opened = server.accounts.resume(token)
    assert opened is not None
    assert opened.renewed is not None
    server.seconds += 1
    assert server.accounts.resume(token) is None
    assert server.accounts.resume(opened.renewed) is not None


def test_a_session_ends_with_its_password_and_with_the_process(server: Server) -> None:
    _, token = server.accounts.begin("li", "pw", address=HERE)
    server.put(phone="1", password="pw")  # the same again is a new salt
    assert server.accounts.resume(token) is None
    _, token = server.accounts.begin("li", "pw", address=HERE)
    assert server.start().resume(token) is None


def test_roles_are_those_of_now(server: Server) -> None:
    _, token = server.accounts.begin("li", "pw", address=HERE)
    users = server.databases.open("_users")
    (found,) = users.read([Wanted(ID)])
    assert isinstance(found, Document)
    users.write([Edit(ID, found.revision, orjson.dumps(found.fields() | {"roles": ["head"]}))])
    opened = server.accounts.resume(token)
    assert opened is not None
    assert opened.caller.roles == ("head",)


def test_a_few_wrong_passwords_lock_even_the_right_one_for_a_while(server: Server) -> None:
    for _ in range(MOST_FAILURES):
        with pytest.raises(Unauthorized):
            server.accounts.verify("li", "guess", address=HERE)
    with pytest.raises(Forbidden, match="Account is temporarily locked"):
        server.accounts.verify("li", "pw", address=HERE)
    assert server.accounts.verify("li", "pw", address="10.0.0.2").name == "li"
    server.seconds += LOCKED_SECONDS
    assert server.accounts.verify("li", "pw", address=HERE).name == "li"


def test_every_name_is_refused_after_the_same_work(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []
    really = hashlib.pbkdf2_hmac

    def counted(name: str, password: bytes, salt: bytes, iterations: int) -> bytes:
        rounds.append(iterations)
        return really(name, password, salt, iterations)

    monkeypatch.setattr(hashlib, "pbkdf2_hmac", counted)
    for name in ("li", "chen", "nobody"):
        with pytest.raises(Unauthorized):
            server.accounts.verify(name, "guess", address=HERE)
        assert max(rounds) == 2
        rounds.clear()


def test_preparing_twice_changes_nothing(server: Server) -> None:
    server.accounts.prepare()
    assert server.accounts.verify("li", "pw", address=HERE).name == "li"
