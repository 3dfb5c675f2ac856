"""Trees are unions of paths: order and repetition of what arrives make no difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.revisions.merge import Joined, join
from sync.revisions.revision import Revision, parse_revision
from sync.revisions.tree import Branch, Tree
from sync.revisions.winner import order, with_branch


def grown(*paths: Branch, limit: int = 1000) -> Tree:
    tree = Tree()
    for path in paths:
        tree, _ = join(tree, path, limit=limit)
    return tree


ROOT = Branch(1, ("a",))
SECOND = Branch(2, ("b", "a"))
RIVAL = Branch(2, ("c", "a"))
TOMBSTONE = Branch(3, ("z", "c", "a"), deleted=True)


@pytest.mark.parametrize("text", ["1-a", "12-9c65", "3-a-b"])
def test_a_revision_reads_back_as_it_was_written(text: str) -> None:
    assert str(parse_revision(text)) == text


@pytest.mark.parametrize("text", ["", "a", "-a", "1-", "0-a", "x-a", "1", None, 7, "-1-a", "１-a", "9" * 400 + "-a"])
def test_what_is_not_a_revision_is_refused_in_couchdbs_words(text: object) -> None:
    with pytest.raises(BadRequest, match="Invalid rev format"):
        parse_revision(text)


def test_a_first_path_makes_the_tree() -> None:
    tree, joined = join(Tree(), SECOND, limit=10)
    assert (tree, joined) == (Tree((SECOND,)), Joined.BRANCHED)


def test_a_child_of_a_leaf_extends_it() -> None:
    tree, joined = join(Tree((ROOT,)), SECOND, limit=10)
    assert (tree, joined) == (Tree((SECOND,)), Joined.EXTENDED)


def test_a_path_known_already_changes_nothing() -> None:
    tree, joined = join(Tree((SECOND,)), ROOT, limit=10)
    assert (tree, joined) == (Tree((SECOND,)), Joined.KNOWN)


def test_a_sibling_is_a_conflict_and_the_greater_digest_wins() -> None:
    tree = grown(SECOND, RIVAL)
    assert tree.winner.leaf == Revision(2, "c")
    assert tree.conflicts() == (Revision(2, "b"),)


def test_a_live_leaf_beats_a_higher_tombstone() -> None:
    tree = grown(SECOND, TOMBSTONE)
    assert tree.winner.leaf == Revision(2, "b")
    assert not tree.deleted
    assert tree.deleted_conflicts() == (Revision(3, "z"),)


def test_a_branch_offered_without_its_past_is_joined_where_it_forks() -> None:
    tree = grown(Branch(3, ("d", "b", "a")), Branch(3, ("e", "b")))
    assert Branch(3, ("e", "b", "a")) in tree.branches


def test_a_past_that_arrives_late_swallows_the_leaf_it_runs_through() -> None:
    tree = grown(Branch(3, ("d",)), Branch(2, ("b", "a")), Branch(4, ("f", "d", "b", "a")))
    assert tree == Tree((Branch(4, ("f", "d", "b", "a")),))


def test_a_stemmed_path_remembers_only_its_newest_revisions() -> None:
    tree = grown(Branch(5, ("e", "d", "c", "b", "a")), limit=3)
    assert tree.winner == Branch(5, ("e", "d", "c"))
    assert grown(tree.winner, Branch(6, ("f", "e", "d", "c", "b", "a")), limit=3).winner == Branch(6, ("f", "e", "d"))


def test_a_tree_without_a_leaf_has_lost_the_path_that_was_that_leafs_alone() -> None:
    tree = grown(SECOND, TOMBSTONE)
    assert tree.without({SECOND.leaf}) == Tree((TOMBSTONE,))
    assert tree.without({Revision(1, "a"), Revision(2, "c")}) == tree
    assert tree.without(tree.leaves()) == Tree()


def test_possible_ancestors_are_the_leaves_below_the_newest_missing_revision() -> None:
    tree = grown(SECOND, TOMBSTONE)
    assert tree.missing([Revision(2, "b"), Revision(3, "q")]) == (Revision(3, "q"),)
    assert tree.possible_ancestors([Revision(3, "q")]) == (Revision(2, "b"),)


@st.composite
def honest_histories(draw: st.DrawFn) -> list[Branch]:
    """Leaves' paths of one random revision tree in which every digest names its parent."""
    parents = draw(st.lists(st.integers(0, 12), min_size=1, max_size=12))
    paths: list[tuple[str, ...]] = [("r",)]
    for number, parent in enumerate(parents):
        above = paths[parent % len(paths)]
        paths.append((f"{number:02}", *above))
    return [Branch(len(p), p, deleted=draw(st.booleans())) for p in draw(st.permutations(paths))]


@given(honest_histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(paths: list[Branch], chance) -> None:
    leaves = [p for p in paths if not any(q.knows(p.leaf) and q is not p for q in paths)]
    expected = grown(*leaves)
    shuffled = leaves * 2
    chance.shuffle(shuffled)
    assert grown(*shuffled) == expected
    assert set(expected.leaves()) == {p.leaf for p in leaves}


@given(honest_histories())
def test_every_revision_ever_joined_is_known_afterwards(paths: list[Branch]) -> None:
    tree = grown(*paths)
    offered = [r for p in paths for r in p.revisions()]
    assert tree.missing(offered) == ()


_branches = st.builds(
    lambda generation, digest, deleted: Branch(generation, (digest,), deleted),
    st.integers(1, 4),
    st.sampled_from("abcd"),
    st.booleans(),
)


@given(st.lists(_branches, unique_by=lambda branch: branch.leaf), _branches)
def test_a_branch_takes_its_place_among_the_others(branches: list[Branch], newcomer: Branch) -> None:
    others = [branch for branch in branches if branch.leaf != newcomer.leaf]
    assert with_branch(order(others), newcomer) == order([*others, newcomer])
