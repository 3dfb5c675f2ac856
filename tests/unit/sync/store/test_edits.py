"""CouchDB's rules for parents, over trees alone."""

import pytest

from sync.errors import BadRequest, Conflict
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.store.edits import extended, nearest_known, parent_of, require_id, require_path
from sync.store.engine import Engine
from sync.store.memory import MemoryDatabases
from sync.store.tree_text import tree_from_text, tree_to_text
from sync.values.changes import Span
from sync.values.documents import Document, Edit

LIVE = Branch(2, ("b", "a"))
DEAD = Branch(3, ("d", "c", "a"), deleted=True)
BOTH = Tree((LIVE, DEAD))
GONE = Tree((DEAD,))


@pytest.mark.parametrize(
    ("tree", "parent", "deleted", "expected"),
    [
        (None, None, False, None),
        (None, None, True, None),
        (GONE, None, False, DEAD),
        (GONE, Revision(3, "d"), True, DEAD),
        (BOTH, Revision(2, "b"), False, LIVE),
        (BOTH, Revision(3, "d"), False, DEAD),
    ],
)
def test_an_edit_extends(tree, parent, deleted, expected):
    assert parent_of(Edit("x", parent, b"{}", deleted), tree) == expected


@pytest.mark.parametrize(
    ("tree", "parent", "deleted"),
    [
        (None, Revision(1, "a"), False),
        (BOTH, None, False),
        (BOTH, None, True),
        (GONE, None, True),
        (BOTH, Revision(1, "a"), False),
        (BOTH, Revision(2, "z"), False),
    ],
)
def test_an_edit_conflicts(tree, parent, deleted):
    with pytest.raises(Conflict):
        parent_of(Edit("x", parent, b"{}", deleted), tree)


def test_a_path_grows_by_one_revision():
    assert extended(None, "a", deleted=False) == Branch(1, ("a",))
    assert extended(LIVE, "c", deleted=True) == Branch(3, ("c", "b", "a"), deleted=True)


def test_the_nearest_known_ancestor_comes_first():
    path = Branch(4, ("q", "p", "b", "a"))
    assert nearest_known(path, BOTH) == (Revision(2, "b"), Revision(1, "a"))
    assert nearest_known(path, None) == ()


@pytest.mark.parametrize("doc_id", ["", "\ud800", "a\udfff"])
def test_ids_no_store_can_keep_are_refused(doc_id):
    with pytest.raises(BadRequest):
        require_id(doc_id)


@pytest.mark.parametrize("path", [Branch(1, ()), Branch(1, ("b", "a")), Branch(2, ("b", "")), Branch(1, ("\ud800",))])
def test_paths_that_name_no_revisions_are_refused(path):
    with pytest.raises(BadRequest):
        require_path(path)


@pytest.mark.parametrize("tree", [BOTH, GONE, Tree((Branch(7, ('a"b', "[", ",", "\\"), True),)), Tree((LIVE,))])
def test_a_tree_comes_back_from_its_text(tree):
    assert tree_from_text(tree_to_text(tree)) == tree


def test_one_malformed_document_does_not_stop_a_batch():
    databases = MemoryDatabases()
    db = databases.create("station")
    outcomes = db.write([Edit("", None), Edit("\ud800", None), Edit("a", None, b"[]"), Edit("b", None)])
    assert [type(outcome.error) for outcome in outcomes] == [BadRequest, BadRequest, BadRequest, type(None)]


def test_nor_in_the_file(tmp_path):
    with Engine.open(tmp_path) as engine:
        db = engine.databases.create("station")
        outcomes = db.write([Edit("", None), Edit("\ud800", None), Edit("a", None, b"[]"), Edit("b", None)])
        assert [type(outcome.error) for outcome in outcomes] == [BadRequest, BadRequest, BadRequest, type(None)]
        outcomes = db.graft([Document("\ud800", LIVE), Document("c", Branch(1, ("b", "a"))), Document("d", LIVE)])
        assert [type(outcome.error) for outcome in outcomes] == [BadRequest, BadRequest, type(None)]
        assert [row.id for row in db.list(Span()).rows] == ["b", "d"]
