import pytest

from sync.revisions.tree import Branch, Tree
from sync.store.tree_text import is_winner, tree_from_text, tree_to_text

LONG, SHORT = Branch(3, ("ab", "b", "c")), Branch(2, ("x", "c"))


@pytest.mark.parametrize("branches", [(LONG,), (SHORT,), (LONG, SHORT), (Branch(1, ('quo"ted',)),)])
def test_the_winner_is_told_by_the_beginning_of_the_text(branches):
    tree = Tree(branches)
    text = tree_to_text(tree)
    assert tree_from_text(text) == tree
    winner = tree.winner.leaf
    assert is_winner(text, winner.generation, winner.digest)
    assert not is_winner(text, winner.generation, winner.digest[:-1])
    assert not is_winner(text, winner.generation + 1, winner.digest)
    assert not is_winner(text, 30 + winner.generation, winner.digest)


def test_a_tombstone_is_no_live_winner():
    assert not is_winner(tree_to_text(Tree((Branch(2, ("x", "c"), True),))), 2, "x")
