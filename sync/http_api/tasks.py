"""What runs on its own account at a server, for `_active_tasks`.

Nobody reports to anyone while he works: whoever has tasks is asked when somebody wants to know.

    tasks.add(replicator.tasks)
    tasks.add(lambda: compactions(engine.upkeep.compacting()))

source  CouchDB API, "/_active_tasks"

Must not know: what a task does.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Told = Mapping[str, Any]


class Tasks:
    """Those who have tasks."""

    def __init__(self) -> None:
        self._sources: list[Callable[[], Iterable[Told]]] = []

    def add(self, source: Callable[[], Iterable[Told]]) -> None:
        """Ask this one as well; it gives its tasks as CouchDB tells them."""
        self._sources.append(source)

    def told(self) -> list[Told]:
        """All that run now."""
        return [task for source in self._sources for task in source()]


def compactions(asked: Mapping[str, float]) -> list[Told]:
    """The databases that are compacted, and since when (wall time)."""
    return [
        {
            "type": "database_compaction",
            "pid": str(os.getpid()),
            "database": name,
            "started_on": int(since),
            "updated_on": int(time.time()),
        }
        for name, since in asked.items()
    ]
