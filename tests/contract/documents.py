"""Short words for what the contract talks about: revisions, documents, edits, files."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import md5

from sync.database import Database
from sync.revisions.revision import Revision, parse_revision
from sync.revisions.tree import Branch
from sync.values.documents import Attachment, Document, Edit, Outcome, Wanted
from sync.values.json_text import dump


def rev(text: str) -> Revision:
    """`rev("2-b")`."""
    return parse_revision(text)


def doc(doc_id: str, *path: str, deleted: bool = False, files: Sequence[Attachment] = (), **fields: object) -> Document:
    """A replica's copy: `doc("a", "2-b", "1-a", colour="red")`, leaf first."""
    revisions = [rev(text) for text in path]
    branch = Branch(revisions[0].generation, tuple(revision.digest for revision in revisions), deleted)
    return Document(doc_id, branch, dump(fields), tuple(files))


def edit(
    doc_id: str,
    parent: Revision | None = None,
    *,
    deleted: bool = False,
    files: Sequence[Attachment] = (),
    **fields: object,
) -> Edit:
    """A writer's change."""
    return Edit(doc_id, parent, dump(fields), deleted, tuple(files))


def file(name: str, content: bytes, *, content_type: str = "application/octet-stream", revpos: int = 0) -> Attachment:
    """A file with its content."""
    return Attachment(name, content_type, content_digest(content), len(content), revpos, content)


def stub(name: str, *, revpos: int = 0, digest: str = "") -> Attachment:
    """A file named without its content."""
    return Attachment(name, "application/octet-stream", digest, 0, revpos)


def content_digest(content: bytes) -> str:
    """A content's digest as CouchDB writes it."""
    return "md5-" + b64encode(md5(content, usedforsecurity=False).digest()).decode()


def written(outcomes: Sequence[Outcome]) -> list[Revision]:
    """The revisions of outcomes that must all have succeeded."""
    assert [outcome.error for outcome in outcomes] == [None] * len(outcomes)
    return [outcome.revision for outcome in outcomes if outcome.revision is not None]


def put(db: Database, doc_id: str, parent: Revision | None = None, **fields: object) -> Revision:
    """Write one edit that must succeed."""
    return written(db.write([edit(doc_id, parent, **fields)]))[0]


def delete(db: Database, doc_id: str, parent: Revision) -> Revision:
    """Delete a document; must succeed."""
    return written(db.write([edit(doc_id, parent, deleted=True)]))[0]


def graft(db: Database, *documents: Document) -> None:
    """Join replicas' copies; all must succeed."""
    written(db.graft(documents))


def read(db: Database, doc_id: str, *revisions: str, **options: object) -> list:
    """Everything read for one document: its winner, or the revisions named."""
    asked = tuple(rev(text) for text in revisions) or None
    return list(db.read([Wanted(doc_id, asked, **options)]))  # type: ignore[arg-type]


def ids_changed(db: Database, since: str = "0", **options: object) -> list[str]:
    """Ids on one page of the feed."""
    return [change.id for change in db.changes(since, **options).results]  # type: ignore[arg-type]
