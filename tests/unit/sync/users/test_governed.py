from typing import Any

import orjson
import pytest

from sync.database import Database
from sync.errors import Conflict, Forbidden, NotFound, Unauthorized
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.store.memory import MemoryDatabases
from sync.users.caller import STRANGER, Caller
from sync.users.governed import GovernedDatabases
from sync.users.passwords import Passwords
from sync.users.security import to_keep
from sync.values.documents import Document, Edit, Wanted

PASSWORDS = Passwords(iterations=2)
LI = Caller("li")


@pytest.fixture
def databases() -> MemoryDatabases:
    kept = MemoryDatabases()
    kept.create("_users")
    kept.create("db").set_security(to_keep({"admins": {"names": ["head"]}}))
    return kept


def user(name: str = "li", **fields: Any) -> bytes:
    """The body of a user's document."""
    return orjson.dumps({"name": name, "type": "user", "roles": [], **fields})


def kept(database: Database, name: str = "li") -> dict[str, Any]:
    """The fields of a user's document."""
    (found,) = database.read([Wanted(f"org.couchdb.user:{name}")])
    assert isinstance(found, Document)
    return found.fields()


def test_the_server_itself_hashes_what_it_replicates(databases: MemoryDatabases) -> None:
    users = GovernedDatabases(databases, PASSWORDS).open("_users")
    path = Branch(1, ("a",))
    (outcome,) = users.graft([Document("org.couchdb.user:li", path, user(password="pw"))])
    assert (outcome.error, outcome.id) == (None, "org.couchdb.user:li")
    assert PASSWORDS.fits(kept(users), "pw")
    assert "password" not in kept(users)


def test_what_is_hashed_already_stays_byte_for_byte(databases: MemoryDatabases) -> None:
    users = GovernedDatabases(databases, PASSWORDS).open("_users")
    body = user(**PASSWORDS.hash("pw", salt="s"), odd=[1, 2]) + b" "
    users.graft([Document("org.couchdb.user:li", Branch(3, ("c", "b", "a")), body)])
    (found,) = databases.open("_users").read([Wanted("org.couchdb.user:li")])
    assert isinstance(found, Document)
    assert found.body == body
    assert found.revision == Revision(3, "c")


def test_a_new_password_leaves_nothing_of_the_old_one(databases: MemoryDatabases) -> None:
    users = GovernedDatabases(databases, PASSWORDS).open("_users")
    (first,) = users.write([Edit("org.couchdb.user:li", None, user(password_sha="x", salt="y"))])
    (second,) = users.write(
        [Edit("org.couchdb.user:li", first.revision, user(password_sha="x", salt="y", password=""))]
    )
    assert second.error is None
    assert "password_sha" not in kept(users)
    assert PASSWORDS.fits(kept(users), "")
    (same,) = users.write([Edit("org.couchdb.user:li", second.revision, user(**kept(users) | {"password": None}))])
    assert same.error is None
    assert PASSWORDS.fits(kept(users), "")


def test_one_refused_delays_no_other_and_keeps_its_place(databases: MemoryDatabases) -> None:
    users = GovernedDatabases(databases, PASSWORDS).open("_users")
    ids = ["odd", "org.couchdb.user:a", "org.couchdb.user:b", "_design/x"]
    bodies = [b"{}", user("a"), user("other"), b"{}"]
    outcomes = users.write([Edit(doc_id, None, body) for doc_id, body in zip(ids, bodies, strict=True)])
    assert [outcome.id for outcome in outcomes] == ids
    assert [type(outcome.error) for outcome in outcomes] == [Forbidden, type(None), Forbidden, type(None)]
    grafts = [Document(doc_id, Branch(1, ("z",)), body) for doc_id, body in zip(ids, bodies, strict=True)]
    outcomes = users.graft(grafts)
    assert [type(outcome.error) for outcome in outcomes] == [Forbidden, type(None), Forbidden, type(None)]
    assert outcomes[0].revision == Revision(1, "z")


def test_an_edit_of_what_is_no_leaf_is_a_conflict_before_anything_else_is_looked_at(databases: MemoryDatabases) -> None:
    users = GovernedDatabases(databases, PASSWORDS, LI).open("_users")
    (first,) = users.write([Edit("org.couchdb.user:li", None, user())])
    for parent, body in ((None, user(roles=["head"])), (Revision(7, "x"), b"{}"), (None, user(password=5))):
        (outcome,) = users.write([Edit("org.couchdb.user:li", parent, body)])
        assert isinstance(outcome.error, Conflict)
    (gone,) = users.write([Edit("org.couchdb.user:li", first.revision, deleted=True)])
    assert gone.error is None
    (outcome,) = users.write([Edit("org.couchdb.user:li", None, user(roles=["head"]))])
    assert isinstance(outcome.error, Forbidden)
    (outcome,) = users.write([Edit("org.couchdb.user:li", None, user())])
    assert outcome.error is None


def test_an_account_may_not_raise_itself_by_a_branch_of_its_own(databases: MemoryDatabases) -> None:
    GovernedDatabases(databases, PASSWORDS).open("_users").write([Edit("org.couchdb.user:li", None, user())])
    users = GovernedDatabases(databases, PASSWORDS, LI).open("_users")
    branch = Document("org.couchdb.user:li", Branch(9, ("z",)), user(roles=["head"]))
    (outcome,) = users.graft([branch])
    assert isinstance(outcome.error, Forbidden)
    (outcome,) = users.graft([Document("org.couchdb.user:wang", Branch(1, ("z",)), user("wang"))])
    assert isinstance(outcome.error, NotFound)
    assert kept(users)["roles"] == []


@pytest.mark.parametrize(
    ("caller", "refusal"),
    [
        (STRANGER, Unauthorized),
        (LI, Forbidden),
        (Caller("head"), type(None)),
        (Caller("chen", ("_admin",)), type(None)),
    ],
)
def test_design_documents_are_written_by_admins(databases: MemoryDatabases, caller: Caller, refusal: type) -> None:
    database = GovernedDatabases(databases, PASSWORDS, caller).open("db")
    outcomes = database.write([Edit("_design/x", None), Edit("x", None)])
    assert [type(outcome.error) for outcome in outcomes] == [refusal, type(None)]
    outcomes = database.graft([Document("y", Branch(1, ("a",))), Document("_design/y", Branch(1, ("a",)))])
    assert [type(outcome.error) for outcome in outcomes] == [type(None), refusal]


def test_databases_come_and_go_as_before(databases: MemoryDatabases) -> None:
    governed = GovernedDatabases(databases, PASSWORDS, LI)
    governed.create("new").write([Edit("x", None)])
    assert governed.names() == ["_users", "db", "new"]
    assert governed.open("new").info().doc_count == 1
    governed.destroy("new")
    with pytest.raises(NotFound):
        governed.open("new")
