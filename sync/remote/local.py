"""Local documents on a CouchDB-compatible server, with as few requests as can be.

A server wants the revision that is replaced. It is remembered from the last time, so that writing a
checkpoint is one request; if somebody else wrote meanwhile, the server says so and it is read again.

Must not know: what the documents are for.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.errors import BadRequest, Conflict, NotFound, ProtocolError
from sync.remote.listings import span_query
from sync.remote.reading import Ask, is_about_document
from sync.revisions.revision import Revision
from sync.typed import replace
from sync.values.changes import Span
from sync.values.documents import LocalDocument
from sync.values.json_text import parse, parse_object
from sync.wire.documents import body_of, splice
from sync.wire.names import LOCAL

_ATTEMPTS = 5
_KEPT_FOR_DIAGNOSIS = 1000


class LocalDocuments:
    """The `_local/` documents of one database."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: dict[str, str] = {}

    def read(self, local_id: str) -> LocalDocument | None:
        """The document, or None; raises LinkError, ProtocolError; NotFound when there is no such database."""
        try:
            reply = self._ask("GET", _segments(local_id), {}, None)
        except NotFound as error:
            if not is_about_document(error):
                raise
            self._known.pop(local_id, None)
            return None
        try:
            members = parse_object(reply.body)
            revision = _revision(members["_rev"])
            body = body_of(members)
        except (BadRequest, KeyError) as error:
            raise _broken(error, reply.body) from None
        self._known[local_id] = str(revision)
        return LocalDocument(local_id, revision, body)

    def list(self, span: Span) -> Sequence[LocalDocument]:
        """The documents of a span of ids, as `_local_docs` tells them; raises LinkError, ProtocolError."""
        start, end = (None if edge is None else LOCAL + edge for edge in (span.start, span.end))
        query = {**span_query(replace(span, start=start, end=end)), "include_docs": "true"}
        reply = self._ask("GET", ["_local_docs"], query, None)
        try:
            return [self._read_row(row) for row in parse_object(reply.body)["rows"]]
        except (BadRequest, KeyError, TypeError, AttributeError) as error:
            raise _broken(error, reply.body) from None

    def write(self, local_id: str, body: bytes) -> Revision:
        """Replace the document, whatever it was; raises Conflict when others keep writing it."""
        for _ in range(_ATTEMPTS):
            known = self._known.get(local_id)
            told = splice({"_rev": known} if known else {}, body)
            try:
                reply = self._ask("PUT", _segments(local_id), {}, told)
            except Conflict:
                self.read(local_id)
                continue
            return self._note(local_id, reply.body)
        raise Conflict("others write the same local document all the time")

    def delete(self, local_id: str) -> bool:
        """Remove the document; False when there was none."""
        for _ in range(_ATTEMPTS):
            known = self.read(local_id)
            if known is None:
                return False
            try:
                self._ask("DELETE", _segments(local_id), {"rev": str(known.revision)}, None)
            except Conflict:
                continue
            except NotFound as error:
                if not is_about_document(error):
                    raise
                return False
            self._known.pop(local_id, None)
            return True
        raise Conflict("others write the same local document all the time")

    @staticmethod
    def _read_row(row: Mapping[str, Any]) -> LocalDocument:
        members = row["doc"]
        return LocalDocument(str(row["id"]).removeprefix(LOCAL), _revision(members["_rev"]), body_of(members))

    def _note(self, local_id: str, text: bytes) -> Revision:
        try:
            told: Mapping[str, Any] = parse(text)
            revision = _revision(told["rev"])
        except (BadRequest, KeyError, TypeError) as error:
            raise _broken(error, text) from None
        self._known[local_id] = str(revision)
        return revision


def _segments(local_id: str) -> Sequence[str]:
    return ("_local", local_id)


def _revision(rev: object) -> Revision:
    # Generation 0 is lawful here and nowhere else.
    generation, dash, digest = rev.partition("-") if isinstance(rev, str) else ("", "", "")
    if not (dash and digest and generation.isascii() and generation.isdigit()):
        raise BadRequest("Invalid rev format")
    return Revision(int(generation), digest)


def _broken(error: Exception, text: bytes) -> ProtocolError:
    return ProtocolError(f"not a local document: {error}", answer=text[:_KEPT_FOR_DIAGNOSIS])
