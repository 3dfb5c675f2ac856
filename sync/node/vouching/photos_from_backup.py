"""What lost photos lack, taken from a backup of this node: what stations below have let go of may be nowhere else.

Must not know: which backups there are, who asked for it.
"""

from pathlib import Path

from sync.errors import NotFound
from sync.node.node import Node
from sync.node.vouching.holding import find_again
from sync.node.vouching.lost_photos import give_up_unreadable, lacking
from sync.records.content_guard import content_problem
from sync.records.ids import content_revision, parse_content_id
from sync.revisions.revision import Revision
from sync.store.backup import reading
from sync.store.database import EmbeddedDatabase
from sync.store.ledger.lost_photos import LostPhoto, lost_photos
from sync.store.transaction import Reader
from sync.values.documents import Document, Wanted


def bring_from_backup(node: Node, backup: Path) -> int:
    """Take from a backup of this node what lost photos lack; returns how many pieces that were.

    raises  NotFound when it is gone, Damaged when it is none, or stops in the midst of it
    """
    with reading(backup, node.keys):
        pass  # who named a wrong file hears of it, also where nothing is lost
    give_up_unreadable(node)
    brought = 0
    for one in node.read(lost_photos):
        with reading(backup, node.keys) as copy:
            found = _found_in(node, copy, one)
        outcomes = node.documents.database(one.database).graft(found)
        brought += sum(outcome.error is None for outcome in outcomes)
    find_again(node, frozenset(node.databases.names()))
    return brought


def is_in_backup(node: Node, copy: Reader, one: LostPhoto) -> bool:
    """Whether all that a lost photo lacks is in a backup."""
    found = lacking(node, one.database, one.root)
    return len(_found_in(node, copy, one)) == len(found.gone) + len(found.unreadable)


def _found_in(node: Node, copy: Reader, one: LostPhoto) -> tuple[Document, ...]:
    found = lacking(node, one.database, one.root)
    wanted = [Wanted(doc_id, (_revision(doc_id),)) for doc_id in (*found.gone, *found.unreadable)]
    try:
        read = EmbeddedDatabase(node.engine, one.database).read_in(copy, wanted)
    except NotFound:  # a backup from before there was this database
        return ()
    return tuple(each for each in read if isinstance(each, Document) and not content_problem(each))


def _revision(doc_id: str) -> Revision:
    content = parse_content_id(doc_id)
    assert content is not None, "a photo is made of chunks and their list"
    return content_revision(content[1])
