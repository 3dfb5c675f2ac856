"""What a node above knows of a station: what it has signed that did not arrive here.

A station signs how much it has written, in seals and in its receipts, and says so ahead of what it speaks of. So
between the two stands what is on its way, as of the moment that was heard: what a station did since, with its cable
cut, nobody here can know.

Must not know: how it is shown, when a station was heard (`node.hearing`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from sync.custody.receipts import RECEIPT, read_receipt
from sync.custody.seals import SEAL, read_seal
from sync.store.ledger.blobs import count_awaited_by_writer
from sync.store.ledger.custody import Kept, statements_of_kind, statements_of_own
from sync.store.ledger.writers import count_gaps_by_writer, highest_of_all
from sync.store.transaction import Reader
from sync.typed import Value

_MOST_READ = 8192  # remembered as they were read: of five thousand stations few change between two looks

_Chain = tuple[str, str]  # a writer and a life of it
_Signed = tuple[_Chain, int]


class Backlog(Value):
    """What was signed and this node does not hold: events, and photos of events held."""

    events: int
    photos: int

    @classmethod
    def of(cls, writers: Iterable[str], lacking: Mapping[str, "Backlog"]) -> "Backlog":
        """Of some writers together, by `backlogs`."""
        found = [lacking[writer] for writer in writers if writer in lacking]
        return cls(sum(one.events for one in found), sum(one.photos for one in found))


def backlogs(reader: Reader) -> dict[str, Backlog]:
    """{writer: what this node still lacks of his events and photos}, as far as he signed them; others are not named.

    Each table is read once, however many there are.
    """
    highest, gaps, photos = highest_of_all(reader), count_gaps_by_writer(reader), count_awaited_by_writer(reader)
    events = Counter(gaps)
    for (writer, life), counter in _signed(reader).items():
        if (missing := counter - highest.get((writer, life), 0)) > 0:
            events[writer] += missing
    return {writer: Backlog(events[writer], photos.get(writer, 0)) for writer in {*events, *photos}}


def _signed(reader: Reader) -> dict[_Chain, int]:
    """The highest number that each writer has signed of a life of its own, whatever became of what it signed."""
    found: dict[_Chain, int] = {}
    seals = (_of_seal(kept.signed.payload) for kept in statements_of_kind(reader, SEAL))
    receipts = (_of_receipt(payload) for kept in statements_of_own(reader, RECEIPT) for payload in _payloads(kept))
    for own, counter in chain(seals, chain.from_iterable(receipts)):
        found[own] = max(found.get(own, 0), counter)
    return found


def _payloads(kept: Kept) -> Iterator[bytes]:
    """A receipt, and the one of before a restore, whose last events are perhaps nowhere any more."""
    yield kept.signed.payload
    if kept.fallen_from is not None:
        yield kept.fallen_from


@lru_cache(maxsize=_MOST_READ)
def _of_seal(payload: bytes) -> _Signed:
    seal = read_seal(payload)
    return (seal.writer, seal.life), seal.counter


@lru_cache(maxsize=_MOST_READ)
def _of_receipt(payload: bytes) -> tuple[_Signed, ...]:
    receipt = read_receipt(payload)
    return tuple(((one.writer, one.life), one.counter) for one in receipt.holds if one.writer == receipt.holder)
