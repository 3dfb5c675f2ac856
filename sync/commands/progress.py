"""How far something is, for whoever waits at a terminal: a bar, or a line now and then where nobody could see one.

Nothing is shown of what is over within two seconds.

Must not know: what goes on.
"""

import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_SHOWN_AFTER_SECONDS = 2.0
_BETWEEN_DRAWINGS_SECONDS = 0.2
_BETWEEN_LINES_SECONDS = 10.0  # at the most: the first lines come sooner, for what they tell is soon another thing
_CELLS = 24
_USUAL_COLUMNS = 80


class Bar:
    """One thing that goes on; `show` it as often as one likes."""

    def __init__(
        self,
        label: str,
        out: TextIO,
        *,
        quiet: bool = False,
        now_seconds: Callable[[], float] = time.monotonic,
        columns: Callable[[], int] | None = None,
    ) -> None:
        """columns: how wide the terminal is now; None where it is asked itself."""
        self._label = label
        self._out = out
        self._quiet = quiet
        self._is_terminal = out.isatty()
        self._columns = columns or self._columns_of_terminal
        self._now_seconds = now_seconds
        self._due = now_seconds() + _SHOWN_AFTER_SECONDS
        self._between_lines = _SHOWN_AFTER_SECONDS
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
            self._draw(_fitting((self._label, _cells(share), f"{whole}{words}"), self._columns() - 1))
        else:
            self._due = now + self._between_lines
            self._between_lines = min(2 * self._between_lines, _BETWEEN_LINES_SECONDS)
            self._out.write(f"{self._label} {whole}{words}\n")
            self._out.flush()

    def end(self) -> None:
        """Take the bar away: what came of it is told by somebody else."""
        if self._width:
            self._draw("")
            self._out.write("\r")
            self._out.flush()

    def _columns_of_terminal(self) -> int:
        try:
            return os.get_terminal_size(self._out.fileno()).columns or _USUAL_COLUMNS
        except (OSError, ValueError):
            return _USUAL_COLUMNS

    def _draw(self, line: str) -> None:
        width = _width(line)
        # What is left of a longer line may no more be as wide as the terminal, which is made narrower meanwhile.
        covered = min(self._width, max(self._columns() - 1, width))
        self._out.write("\r" + line + " " * (covered - width))
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


def _fitting(parts: tuple[str, str, str], columns: int) -> str:
    """Label, bar and words in one line of so many cells: without the bar where that is too long, and cut off at last.

    A line that is longer than the terminal is wide cannot be drawn over: each drawing would move the last one up.
    """
    label, bar, words = parts
    line = " ".join((label, bar, words))
    if _width(line) > columns:
        line = f"{label} {words}"
    if _width(line) <= columns:
        return line
    while line and _width(line) >= columns:
        line = line[:-1]
    return line + "…" if columns > 0 else ""


def _width(text: str) -> int:
    """Cells of a terminal: a Chinese letter takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
