"""Which values of a field a selector can want: a range, narrowed condition by condition.

Only what stands under `$and` narrows; whatever else a selector says is left to filter by.

source  CouchDB, `mango_idx_view:field_ranges/1`

Must not know: indexes, documents.
"""

from collections.abc import Iterator
from typing import Any

from sync.mango.collation import BEHIND_ALL, sort_key
from sync.mango.fields import Path, join_field
from sync.mango.selector import Term
from sync.typed import Value, replace

_NARROWING = frozenset({"$lt", "$lte", "$eq", "$gt", "$gte", "$beginsWith", "$exists"})
_HIGHEST = "\uffff"  # collates behind every character


class Edge:
    """A place before or behind all values."""


MIN, MAX = Edge(), Edge()


class Range(Value):
    """Values from `low` to `high`; an edge is taken in unless its flag says otherwise.

    low, high  JSON values, or MIN and MAX
    """

    low: Any = MIN
    high: Any = MAX
    low_key: bytes = b""
    high_key: bytes = BEHIND_ALL
    includes_low: bool = False
    includes_high: bool = False

    def narrowed(self, operator: str, value: Any) -> "Range | None":
        """The part of it that a condition leaves; None when nothing is left."""
        if operator == "$beginsWith":
            above = self.narrowed("$gte", value)
            return above and above.narrowed("$lte", value + _HIGHEST)
        key = sort_key(value)
        if operator in ("$gt", "$gte", "$eq") and key >= self.low_key:
            included = operator != "$gt" and (key > self.low_key or self.includes_low)
            self = replace(self, low=value, low_key=key, includes_low=included)
        elif operator == "$eq":
            return None
        if operator in ("$lt", "$lte", "$eq"):
            if key > self.high_key:
                return None if operator == "$eq" else self
            included = operator != "$lt" and (key < self.high_key or self.includes_high)
            self = replace(self, high=value, high_key=key, includes_high=included)
        return None if self._is_empty() else self

    def _is_empty(self) -> bool:
        if self.low_key == self.high_key:
            return not (self.includes_low and self.includes_high)
        return self.low_key > self.high_key


Ranges = dict[str, Range | None]


def ranges_of(term: Term) -> Ranges:
    """The range of each field an index could narrow by; a field whose range is None can have no value at all."""
    ranges: Ranges = {}
    for path in sorted(set(_indexable(term))):
        found: Range | None = Range()
        for operator, value in _conditions(term, path):
            found = found and found.narrowed(operator, value)
        if found is None:
            return {join_field(path): None}
        ranges[join_field(path)] = found
    return ranges


def indexable_fields(term: Term) -> list[str]:
    """The names of the fields an index could narrow by."""
    return [join_field(path) for path in sorted(set(_indexable(term)))]


def _indexable(term: Term) -> Iterator[Path]:
    if term.name == "$and":
        for each in term.argument:
            yield from _indexable(each)
    elif isinstance(term.name, tuple) and term.argument.name in _NARROWING:
        yield term.name


def _conditions(term: Term, path: Path) -> Iterator[tuple[str, Any]]:
    if term.name == "$and":
        for each in term.argument:
            yield from _conditions(each, path)
    elif term.name == path and term.argument.name in _NARROWING - {"$exists"}:
        yield term.argument.name, term.argument.argument
