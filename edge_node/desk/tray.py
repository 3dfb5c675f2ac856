"""Photos of an application that came back for correction, kept in memory until it is sent again.

A browser forgets chosen files when a page comes back, and nobody is asked to photograph a household
register twice for a wrong telephone number. Nothing here is promised: a restart forgets it, the
oldest makes room for the newest, and an hour ends it.

Must not know: forms, disks.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app

_EXTENSION = "yizhan.tray"
# One application of the largest size, or a dozen whose photos the browser made fit: a desk has one in hand.
MOST_BYTES = 24 << 20
KEPT_SECONDS = 3600.0

Photos = Mapping[int, tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class _Kept:
    photos: Photos
    since: float

    @property
    def size(self) -> int:
        return sum(len(photo) for group in self.photos.values() for photo in group)


class Tray:
    """Photos by a token that the next form carries. Guards that together they stay below `MOST_BYTES`."""

    def __init__(self, *, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._most_bytes = most_bytes
        self._clock = clock

    def keep(self, owner: str, photos: Photos) -> str:
        """Keep the photos of a form, {material: photos}; returns the token that fetches them, "" for none."""
        if not any(photos.values()):
            return ""
        token = secrets.token_urlsafe(12)
        with self._lock:
            self._kept[owner, token] = _Kept(dict(photos), self._clock())
            self._sweep()
        return token

    def photos(self, owner: str, token: str) -> Photos:
        """What was kept under a token by this owner; {} when it is not there any more."""
        with self._lock:
            self._sweep()
            kept = self._kept.get((owner, token))
            return kept.photos if kept is not None else {}

    def _sweep(self) -> None:
        oldest = self._clock() - KEPT_SECONDS
        for name in [name for name, kept in self._kept.items() if kept.since < oldest]:
            del self._kept[name]
        while sum(kept.size for kept in self._kept.values()) > self._most_bytes:
            self._kept.popitem(last=False)


def attach_tray(app: Flask, tray: Tray) -> None:
    """Give an application its tray."""
    app.extensions[_EXTENSION] = tray


def tray_of_app() -> Tray:
    """The tray of the current application."""
    tray: Tray = current_app.extensions[_EXTENSION]
    return tray
