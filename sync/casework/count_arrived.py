"""How many cases have come how far, hop by hop, from receipts and from nothing else.

A case counts for a hop when the hop has signed for everything that was written in it below that hop. Where a receipt
has gaps, what lies behind the first of them does not count: the number may be late, it is never ahead.

Must not know: how it is shown.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sync.casework.describe_case import level_name
from sync.custody.gathering import heard_from, hops_above
from sync.custody.standing import Heard
from sync.node.lists.case_index import count_cases
from sync.node.node import Node
from sync.node.sharing import held_stations
from sync.node.vouching.statements import own_of
from sync.store.ledger.case_ends import cases_behind, chains_of_cases, count_case_ends
from sync.store.ledger.certificates import certificate_of
from sync.store.transaction import Reader


def count_arrived(node: Node) -> list[dict[str, Any]]:
    """[{"level", "level_name", "name", "cases"}]: this node first, with all it keeps, then the hops above it."""
    who, stations = node.identity, held_stations(node)

    def work(reader: Reader) -> list[dict[str, Any]]:
        here, known = count_cases(reader), count_case_ends(reader)
        hops = hops_above(reader, own_of(who), who.sid)[1:]
        above = {hop.sid for hop in hops}
        # What is written above us comes down to us; nobody has to receipt it to us.
        chains = [each for each in chains_of_cases(reader) if _sid(reader, each[1]) not in above] if hops else []
        told = [_told(who.level, who.name, here)]
        for hop in hops:
            held = _prefixes(heard_from(reader, [hop], stations))
            reach = [(chain, held.get((writer, life), 0)) for chain, writer, life in chains]
            late = {case for chain, number in reach for case in cases_behind(reader, chain, number)}
            told.append(_told(hop.level, hop.name, known - len(late)))
        return told

    return node.read(work)


def _sid(reader: Reader, writer: str) -> str:
    known = certificate_of(reader, writer)
    return "" if known is None else known.sid


def _prefixes(heard: Iterable[Heard]) -> Mapping[tuple[str, str], int]:
    """Of each life the event up to which a hop has signed for all."""
    found: dict[tuple[str, str], int] = {}
    for one in heard:
        for holding in one.receipt.holds:
            first, last = next(iter(holding.held_ranges()), (0, 0))
            if first == 1:
                place = (holding.writer, holding.life)
                found[place] = max(found.get(place, 0), last)
    return found


def _told(level: str, name: str, cases: int) -> dict[str, Any]:
    return {"level": level, "level_name": level_name(level), "name": name, "cases": cases}
