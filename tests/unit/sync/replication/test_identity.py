"""The name under which both ends keep their logs."""

from sync.remote.database import RemoteDatabase
from sync.replication.identity import identity_of, replication_id
from sync.store.memory import MemoryDatabases


def test_the_id_of_a_replication_never_changes() -> None:
    # A changed digest would start every replication in the field from the beginning.
    assert replication_id("a", "b") == "9be0178cd20a4ab07d9b77578bd38d6f"


def test_direction_and_selection_make_another_replication() -> None:
    ids = {
        replication_id("a", "b"),
        replication_id("b", "a"),
        replication_id("a", "b", doc_ids=("x",)),
        replication_id("a", "b", doc_ids=()),
    }
    assert len(ids) == 4


def test_whatever_else_decides_what_is_carried_makes_another_replication() -> None:
    plain = replication_id("a", "b")
    ids = {plain, *(replication_id("a", "b", also={name: "5"}) for name in ("since_seq", "selector"))}
    assert len(ids) == 3
    assert replication_id("a", "b", also={}) == plain


def test_the_order_of_a_selection_means_nothing() -> None:
    assert replication_id("a", "b", doc_ids=("x", "y")) == replication_id("a", "b", doc_ids=("y", "x", "y"))


def test_a_password_is_no_part_of_an_identity() -> None:
    one, other = (RemoteDatabase.at(f"http://{who}@centre:5984/couch/a") for who in ("me:secret", "you:other"))
    assert identity_of(one) == identity_of(other) == "http://centre:5984/couch/a"
    one.close()
    other.close()


def test_a_database_created_anew_is_another_one() -> None:
    databases = MemoryDatabases()
    first = identity_of(databases.create("a"))
    databases.destroy("a")
    assert identity_of(databases.create("a")) != first
