"""What a route says of itself beside its code, so that the description of the API is made and not written twice.

    _OF_CASES = Shapes("sync.case_api.answer_schemas")

    @described(D_("See a case"), tag=D_("Cases"), answer=_OF_CASES.CaseAnswer, etag=True)
    @signed_in(*STAFF)
    def shown(case_id: str) -> ResponseReturnValue: ...

What follows from the rest is not said: who may ask (`signed_in`), what stands in the address, and the refusals
of reading a query or a body.

Shapes of answers only the description needs, and few stations are ever asked for it: they are named, and loaded then.

Words are descriptions (`D_`), whose texts are looked up where the description is put together.

Must not know: OpenAPI, which routes there are.
"""

from collections.abc import Callable
from enum import Enum
from importlib import import_module
from typing import Any, TypeVar

from marshmallow import Schema

from sync.errors import SyncError
from sync.typed import Value

_ATTRIBUTE = "operation"
View = TypeVar("View", bound=Callable[..., Any])


class Key(Enum):
    """Whether a request is repeated under an Idempotency-Key."""

    NONE = "done each time"
    MAY = "done once where it has one"
    MUST = "refused without one"


class Media(Value):
    """An answer that is no JSON: its possible media types."""

    types: tuple[str, ...]


class Named(Value):
    """The shape of an answer by its name, loaded when it is asked for."""

    module: str
    name: str

    def load(self) -> type[Schema]:
        """The shape; raises ImportError or AttributeError when there is none."""
        shape: type[Schema] = getattr(import_module(self.module), self.name)
        return shape


class Shapes:
    """The shapes of answers in a module, by their names."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Named:
        return Named(self._module, name)


class Operation(Value):
    """One method of one address.

    summary   a few words;  text, more of them, or "";  tag, under which it is listed
    answer    the shape of what is answered; None for nothing;  status, of that answer
    query     the shape of the query;  body, of what is sent
    refusals  what it may refuse beyond what follows from the rest
    etag      whether the answer has an ETag, and If-None-Match is heeded
    if_match  whether the act is refused over what changed since it was seen
    makes     whether the answer says in Location where what was made can be asked for
    """

    summary: str
    tag: str
    answer: Named | type[Schema] | Media | None = None
    status: int = 200
    query: type[Schema] | None = None
    body: Schema | type[Schema] | None = None
    key: Key = Key.NONE
    refusals: tuple[type[SyncError], ...] = ()
    etag: bool = False
    if_match: bool = False
    makes: bool = False
    text: str = ""


def described(summary: str, **more: Any) -> Callable[[View], View]:
    """Describe a view; `more` are the other members of `Operation`."""
    operation = Operation(summary, **more)

    def describe(view: View) -> View:
        setattr(view, _ATTRIBUTE, operation)
        return view

    return describe


def operation_of(view: object) -> Operation | None:
    """What a view says of itself; None when it says nothing."""
    found = getattr(view, _ATTRIBUTE, None)
    return found if isinstance(found, Operation) else None
