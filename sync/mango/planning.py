"""Which index answers a query, over which range of it.

An index serves when every document that can match is in it: the selector must need all its fields,
unless they are sorted by (sorting needs them by itself). Of those that serve, the one whose fields
the selector narrows most is taken, then the one with the fewest fields, then the first by name.
`_all_docs` serves anything that is not sorted otherwise, and says that an index would help.

source  CouchDB, `mango_idx:get_usable_indexes/4`, `mango_cursor_view:choose_best_index/1`

Must not know: how an index is kept.
"""

from collections.abc import Sequence

from sync.mango.collation import BEHIND_ALL, row_key
from sync.mango.fields import Path, parse_field
from sync.mango.ranges import MAX, MIN, Range, Ranges, indexable_fields, ranges_of
from sync.mango.selector import EVERYTHING, Term, has_text_search, normalize
from sync.typed import Value
from sync.values.queries import Index, Query
from sync.wire.names import DESIGN
from sync.wire.problems import BadQuery

ALL_DOCS = Index("", "_all_docs", ("_id",))
_NOTHING_AT_ALL = ("$and", "$or")  # at the top of a selector, empty, CouchDB answers nothing


class Ranked(Value):
    """An index that serves, and how much of the selector it leaves to filter by."""

    index: Index
    ranges: tuple[Range | None, ...]
    left: int


class Plan(Value):
    """How a query is answered.

    ranges   one per leading field of the index that the selector narrows
    empty    nothing can match, so nothing is looked at
    warning  CouchDB's sentences on an index that was asked for and did not serve, or that there is none
    ranked   all indexes of its kind that serve, the chosen one first
    """

    index: Index
    term: Term
    ranges: tuple[Range, ...]
    empty: bool = False
    warning: str = ""
    ranked: tuple[Ranked, ...] = ()

    @property
    def is_scan(self) -> bool:
        """Whether it is `_all_docs` that answers."""
        return self.index is ALL_DOCS

    def bounds(self) -> tuple[bytes, bytes]:
        """The first and the last bytes a key of the index may have; both may be taken in."""
        low, high = edges(self.ranges)
        return row_key(low), row_key(high) + BEHIND_ALL

    def ids(self) -> tuple[str | None, str | None] | None:
        """The first and the last id of a scan, by their bytes; None for open, and altogether when no id lies there.

        In `_all_docs` text stands behind everything else, as `_id` is compared in a selector.
        """
        low, high = edges(self.ranges)
        if high and not isinstance(high[0], str):
            return None
        first = low[0] if low and isinstance(low[0], str) else None
        last = high[0] if high and isinstance(high[0], str) else None
        return first, last


def edges(ranges: Sequence[Range]) -> tuple[list[object], list[object]]:
    """The values of the first and the last row of the range, as far as they are known."""
    low, high = [], []
    for each in ranges:
        if each.low is MIN:
            break
        low.append(each.low)
    for each in ranges:
        if each.high is MAX:
            break
        high.append(each.high)
    return low, high


def plan(query: Query, indexes: Sequence[Index]) -> Plan:
    """Choose among the indexes of a database.

    raises  BadQuery when the selector is bad, or when no index serves
    """
    term = normalize(query.selector)
    usable = [index for index in offered(query, indexes) if not refusals(index, term, query.sort)]
    if not usable:
        raise BadQuery("No index exists for this sort, try indexing by the sort fields.", word="no_usable_index")
    chosen = [index for index in usable if named_by(query, index)]
    if not chosen:
        if not (query.allow_fallback or (not query.use_index and len(usable) > 1)):
            raise BadQuery(_not_suitable(query), word="invalid_index")
        chosen = usable
    ranked = rank(chosen, ranges_of(term))
    best = ranked[0]
    ranges = tuple(each for each in best.ranges if each is not None)
    return Plan(
        index=best.index,
        term=term,
        ranges=ranges,
        empty=best.ranges[:1] == (None,) or (term.name in _NOTHING_AT_ALL and not term.argument),
        warning=_warning(query, best.index),
        ranked=tuple(ranked),
    )


