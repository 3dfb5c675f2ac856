"""Index definitions as CouchDB keeps them: in design documents of the language `query`, so that they replicate.

    {"language": "query", "views": {"by-status": {
        "map": {"fields": {"status": "asc"}, "partial_filter_selector": {}},
        "reduce": "_count", "options": {"def": {"fields": ["status"]}}}}}

An index declared once as an `Index` is made by `ensure_index` on any `Database`, ours or an Apache CouchDB.

source  CouchDB, `mango_idx_view:add/2`, `mango_idx:from_ddoc/2`

Must not know: who is behind the database, how an index is kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sync.database import Database
from sync.errors import Conflict, NotFound
from sync.mango.erlang_text import bare
from sync.mango.fields import is_field
from sync.mango.selector import normalize, to_json
from sync.revisions.revision import Revision
from sync.values.changes import Span
from sync.values.documents import Document, Edit, Wanted
from sync.values.json_text import dump
from sync.values.queries import Index
from sync.wire.names import DESIGN
from sync.wire.problems import BadQuery

LANGUAGE = "query"
DESIGN_SPAN = Span(start=DESIGN, end="_design0", inclusive_end=False)
_DIRECTIONS = {"asc": False, "desc": True}
_ATTEMPTS = 5  # somebody else may be writing the same design document


def indexes_in(doc_id: str, fields: Mapping[str, Any]) -> Iterator[Index]:
    """The indexes a design document declares; what is no proper declaration declares nothing."""
    views = fields.get("views")
    if fields.get("language") != LANGUAGE or not isinstance(views, dict):
        return
    for name, view in views.items():
        index = _index_of(doc_id, name, view)
        if index is not None:
            yield index


def indexes_of(database: Database) -> list[Index]:
    """Every index declared in a database, by design document and name."""
    rows = database.list(DESIGN_SPAN).rows
    documents = database.read([Wanted(row.id) for row in rows])
    found = [index for each in documents if isinstance(each, Document) for index in indexes_in(each.id, each.fields())]
    return sorted(found, key=lambda index: (index.design.encode(), index.name.encode()))


def ensure_index(
    database: Database,
    index: Index,
    *,
    definition: Mapping[str, Any] | None = None,
    partitioned: bool | None = None,
) -> bool:
    """Declare an index in a database; False when it was there already.

    definition  as its author wrote it, kept beside; by default what the index says
    partitioned what the design document is to say of it; an existing one must say the same
    raises      BadQuery when the selector is bad, or the design document is of another language; Conflict;
                what writing raises
    """
    for _ in range(_ATTEMPTS):
        stored, revision = _stored(database, index.design)
        options = stored.get("options")
        if stored and (options.get("partitioned") if isinstance(options, dict) else None) != partitioned:
            raise BadQuery(
                f"Requested partitioned option does not match existing value on design document {index.design}",
                word="invalid_partitioned_option",
            )
        new = {} if partitioned is None else {"options": {"partitioned": partitioned}}
        wanted = _with_view(stored or new, index, definition)
        if stored and dump(wanted) == dump(stored):
            return False
        if _write(database, Edit(index.design, revision, dump(wanted))):
            return True
    raise Conflict


def remove_index(database: Database, index: Index) -> None:
    """Take an index out of its design document, and remove that when nothing is left in it.

    raises  NotFound when it is not there; Conflict; what writing raises
    """
    for _ in range(_ATTEMPTS):
        stored, revision = _stored(database, index.design)
        views = stored.get("views", {})
        if index.name not in views:
            raise NotFound("missing")
        left = {name: view for name, view in views.items() if name != index.name}
        body = {
            **{name: value for name, value in stored.items() if name != "views"},
            **({"views": left} if left else {}),
        }
        gone = list(body) == ["language"]
        if _write(database, Edit(index.design, revision, b"{}" if gone else dump(body), deleted=gone)):
            return
    raise Conflict


def definition_of(index: Index) -> dict[str, Any]:
    """An index as `_index` and `_explain` show its definition."""
    direction = "desc" if index.descending else "asc"
    shown: dict[str, Any] = {"fields": [{name: direction} for name in index.fields]}
    if index.partial:
        shown["partial_filter_selector"] = dict(index.partial)
    return shown


def _index_of(doc_id: str, name: str, view: Any) -> Index | None:
    mapped = view.get("map") if isinstance(view, dict) else None
    if not isinstance(mapped, dict) or not isinstance(view.get("options"), dict):
        return None
    fields, partial = mapped.get("fields"), mapped.get("partial_filter_selector", {})
    if not isinstance(fields, dict) or not isinstance(partial, dict):
        return None
    directions = {_DIRECTIONS.get(each) if isinstance(each, str) else None for each in fields.values()}
    if len(directions) > 1 or None in directions or not all(is_field(each) for each in fields):
        return None
    return Index(doc_id, name, tuple(fields), partial, descending=directions == {True})


def _with_view(stored: Mapping[str, Any], index: Index, definition: Mapping[str, Any] | None) -> dict[str, Any]:
    given = definition or {"fields": list(index.fields)} | (
        {"partial_filter_selector": dict(index.partial)} if index.partial else {}
    )
    direction = "desc" if index.descending else "asc"
    view = {
        "map": {
            "fields": dict.fromkeys(index.fields, direction),
            "partial_filter_selector": to_json(normalize(index.partial)),
        },
        "reduce": "_count",
        "options": {"def": given},
    }
    return {"language": LANGUAGE, **stored, "views": {**stored.get("views", {}), index.name: view}}


def _stored(database: Database, design: str) -> tuple[dict[str, Any], Revision | None]:
    found = next(iter(database.read([Wanted(design)])), None)
    if not isinstance(found, Document):
        return {}, None
    fields = found.fields()
    if fields.get("language") != LANGUAGE:
        raise BadQuery(
            f"Existing design doc has an invalid language: {_shown_language(fields)}", word="invalid_ddoc_lang"
        )
    return fields, found.revision


def _shown_language(fields: Mapping[str, Any]) -> str:
    if "language" not in fields:
        return "false"
    return f"{{{bare('language')},{bare(fields['language'])}}}"


def _write(database: Database, edit: Edit) -> bool:
    """Whether it could be written; False when somebody else was quicker."""
    (outcome,) = database.write([edit])
    if outcome.error is None:
        return True
    if isinstance(outcome.error, Conflict):
        return False
    raise outcome.error
