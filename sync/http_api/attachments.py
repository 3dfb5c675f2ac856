"""One file on a document: read, put, remove.

Putting or removing a file is an edit of the document that carries it; the other files stay as stubs.

source  CouchDB API, /{db}/{docid}/{attname}

Must not know: how contents are kept.
"""

from collections.abc import Sequence

from sync.database import Database
from sync.errors import Conflict, NotFound
from sync.http_api.answers import Answer, json_answer
from sync.http_api.call import Call
from sync.http_api.incoming import sent_content
from sync.http_api.ranges import asked_ranges, names_etag
from sync.http_api.reading import read_one
from sync.http_api.writing import parent_of, put_edit
from sync.revisions.revision import Revision, parse_revision
from sync.values.contents import length_of, pieces_of
from sync.values.documents import Attachment, Document, Edit, Wanted
from sync.wire.attachments import DEFAULT_TYPE
from sync.wire.multipart import write_ranges
from sync.wire.names import check_attachment_name, check_doc_id
from sync.wire.problems import MissingRevision


def read(call: Call, db: str, doc: str, name: str) -> Answer:
    """`GET /{db}/{docid}/{attname}`"""
    database = call.database(db)
    revision = parse_revision(call.query.text("rev")) if call.query.has("rev") else None
    wanted = Wanted(doc, None if revision is None else (revision,), attachments=True, names=(name,))
    found = _named(read_one(database, wanted), name)
    # An answer must not be taken for a page of ours: a stranger's HTML stays a file.
    headers = {
        "ETag": f'"{found.digest.removeprefix("md5-")}"',
        "Cache-Control": "must-revalidate",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    if names_etag(call.headers.get("If-None-Match", ""), headers["ETag"]):
        return Answer(status=304, headers=headers)
    # A download that is taken up again must not be completed with the end of another content.
    unchanged = call.headers.get("If-Range", headers["ETag"]) == headers["ETag"]
    ranges = asked_ranges(call.headers.get("Range", ""), found.length) if unchanged else ()
    return _content(found, headers, ranges)


def put(call: Call, db: str, doc: str, name: str) -> Answer:
    """`PUT /{db}/{docid}/{attname}?rev=`: on a document that does not exist yet, creates it"""
    database = call.database(db)
    check_doc_id(doc)
    check_attachment_name(name)
    parent = parent_of(call, {})
    base = _base(database, doc, parent)
    kind = call.headers.get("Content-Type") or DEFAULT_TYPE
    generation = parent.generation + 1 if parent else 1
    new = Attachment(name, kind, "", 0, generation, sent_content(call, name))
    others = tuple(each for each in base.attachments if each.name != name) if base else ()
    edit = Edit(doc, parent, attachments=(new, *others)) if base is None else _edit(base, parent, (new, *others))
    revision = put_edit(database, edit)
    told = {"ok": True, "id": doc, "rev": str(revision)}
    return json_answer(told, 201, {"Location": call.location(db, doc, name)})


def remove(call: Call, db: str, doc: str, name: str) -> Answer:
    """`DELETE /{db}/{docid}/{attname}?rev=`"""
    database = call.database(db)
    check_attachment_name(name)
    parent = parent_of(call, {})
    if parent is None:
        _named(read_one(database, Wanted(doc)), name)
    base = _base(database, doc, parent)
    if base is None:
        raise NotFound("missing")
    _named(base, name)
    others = tuple(each for each in base.attachments if each.name != name)
    revision = put_edit(database, _edit(base, parent, others))
    return json_answer({"ok": True, "id": doc, "rev": str(revision)})


def _content(found: Attachment, headers: dict[str, str], ranges: Sequence[tuple[int, int]]) -> Answer:
    kind, data = _header_text(found.content_type), found.data or b""
    headers["Content-Type"] = kind
    if length_of(data) is None:  # of another server, which may have told the length of something else
        headers["Accept-Ranges"] = "none"
        return Answer(pieces_of(data), 200, headers)
    if not ranges:
        headers["Content-Length"] = str(found.length)
        return Answer(pieces_of(data), 200, headers)
    if len(ranges) == 1:
        first, last = ranges[0]
        headers |= {"Content-Range": f"bytes {first}-{last}/{found.length}", "Content-Length": str(last + 1 - first)}
        return Answer(pieces_of(data, first, last + 1), 206, headers)
    several = write_ranges(data, kind, ranges, found.length)
    headers["Content-Type"] = several.content_type
    return Answer(several.pieces(), 206, headers)


def _base(database: Database, doc: str, parent: Revision | None) -> Document | None:
    """The revision to edit; None when the document is new. Raises Conflict, MissingRevision."""
    if parent is not None:
        found = next(iter(database.read([Wanted(doc, (parent,))])), None)
        if isinstance(found, Document):
            return found
        raise MissingRevision
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
