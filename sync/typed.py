"""What everything here is made of: values, which never change, and state, which is added to as something goes on.

Both are written as a class with annotated fields, and are made by msgspec: a dataclass takes a millisecond and 15 kB
when it is declared, and there are some four hundred (`docs/decisions/0039`).

Must not know: anything.
"""

from typing import Any, dataclass_transform

from msgspec import Struct, field
from msgspec.structs import asdict, astuple, replace

__all__ = ["Changing", "Value", "asdict", "astuple", "but", "field", "replace", "without"]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Value(Struct, frozen=True):
    """Fixed once made; equal to another of its class whose fields are equal, and hashed by them."""


@dataclass_transform(field_specifiers=(field,))
class Changing(Struct):
    """What changes as something goes on."""


def but(value: Struct, *names: str) -> dict[str, Any]:
    """The fields of a value, but for some."""
    return {name: one for name, one in asdict(value).items() if name not in names}


def without(value: Struct, *names: str) -> str:
    """The text of a value, but for some of its fields: for the `__repr__` of what holds a secret."""
    told = ", ".join(f"{name}={one!r}" for name, one in but(value, *names).items())
    return f"{type(value).__name__}({told})"
