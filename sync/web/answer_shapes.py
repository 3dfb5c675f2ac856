"""The members of answers, as their schemas write them: always there, unless said, and told in a few words (`D_`).

Answers are not checked when they are given; tests hold real ones against these shapes.

Must not know: which answers there are.
"""

from typing import Any

from marshmallow import Schema, fields

from sync.messages import D_


def text(about: str = "", *, maybe: bool = False, among: tuple[str, ...] = ()) -> fields.String:
    """A text of an answer, always there.

    maybe  it may be null;  among, all it may be
    """
    return fields.String(required=True, allow_none=maybe, metadata=_said(about, among))


def whole(about: str = "", *, maybe: bool = False) -> fields.Integer:
    """A whole number of an answer, always there; `maybe` null."""
    return fields.Integer(strict=True, required=True, allow_none=maybe, metadata=_said(about))


def flag(about: str = "", *, maybe: bool = False) -> fields.Boolean:
    """Yes or no in an answer, always there; `maybe` null."""
    return fields.Boolean(required=True, allow_none=maybe, metadata=_said(about))


def one(shape: type[Schema], about: str = "", *, maybe: bool = False) -> fields.Nested:
    """An object of an answer, always there; `maybe` null."""
    return fields.Nested(shape, required=True, allow_none=maybe, metadata=_said(about))


def several(shape: type[Schema], about: str = "") -> fields.List[Any]:
    """A list of objects of an answer, always there."""
    return fields.List(fields.Nested(shape), required=True, metadata=_said(about))


def texts(about: str = "") -> fields.List[Any]:
    """A list of texts of an answer, always there."""
    return fields.List(fields.String(), required=True, metadata=_said(about))


def next_page() -> fields.String:
    """Where a list goes on."""
    return text(D_("The cursor of the next page; null where there is no more"), maybe=True)


def _said(about: str, among: tuple[str, ...] = ()) -> dict[str, Any]:
    return {**({"description": about} if about else {}), **({"enum": list(among)} if among else {})}
