"""What a node above knows of a station: when it was heard, and what it has sealed that did not arrive here.

A station seals what it has written; the seal rides ahead of what it seals. So between the two stands what is on its
way, as of the moment the seal was heard: what a station did since, with its cable cut, nobody here can know. Of a
station that comes by way of another, only what it signed tells that it lives.

Must not know: how it is shown, what counts as silent.
"""

from collections.abc import Iterable

from sync.custody.holdings import holdings_of
from sync.custody.receipts import RECEIPT
from sync.custody.seals import SEAL, read_seal
from sync.store.ledger.contacts import contact
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


def heard_ms(reader: Reader, sid: str, writers: Iterable[str]) -> int | None:
    """When the station last came itself, or something it signed arrived; None for never."""
    known = contact(reader, sid)
    came = () if known is None or known.heard_ms is None else (known.heard_ms,)
    writers = tuple(writers)
    signed = (kept.heard_ms for kind in (SEAL, RECEIPT) for kept in statements_of(reader, kind, writers))
    return max((*came, *signed), default=None)
