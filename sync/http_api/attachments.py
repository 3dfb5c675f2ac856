"""One file on a document: read, put, remove.

Putting or removing a file is an edit of the document that carries it; the other files stay as stubs.

source  CouchDB API, /{db}/{docid}/{attname}

Must not know: how contents are kept.
"""

from flask import Response

from sync.database import Database
from sync.errors import Conflict, NotFound
from sync.http_api.answers import json_answer, written
from sync.http_api.call import Call
from sync.http_api.reading import read_one
from sync.http_api.writing import parent_of, put_edit
from sync.revisions.revision import Revision, parse_revision
from sync.values.documents import Attachment, Document, Edit, Wanted
from sync.wire.attachments import DEFAULT_TYPE, attachment
from sync.wire.names import check_attachment_name, check_doc_id


def read(call: Call, db: str, doc: str, name: str) -> Response:
    """`GET /{db}/{docid}/{attname}`"""
    database = call.database(db)
    revision = parse_revision(call.query.text("rev")) if call.query.has("rev") else None
    wanted = Wanted(doc, None if revision is None else (revision,), attachments=True)
    found = _named(read_one(database, wanted), name)
    # An answer must not be taken for a page of ours: a stranger's HTML stays a file.
    headers = {
        "ETag": f'"{found.digest.removeprefix("md5-")}"',
        "Cache-Control": "must-revalidate",
        "Accept-Ranges": "none",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    if call.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status=304, headers=headers)
    return Response(found.data or b"", 200, headers=headers, content_type=_header_text(found.content_type))


def put(call: Call, db: str, doc: str, name: str) -> Response:
    """`PUT /{db}/{docid}/{attname}?rev=`: on a document that does not exist yet, creates it"""
    database = call.database(db)
    check_doc_id(doc)
    check_attachment_name(name)
    parent = parent_of(call, {})
    base = _base(database, doc, parent)
    kind = call.headers.get("Content-Type") or DEFAULT_TYPE
    generation = parent.generation + 1 if parent else 1
    new = attachment(name, kind, call.read_body(), generation=generation)
    others = tuple(each for each in base.attachments if each.name != name) if base else ()
    edit = Edit(doc, parent, attachments=(*others, new)) if base is None else _edit(base, parent, (*others, new))
    revision = put_edit(database, edit)
    return written(doc, str(revision), address=f"{call.address}/{db}/{doc}/{name}")


def remove(call: Call, db: str, doc: str, name: str) -> Response:
    """`DELETE /{db}/{docid}/{attname}?rev=`"""
    database = call.database(db)
    parent = parent_of(call, {})
    base = _base(database, doc, parent)
    if base is None:
        raise NotFound("missing")
    _named(base, name)
    others = tuple(each for each in base.attachments if each.name != name)
    revision = put_edit(database, _edit(base, parent, others))
    return json_answer({"ok": True, "id": doc, "rev": str(revision)}, 200, {"ETag": f'"{revision}"'})


def _base(database: Database, doc: str, parent: Revision | None) -> Document | None:
    """The revision to edit; None when the document is new. Raises Conflict when it cannot be edited."""
    if parent is not None:
        found = next(iter(database.read([Wanted(doc, (parent,))])), None)
        if isinstance(found, Document):
            return found
        raise Conflict
    found = next(iter(database.read([Wanted(doc)])), None)
    if isinstance(found, Document):
        raise Conflict
    return None


def _edit(base: Document, parent: Revision | None, attachments: tuple[Attachment, ...]) -> Edit:
    return Edit(base.id, parent, body=base.body, attachments=attachments)


def _named(document: Document, name: str) -> Attachment:
    for each in document.attachments:
        if each.name == name:
            return each
    raise NotFound("Document is missing attachment")


def _header_text(kind: str) -> str:
    # Whoever wrote the document chose this text; it must not end the header's line.
    plain = kind.isascii() and kind.isprintable()
    return kind if plain and kind else DEFAULT_TYPE
