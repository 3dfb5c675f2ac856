"""How far something is, for whoever waits at a terminal: a bar, or a line now and then where nobody could see one.

Nothing is shown of what is over within two seconds.

Must not know: what goes on.
"""

import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_SHOWN_AFTER_SECONDS = 2.0
_BETWEEN_DRAWINGS_SECONDS = 0.2
_BETWEEN_LINES_SECONDS = 10.0
_CELLS = 24


class Bar:
    """One thing that goes on; `show` it as often as one likes."""

    def __init__(
        self, label: str, out: TextIO, *, quiet: bool = False, now_seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._label = label
        self._out = out
        self._quiet = quiet
        self._is_terminal = out.isatty()
        self._now_seconds = now_seconds
        self._due = now_seconds() + _SHOWN_AFTER_SECONDS
        self._width = 0  # of what stands in the line now

    def show(self, words: str, share: float | None) -> None:
        """Say how far it is.

        share  between 0 and 1; None where nobody knows
        """
        now = self._now_seconds()
        if self._quiet or now < self._due:
            return
        whole = "" if share is None else f"{int(share * 100)}% "
        if self._is_terminal:
            self._due = now + _BETWEEN_DRAWINGS_SECONDS
            self._draw(f"{self._label} {_cells(share)} {whole}{words}")
        else:
            self._due = now + _BETWEEN_LINES_SECONDS
            self._out.write(f"{self._label} {whole}{words}\n")
            self._out.flush()

    def end(self) -> None:
        """Take the bar away: what came of it is told by somebody else."""
        if self._width:
            self._draw("")
            self._out.write("\r")
            self._out.flush()

    def _draw(self, line: str) -> None:
        width = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)
        self._out.write("\r" + line + " " * (self._width - width))
        self._out.flush()
        self._width = width


@contextmanager
def showing_progress(label: str, *, quiet: bool = False) -> Iterator[Bar]:
    """A bar on standard error while the block runs."""
    bar = Bar(label, sys.stderr, quiet=quiet)
    try:
        yield bar
    finally:
        bar.end()


def _cells(share: float | None) -> str:
    """The bar itself, in letters every terminal has."""
    full = 0 if share is None else min(int(share * _CELLS), _CELLS)
    return f"[{'#' * full}{'.' * (_CELLS - full)}]"
