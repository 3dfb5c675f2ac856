"""How a query would be answered, as `_explain` tells it: the index, its range, and why the others do not serve.

source  CouchDB, `mango_cursor:explain/1`; CouchDB API, /{db}/_explain

Must not know: HTTP, how an index is kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.mango.design import definition_of
from sync.mango.planning import ALL_DOCS, Plan, Ranked, edges, named_by, offered, plan, refusals
from sync.mango.ranges import indexable_fields, ranges_of
from sync.mango.selector import Term, fields_of, normalize, to_json
from sync.values.queries import Index, Query
from sync.wire.problems import BadQuery

_MAX = "<MAX>"  # stands for what no JSON value can say: behind everything


def explain(query: Query, indexes: Sequence[Index], *, name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of `_explain`.

    indexes  every index declared in the database
    options  of the query, as CouchDB shows them
    raises   BadQuery when the query is bad; that no index serves is no error here
    """
    term = normalize(query.selector)
    try:
        chosen = plan(query, indexes)
    except BadQuery as error:
        if error.word != "no_usable_index":
            raise
        chosen = None
    told: dict[str, Any] = {
        "dbname": name,
        "index": index_json(chosen.index) if chosen else None,
        "partitioned": False,
        "selector": to_json(term),
        "opts": dict(options),
        "limit": query.limit,
        "skip": query.skip,
        "fields": list(query.fields),
        "index_candidates": _candidates(query, term, indexes, chosen),
        "selector_hints": [_hints(term)],
    }
    if chosen:
        # We read the document of every row, so that no index ever covers a query.
        told |= {"mrargs": _arguments(query, chosen, options), "covering": False}
    return told


def index_json(index: Index) -> dict[str, Any]:
    """An index as `_index` lists it."""
    if index is ALL_DOCS:
        return {"ddoc": None, "name": index.name, "type": "special", "def": definition_of(index)}
    return {
        "ddoc": index.design,
        "name": index.name,
        "type": "json",
        "partitioned": False,
        "def": definition_of(index),
    }


def _arguments(query: Query, chosen: Plan, options: Mapping[str, Any]) -> dict[str, Any]:
    start, end = _keys(chosen)
    if query.descending:
        start, end = end, start
    return {
        "include_docs": True,
        "view_type": "map",
        "reduce": False,
        "partition": None,
        "start_key": start,
        "end_key": end,
        "direction": "rev" if query.descending else "fwd",
        "stable": options["stable"] or options["stale"] == "ok",
        "update": query.update,
        "conflicts": True if query.conflicts else "undefined",
    }


def _keys(chosen: Plan) -> tuple[Any, Any]:
    if chosen.empty:
        return None, None
    low, high = edges(chosen.ranges)
    if not chosen.is_scan:
        return low, [*high, _MAX]
    lowest = "" if "_id" in ranges_of(chosen.term) else None
    return (low[0] if low else lowest), (high[0] if high else _MAX)


def _hints(term: Term) -> dict[str, Any]:
    indexable = set(indexable_fields(term))
    return {
        "type": "json",
        "indexable_fields": sorted(indexable),
        "unindexable_fields": sorted(set(fields_of(term)) - indexable),
    }


def _candidates(query: Query, term: Term, indexes: Sequence[Index], chosen: Plan | None) -> list[dict[str, Any]]:
    """Every index but the chosen one: whether it would do, why it was not taken, and its rank behind the chosen."""
    considered = offered(query, indexes)
    refused = [(index, words[0]) for index in considered if (words := refusals(index, term, query.sort))]
    partial = [(index, "is_partial") for index in indexes if index not in considered]
    ranked = chosen.ranked if chosen else ()
    taken = [index for index, _ in refused] + [one.index for one in ranked]
    left_over = [index for index in considered if index not in taken]
    by_name = any(named_by(query, one.index) for one in ranked)
    unfavoured = [(index, "unfavored_type") for index in left_over if not by_name]
    excluded = [(index, "excluded_by_user") for index in left_over if by_name]
    told = [_candidate(one.index, _less_good(one, ranked[0]), place) for place, one in enumerate(ranked) if place]
    rank = max(1, len(ranked))
    for group, usable in ((unfavoured, True), (excluded, True), (refused, False), (partial, False)):
        told += [_candidate(index, reason, rank, usable=usable) for index, reason in group]
        rank += bool(group)
    return sorted(told, key=_design_and_name, reverse=True)


def _less_good(one: Ranked, best: Ranked) -> str:
    if one.left > 0:
        return "less_overlap"
    return "too_many_fields" if len(one.index.fields) > len(best.index.fields) else "alphabetically_comes_after"


def _candidate(index: Index, reason: str, rank: int, *, usable: bool = True) -> dict[str, Any]:
    return {
        "index": index_json(index),
        "analysis": {
            "usable": usable,
            "reasons": [{"name": reason}],
            "ranking": rank,
            "covering": None if index is ALL_DOCS else False,
        },
    }


def _design_and_name(candidate: Mapping[str, Any]) -> tuple[bytes, bytes]:
    index = candidate["index"]
    return (index["ddoc"] or "").encode(), index["name"].encode()
