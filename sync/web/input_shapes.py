"""Fields of what clients send that take nothing but what the description says: true or false, and figures.

What marshmallow would take beside it, as "yes", 1 or １０, one client would send and the next would not find in the
description.

Must not know: which schemas there are.
"""

import re
from typing import Any

from marshmallow import fields

_FIGURES = re.compile(r"-?[0-9]{1,15}")


class Flag(fields.Boolean):
    """true or false in a body of JSON, and no word or number for them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Figures(fields.Integer):
    """A whole number in a query, written in the figures 0 to 9."""

    def _validated(self, value: Any) -> int:
        if not isinstance(value, str) or not _FIGURES.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)
