"""What our end keeps of a conveyance: a local document that is never replicated.

Must not know: which way documents go.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sync.database import Database
from sync.errors import BadRequest
from sync.values.json_text import dump, parse_object

_WEEK_SECONDS = 7 * 24 * 3600


class Note:
    """The note of one replication, by its id."""

    def __init__(self, database: Database, replication: str) -> None:
        self._database = database
        self._name = f"conveyance-{replication}"
        self._body: Mapping[str, Any] = {}
        kept = database.read_local(self._name)
        if kept is not None:
            with suppress(BadRequest):
                self._body = parse_object(kept.body)

    def text(self, name: str) -> str:
        """A member that is text; "" when there is none."""
        value = self._body.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """A member that is a list of texts."""
        value = self._body.get(name)
        return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()

    def write(self, **body: Any) -> None:
        """Replace it; what says the same is not written again."""
        if body != self._body:
            self._database.write_local(self._name, dump(body))
            self._body = body

    @property
    def is_not_understood(self) -> bool:
        """Whether the server was found lately not to understand conveyances."""
        until = self._body.get("not_before")
        return isinstance(until, int) and time.time() < until < time.time() + 2 * _WEEK_SECONDS

    def note_not_understood(self) -> None:
        """It does not; in a week it may."""
        self.write(not_before=int(time.time()) + _WEEK_SECONDS)
