"""How much to send at once: little on a slow link, so that a cut loses little; much on a fast one.

A batch should take about `target_seconds`: a cut loses half a batch on average, and each batch costs
a round trip, so on a link of 0.6 s that lives 20 s at a time sqrt(2 * 0.6 * 20) = 5 s wastes least.
What a batch took decides the next one's size: one that took too long makes it smaller, one that was
full and quick lets it grow.

Must not know: databases, clocks. It reads measurements and answers.
"""

from sync.typed import Value, replace

_FASTEST_CHANGE = 2.0  # one measurement, however lucky or unlucky, moves a size by no more
# What a document is taken to weigh before any was seen: a case with some events.
_USUAL_BYTES = 2000


class Limits(Value):
    """Between what bounds batches move.

    first_bytes     16 s on 64 kbit/s when nothing compresses, 4 s when it is JSON
    least_bytes     a batch is at least one document, whatever that weighs
    """

    target_seconds: float = 5.0
    first_documents: int = 200
    least_documents: int = 10
    most_documents: int = 500
    first_bytes: int = 128_000
    least_bytes: int = 16_000
    most_bytes: int = 4_000_000


USUAL_LIMITS = Limits()


class Pace(Value):
    """The sizes for now.

    documents  rows of the changes feed, and documents to a request, at most
    bytes      of documents to a request, about
    weight     bytes of a document, as seen lately
    """

    documents: int
    bytes: int
    weight: float = _USUAL_BYTES

    @property
    def at_once(self) -> int:
        """How many documents to fetch for one write."""
        return max(1, min(self.documents, int(self.bytes / self.weight)))


def first_pace(limits: Limits) -> Pace:
    """The pace before anything was measured."""
    return Pace(limits.first_documents, limits.first_bytes)


def weighed(pace: Pace, *, documents: int, size: int) -> Pace:
    """The pace when so many documents of so many bytes were seen: how many of them make up a request."""
    return replace(pace, weight=(pace.weight + size / documents) / 2) if documents else pace


def adapted(pace: Pace, limits: Limits, *, documents: int, size: int, seconds: float) -> Pace:
    """The pace after a batch.

    documents, size  how many were moved, and their bytes
    seconds          what that took, fetching and writing together
    """
    if documents == 0:
        return pace
    weight = weighed(pace, documents=documents, size=size).weight
    factor = limits.target_seconds / max(seconds, 0.001)
    was_full = documents * 2 >= pace.at_once or size * 2 >= pace.bytes
    if factor > 1 and not was_full:  # a small batch says nothing about large ones
        return replace(pace, weight=weight)
    factor = min(max(factor, 1 / _FASTEST_CHANGE), _FASTEST_CHANGE)
    return Pace(
        documents=_within(pace.documents * factor, limits.least_documents, limits.most_documents),
        bytes=_within(pace.bytes * factor, limits.least_bytes, limits.most_bytes),
        weight=weight,
    )


def after_a_cut(pace: Pace, limits: Limits) -> Pace:
    """The pace after a link broke in the middle of a batch: it may have been more than the link lives to carry."""
    return replace(
        pace,
        documents=_within(pace.documents / _FASTEST_CHANGE, limits.least_documents, limits.most_documents),
        bytes=_within(pace.bytes / _FASTEST_CHANGE, limits.least_bytes, limits.most_bytes),
    )


def _within(size: float, least: int, most: int) -> int:
    return max(least, min(most, int(size)))
