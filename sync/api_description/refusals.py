"""What a route may refuse, by what it says of itself and by what it has: who may ask, what it reads.

Must not know: OpenAPI, which routes there are.
"""

from collections.abc import Iterable, Iterator, Mapping

from flask import Flask

from sync.errors import (
    BadRequest,
    DiskFull,
    Forbidden,
    Invalid,
    NotFound,
    PageExpired,
    SyncError,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    UnsupportedType,
)
from sync.node.acts.answer_once import KeyReused
from sync.web.describing import Key, Operation
from sync.web.limits import is_limited
from sync.web.problem_table import Problem
from sync.web.problems import problem_table
from sync.web.sessions import admits

_CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def refusals_of(
    app: Flask, view: object, operation: Operation, *, path: str, method: str, names: Iterable[str]
) -> Mapping[int, list[Problem]]:
    """{status: what is refused with it}, each once, by status.

    names  what stands open in the address
    """
    table = problem_table(app)
    found: dict[int, dict[str, Problem]] = {}
    counted = (TooManyRequests,) if is_limited(path) else ()
    for kind in (*counted, *_kinds(view, operation, method, tuple(names))):
        problem = table[next(one for one in kind.__mro__ if one in table)]
        found.setdefault(problem.status, {})[problem.name] = problem
    return {status: list(found[status].values()) for status in sorted(found)}


def _kinds(view: object, operation: Operation, method: str, names: tuple[str, ...]) -> Iterator[type[SyncError]]:
    if admits(view) is not None:
        yield from (Unauthorized, Forbidden)
    if names:
        yield NotFound
    if operation.query is not None:
        yield Invalid
        if "cursor" in operation.query().fields:
            yield BadRequest
    if operation.body is not None:
        yield from (BadRequest, TooLarge, UnsupportedType, Invalid)
    if operation.key is not Key.NONE:
        yield from (BadRequest, KeyReused)
    if method in _CHANGING:
        yield from (PageExpired, DiskFull) if admits(view) is not None else (DiskFull,)
    yield from operation.refusals
