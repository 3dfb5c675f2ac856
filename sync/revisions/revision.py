"""One revision id: a generation and a digest, written `3-9c65296036141e575d32ba9c034dd3ee`.

Must not know: how a digest is made, or what a document is.
"""

from typing import NamedTuple

from sync.errors import BadRequest


class Revision(NamedTuple):
    """A revision id; tuples order by generation, then digest, as CouchDB orders revisions."""

    generation: int
    digest: str

    def __str__(self) -> str:
        return f"{self.generation}-{self.digest}"


def parse_revision(text: object) -> Revision:
    """Read `N-digest`.

    returns  Revision
    raises   BadRequest in CouchDB's words when the text is not a revision id
    """
    if isinstance(text, str):
        generation, dash, digest = text.partition("-")
        if dash and digest and len(generation) <= 15 and generation.isascii() and generation.isdigit():
            number = int(generation)
            if number > 0:
                return Revision(number, digest)
    raise BadRequest("Invalid rev format")
