"""One revision id: a generation and a digest, written `3-9c65296036141e575d32ba9c034dd3ee`.

Must not know: how a digest is made, or what a document is.
"""

from typing import NamedTuple

from sync.errors import BadRequest

_MOST_DIGITS = 15  # what any JSON reader keeps exactly


class StrangeRevision(BadRequest):
    """A revision that another implementation may keep, and nobody does here: whoever sends it is not at fault."""


class Revision(NamedTuple):
    """A revision id; tuples order by generation, then digest, as CouchDB orders revisions."""

    generation: int
    digest: str

    def __str__(self) -> str:
        return f"{self.generation}-{self.digest}"


def parse_revision(text: object) -> Revision:
    """Read `N-digest`.

    returns  Revision
    raises   StrangeRevision when it is one that CouchDB takes and we do not: without a digest, of generation 0 or of
             one with more than 15 digits; BadRequest in CouchDB's words when the text is no revision id
    """
    if isinstance(text, str):
        generation, dash, digest = text.partition("-")
        if dash and generation.isascii() and generation.isdigit():
            if digest and len(generation) <= _MOST_DIGITS and int(generation) > 0:
                return Revision(int(generation), digest)
            raise StrangeRevision(f"Invalid rev format: {text} is not kept here")
    raise BadRequest("Invalid rev format")
