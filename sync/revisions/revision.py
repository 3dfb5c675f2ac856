"""One revision id: a generation and a digest, written `3-9c65296036141e575d32ba9c034dd3ee`.

Must not know: how a digest is made, or what a document is.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sync.errors import BadRequest

_MOST_DIGITS = 15  # of a generation: any reader of JSON counts so far exactly, and SQLite further
_MOST = 10**_MOST_DIGITS - 1


class Revision(NamedTuple):
    """A revision id; tuples order by generation, then digest, as CouchDB orders revisions."""

    generation: int
    digest: str

    def __str__(self) -> str:
        return f"{self.generation}-{self.digest}"


class StrangeRevision(BadRequest):
    """Invalid rev format

    To us alone: CouchDB takes it. Its generation is 0 or has more than 15 digits, or its digest is empty. No
    database chooses such a revision; a replica may have been written with one, and then that replica alone is kept
    back.
    """


def parse_revision(text: object) -> Revision:
    """Read `N-digest`.

    returns  Revision
    raises   BadRequest in CouchDB's words when the text is not a revision id; StrangeRevision when it is to CouchDB
    """
    if isinstance(text, str):
        generation, dash, digest = text.partition("-")
        if dash and generation.isascii() and generation.isdigit():
            if len(generation) > _MOST_DIGITS or is_strange(int(generation), digest):
                raise StrangeRevision
            return Revision(int(generation), digest)
    raise BadRequest("Invalid rev format")


def is_strange(generation: int, digest: str) -> bool:
    """Whether CouchDB takes a revision, and we do not; see `StrangeRevision`."""
    return not digest or generation == 0 or generation > _MOST


def parse_told(texts: Iterable[object]) -> tuple[tuple[Revision, ...], tuple[str, ...]]:
    """Read many as another database tells them: those that we take, and the strange ones as they stand.

    raises  BadRequest when one is not a revision id to CouchDB either
    """
    taken: list[Revision] = []
    strange: list[str] = []
    for text in texts:
        try:
            taken.append(parse_revision(text))
        except StrangeRevision:
            strange.append(str(text))
    return tuple(taken), tuple(strange)
