"""Paths told down to a common ancestor, and put together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.revisions.merge import join, stem
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.wire.paths import ToldPath, UnknownAncestor, restore, shorten

LIMIT = 1000
PATH = Branch(5, ("e", "d", "c", "b", "a"))


@st.composite
def forks(draw: st.DrawFn) -> tuple[Branch, Tree]:
    """A path, and a tree that holds some of it and perhaps a fork of its own."""
    length = draw(st.integers(1, 12))
    path = Branch(length, tuple(f"d{number}" for number in range(length, 0, -1)), draw(st.booleans()))
    tree = Tree()
    common = draw(st.integers(0, length))
    if common:
        tree, _ = join(tree, path.from_revision(Revision(common, f"d{common}")), limit=LIMIT)
    if draw(st.booleans()):
        own = tuple(f"o{number}" for number in range(draw(st.integers(1, 3)), 0, -1))
        base = draw(st.integers(0, common))
        below = path.from_revision(Revision(base, f"d{base}")).digests if base else ()
        tree, _ = join(tree, Branch(base + len(own), own + below), limit=LIMIT)
    return path, tree


@given(forks())
def test_a_path_told_by_the_receivers_leaves_comes_back_whole(case: tuple[Branch, Tree]) -> None:
    path, tree = case
    assert restore(shorten(path, tree.leaves()), tree) == path


@given(forks(), st.integers(1, 6))
def test_in_a_tree_with_a_shorter_memory_the_same_stands_as_if_all_had_been_told(
    case: tuple[Branch, Tree], limit: int
) -> None:
    path, tree = case
    for branch in tree.branches:
        tree, _ = join(tree, stem(branch, limit), limit=limit)
    told = restore(shorten(path, tree.leaves()), tree)
    assert join(tree, told, limit=limit) == join(tree, path, limit=limit)


def test_of_a_long_history_only_what_is_new_is_told() -> None:
    long = Branch(300, tuple(f"{number:032x}" for number in range(300, 0, -1)))
    told = shorten(long, (Revision(299, f"{299:032x}"),))
    assert told == ToldPath(Branch(300, (f"{300:032x}", f"{299:032x}")), goes_on=True)


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ((), ToldPath(PATH, goes_on=False)),
        ((Revision(3, "x"),), ToldPath(PATH, goes_on=False)),
        ((Revision(2, "b"), Revision(4, "d")), ToldPath(Branch(5, ("e", "d")), goes_on=True)),
        ((Revision(5, "e"),), ToldPath(Branch(5, ("e",)), goes_on=True)),
    ],
)
def test_a_path_is_told_down_to_the_newest_revision_held(held: tuple[Revision, ...], told: ToldPath) -> None:
    assert shorten(PATH, held) == told


def test_an_ancestor_that_is_not_held_is_refused_by_name() -> None:
    with pytest.raises(UnknownAncestor, match="3-c is not held here"):
        restore(ToldPath(Branch(5, ("e", "d", "c")), goes_on=True), Tree((Branch(3, ("x", "b", "a")),)))


def test_a_tombstone_stays_one() -> None:
    path = Branch(2, ("b", "a"), deleted=True)
    assert restore(shorten(path, (Revision(1, "a"),)), Tree((Branch(1, ("a",)),))).deleted
