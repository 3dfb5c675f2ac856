"""What the node above has not confirmed yet, counted from its receipts and from nothing else.

Must not know: how it is shown.
"""

from collections.abc import Iterable, Iterator

from sync.custody.gathering import heard_from, hops_above
from sync.custody.issuing import Own, holdings_of_station
from sync.custody.receipts import Holding
from sync.node.node import Node
from sync.node.sharing import held_stations
from sync.node.vouching.statements import own_of
from sync.store.ledger.writers import own_position
from sync.store.transaction import Reader


def count_waiting(node: Node) -> dict[str, int]:
    """{"events", "photos"}: steps of cases no receipt covers, and photos that receipts say are lacking.

    Photos of steps that wait themselves are not counted yet: nobody above has asked for them. Above
    the centre there is nobody to wait for.
    """
    own, stations = own_of(node.identity), held_stations(node)
    if not node.identity.upstream:
        return {"events": 0, "photos": 0}

    def work(reader: Reader) -> dict[str, int]:
        events = photos = 0
        for ours, theirs in _pairs(reader, own, stations):
            events += _uncovered(ours, theirs)
            photos += len(set.intersection(*(set(one.lacks) for one in theirs))) if theirs else 0
        return {"events": events, "photos": photos}

    return node.read(work)


def _pairs(reader: Reader, own: Own, stations: Iterable[str]) -> Iterator[tuple[Holding, list[Holding]]]:
    """Each chain we hold of our stations, and what the node above says of it."""
    stations = tuple(stations)
    above = hops_above(reader, own, own.sid)[1:2]
    receipts = [one.receipt for one in heard_from(reader, above, stations)]
    for station in stations:
        for ours in _with_own(reader, own, holdings_of_station(reader, own, station), own.sid == station):
            told = (receipt.holding(ours.writer, ours.life) for receipt in receipts)
            yield ours, [one for one in told if one is not None]


def _with_own(reader: Reader, own: Own, holdings: Iterable[Holding], is_home: bool) -> list[Holding]:
    """Our own chain as it stands, whether or not it was followed since the last event was written."""
    found = {(one.writer, one.life): one for one in holdings}
    position = own_position(reader)
    place = (own.pair.writer, position.life)
    known = found.get(place)
    if is_home and position.head is not None and (known is None or known.counter < position.number):
        lacks = () if known is None else known.lacks
        found[place] = Holding(*place, position.number, position.head, lacks=lacks)
    return list(found.values())


def _uncovered(ours: Holding, theirs: Iterable[Holding]) -> int:
    """How many events no receipt names; it costs what there is of ranges, however many events are in them."""
    left = list(ours.held_ranges())
    for one in theirs:
        for first, last in one.held_ranges():
            left = [part for held in left for part in _without(held, first, last)]
    return sum(last - first + 1 for first, last in left)


def _without(held: tuple[int, int], first: int, last: int) -> Iterator[tuple[int, int]]:
    """What is left of a range without another."""
    if held[0] < first:
        yield held[0], min(held[1], first - 1)
    if last < held[1]:
        yield max(held[0], last + 1), held[1]
