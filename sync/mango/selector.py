"""Selectors: read, checked, and brought into CouchDB's normal form.

    {"a": {"b": {"$gt": 1, "$lt": 5}}, "c": 2}
    {"$and": [{"$and": [{"a.b": {"$gt": 1}}, {"a.b": {"$lt": 5}}]}, {"c": {"$eq": 2}}]}

Three passes, as in CouchDB, because each error belongs to one of them: every condition gets its
operator, the names of fields move down to the operators, negations move down as far as they can.

source  CouchDB, `mango_selector:normalize/1`

Must not know: documents, indexes.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sync.mango.erlang_text import bare
from sync.mango.fields import Path, join_field, parse_field, require_shallow
from sync.mango.patterns import compile_pattern
from sync.typed import Value
from sync.wire.problems import BadQuery


class Term(Value):
    """One member of a selector.

    name      an operator, or the path of a field (the empty path is the value itself)
    argument  of `$and`, `$or`, `$nor`: terms; of `$not`, `$elemMatch` … and of a field: one term;
              of the other operators: the JSON value. None for the empty selector
    """

    name: str | Path
    argument: Any


EVERYTHING = Term("$everything", None)
# Each is asked of every document, and a pattern may take the tenth of a second of one.
_MOST_CONDITIONS = 1000
_CONDITIONS_OF_A_PATTERN = 50
# Operators whose argument is itself a condition.
NESTING = ("$elemMatch", "$allMatch", "$keyMapMatch")
_JOINING = ("$and", "$or", "$nor")
_UNSUPPORTED = ("$where", "$geoWithin", "$geoIntersects", "$near", "$nearSphere")
_TEXT_ONLY = ("$regex", "$beginsWith")  # CouchDB knows no such operators for anything else
_OPPOSITES = {
    "$lt": "$gte", "$lte": "$gt", "$eq": "$ne", "$ne": "$eq", "$gte": "$lt", "$gt": "$lte", "$in": "$nin", "$nin": "$in"
}  # fmt: skip


def normalize(selector: Any) -> Term:
    """The normal form of a selector.

    selector  a JSON object
    raises    BadQuery in CouchDB's words
    """
    if not isinstance(selector, dict):
        raise BadQuery(f"Selector must be a JSON object, not: {bare(selector)}", word="invalid_selector_json")
    require_shallow(selector)
    if not selector:
        return EVERYTHING
    operated = _operated(selector)
    if _weight(operated) > _MOST_CONDITIONS:
        raise BadQuery(
            f"A selector has at most {_MOST_CONDITIONS} conditions; a pattern is {_CONDITIONS_OF_A_PATTERN} of them."
        )
    term = _pushed(_named(operated, ()))
    if term.name == ():
        raise BadQuery("One or more conditions is missing a field name.", word="invalid_selector")
    return term


def to_json(term: Term) -> Any:
    """A normal form as the JSON value CouchDB shows in `_explain` and keeps in design documents."""
    if term is EVERYTHING:
        return {}
    if isinstance(term.name, tuple):
        return {join_field(term.name): to_json(term.argument)}
    if isinstance(term.argument, Term):
        return {term.name: to_json(term.argument)}
    if term.name in _JOINING:
        return {term.name: [to_json(each) for each in term.argument]}
    return {term.name: term.argument}


def fields_of(term: Term) -> Iterator[str]:
    """The names of the fields a selector looks at; what lies within `$elemMatch` and its like is not named."""
    if isinstance(term.name, tuple):
        yield join_field(term.name)
    elif term.name in _JOINING:
        for each in term.argument:
            yield from fields_of(each)


def has_text_search(term: Term) -> bool:
    """Whether a selector asks for full text anywhere."""
    if term.name == "$default":
        return True
    inner = term.argument if isinstance(term.argument, tuple) else (term.argument,)
    return any(isinstance(each, Term) and has_text_search(each) for each in inner)


# Every condition gets its operator.


def _operated(value: Any) -> Term:
    if not isinstance(value, dict) or not value:
        return Term("$eq", value)
    if len(value) > 1:
        return Term("$and", tuple(_operated({name: member}) for name, member in value.items()))
    ((name, argument),) = value.items()
    if not name.startswith("$"):
        return Term(name, _operated(argument))
    if name in _UNSUPPORTED:
        raise BadQuery(f"Unsupported operator: {name}", word="not_supported")
    if name not in _CHECKS or (name in _TEXT_ONLY and not isinstance(argument, str)):
        raise BadQuery(f"Invalid operator: {name}", word="invalid_operator")
    if not _CHECKS[name](argument):
        raise BadQuery(f"Bad argument for operator {name}: {bare(argument)}", word="bad_arg")
    if name in _JOINING:
        return Term(name, tuple(_operated(each) for each in argument))
    if name == "$not" or name in NESTING:
        return Term(name, _operated(argument))
    if name == "$text":
        return Term("$default", Term(name, argument))
    return Term(name, argument)


def _weight(term: Term) -> int:
    """How much a selector has to ask of each document."""
    if term.name in _JOINING:
        return 1 + sum(map(_weight, term.argument))
    if isinstance(term.argument, Term):
        return _weight(term.argument)
    if term.name == "$all":
        return len(term.argument)
    return _CONDITIONS_OF_A_PATTERN if term.name == "$regex" else 1


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_mod(value: Any) -> bool:
    # CouchDB takes a divisor of 0 here and fails with a 500 on the first number it meets.
    return isinstance(value, list) and len(value) == 2 and all(_is_whole(each) for each in value) and value[0] != 0


def _anything(_: Any) -> bool:
    return True


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys((*_JOINING, "$in", "$nin", "$all"), _is(list)),
    **dict.fromkeys(("$not", *NESTING), _is(dict)),
    **dict.fromkeys(("$lt", "$lte", "$eq", "$ne", "$gte", "$gt"), _anything),
    **dict.fromkeys(("$type", "$beginsWith"), _is(str)),
    "$exists": _is(bool),
    "$mod": _is_mod,
    "$size": lambda value: _is_whole(value) and value >= 0,
    "$regex": lambda value: compile_pattern(value) is not None,
    "$text": _is(str, int, float, bool),
}


# The names of fields move down to the operators.


def _named(term: Term, path: Path, *, within: bool = False) -> Term:
    """Move names down; `within` `$elemMatch` and its like, "" names the item itself, as CouchDB writes it."""
    name, argument = term.name, term.argument
    if name in _JOINING:
        return Term(name, tuple(_named(each, path, within=within) for each in argument))
    if name == "$not":
        return Term(name, _named(argument, path, within=within))
    if name in NESTING:
        return Term(path, Term(name, _named(argument, (), within=True)))
    if name == "$default":
        if path:
            shown = {"$default": {"$text": argument.argument}}
            raise BadQuery(f"Invalid field normalization on selector: {bare(shown)}", word="bad_field")
        return term
    if isinstance(name, str) and not name.startswith("$"):
        return _named(argument, path if within and not name else path + parse_field(name), within=within)
    return Term(path, term)


# Negations move down as far as they can.


def _pushed(term: Term) -> Term:
    name, argument = term.name, term.argument
    if name == "$not":
        return _negated(argument)
    if name == "$nor":
        return Term("$and", tuple(_negated(each) for each in argument))
    if name in ("$and", "$or"):
        return Term(name, tuple(_pushed(each) for each in argument))
    return term


def _negated(term: Term) -> Term:
    name, argument = term.name, term.argument
    if name == "$not":
        return _pushed(argument)
    if name == "$nor":
        return Term("$or", tuple(_pushed(each) for each in argument))
    if name == "$and":
        return Term("$or", tuple(_negated(each) for each in argument))
    if name == "$or":
        return Term("$and", tuple(_negated(each) for each in argument))
    if name == "$default":
        shown = {"$default": {"$text": argument.argument}}
        raise BadQuery(f"Bad argument for operator $not: {bare(shown)}", word="bad_arg")
    if name in _OPPOSITES:
        return Term(_OPPOSITES[str(name)], argument)
    if name == "$exists":
        return Term(name, not argument)
    if isinstance(name, tuple):
        return Term(name, _negated(argument))
    return Term("$not", term)
