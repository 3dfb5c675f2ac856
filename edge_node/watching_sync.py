"""A run to the upstream by hand, watched from the command line while it goes.

The run is in a thread of its own, here or in the process that owns the directory; whoever waits looks how far it is.

Must not know: how anything is done.
"""

import threading
from collections.abc import Callable
from typing import Any

from edge_node.messages import _, pgettext
from edge_node.telling import run_told
from sync.commands.progress import Bar
from sync.errors import SyncError

_LOOK_SECONDS = 0.5


def watched(run: Callable[[], dict[str, Any]], look: Callable[[], dict[str, Any] | None], bar: Bar) -> dict[str, Any]:
    """What the run gives, or raises.

    look  the road as it stands, None while nobody can say
    """
    came: list[dict[str, Any]] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            came.append(run())
        except BaseException as error:  # raised again by whoever waits
            failed.append(error)

    thread = threading.Thread(target=work, name="synchronise", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_LOOK_SECONDS)
        if thread.is_alive():
            _show(bar, look)
    if failed:
        raise failed[0]
    return came[0]


def _show(bar: Bar, look: Callable[[], dict[str, Any] | None]) -> None:
    try:
        road = look()
    except SyncError:  # it goes on all the same
        return
    if road is None or road["run"] is None:
        bar.show(_("Calling the level above"), None)
        return
    percent, words = road["run"]["percent"], [run_told({**road["run"], "percent": None})]
    left = next((lane["left_text"] for lane in reversed(road["lanes"]) if lane["left_text"]), "")
    if left:
        words.append(_("still to go: %(time)s", time=left))
    bar.show(pgettext("between clauses", ", ").join(words), None if percent is None else percent / 100)
