"""Whether a document fits a selector.

    open_cases = compiled({"type": "case", "status": {"$in": ["open", "held"]}})    # BadQuery on a bad one
    open_cases(members(document))                                                     # True or False

`compiled` reads the selector once and gives a function; `members` gives a document as CouchDB's
selectors see it, with `_id`, `_rev`, `_deleted` and `_attachments` beside the body. For a document
already at hand as a dict in CouchDB's shape, hand in that dict. `matches(selector, fields)` does both
steps for one document.

Rules worth knowing, all of them CouchDB's: a condition on a missing field fails, whatever it says,
except `{"$exists": false}`; comparing is collating (`sync.mango.collation`), so 1 equals 1.0 and any
text is greater than any number; but `_id` is compared by its bytes, as documents are listed; `$all` alone
asks for identical values, member order included.

source  CouchDB, `mango_selector:match/3`; CouchDB API, Selector Syntax

Must not know: indexes, where documents come from.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sync.errors import NotOffered
from sync.mango.collation import sort_key
from sync.mango.fields import MISSING, get_field
from sync.mango.patterns import compile_pattern
from sync.mango.selector import Term, normalize
from sync.revisions.revision import Revision
from sync.typed import replace
from sync.values.documents import Document
from sync.wire.attachments import write_attachments
from sync.wire.problems import BadQuery

CONFLICTS = "_conflicts"
NO_TEXT_INDEXES = "Yizhan has no full-text indexes: use $regex or $beginsWith, over an index of type json."

# For all documents of one query together. Honest conditions take microseconds for each; patterns that are given up at
# the next text again, and lists compared with lists, would take hours.
_PATIENCE_SECONDS = 10.0

Test = Callable[[Any], bool]
# A value as bytes to be compared.
Key = Callable[[Any], bytes]


def matches(selector: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    """Whether a document, as a dict in CouchDB's shape, fits a selector; raises BadQuery on a bad selector."""
    return compiled(selector)(fields)


def compiled(selector: Mapping[str, Any]) -> Test:
    """A selector as a function of documents; raises BadQuery, in CouchDB's words."""
    return tester(normalize(selector))


def members(document: Document, conflicts: Sequence[Revision] = ()) -> dict[str, Any]:
    """A document as selectors see it; `conflicts` are its other live leaves, where they are to be seen."""
    told: dict[str, Any] = {"_id": document.id, "_rev": str(document.revision)}
    if document.deleted:
        told["_deleted"] = True
    told |= document.fields()
    if document.attachments:
        told["_attachments"] = write_attachments([replace(file, data=None) for file in document.attachments])
    if conflicts:
        told[CONFLICTS] = [str(revision) for revision in conflicts]
    return told


def within_patience(test: Test, *, seconds: float = _PATIENCE_SECONDS) -> Test:
    """The same function for one query: it raises BadQuery where it has taken longer, in all, than any honest one."""
    spent = 0.0

    def patient(value: Any) -> bool:
        nonlocal spent
        if spent > seconds:
            raise BadQuery("The selector takes too long to be compared with documents.")
        begun = time.perf_counter()
        fits = test(value)
        spent += time.perf_counter() - begun
        return fits

    return patient


def tester(term: Term) -> Test:
    """A normal form as a function of a JSON value; raises NotOffered on full text."""
    return _tester(term, sort_key)


def _tester(term: Term, key: Key) -> Test:
    if isinstance(term.name, tuple):
        return _of_field(term)
    if term.name in _COMPARING:
        return _COMPARING[term.name](term.argument, key)
    return _TESTS[term.name](term.argument)


def _id_key(value: Any) -> bytes:
    """As CouchDB compares ids: text by its bytes, behind everything else."""
    return b"\x01" + value.encode() if isinstance(value, str) else b"\x00"


def _of_field(term: Term) -> Test:
    path, condition = term.name, term.argument
    assert isinstance(path, tuple)
    if condition.name == "$exists" and condition.argument is False:
        return lambda value: get_field(value, path) is MISSING
    test = _tester(condition, _id_key if path == ("_id",) else sort_key)

    def of_field(value: Any) -> bool:
        found = get_field(value, path)
        return found is not MISSING and test(found)

    return of_field


def _everything(_: Any) -> Test:
    return lambda value: True


