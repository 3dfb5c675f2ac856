"""Documents, edits and what became of them.

A body is JSON text, not a dict: it stays byte for byte as it was written, needs no copying, and
travels from disk to socket unparsed.

Must not know: databases, sockets, clocks.
"""

from typing import Any

from sync.errors import Refused
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.typed import Value
from sync.values.contents import Data
from sync.values.json_text import parse_object

EMPTY_BODY = b"{}"
LET_GO = "let_go"
# The words for what is not there any more.
GONE = frozenset(("missing", "deleted", LET_GO))


class Attachment(Value):
    """A file on a document.

    digest  `md5-<base64>` of the content, as CouchDB writes it; "" while the content is still passing by
    length  bytes; 0 likewise
    revpos  generation of the revision that brought the content; 0 when a stub names none
    data    the content, or None for a stub: the holder has it already
    """

    name: str
    content_type: str
    digest: str
    length: int
    revpos: int
    data: Data | None = None


class Document(Value):
    """One revision of a document with the path that leads to it.

    path  leaf first; `path.deleted` marks a tombstone
    body  JSON object text without the members that begin with an underscore
    """

    id: str
    path: Branch
    body: bytes = EMPTY_BODY
    attachments: tuple[Attachment, ...] = ()

    @property
    def revision(self) -> Revision:
        """The revision this is."""
        return self.path.leaf

    @property
    def deleted(self) -> bool:
        """Whether this revision is a tombstone."""
        return self.path.deleted

    def fields(self) -> dict[str, Any]:
        """The body as a fresh dict."""
        return parse_object(self.body)


class Edit(Value):
    """A change asked for by a writer who lets the database choose the revision.

    parent  the leaf it builds on; None for a new document (or one whose winner is a tombstone)
    """

    id: str
    parent: Revision | None
    body: bytes = EMPTY_BODY
    deleted: bool = False
    attachments: tuple[Attachment, ...] = ()


class Outcome(Value):
    """What became of one document of a batch: its revision, or why it was refused."""

    id: str
    revision: Revision | None
    error: Refused | None = None


class Wanted(Value):
    """One document asked for.

    revisions    those wanted; None for the winner, () for every leaf
    latest       give the leaves that descend from each revision instead of the revision itself
    attachments  give contents; otherwise stubs
    atts_since   revisions the asker holds: contents they had already stay stubs
    names        of the attachments whose contents are given; None for all
    """

    id: str
    revisions: tuple[Revision, ...] | None = None
    latest: bool = False
    attachments: bool = False
    atts_since: tuple[Revision, ...] = ()
    names: tuple[str, ...] | None = None

    def carries(self, file: Attachment, path: Branch) -> bool:
        """Whether the asker needs a content: it holds no revision on this path from when the file was there.

        A file of which nobody says when it came is needed.

        source  CouchDB API, /{db}/{docid}, parameter `atts_since`
        """
        if not self.attachments or (self.names is not None and file.name not in self.names):
            return False
        held = max((revision.generation for revision in self.atts_since if path.knows(revision)), default=0)
        return file.revpos == 0 or file.revpos > held


class Absent(Value):
    """One revision asked for and not to be had.

    revision  None when the document itself is unknown or its winner is deleted
    reason    `missing` or `deleted`, CouchDB's words; LET_GO, ours: the revision is known here, its body is elsewhere;
              otherwise a sentence: it is there, and no document we could take
    """

    id: str
    revision: Revision | None
    reason: str


class LocalDocument(Value):
    """A document that is never replicated, such as a checkpoint; revisions are `0-1`, `0-2` …"""

    id: str
    revision: Revision
    body: bytes
