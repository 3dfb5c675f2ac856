"""When a station was last heard, and told to those above: by itself, by what it signed, or by whom it calls.

A station seals what it has written; of one that has nothing new to say only the node that it calls knows that it lives.
That node says so once a day (`SIGHTING`), unless something the station signed goes up that day and says it better: so a
network with nothing to say stays at rest. What was noted while the clock was ahead counts for nothing afterwards.

Must not know: how it is shown, what counts as silent.
"""

from collections.abc import Collection, Iterable, Mapping

from sync.custody.receipts import RECEIPT
from sync.custody.seals import SEAL
from sync.custody.sightings import SIGHTING, make_sighting, read_sighting
from sync.custody.taking import sighted_ms
from sync.node.identity import Identity
from sync.node.node import Node
from sync.node.sharing import stations_under
from sync.records.clock import beijing
from sync.store.ledger.certificates import certificates_of_station
from sync.store.ledger.contacts import all_contacts
from sync.store.ledger.custody import (
    heard_by_signer,
    newest_statement,
    put_statement,
    statements_of,
    statements_of_kind,
)
from sync.store.transaction import Reader, Transaction


def heard_at(reader: Reader, writers: Mapping[str, Collection[str]]) -> dict[str, int]:
    """{sid: when it last came itself, something it signed arrived, or it was sighted}; those never heard are not named.

    writers  {sid: those of its devices}; each table is read once, however many there are
    """
    came = {one.peer: one.heard_ms for one in all_contacts(reader)}
    signed, sighted = heard_by_signer(reader, (SEAL, RECEIPT)), sightings(reader)
    found = {
        sid: max(filter(None, (came.get(sid), sighted.get(sid), *(signed.get(one) for one in own))), default=None)
        for sid, own in writers.items()
    }
    return {sid: at_ms for sid, at_ms in found.items() if at_ms is not None}


def sightings(reader: Reader) -> dict[str, int]:
    """{sid: when somebody it calls heard it last}; never later than the word of it arrived here."""
    found: dict[str, int] = {}
    for kept in statements_of_kind(reader, SIGHTING):
        found[kept.station] = max(found.get(kept.station, 0), sighted_ms(kept))
    return found


def state_sightings(node: Node) -> None:
    """Sign whom we have heard on a new day; nothing is written where nobody new was heard."""
    who = node.identity
    now_ms = node.clock()
    heard = node.read(lambda reader: _news(reader, who, now_ms)) if who.certified else {}
    if not heard:
        return

    def work(tx: Transaction) -> None:
        for sid, at_ms in heard.items():
            signed = make_sighting(who.keys, sid, at_ms)
            put_statement(tx, signed, subject=sid, station=sid, now_ms=now_ms)

    node.write(work)


def _news(reader: Reader, who: Identity, now_ms: int) -> dict[str, int]:
    """{sid: when} of the stations below that were heard on a day of which nobody above can know yet."""
    below = stations_under(reader, who.sid) - {who.sid}
    heard = {one.peer: one.heard_ms for one in all_contacts(reader) if one.peer in below}
    return {
        sid: at_ms
        for sid, at_ms in heard.items()
        if at_ms is not None and at_ms <= now_ms and not _is_told(reader, who.writer, sid, at_ms, now_ms)
    }


def _is_told(reader: Reader, writer: str, sid: str, at_ms: int, now_ms: int) -> bool:
    def covers(told_ms: int | None) -> bool:
        return told_ms is not None and told_ms <= now_ms and beijing(told_ms).date() >= beijing(at_ms).date()

    told = newest_statement(reader, SIGHTING, writer, subject=sid)
    if told is not None and covers(read_sighting(told.signed.payload).at_ms):
        return True
    return covers(_signed_ms(reader, [known.writer for known in certificates_of_station(reader, sid)]))


def _signed_ms(reader: Reader, writers: Iterable[str]) -> int | None:
    """When something arrived that one of these signed of itself."""
    writers = tuple(writers)
    signed = (kept.heard_ms for kind in (SEAL, RECEIPT) for kept in statements_of(reader, kind, writers))
    return max(signed, default=None)
