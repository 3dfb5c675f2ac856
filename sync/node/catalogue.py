"""What the centre published, as this node has it: items and 一件事 by code, the calendar, the places.

A station reads what it has, however old; a newer one replaces it when it arrives. The shelf in the ledger is brought up
to date when somebody wrote into `public`, and while that is elsewhere and away the shelf stands. Of items only labels
are held in memory and the last few that were read: a station with five thousand is as small as one with sixty.

Must not know: who may publish, what is done with an item.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from sync.errors import StoreUnreachable
from sync.node.shelving import follow, last_release, shelve_by_hand
from sync.records.ids import PUBLIC
from sync.records.items import Bundle, Item
from sync.records.places import Places, places_of
from sync.records.published import BUNDLE, CALENDAR, ITEM, REGIONS, bundle_in, calendar_in, item_in, places_in
from sync.records.working_days import Calendar
from sync.store.documents import Documents
from sync.store.engine import Engine
from sync.store.ledger.shelf import Label, body_of, newest, unvouched
from sync.typed import Value

_REMEMBERED = 256  # items; 5 kB each


class Standing(Value):
    """How the catalogue stands here.

    release, at_ms   the newest release known; 0 for none, the catalogue then was brought by hand
    items            how many items are in force;  unvouched, documents that wait for their release
    calendar_years   the years whose working days are known
    """

    release: int
    at_ms: int
    items: int
    unvouched: int
    calendar_years: tuple[int, ...]


class _Read(Value):
    """The shelf as last read; labels of the items by code."""

    items: "_Items"
    labels: Mapping[str, Label]
    bundles: Mapping[str, Bundle]
    calendar: Calendar
    places: Places


class _Items(Mapping[str, Item]):
    """Items by code, each read when it is asked for."""

    def __init__(self, labels: Mapping[str, Label], find: Callable[[str, int], Item | None]) -> None:
        self._labels = labels
        self._find = find

    def __getitem__(self, code: str) -> Item:
        item = self._find(code, self._labels[code].version)
        if item is None:
            raise KeyError(code)
        return item

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels)

    def __len__(self) -> int:
        return len(self._labels)


class Catalogue:
    """The shelf of one node, read again only when somebody wrote into `public` or onto it."""

    def __init__(self, engine: Engine, documents: Documents) -> None:
        self._engine = engine
        self._database = documents.database(PUBLIC)
        self._wakes = documents.wakes
        self._lock = threading.Lock()
        self._read_at: int | None = None
        self._read: _Read | None = None
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._read_item)

    def items(self) -> Mapping[str, Item]:
        """The items in force by code, in its order; those withdrawn, too, for their cases go on."""
        return self._up_to_date().items

    def version_of(self, code: object, version: object) -> Item | None:
        """The very version of an item; None where it is not here, or these are no code and version."""
        self._up_to_date()
        if not isinstance(code, str) or type(version) is not int:
            return None
        return self._remembered(code, version)

    def item_of(self, case: Mapping[str, object]) -> Item | None:
        """The very version of the item that a case was opened with, by its fields."""
        return self.version_of(case.get("item"), case.get("item_version"))

    def labels(self) -> Mapping[str, Label]:
        """The items in force by code, without what is in them."""
        return self._up_to_date().labels

    def bundles(self) -> Mapping[str, Bundle]:
        """一件事 by code."""
        return self._up_to_date().bundles

    def calendar(self) -> Calendar:
        """The working days of every year that was announced."""
        return self._up_to_date().calendar

    def places(self) -> Places:
        """Every place that was published."""
        return self._up_to_date().places

    def standing(self) -> Standing:
        """How it stands."""
        read = self._up_to_date()
        number, at_ms = self.newest_release()
        waiting = len(self._engine.read(unvouched))
        return Standing(number, at_ms, len(read.items), waiting, tuple(sorted(read.calendar.years)))

    def newest_release(self) -> tuple[int, int]:
        """(number, when in ms) of the newest release known here; zeros before the first."""
        self._up_to_date()
        return last_release(self._engine)

    def bring(self, text: bytes) -> None:
        """Take a file from the operator's hand, until the centre's own is here.

        raises  BadRequest, saying everything that is wrong with it; nothing is kept then
        """
        shelve_by_hand(self._engine, text)
        self.look_again()

    def look(self) -> None:
        """Shelve what has come, where that has not been done yet."""
        self._up_to_date()

    def look_again(self) -> None:
        """Read the shelf anew: another centre is believed, or something was put there."""
        with self._lock:
            self._read_at = None
            self._remembered.cache_clear()

    def _up_to_date(self) -> _Read:
        count, read = self._wakes.count(PUBLIC), self._read
        if read is not None and count == self._read_at:
            return read
        if self._engine.is_writing():  # nothing can be shelved here, and whoever shelves may be waiting for us
            return read or self._read_shelf()
        with self._lock:
            return self._read_again(count)

    def _read_again(self, count: int) -> _Read:
        known, read = self._read_at is not None, self._read
        try:
            if not follow(self._engine, self._database) and known and read is not None:
                self._read_at = count
                return read
        except StoreUnreachable:
            if known and read is not None:
                return read
            self._read = self._read_shelf()  # as last kept; asked again the next time
            return self._read
        self._remembered.cache_clear()
        self._read, self._read_at = self._read_shelf(), count
        return self._read

    def _read_shelf(self) -> _Read:
        labels = self._engine.read(lambda reader: newest(reader, ITEM))
        bodies = {kind: self._bodies(kind) for kind in (BUNDLE, CALENDAR, REGIONS)}
        return _Read(
            _Items(labels, self._remembered),
            labels,
            {code: bundle_in(body) for code, body in bodies[BUNDLE].items()},
            calendar_in(bodies[CALENDAR]),
            places_of(places_in(bodies[REGIONS].values())),
        )

    def _bodies(self, kind: str) -> dict[str, bytes]:
        """The bodies of a kind that are in force."""
        return self._engine.read(
            lambda reader: {
                code: body
                for code, label in newest(reader, kind).items()
                if (body := body_of(reader, kind, code, label.version)) is not None
            }
        )

    def _read_item(self, code: str, version: int) -> Item | None:
        body = self._engine.read(lambda reader: body_of(reader, ITEM, code, version))
        return None if body is None else item_in(body)
