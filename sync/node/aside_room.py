"""How much is kept of what others bring and is refused: of each who brings it, so much a day.

What is refused is kept with its bytes, for the mistake may be ours. Whoever brings it has it as well, and is told that
it was refused; so what comes beyond is not kept here, and lost nowhere. Packed, a thousand documents of a megabyte that
nobody may write are a few kilobytes: without an end to it a node below could fill our disk over the thinnest link.

Must not know: what was refused, and why.
"""

import threading

MOST_BYTES = 64 << 20
MOST_DOCUMENTS = 10_000
_DAY_MS = 86_400_000


class AsideRoom:
    """The room of one node. For any thread; a restart forgets what was kept today."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day = 0
        self._kept: dict[str, tuple[int, int]] = {}  # by who brought it: documents, bytes

    def has_room(self, offered_by: str, *, now_ms: int) -> bool:
        """Whether something of this one is kept still."""
        with self._lock:
            if now_ms // _DAY_MS != self._day:
                self._day, self._kept = now_ms // _DAY_MS, {}
            documents, size = self._kept.get(offered_by, (0, 0))
        return documents < MOST_DOCUMENTS and size < MOST_BYTES

    def note(self, offered_by: str, size: int) -> None:
        """Something of this one was kept, of so many bytes."""
        with self._lock:
            documents, before = self._kept.get(offered_by, (0, 0))
            self._kept[offered_by] = (documents + 1, before + size)
