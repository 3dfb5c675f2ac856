"""Names of fields: `a.b` is the member `b` of the member `a`, `a\\.b` the member `a.b`, `a.0` the first item of `a`.

source  CouchDB, `mango_util:parse_field/1`, `mango_doc:get_field/2`, `mango_doc:set_field/3`

Must not know: selectors.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sync.wire.problems import BadQuery

Path = tuple[str, ...]

DEEPEST = 100  # levels of a value that are looked at
# Characters of a name. What it leads through is remembered, and of ten million that nobody wrote by hand that is 50 MB.
_LONGEST = 2000
_MOST_FIELDS = 1000  # asked for at once; each is looked for in every document
_DOT = re.compile(r"(?<!\\)\.")


class _Missing:
    """What a path leads to that leads nowhere; null is something else."""


MISSING = _Missing()


@lru_cache(maxsize=1024)
def parse_field(name: str) -> Path:
    """The members a name leads through; raises BadQuery when one of them is empty, or the name longer than any is."""
    if not is_field(name):
        raise BadQuery(f"Invalid field name: {name[:_LONGEST]}", word="invalid_field_name")
    return tuple(part.replace("\\", "") for part in _DOT.split(name))


def is_field(name: str) -> bool:
    """Whether a name leads anywhere."""
    return len(name) <= _LONGEST and all(_DOT.split(name))


def join_field(path: Path) -> str:
    """The name of a path, as CouchDB shows it."""
    return ".".join(path)


def get_field(value: Any, path: Path) -> Any:
    """What a path leads to; MISSING when it leads nowhere."""
    for name in path:
        if isinstance(value, dict):
            value = value.get(name, MISSING)
        elif isinstance(value, list):
            place = _place(name)
            value = value[place] if place is not None and place < len(value) else MISSING
        else:
            return MISSING
    return value


def project(fields: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """An object of those fields alone that are there, nested as they were."""
    told: dict[str, Any] = {}
    for name in names:
        path = parse_field(name)
        value = get_field(fields, path)
        if value is MISSING:
            continue
        within: Any = told
        for step in path[:-1]:
            within = within.setdefault(step, {})
            if not isinstance(within, dict):
                break
        else:
            within[path[-1]] = value
    return told


def require_few(names: Sequence[str]) -> None:
    """Raise BadQuery when more fields are asked for than anyone writes."""
    if len(names) > _MOST_FIELDS:
        raise BadQuery(f"A query has at most {_MOST_FIELDS} fields.", word="invalid_fields")


def require_shallow(value: Any) -> None:
    """Raise BadQuery when a value is nested beyond what anyone writes: what walks it would run out of stack."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _within(each)]
        if not level:
            return
    raise BadQuery(f"The query is nested more than {DEEPEST} levels deep.", word="bad_request")


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _place(name: str) -> int | None:
    return int(name) if name.isascii() and name.isdigit() and len(name) < 10 else None
