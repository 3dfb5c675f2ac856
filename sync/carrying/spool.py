"""Volumes of others, kept to be carried on: a township hands up what its villages sealed to the centre, and down again.

Nobody but the receiver can open them, so they are kept as they came, each once, and go to every station that a stick is
written for: whose they are is seen by nobody else. There is an end to how many: then those go first that were handed on
already, and of the rest those that came first. Their senders have what was in them, until the receiver says that it
has.

Must not know: what is in them, for whom they are.
"""

import os
from collections.abc import Collection
from contextlib import suppress
from functools import partial
from pathlib import Path

from sync.carrying.stick import ENDING, Stick, digest_and_copy, digest_of, opened_file
from sync.errors import BadRequest
from sync.messages import _
from sync.node.node import Node
from sync.store.beside import SYSTEM
from sync.store.ledger.carried import Carried, all_carried, forget_carried, is_carried, note_carried, note_handed
from sync.typed import Value

FOLDER = "carried"


class Bounds(Value):
    """How much is carried for others at the most."""

    volumes: int = 200
    bytes: int = 2 << 30


class Spool:
    """What one node carries for others. Guards that it stays within its bounds, and holds nothing twice."""

    def __init__(self, node: Node, bounds: Bounds | None = None) -> None:
        self._node = node
        self._bounds = bounds or Bounds()
        self._folder = node.engine.directory / FOLDER

    def digest(self, source: Path) -> str:
        """What a volume is known by; raises TooLarge for one that alone is too much."""
        return digest_of(source, most_bytes=self._bounds.bytes)

    def keep(self, source: Path) -> bool:
        """Keep a volume; False for one that was kept before.

        raises  TooLarge for one that alone is too much, BadRequest for one that changes while it is read
        """
        digest = self.digest(source)
        if self._node.engine.read(lambda reader: is_carried(reader, digest)):
            return False
        with opened_file(source) as file:
            size = os.fstat(file.fileno()).st_size
            self._make_room_for(size)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._sweep()
            fresh = self._folder / f"{digest}.new"
            try:
                with fresh.open("wb") as copy:
                    if digest_and_copy(file, copy, most_bytes=size) != digest:
                        raise BadRequest(_("The file is not whole, or damaged"))
                    copy.flush()
                    os.fsync(copy.fileno())
                SYSTEM.replace(fresh, self._path(digest))
            except BaseException:
                with suppress(OSError):
                    fresh.unlink(missing_ok=True)
                raise
            SYSTEM.flush(self._folder)
        self._node.engine.write(lambda tx: note_carried(tx, digest, size=size))
        return True

    def waiting(self, stations: Collection[str]) -> list[Carried]:
        """What was not handed on yet to all of these stations, or upward (`UPWARD`)."""
        carried = self._node.engine.read(all_carried)
        return [one for one in carried if not one.handed_to.issuperset(stations)]

    def hand_on(self, stick: Stick, stations: Collection[str], *, again: bool = False) -> int:
        """Put what waits for these stations on a stick; returns how many volumes that were.

        again  also what was handed on to them before
        """
        handed = 0
        for one in self._node.engine.read(all_carried) if again else self.waiting(stations):
            path = self._path(one.digest)
            if not path.exists():
                self._forget(one.digest)
                continue
            stick.put(path)
            self._node.engine.write(partial(note_handed, digest=one.digest, stations=stations))
            handed += 1
        return handed

    def _sweep(self) -> None:
        """Remove what a crash left behind: files that nothing is known of."""
        known = {self._path(one.digest) for one in self._node.engine.read(all_carried)}
        for path in self._folder.iterdir():
            if path not in known:
                path.unlink()

    def _make_room_for(self, size: int) -> None:
        carried = list(self._node.engine.read(all_carried))
        carried.sort(key=lambda one: not one.handed_to)  # stable: by arrival within each
        held = sum(one.bytes for one in carried)
        while carried and (len(carried) >= self._bounds.volumes or held + size > self._bounds.bytes):
            gone = carried.pop(0)
            held -= gone.bytes
            self._forget(gone.digest)

    def _forget(self, digest: str) -> None:
        with suppress(OSError):
            self._path(digest).unlink(missing_ok=True)
        self._node.engine.write(lambda tx: forget_carried(tx, digest))

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}{ENDING}"
