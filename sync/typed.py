"""What everything here is made of: values, which never change, and state, which is added to as something goes on.

Both are written as a class with annotated fields, and are made by msgspec: a dataclass costs a millisecond and 15 kB
each when it is declared, which some four hundred of them make half a second at every start on a village's PC.

Must not know: anything.
"""

from typing import dataclass_transform

from msgspec import Struct, field
from msgspec.structs import asdict, astuple, fields, replace

__all__ = ["Changing", "Value", "asdict", "astuple", "field", "fields", "replace", "without"]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Value(Struct, frozen=True):
    """Fixed once made; equal to another of its class whose fields are equal, and hashed by them."""


@dataclass_transform(field_specifiers=(field,))
class Changing(Struct):
    """What changes as something goes on."""


def without(value: Struct, *names: str) -> str:
    """The text of a value but for some of its fields: for the `__repr__` of what holds a secret."""
    told = ", ".join(f"{one.name}={getattr(value, one.name)!r}" for one in fields(value) if one.name not in names)
    return f"{type(value).__name__}({told})"
