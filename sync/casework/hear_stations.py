"""What a node above knows of a station: what it has sealed that did not arrive here.

A station seals what it has written; the seal rides ahead of what it seals. So between the two stands what is on its
way, as of the moment the seal was heard: what a station did since, with its cable cut, nobody here can know.

Must not know: how it is shown, when a station was heard (`node.hearing`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from sync.custody.seals import SEAL, Seal, read_seal
from sync.store.ledger.blobs import count_awaited_by_writer
from sync.store.ledger.custody import statements_of_kind
from sync.store.ledger.writers import count_gaps_by_writer, highest_of_all
from sync.store.transaction import Reader
from sync.typed import Value

_MOST_SEALS = 8192  # remembered as they were read: of five thousand stations few change between two looks


class Backlog(Value):
    """What was sealed and this node does not hold: events, and photos of events held."""

    events: int
    photos: int

    @classmethod
    def of(cls, writers: Iterable[str], lacking: Mapping[str, "Backlog"]) -> "Backlog":
        """Of some writers together, by `backlogs`."""
        found = [lacking[writer] for writer in writers if writer in lacking]
        return cls(sum(one.events for one in found), sum(one.photos for one in found))


def backlogs(reader: Reader) -> dict[str, Backlog]:
    """{writer: what this node still lacks of his events and photos}, as far as seals tell; others are not named.

    Each table is read once, however many there are.
    """
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