def offered(query: Query, indexes: Sequence[Index]) -> list[Index]:
    """What may be considered: partial indexes only when asked for by name."""
    ordered = sorted(indexes, key=lambda index: (index.design.encode(), index.name.encode()))
    return [ALL_DOCS, *(index for index in ordered if not index.partial or named_by(query, index))]


def refusals(index: Index, term: Term, sort: Sequence[str]) -> list[str]:
    """Why an index does not serve, in CouchDB's words; nothing when it does."""
    if index is ALL_DOCS:
        if not sort:
            return []
        fits = "_id" in indexable_fields(term), tuple(sort) == ("_id",)
        words = ("field_mismatch", "sort_order_mismatch")
        return [word for word, fit in zip(words, fits, strict=True) if not fit]
    required = {parse_field(name) for name in set(index.fields) - set(sort) - {"_id", "_rev"}}
    found = []
    if has_text_search(term):
        found.append("needs_text_search")
    if _not_required(term, required):
        found.append("field_mismatch")
    if not _sorts(index.fields, tuple(sort), term):
        found.append("sort_order_mismatch")
    return found


def rank(usable: Sequence[Index], ranges: Ranges) -> list[Ranked]:
    """Those of the preferred kind, best first."""
    kind = [index for index in usable if index is not ALL_DOCS]
    if not kind:
        # As a last resort every id will do, so that there is always a range.
        ranges = {**ranges, "_id": ranges.get("_id", Range())}
        kind = [ALL_DOCS]
    found = [Ranked(index, _prefix(index, ranges), len(ranges) - len(_prefix(index, ranges))) for index in kind]
    return sorted(
        found,
        key=lambda one: (one.left, len(one.index.fields), one.index.design.encode(), one.index.name.encode()),
    )


def named_by(query: Query, index: Index) -> bool:
    """Whether the query asks for this index by name."""
    if not query.use_index or index is ALL_DOCS:
        return False
    design, *name = query.use_index
    wanted = design if design.startswith(DESIGN) else DESIGN + design
    return index.design == wanted and (not name or index.name == name[0])


def _prefix(index: Index, ranges: Ranges) -> tuple[Range | None, ...]:
    found = []
    for name in index.fields:
        if name not in ranges:
            break
        found.append(ranges[name])
    return tuple(found)


def _not_required(term: Term, fields: set[Path]) -> set[Path]:
    """Those of the fields that a document may lack and still match."""
    if term is EVERYTHING or not fields:
        return fields
    if term.name == "$and":
        for each in term.argument:
            fields = _not_required(each, fields)
        return fields
    if term.name == "$or":
        return {path for each in term.argument for path in _not_required(each, fields)}
    if isinstance(term.name, tuple) and (term.argument.name, term.argument.argument) != ("$exists", False):
        return fields - {term.name}
    return fields


def _sorts(columns: tuple[str, ...], sort: tuple[str, ...], term: Term) -> bool:
    """Whether the rows stand as asked: the sort begins behind fields that have one value only."""
    if not sort:
        return True
    for place, column in enumerate(columns):
        if column == sort[0]:
            return columns[place : place + len(sort)] == sort
        if not _is_constant(term, parse_field(column)):
            return False
    return False


def _is_constant(term: Term, path: Path) -> bool:
    if term.name == "$and":
        return any(_is_constant(each, path) for each in term.argument)
    return term.name == path and term.argument.name == "$eq"


def _shown(query: Query) -> str:
    design, *name = query.use_index
    return ", ".join([DESIGN + design.removeprefix(DESIGN), *name])


def _not_suitable(query: Query) -> str:
    if not query.use_index:
        return "You must specify an index with the `use_index` parameter."
    return f"{_shown(query)} specified by `use_index` could not be found or it is not suitable."


def _warning(query: Query, index: Index) -> str:
    told = []
    if query.use_index and not named_by(query, index):
        kind = "a valid index" if len(query.use_index) > 1 else "contain a valid index"
        verb = "is not" if len(query.use_index) > 1 else "does not"
        told.append(f"{_shown(query)} was not used because it {verb} {kind} for this query.")
    if index is ALL_DOCS:
        told.append("No matching index found, create an index to optimize query time.")
    return "\n".join(told)
