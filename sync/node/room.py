"""How much room a node has left, measured when somebody asks: the disk, its file, and what each station keeps here.

Nothing is gone through: a database knows its size, and is asked again only after it was written to. Of the stations
below, of which there may be thousands, each is weighed when it comes.

Must not know: where budgets come from, how a shortage is shown.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sync.errors import SyncError
from sync.messages import N_, _, pgettext
from sync.node.budgets import Budgets, Level, level_of_disk, level_of_file, level_of_station
from sync.node.node import Node
from sync.records.ids import blobs_database, parse_database, station_database
from sync.store.connection import FILE_NAME
from sync.typed import Value

_MB = 1 << 20
_THEN = {
    Level.WARN: N_("an administrator should soon clear it or add room"),
    Level.STOP_BLOBS: N_("no photos are taken from those below for now, cases go on as usual"),
    Level.STOP_PHOTOS: N_(
        "no new photos can be kept for now; applications are received as usual and their photos handed "
        "in later. An administrator should clear it or add room"
    ),
}

# What records have come to, and what photos have.
_OWN = (
    N_("The cases of this station have %(used)s MB of at most %(most)s MB"),
    N_("The photos of this station have %(used)s MB of at most %(most)s MB"),
)
_OF_A_STATION = (
    N_("The cases of station %(whose)s have %(used)s MB of at most %(most)s MB"),
    N_("The photos of station %(whose)s have %(used)s MB of at most %(most)s MB"),
)


class Shortage(Value):
    """Something that is running out.

    station  the sid of the station whose it is; "" for all of the node
    text     in words, with what is done about it
    """

    level: Level
    station: str
    text: str


class Room:
    """The room of one node. Remembers what each database weighed until it is written to."""

    def __init__(self, node: Node, budgets: Budgets, *, free_bytes: Callable[[Path], int] | None = None) -> None:
        """free_bytes: of the disk that a directory is on."""
        self._node = node
        self._budgets = budgets
        self._free_bytes = free_bytes or _free_bytes
        self._weights: dict[str, tuple[int, int]] = {}

    def photos_refused(self) -> str:
        """Why no new photo can be kept here now, in words; "" while they can."""
        return self._why(self._node.identity.sid, Level.STOP_PHOTOS)

    def shut(self, sids: Iterable[str]) -> dict[str, str]:
        """{name: why, in words} of the databases of stations below that take in no photos now."""
        if any(one.level >= Level.STOP_BLOBS for one in self._of_all()):
            full = _("The disk of the level above has not enough room")
            return {blobs_database(sid): full for sid in sids}
        return {
            blobs_database(sid): _("What the level above keeps for this station is used up")
            for sid in sids
            if any(one.level >= Level.STOP_BLOBS for one in self._of_station(sid))
        }

    def left_out(self, sids: Iterable[str], *, from_above: bool) -> dict[str, str]:
        """{name: why, in words for who is at this node} of the databases whose photos no volume brings now.

        What comes from above was asked for here: it is taken in for as long as new photos are.
        """
        own, level = self._node.identity.sid, Level.STOP_PHOTOS if from_above else Level.STOP_BLOBS
        told = {blobs_database(sid): self._why(own if from_above else sid, level) for sid in sids}
        return {name: why for name, why in told.items() if why}

    def shortages(self) -> tuple[Shortage, ...]:
        """Everything that is running out, the worst first; a station below counts as it was when it last came."""
        own = self._node.identity.sid
        found = [*self._of_all(), *self._of_station(own)]
        for sid in sorted({parsed.sid for name in list(self._weights) if (parsed := parse_database(name))}):
            if sid != own:
                found += self._of_station(sid, weigh=self._as_known)
        return tuple(sorted(found, key=lambda one: -one.level))

    def _why(self, sid: str, level: Level) -> str:
        """What of a station or of the whole node has come to a level, or beyond it, in words; "" for nothing."""
        worst = max((*self._of_all(), *self._of_station(sid)), key=lambda one: one.level, default=None)
        return worst.text if worst is not None and worst.level >= level else ""

    def _of_all(self) -> Iterator[Shortage]:
        directory, budgets = self._node.engine.directory, self._budgets
        free = self._free_bytes(directory)
        level = level_of_disk(free, budgets.spare_disk_bytes)
        yield from _short(level, "", N_("The disk has %(free)s MB left"), free=free // _MB)
        if budgets.store_bytes > 0:
            used = (directory / FILE_NAME).stat().st_size
            told = N_("The file of data has %(used)s MB of at most %(most)s MB")
            level = level_of_file(used, budgets.store_bytes)
            yield from _short(level, "", told, used=used // _MB, most=budgets.store_bytes // _MB)

    def _of_station(self, sid: str, *, weigh: Callable[[str], int] | None = None) -> Iterator[Shortage]:
        is_own = sid == self._node.identity.sid
        cases, photos = _OWN if is_own else _OF_A_STATION
        for name, budget, told in (
            (station_database(sid), self._budgets.documents_bytes, cases),
            (blobs_database(sid), self._budgets.blobs_bytes, photos),
        ):
            if budget <= 0 or not sid:
                continue
            used = (weigh or self._weigh)(name)
            level = level_of_station(used, budget, is_own=is_own)
            yield from _short(level, sid, told, whose=sid, used=used // _MB, most=budget // _MB)

    def _as_known(self, name: str) -> int:
        return self._weights.get(name, (-1, 0))[1]

    def _weigh(self, name: str) -> int:
        """What a database occupies, as last known where it is on a CouchDB that cannot be asked."""
        written, (known, weight) = self._node.documents.wakes.count(name), self._weights.get(name, (-1, 0))
        stands = self._node.documents.elsewhere()
        if written == known or (stands is not None and stands.trouble):
            return weight
        try:
            weight = self._node.documents.database(name).info().disk_bytes
        except SyncError:  # not there yet, or not to be reached
            return weight
        self._weights[name] = (written, weight)
        return weight


def _short(level: Level, station: str, told: str, **values: object) -> Iterator[Shortage]:
    if level is not Level.ROOM:
        text = pgettext("between clauses", ", ").join((_(told, **values), _(_THEN[level])))
        yield Shortage(level, station, text)


def _free_bytes(directory: Path) -> int:
    return shutil.disk_usage(directory).free