def _all_of(terms: tuple[Term, ...]) -> Test:
    tests = [tester(each) for each in terms]
    return lambda value: all(test(value) for test in tests)


def _any_of(terms: tuple[Term, ...]) -> Test:
    if not terms:
        return lambda value: True
    tests = [tester(each) for each in terms]
    return lambda value: any(test(value) for test in tests)


def _none_of(_: tuple[Term, ...]) -> Test:
    # Negations are moved down outside `$elemMatch` and its like; within, CouchDB matches nothing by `$nor`.
    return lambda value: False


def _not(term: Term) -> Test:
    test = tester(term)
    return lambda value: not test(value)


def _comparing(holds: Callable[[bytes, bytes], bool]) -> Callable[[Any, Key], Test]:
    def against(argument: Any, key: Key) -> Test:
        there = key(argument)
        return lambda value: holds(key(value), there)

    return against


def _in(arguments: list[Any], key: Key) -> Test:
    keys = {key(each) for each in arguments}

    def within(value: Any) -> bool:
        if isinstance(value, list):
            return any(key(each) in keys for each in value)
        return key(value) in keys

    return within


def _not_in(arguments: list[Any], key: Key) -> Test:
    within = _in(arguments, key)
    return lambda value: not within(value)


def _all(arguments: list[Any]) -> Test:
    def holds(value: Any) -> bool:
        if not arguments or not isinstance(value, list):
            return False
        if all(any(_identical(each, argument) for each in value) for argument in arguments):
            return True
        return len(arguments) == 1 and isinstance(arguments[0], list) and sort_key(arguments[0]) == sort_key(value)

    return holds


def _any_item(term: Term) -> Test:
    test = tester(term)
    return lambda value: isinstance(value, list) and any(test(each) for each in value)


def _every_item(term: Term) -> Test:
    test = tester(term)
    return lambda value: isinstance(value, list) and bool(value) and all(test(each) for each in value)


def _any_name(term: Term) -> Test:
    test = tester(term)
    return lambda value: isinstance(value, dict) and any(test(each) for each in value)


def _exists(wanted: bool) -> Test:
    return lambda value: wanted


def _type(wanted: str) -> Test:
    return lambda value: _kind(value) == wanted


def _mod(argument: list[int]) -> Test:
    divisor, remainder = argument

    def holds(value: Any) -> bool:
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        # As in C and Erlang the remainder has the sign of what is divided.
        left = abs(value) % abs(divisor)
        return (left if value >= 0 else -left) == remainder

    return holds


def _begins_with(prefix: str) -> Test:
    return lambda value: isinstance(value, str) and value.startswith(prefix)


def _regex(text: str) -> Test:
    pattern = compile_pattern(text)
    assert pattern is not None, "the selector was checked"
    return lambda value: isinstance(value, str) and pattern.found_in(value.encode())


def _size(wanted: int) -> Test:
    return lambda value: isinstance(value, list) and len(value) == wanted


def _full_text(_: Any) -> Test:
    # CouchDB without a search engine answers everything here.
    raise NotOffered(NO_TEXT_INDEXES)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, dict) else "array"


def _identical(one: Any, other: Any) -> bool:
    """Equal without any collation: 1 is not 1.0, and members stand in the same order."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(_identical(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, dict):
        return list(one) == list(other) and all(_identical(one[name], other[name]) for name in one)
    return bool(one == other)


_COMPARING: dict[str, Callable[[Any, Key], Test]] = {
    "$lt": _comparing(lambda here, there: here < there),
    "$lte": _comparing(lambda here, there: here <= there),
    "$eq": _comparing(lambda here, there: here == there),
    "$ne": _comparing(lambda here, there: here != there),
    "$gte": _comparing(lambda here, there: here >= there),
    "$gt": _comparing(lambda here, there: here > there),
    "$in": _in,
    "$nin": _not_in,
}
_TESTS: dict[str, Callable[[Any], Test]] = {
    "$everything": _everything,
    "$and": _all_of,
    "$or": _any_of,
    "$nor": _none_of,
    "$not": _not,
    "$all": _all,
    "$elemMatch": _any_item,
    "$allMatch": _every_item,
    "$keyMapMatch": _any_name,
    "$exists": _exists,
    "$type": _type,
    "$mod": _mod,
    "$beginsWith": _begins_with,
    "$regex": _regex,
    "$size": _size,
    "$default": _full_text,
}
