"""What a listing is asked for: CouchDB's parameters, told behind the question mark or in the body, and its sentences
when they make no sense.

Listings are views to CouchDB, so they take a view's parameters too, and refuse what a view without `reduce` refuses.
A key that is no text stands before all text: `endkey={}` ends before the first document.

source  CouchDB API, /{db}/_all_docs; `couch_mrview_http:parse_param/4`

Must not know: databases, requests.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.errors import BadRequest
from sync.typed import Value
from sync.values.changes import Span
from sync.values.json_text import dump, parse
from sync.wire.problems import UnreadableQuery

# Sizes beyond this mean "all"; a larger number would not fit SQLite's integers.
_LARGEST_COUNT = 2**53
_EVERYTHING = Span()
_KEY_NAMES = ("key", "startkey", "start_key", "endkey", "end_key")
_WORDS = {
    "stale": ("ok", "update_after"),
    "stable": ("true", "false"),
    "update": ("true", "false", "lazy"),
}


class Options(Value):
    """One listing.

    span  which ids; its limit is 0 when no text can lie in the range
    keys  the keys asked for, instead of a range; of any type
    """

    span: Span = _EVERYTHING
    keys: Sequence[Any] | None = None
    include_docs: bool = False
    attachments: bool = False
    conflicts: bool = False
    update_seq: bool = False


def read_options(
    query: Mapping[str, str], members: Mapping[str, Any] | None = None, *, keys: Sequence[Any] | None = None
) -> Options:
    """Read the parameters of one listing.

    query    text from behind the question mark; has the word over `members`
    members  values from a body
    raises   UnreadableQuery, BadRequest
    """
    told = _Told({**{name: _Decoded(value) for name, value in (members or {}).items()}, **query})
    told.refuse_what_no_listing_does()
    if keys is None and "keys" in told.values:
        keys = _listed(told.json("keys"))
    if keys is not None and any(name in told.values for name in _KEY_NAMES):
        raise UnreadableQuery("`keys` is incompatible with `key`, `start_key` and `end_key`")
    return Options(
        span=_span(told),
        keys=keys,
        include_docs=told.flag("include_docs"),
        attachments=told.flag("attachments"),
        conflicts=told.flag("conflicts"),
        update_seq=told.flag("update_seq"),
    )


class _Decoded(Value):
    """A value from a body, which is JSON already."""

    value: Any


class _Told(Value):
    values: Mapping[str, "str | _Decoded"]

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        value = _plain(self.values.get(name, otherwise))
        if isinstance(value, bool):
            return value
        word = value.lower() if isinstance(value, str) else ""
        if word not in ("true", "false"):
            raise UnreadableQuery(f"Invalid boolean parameter: {_erlang(value)}")
        return word == "true"

    def count(self, name: str) -> int | None:
        if name not in self.values:
            return None
        told = self.values[name]
        number = _integer(_plain(told), decoded=isinstance(told, _Decoded))
        if number is None:
            raise UnreadableQuery(f"Invalid value for integer: {_erlang(told)}")
        if number < 0:
            raise UnreadableQuery(f"Invalid value for positive integer: {_erlang(told)}")
        return min(number, _LARGEST_COUNT)

    def json(self, *names: str) -> Any:
        for name in names:
            if name in self.values:
                value = self.values[name]
                return value.value if isinstance(value, _Decoded) else parse(value)
        return None

    def has(self, *names: str) -> bool:
        return any(name in self.values for name in names)

    def refuse_what_no_listing_does(self) -> None:
        for name, words in _WORDS.items():
            if name in self.values:
                value = _plain(self.values[name])
                if (dump(value).decode() if isinstance(value, bool) else value) not in words:
                    raise UnreadableQuery(f"Invalid value for `{name}`.")
        for name in ("sorted", "att_encoding_info"):  # rows always come sorted, and no file is kept packed
            self.flag(name)
        if self.flag("reduce"):
            raise UnreadableQuery("Reduce is invalid for map-only views.")
        if self.flag("group") or self.count("group_level") is not None:
            raise UnreadableQuery("Invalid use of grouping on a map view.")


def _listed(keys: Any) -> Sequence[Any]:
    if not isinstance(keys, list):
        raise UnreadableQuery("`keys` must be an array of strings.")
    return keys


def _span(told: _Told) -> Span:
    """The range asked for; one that no text can lie in has the limit 0."""
    descending = told.flag("descending")
    inclusive = told.flag("inclusive_end", otherwise=True)
    start, end = told.json("startkey", "start_key"), told.json("endkey", "end_key")
    starts, ends = told.has("startkey", "start_key"), told.has("endkey", "end_key")
    if told.has("key"):
        start = end = told.json("key")
        starts = ends = inclusive = True
    skip, limit = told.count("skip") or 0, told.count("limit")
    if descending and starts and not isinstance(start, str):
        return Span(limit=0, skip=_LARGEST_COUNT)  # everything lies before it
    if not descending and ends and not isinstance(end, str):
        return Span(limit=0)
    return Span(
        start=start if isinstance(start, str) else None,
        end=end if isinstance(end, str) else None,
        inclusive_end=inclusive,
        descending=descending,
        skip=skip,
        limit=limit,
    )


def _plain(told: Any) -> Any:
    return told.value if isinstance(told, _Decoded) else told


def _integer(value: Any, *, decoded: bool) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if decoded or not isinstance(value, str):
        return None
    digits = value.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return None
    return (-1 if value.startswith("-") else 1) * (int(digits) if len(digits) < 20 else _LARGEST_COUNT)


def _erlang(told: Any) -> str:
    """A value as CouchDB shows it in a sentence: text of an address is a list there, of a body a binary."""
    value = _plain(told)
    if isinstance(value, str):
        if isinstance(told, _Decoded):
            return f'<<"{value}">>'
        return f'"{value}"' if value else "[]"
    try:
        return dump(value).decode()
    except BadRequest:
        return "?"
