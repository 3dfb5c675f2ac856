"""Revision trees as compact JSON text: `[[generation, deleted, digest, digest, ...], ...]`, winner first.

Must not know: where the text is kept.
"""

from functools import lru_cache

from sync.revisions.tree import Branch, Tree
from sync.values.json_text import dump, parse

_LARGE = 8192  # characters; about 200 revisions


def tree_to_text(tree: Tree) -> str:
    """Write a tree; raises BadRequest when a digest is not expressible as UTF-8."""
    return dump([(branch.generation, int(branch.deleted), *branch.digests) for branch in tree.branches]).decode()


def tree_from_text(text: str) -> Tree:
    """Read what `tree_to_text` wrote."""
    return _remembered(text) if len(text) > _LARGE else _read(text)


@lru_cache(maxsize=8)  # of large trees: their documents are read and written again and again, leaf after leaf
def _remembered(text: str) -> Tree:
    return _read(text)


def _read(text: str) -> Tree:
    return Tree(
        tuple(Branch(generation, tuple(digests), bool(deleted)) for generation, deleted, *digests in parse(text))
    )


def is_winner(text: str, generation: int, digest: str) -> bool:
    """Whether a live leaf is the winner of a tree, told by the beginning of its text."""
    head = tree_to_text(Tree((Branch(generation, (digest,), False),)))
    return text.startswith(head[:-2]) and text[len(head) - 2] in ",]"
