"""What a node above knows of a station: what it has sealed that did not arrive here.

A station seals what it has written; the seal rides ahead of what it seals. So between the two stands what is on its
way, as of the moment the seal was heard: what a station did since, with its cable cut, nobody here can know.

Must not know: how it is shown, when a station was heard (`node.hearing`).
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from sync.custody.holdings import holdings_of
from sync.custody.seals import SEAL, Seal, read_seal
from sync.store.ledger.blobs import count_awaited_by_writer
from sync.store.ledger.custody import statements_of, statements_of_kind
from sync.store.ledger.writers import count_gaps_by_writer, highest_of_all
from sync.store.transaction import Reader
from sync.typed import Value

_MOST_SEALS = 8192  # remembered as they were read: of five thousand stations few change between two looks


class Backlog(Value):
    """What a station has sealed and this node does not hold: events, and photos of events held."""

    events: int
    photos: int


def backlog_of(reader: Reader, writers: Iterable[str]) -> Backlog:
    """What this node still lacks of a station's own events and photos, as far as its writers' seals tell."""
    writers = tuple(writers)
    held = {(one.writer, one.life): one for one in holdings_of(reader, writers)}
    events = 0
    for kept in statements_of(reader, SEAL, writers):
        seal = read_seal(kept.signed.payload)
        holding = held.get((seal.writer, seal.life))
        events += seal.counter if holding is None else max(seal.counter - holding.counter, 0)
    gaps = sum(last - first + 1 for one in held.values() for first, last in one.missing)
    return Backlog(events + gaps, sum(len(one.lacks) for one in held.values()))


def backlogs(reader: Reader) -> dict[str, Backlog]:
    """{writer: the same of him alone} of everybody of whom anything is lacking, each table read once."""
    highest, gaps, photos = highest_of_all(reader), count_gaps_by_writer(reader), count_awaited_by_writer(reader)
    events = Counter(gaps)
    for kept in statements_of_kind(reader, SEAL):
        seal = _seal(kept.signed.payload)
        if (missing := seal.counter - highest.get((seal.writer, seal.life), 0)) > 0:
            events[seal.writer] += missing
    return {writer: Backlog(events[writer], photos.get(writer, 0)) for writer in {*events, *photos}}


@lru_cache(maxsize=_MOST_SEALS)
def _seal(payload: bytes) -> Seal:
    return read_seal(payload)
