"""What is sent to `_find`, `_explain` and `_index`, read and checked in CouchDB's order and words.

CouchDB checks the members it knows one by one, in its own order, and last that there are no others;
which of two slips is told depends on it, so the tables below keep that order.

source  CouchDB, `mango_opts`

Must not know: databases, HTTP.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sync.errors import BadRequest, NotOffered
from sync.mango.erlang_text import bare, readable
from sync.mango.fields import parse_field, require_few, require_shallow
from sync.mango.matching import NO_TEXT_INDEXES
from sync.mango.naming import automatic_name
from sync.mango.selector import normalize, to_json
from sync.typed import Value
from sync.values.json_text import dump
from sync.values.queries import DEFAULT_LIMIT, Index, Query
from sync.wire.names import DESIGN, check_doc_id
from sync.wire.problems import BadQuery, UnreadableQuery

# Each member a body may have: its name, what stands for it when it is not there, and its check.
Members = tuple[tuple[str, Any, Callable[[Any], Any]], ...]

_REQUIRED = object()


class NewIndex(Value):
    """An index somebody asks for.

    definition  as it was written
    """

    index: Index
    definition: dict[str, Any]
    partitioned: bool | None


def read_query(body: Mapping[str, Any]) -> tuple[Query, dict[str, Any]]:
    """A query, and its options as CouchDB shows them in `_explain`; raises BadQuery."""
    told = _checked(body, _OF_QUERY)
    sort = told["sort"]
    query = Query(
        selector=body["selector"],
        limit=told["limit"],
        skip=told["skip"],
        sort=tuple(sort),
        descending="desc" in sort.values(),
        fields=tuple(told["fields"]),
        use_index=tuple(told["use_index"]),
        allow_fallback=told["allow_fallback"],
        bookmark=told["bookmark"],
        update=told["update"] and not told["stale"],
        conflicts=told["conflicts"],
    )
    shown = {name: value for name, value in told.items() if name != "selector"}
    return query, shown | {"bookmark": told["bookmark"] or "nil"}


def write_query(query: Query) -> dict[str, Any]:
    """A query as a client sends it."""
    told: dict[str, Any] = {
        "selector": query.selector,
        "limit": query.limit,
        "allow_fallback": query.allow_fallback,
        "update": query.update,
        "execution_stats": True,
    }
    direction = "desc" if query.descending else "asc"
    extras = {
        "skip": query.skip,
        "sort": [{name: direction} for name in query.sort],
        "fields": list(query.fields),
        "use_index": list(query.use_index),
        "bookmark": query.bookmark,
        "conflicts": query.conflicts,
    }
    return told | {name: value for name, value in extras.items() if value}


def read_new_index(body: Mapping[str, Any]) -> NewIndex:
    """An index asked for; raises BadQuery, IllegalDocId, NotOffered on full text."""
    told = _checked(body, _OF_INDEX)
    if told["type"] in ("text", "nouveau"):
        raise NotOffered(NO_TEXT_INDEXES)
    if told["type"] != "json":
        raise BadQuery(f"Invalid type for index: {told['type']}", word="invalid_index")
    definition = told["index"]
    if not isinstance(definition, dict):
        raise BadQuery(f"JSON indexes must be an object, not: {bare(definition)}", word="invalid_index")
    inner = _checked(definition, _OF_DEFINITION)
    for field in inner["fields"]:
        parse_field(field)  # CouchDB takes any name, and fails when it is to index a document
    name, design, partitioned = told["name"], told["ddoc"], told["partitioned"]
    automatic = automatic_name(definition, design=design, name=name, partitioned=partitioned, quorum=told["w"])
    design = automatic if design is None else design
    index = Index(
        design=check_doc_id(design if design.startswith(DESIGN) else DESIGN + design),
        name=automatic if name is None else name,
        fields=tuple(inner["fields"]),
        partial=inner["partial_filter_selector"],
        descending="desc" in inner["fields"].values(),
    )
    return NewIndex(index, definition, partitioned)


def read_bulk_delete(body: Mapping[str, Any]) -> list[str]:
    """The ids of design documents whose indexes are to go; raises BadQuery."""
    return [each if each.startswith(DESIGN) else DESIGN + each for each in _checked(body, _OF_BULK_DELETE)["docids"]]


def _checked(body: Mapping[str, Any], members: Members) -> dict[str, Any]:
    require_shallow(body)
    told = {}
    for name, default, check in members:
        if name not in body:
            if default is _REQUIRED:
                raise BadQuery(f"Missing required key: {name}", word="missing_required_key")
            told[name] = default
        else:
            told[name] = check(body[name])
    known = {name for name, _, _ in members}
    for name in body:
        if name not in known:
            raise BadQuery(f"Invalid key {name} for this request.", word="invalid_key")
    return told


def _anything(value: Any) -> Any:
    return value


def _selector(value: Any) -> Any:
    return to_json(normalize(value))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadQuery(f"Invalid boolean value: {bare(value)}", word="invalid_boolean")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadQuery(f"Invalid string: {bare(value)}", word="invalid_string")
    return value


def _name(value: Any) -> str:
    if value == "":
        raise BadQuery("Index name or ddoc cannot be empty string", word="invalid_empty_string")
    return _text(value)


def _natural(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadQuery(f"{bare(value)} is not an integer greater than or equal to zero", word="invalid_non_neg_integer")
    return value


def _positive(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BadQuery(f"{bare(value)} is not an integer greater than zero", word="invalid_pos_integer")
    return value


def _sort(value: Any) -> dict[str, str]:
    if not isinstance(value, list):
        raise BadQuery(f"Sort must be an array of sort specs, not: {readable(value)}", word="invalid_sort_json")
    told: dict[str, str] = {}
    for each in value:
        told |= _sort_field(each)
    if len(set(told.values())) > 1:
        raise BadQuery("Sorts currently only support a single direction for all fields.", word="unsupported_mixed_sort")
    return told


def _sort_field(value: Any) -> dict[str, str]:
    if isinstance(value, str) and value:
        return {value: "asc"}
    if isinstance(value, dict) and len(value) == 1 and set(value.values()) <= {"asc", "desc"}:
        return value
    raise BadQuery(f"Invalid sort field: {readable(value)}", word="invalid_sort_field")


def _fields(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise BadQuery(f"Fields must be an array of strings, not: {bare(value)}", word="invalid_fields")
    for each in value:
        if not isinstance(each, str):
            raise BadQuery(f"Invalid JSON for field spec: {bare(each)}", word="invalid_field")
    require_few(value)
    return value


def _use_index(value: Any) -> list[str]:
    if value is None or value == []:
        return []
    if isinstance(value, str):
        parts = value.split("/")
        if len(parts) > 1 and parts[0] == DESIGN[:-1]:
            parts = parts[1:]
        if len(parts) <= 2:
            return parts
    elif isinstance(value, list) and len(value) <= 2 and all(isinstance(each, str) for each in value):
        return value
    raise BadQuery(f"Invalid index name: {bare(value)}", word="invalid_index_name")


def _bookmark(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadQuery(f"Invalid bookmark value: {dump(value).decode()}", word="invalid_bookmark")
    return value


def _partition(value: Any) -> str:
    if value != "":
        raise UnreadableQuery("`partition` parameter is not supported on this db")
    return ""


def _partitioned(value: Any) -> bool:
    if value is not False:
        raise BadRequest("`partitioned` is not supported on this db")
    return False


def _stale(value: Any) -> Any:
    if value in ("ok", "false", False):
        return "ok" if value == "ok" else False
    raise BadQuery(f"Invalid boolean value: {bare(value)}", word="invalid_boolean")


def _doc_ids(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise BadQuery(
            f"Bulk Delete requires an array of non-null docids. Docids: {bare(value)}", word="invalid_bulk_docs"
        )
    for each in value:
        if not isinstance(each, str):
            raise BadQuery(f"Invalid index name: {bare(each)}", word="invalid_index_name")
        _use_index(each)
    return value


_OF_QUERY: Members = (
    ("selector", _REQUIRED, _selector),
    ("use_index", [], _use_index),
    ("bookmark", "", _bookmark),
    ("limit", DEFAULT_LIMIT, _natural),
    ("skip", 0, _natural),
    ("sort", {}, _sort),
    ("fields", [], _fields),
    ("partition", "", _partition),
    ("r", 1, _positive),
    ("conflicts", False, _flag),
    ("stale", False, _stale),
    ("update", True, _flag),
    ("stable", False, _flag),
    ("execution_stats", False, _flag),
    ("allow_fallback", True, _flag),
)
_OF_INDEX: Members = (
    ("index", _REQUIRED, _anything),
    ("type", "json", _text),
    ("name", None, _name),
    ("ddoc", None, _name),
    ("w", 2, _positive),
    ("partitioned", None, _partitioned),
)
_OF_DEFINITION: Members = (
    ("fields", _REQUIRED, _sort),
    ("partial_filter_selector", {}, _selector),
)
_OF_BULK_DELETE: Members = (
    ("docids", _REQUIRED, _doc_ids),
    ("w", 2, _positive),
)
