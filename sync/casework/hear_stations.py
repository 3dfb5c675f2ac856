"""What a node above knows of a station: what it has sealed that did not arrive here.

A station seals what it has written; the seal rides ahead of what it seals. So between the two stands what is on its
way, as of the moment the seal was heard: what a station did since, with its cable cut, nobody here can know.

Must not know: how it is shown, when a station was heard (`node.hearing`).
"""

from collections.abc import Iterable

from sync.custody.holdings import holdings_of
from sync.custody.seals import SEAL, read_seal
from sync.store.ledger.custody import statements_of
from sync.store.transaction import Reader
from sync.typed import Value


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
