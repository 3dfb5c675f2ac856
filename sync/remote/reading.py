"""Documents with their paths from a CouchDB-compatible server: many to a request where it can.

Documents come first without contents; then small contents in JSON, many to a request, and large ones each by
itself, when they are read.

`_bulk_get` names each revision wanted. What it cannot say portably (the winner, every leaf) and
servers that lack it are asked one document at a time with `open_revs`.

source  CouchDB API, /{db}/_bulk_get and /{db}/{docid}?open_revs

Must not know: sockets, who wants the documents.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sync.errors import BadRequest, NotAllowed, NotFound, NotOffered, ProtocolError, TooDeep
from sync.remote.contents import LARGE_BYTES, RemoteContent
from sync.remote.transport import Reply
from sync.revisions.revision import Revision, StrangeRevision, parse_revision
from sync.typed import replace
from sync.values.documents import LET_GO, Absent, Attachment, Document, Wanted
from sync.values.json_text import dump, parse
from sync.wire.documents import read_replica
from sync.wire.problems import LetGo

Read = Document | Absent
# (method, segments behind the database, query, body) -> Reply
Ask = Callable[[str, Sequence[str], Mapping[str, str], bytes | None], Reply]

# (segments behind the database, query) -> the bytes of a content
Take = Callable[[Sequence[str], Mapping[str, str]], Iterator[bytes]]

# More to one request saves nothing worth having, and the answer is held in memory whole.
_MOST_AT_ONCE = 500
# Of small contents that come in JSON, which takes some three times that of memory.
_CONTENTS_AT_ONCE_BYTES = 4 << 20
_KEPT_FOR_DIAGNOSIS = 1000


class Reading:
    """Reads documents, and remembers whether the server has `_bulk_get`."""

    def __init__(self, ask: Ask, take: Take) -> None:
        self._ask = ask
        self._take = take
        self._has_bulk_get = True

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Read]:
        """Read documents in the order asked.

        raises  LinkError, ProtocolError; NotFound when there is no such database
        """
        for batch in _batches(wanted):
            # Contents are fetched when it is known how large they are; nearly all documents have none.
            found = self._read_batch(batch, contents=False)
            yield from self._with_contents(batch, list(found)) if batch[0].attachments else found

    def leaves(self, ids: Sequence[str]) -> Mapping[str, tuple[Document, ...]]:
        """Every leaf of many documents in one request, attachments as stubs; an unknown id has none.

        Nor has a document that we cannot take as it is; it keeps no other back.

        Only of a server known to take a `_bulk_get` without a revision for all leaves: Apache CouchDB from 2.0
        on and Yizhan do, pouchdb-server gives the winner.
        """
        if not ids:
            return {}
        body = dump({"docs": [{"id": doc_id} for doc_id in ids]})
        answer = self._ask("POST", ["_bulk_get"], {"revs": "true"}, body).body
        try:
            found = _by_id(answer)
        except TooDeep:
            half = len(ids) // 2
            return {**self.leaves(ids[:half]), **self.leaves(ids[half:])} if half else {ids[0]: ()}
        return {
            doc_id: tuple(one for one in found.get(doc_id, ()) if isinstance(one, Document))
            for doc_id in dict.fromkeys(ids)
        }

    def _with_contents(self, batch: Sequence[Wanted], found: Sequence[Read]) -> Iterator[Read]:
        asked = {each.id: each for each in batch}
        lacking = [_lacking(asked[each.id], each) if isinstance(each, Document) else () for each in found]
        small = [
            # What is asked for by name is not all of it, and JSON would bring the others too.
            bool(files) and asked[each.id].names is None and sum(file.length for file in files) <= LARGE_BYTES
            for each, files in zip(found, lacking, strict=True)
        ]
        fetched: dict[int, Read] = {}
        for place, each in enumerate(found):
            if small[place] and place not in fetched:
                fetched = self._fetched(asked, found, _together(lacking, small, place))
            if place in fetched:
                yield fetched[place]
            else:
                yield self._with_remote(each, lacking[place]) if isinstance(each, Document) else each

    def _fetched(self, asked: Mapping[str, Wanted], found: Sequence[Read], places: Sequence[int]) -> dict[int, Read]:
        """Documents read once more, with their small contents."""
        again = [replace(asked[found[at].id], revisions=(_revision(found[at]),), latest=False) for at in places]
        there = {(each.id, each.revision): each for each in self._read_each_way(again)}
        return {
            at: there.get((found[at].id, _revision(found[at])), Absent(found[at].id, _revision(found[at]), "missing"))
            for at in places
        }

    def _read_each_way(self, again: Sequence[Wanted]) -> Iterator[Read]:
        """Several leaves of one document cannot be told from one another by id, but by revision."""
        for batch in _batches(again):
            yield from self._read_batch(batch, contents=True)

    def _with_remote(self, document: Document, lacking: Sequence[Attachment]) -> Document:
        if not lacking:
            return document
        files = (
            replace(file, data=self._remote(document, file)) if file in lacking else file
            for file in document.attachments
        )
        return replace(document, attachments=tuple(files))

    def _remote(self, document: Document, file: Attachment) -> RemoteContent:
        segments = [*doc_segments(document.id), *file.name.split("/")]
        return RemoteContent(partial(self._take, segments, {"rev": str(document.revision)}))

    def _read_batch(self, batch: Sequence[Wanted], *, contents: bool) -> Iterator[Read]:
        if self._has_bulk_get and batch[0].revisions:
            yield from self._read_many(batch, contents)
        else:
            for each in batch:
                yield from self._read_one(each, contents)

    def _read_many(self, batch: Sequence[Wanted], contents: bool) -> Iterator[Read]:
        asked = dict.fromkeys(batch)
        docs = [_request(each, revision, contents) for each in asked for revision in each.revisions or ()]
        query = {"revs": "true"}
        if batch[0].latest:
            query["latest"] = "true"
        if contents:
            query["attachments"] = "true"
        try:
            reply = self._ask("POST", ["_bulk_get"], query, dump({"docs": docs}))
        except (NotFound, NotAllowed, NotOffered, BadRequest):
            # A server without it takes the word for a document's id. If there is no such
            # database, the next request says so.
            self._has_bulk_get = False
            for each in batch:
                yield from self._read_one(each, contents)
            return
        try:
            found = _by_id(reply.body)
        except TooDeep:
            yield from self._read_apart(batch, contents)
            return
        for each in batch:
            # Leaves that two of the revisions lead to come once.
            yield from found.get(each.id, ())

    def _read_apart(self, batch: Sequence[Wanted], contents: bool) -> Iterator[Read]:
        """Read in halves what one document among them keeps from being read together."""
        if len(batch) == 1:
            for revision in batch[0].revisions or ():
                yield from self._read_one(replace(batch[0], revisions=(revision,)), contents)
            return
        half = len(batch) // 2
        yield from self._read_many(batch[:half], contents)
        yield from self._read_many(batch[half:], contents)

    def _read_one(self, each: Wanted, contents: bool) -> Iterator[Read]:
        query = {"revs": "true"}
        if contents:
            query["attachments"] = "true"
        if contents and each.atts_since:
            query["atts_since"] = _revs(each.atts_since)
        if each.revisions is not None:
            query["open_revs"] = _revs(each.revisions) if each.revisions else "all"
        if each.latest:
            query["latest"] = "true"
        try:
            reply = self._ask("GET", doc_segments(each.id), query, None)
        except NotFound as error:
            if not is_about_document(error):
                raise
            reason = LET_GO if isinstance(error, LetGo) else error.reason
            yield from (Absent(each.id, revision, reason) for revision in each.revisions or (None,))
            return
        try:
            yield from _read_reply(each, reply.body)
        except TooDeep as error:
            yield from (_not_taken(each.id, revision, error) for revision in each.revisions or (None,))


def is_about_document(error: NotFound) -> bool:
    """Whether a document is not there; otherwise it is the database."""
    return isinstance(error, LetGo) or error.reason in ("missing", "deleted")


def doc_segments(doc_id: str) -> list[str]:
    """The path of a document: the slash behind `_design` and `_local` separates, others belong to the id."""
    for prefix in ("_design/", "_local/"):
        if doc_id.startswith(prefix):
            return [prefix[:-1], doc_id[len(prefix) :]]
    return [doc_id]


def _batches(wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """Neighbours that can be asked for in one request: `latest` and `attachments` are said once for all.

    The answer is told apart by ids, so one id stands in a batch with one wish, however often.
    """
    batch: list[Wanted] = []
    wishes: dict[str, Wanted] = {}
    for each in wanted:
        another = wishes.get(each.id, each) != each
        if batch and (another or _manner(each) != _manner(batch[0]) or len(batch) >= _MOST_AT_ONCE):
            yield batch
            batch, wishes = [], {}
        batch.append(each)
        wishes[each.id] = each
    if batch:
        yield batch


def _manner(each: Wanted) -> tuple[bool, bool, bool]:
    return bool(each.revisions), each.latest, each.attachments


def _lacking(asked: Wanted, document: Document) -> tuple[Attachment, ...]:
    """The files of a document whose contents are wanted."""
    return tuple(file for file in document.attachments if asked.carries(file, document.path))


def _together(lacking: Sequence[Sequence[Attachment]], small: Sequence[bool], first: int) -> list[int]:
    """Places of documents from the first on whose small contents fit into one answer."""
    places: list[int] = []
    size = 0
    for place in range(first, len(lacking)):
        size += sum(file.length for file in lacking[place]) if small[place] else 0
        if places and size > _CONTENTS_AT_ONCE_BYTES:
            break
        if small[place]:
            places.append(place)
    return places


def _revision(read: Read) -> Revision:
    assert read.revision is not None, "documents have one"
    return read.revision


def _request(each: Wanted, revision: Revision, contents: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"id": each.id, "rev": str(revision)}
    if contents and each.atts_since:
        told["atts_since"] = [str(since) for since in each.atts_since]
    return told


def _revs(revisions: Sequence[Revision]) -> str:
    return dump([str(revision) for revision in revisions]).decode()


def _by_id(text: bytes) -> dict[str, list[Read]]:
    try:
        found: dict[str, list[Read]] = {}
        for result in parse(text)["results"]:
            here = found.setdefault(result["id"], [])
            for each in result["docs"]:
                read = _read_row(result["id"], each)
                if read not in here:
                    here.append(read)
    except TooDeep:
        raise
    except (BadRequest, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError(f"not an answer of _bulk_get: {error}", answer=text[:_KEPT_FOR_DIAGNOSIS]) from None
    return found


def _read_row(doc_id: str, row: Mapping[str, Any]) -> Read:
    if "ok" in row:
        return _read_found(doc_id, row["ok"])
    if "error" in row:
        told = row["error"]
        rev, reason = told.get("rev"), LET_GO if told.get("error") == LET_GO else told.get("reason")
    else:
        rev, reason = row["missing"], "missing"
    return Absent(doc_id, _revision_or_none(rev), reason if reason in ("deleted", LET_GO) else "missing")


def _read_found(doc_id: str, fields: Any) -> Read:
    """A document; where it breaks rules of ours, one that cannot be taken, so that it keeps no other back."""
    try:
        return read_replica(fields)
    except BadRequest as error:
        revision = _revision_or_none(fields.get("_rev")) if isinstance(fields, dict) else None
        strange = isinstance(error, StrangeRevision)
        if (revision is None and not strange) or fields.get("_id") != doc_id:
            raise ProtocolError(f"not a document: {error.reason}") from None
        return _not_taken(doc_id, revision, error)


def _not_taken(doc_id: str, revision: Revision | None, error: BadRequest) -> Absent:
    return Absent(doc_id, revision, f"it cannot be taken as it is: {error.reason}")


def _revision_or_none(rev: object) -> Revision | None:
    try:
        return parse_revision(rev)
    except BadRequest:  # `undefined` is what CouchDB calls the revision nobody named
        return None


def _read_reply(each: Wanted, text: bytes) -> list[Read]:
    try:
        answer = parse(text)
        if each.revisions is None:
            return [_read_found(each.id, answer)]
        return [_read_row(each.id, row) for row in answer]
    except TooDeep:
        raise
    except (BadRequest, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError(f"not a document: {error}", answer=text[:_KEPT_FOR_DIAGNOSIS]) from None
