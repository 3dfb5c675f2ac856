"""Which changes a feed tells: those of some documents, of design documents, of documents that fit a selector.

A filter that is code in a design document is looked up as CouchDB looks it up, and then refused: nothing
in a design document runs here.

source  CouchDB API, /{db}/_changes, "Filtering"; `couch_changes:configure_filter/4`

Must not know: feeds, how documents are kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sync.database import Database
from sync.errors import BadRequest, NotFound, NotOffered
from sync.http_api.reading import read_one
from sync.mango.fields import parse_field, project, require_few
from sync.mango.matching import compiled, members, within_patience
from sync.revisions.revision import Revision
from sync.typed import Value
from sync.values.changes import Change
from sync.values.documents import Document, Wanted
from sync.values.json_text import dump, parse
from sync.wire.names import DESIGN
from sync.wire.problems import BadQuery

Leaves = tuple[Revision, ...]
Test = Callable[[Any], bool]


class Filter(Value):
    """What of a feed is told.

    doc_ids    only these documents; None for all
    selects    (database, changes, all leaves?) -> the leaves told of each, none of what is left out; None for all
    fields     of the documents beside the changes, only these; None for all
    """

    doc_ids: tuple[str, ...] | None = None
    selects: Callable[[Database, Sequence[Change], bool], Sequence[Leaves]] | None = None
    fields: tuple[str, ...] | None = None

    def narrowed(self, document: Document) -> bytes | None:
        """The text of a document beside a change, of the fields asked for; None when that is all of it."""
        return None if self.fields is None else dump(project(members(document), self.fields))


UNFILTERED = Filter()


def read_filter(
    name: str, query: Mapping[str, str], body: Mapping[str, Any] | None, database: Callable[[], Database]
) -> Filter:
    """The filter of that name.

    query     the parameters, names in lower case
    body      of a POST; None of a GET
    raises    BadRequest, NotFound, and NotOffered for one that is code
    """
    told = body or {}
    if name == "_doc_ids":
        return Filter(doc_ids=_doc_ids(told["doc_ids"] if "doc_ids" in told else parse(query.get("doc_ids", "null"))))
    if name == "_design":
        return Filter(selects=_of_design)
    if name == "_selector":
        if body is None:
            raise BadRequest("Selector must be specified in POST payload")
        return Filter(selects=_Selecting(_test(body.get("selector"))), fields=_fields(body.get("fields")))
    if name == "_view":
        raise _code(database(), query.get("view", ""), "view", "views", "`view` filter parameter is not provided.")
    if name.startswith("_"):
        raise BadRequest("unknown builtin filter name")
    raise _code(database(), name, "filter", "filters", "")


def _doc_ids(told: Any) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise BadRequest("`doc_ids` filter parameter is not a list of doc ids.")
    return tuple(told)


def _of_design(database: Database, changes: Sequence[Change], every: bool) -> Sequence[Leaves]:
    return [_styled(each, every) if each.id.startswith(DESIGN) else () for each in changes]


class _Selecting(Value):
    """Tells the leaves whose document fits; documents are read one by one and let go."""

    test: Test

    def __call__(self, database: Database, changes: Sequence[Change], every: bool) -> Sequence[Leaves]:
        wanted = [Wanted(each.id, (leaf,)) for each in changes for leaf in _styled(each, every)]
        test = within_patience(self.test)
        fits = {(found.id, found.revision) for found in _each_once(database, wanted) if test(members(found))}
        return [tuple(leaf for leaf in _styled(each, every) if (each.id, leaf) in fits) for each in changes]


def _each_once(database: Database, wanted: Sequence[Wanted]) -> Iterator[Document]:
    return (found for found in database.read(wanted) if isinstance(found, Document))


def _styled(change: Change, every: bool) -> Leaves:
    return change.leaves if every else change.leaves[:1]


def _test(selector: Any) -> Test:
    if not isinstance(selector, dict):
        raise BadRequest("Selector error: expected a JSON object")
    try:
        return compiled(selector)
    except BadQuery as error:
        raise BadRequest(error.reason) from None


def _fields(told: Any) -> tuple[str, ...] | None:
    if told is None:
        return None
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise BadRequest("Selector error: fields must be JSON array")
    try:
        require_few(told)
        for each in told:
            parse_field(each)
    except BadQuery as error:
        raise BadRequest(error.reason) from None
    return tuple(told)


def _code(database: Database, name: str, kind: str, member: str, unnamed: str) -> Exception:
    """Why a filter that is code is not to be had: it is not there, or nothing runs it."""
    if not name and unnamed:
        return BadRequest(unnamed)
    parts = [part for part in name.split("/") if part]
    if len(parts) != 2:
        return BadRequest(f"`{kind}` must be of the form `designname/{kind}name`")
    design, called = parts
    fields = read_one(database, Wanted(DESIGN + design)).fields()
    for step in (member, called):
        if not isinstance(fields, dict) or step not in fields:
            return NotFound(f"missing json key: {step}")
        fields = fields[step]
    return NotOffered(f"No {kind} in a design document runs here: use the filter `_selector`, `_doc_ids` or `_design`.")
