"""What another node keeps here in local documents is its own, and is bounded."""

import pytest

from sync.database import Database
from sync.errors import TooLarge
from sync.http_api.abilities import LocallyListed
from sync.node.locals_of_peers import LARGEST_BYTES, MOST_BYTES, MOST_DOCUMENTS
from sync.node.node import Node
from sync.node.sharing import shared_with_child, shared_with_parent
from sync.values.changes import Span
from tests.unit.sync.node.county import known

NAME = "station_k3m7q"


@pytest.fixture
def theirs(town: tuple[Node, Node]) -> Database:
    """The village's database at the township, as the village sees it."""
    return shared_with_child(town[0], known(*town)).open(NAME)


def kept_at(node: Node) -> int:
    """Bytes of all local documents of the database."""
    database = node.databases.open(NAME)
    assert isinstance(database, LocallyListed)
    return sum(len(one.body) for one in database.list_local(Span()))


def test_ten_thousand_checkpoints_of_a_node_take_no_more_room_than_twenty(
    town: tuple[Node, Node], theirs: Database
) -> None:
    for number in range(10 * MOST_DOCUMENTS):
        theirs.write_local(f"{number}", b'{"seq":"%d"}' % number)
    found = [number for number in range(10 * MOST_DOCUMENTS) if theirs.read_local(f"{number}")]
    assert found == list(range(9 * MOST_DOCUMENTS, 10 * MOST_DOCUMENTS))
    for number in range(MOST_DOCUMENTS):
        theirs.write_local(f"{number}", b'{"a":"%s"}' % (b"x" * (LARGEST_BYTES - 100)))
    assert kept_at(town[0]) <= MOST_BYTES + 2000


def test_the_one_written_last_is_there_and_the_one_longest_unwritten_is_let_go_of(theirs: Database) -> None:
    for number in range(MOST_DOCUMENTS):
        theirs.write_local(f"{number}", b"{}")
    assert str(theirs.write_local("0", b'{"again":true}')) == "0-2"
    theirs.write_local("one more", b"{}")
    assert theirs.read_local("1") is None
    found = theirs.read_local("0")
    assert found is not None
    assert (str(found.revision), found.body) == ("0-2", b'{"again":true}')


def test_a_local_document_that_alone_is_too_large_is_refused_and_the_others_stay(theirs: Database) -> None:
    theirs.write_local("small", b"{}")
    with pytest.raises(TooLarge):
        theirs.write_local("large", b'{"a":"%s"}' % (b"x" * LARGEST_BYTES))
    with pytest.raises(TooLarge):
        theirs.write_local("x" * LARGEST_BYTES, b"{}")
    assert theirs.read_local("small") is not None


def test_our_own_checkpoints_are_neither_seen_nor_touched_by_a_node_below(
    town: tuple[Node, Node], theirs: Database
) -> None:
    ours = shared_with_parent(town[0]).open(NAME)
    ours.write_local("checkpoint", b'{"ours":true}')
    assert theirs.read_local("checkpoint") is None
    assert not theirs.delete_local("checkpoint")
    theirs.write_local("checkpoint", b'{"theirs":true}')
    assert theirs.delete_local("checkpoint")
    for number in range(3 * MOST_DOCUMENTS):
        theirs.write_local(f"{number}", b"{}")
    found = ours.read_local("checkpoint")
    assert found is not None
    assert found.body == b'{"ours":true}'


def test_what_a_node_kept_is_there_when_it_comes_again(town: tuple[Node, Node], theirs: Database) -> None:
    body = '{"text":"“引号\\"”\\u0000"}'.encode()
    theirs.write_local("a", body)
    again = shared_with_child(town[0], known(*town)).open(NAME).read_local("a")
    assert again is not None
    assert again.body == body
    assert theirs.delete_local("a")
    assert not theirs.delete_local("a")
    assert kept_at(town[0]) == 0
