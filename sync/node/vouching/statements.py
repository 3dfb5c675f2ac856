"""Statements as this node gives them to others: whose concern they are, and from where on.

A child hears what concerns the stations at or below it, and of those above certificates and rosters. The
parent hears what concerns our stations and was not signed above us, and our certificates: restored to a time before
them it knows nobody's, not even the centre that signed them.

A cursor is `<life>:<arrival>`: a peer that lives a new life counts anew, and is told from the beginning. So is one
whose cursor is beyond what we have: our disk was put back behind our back, and it hears so by a cursor that is less.

Whoever is told everything from the beginning may be such a one; it hears its own signatures, too, and finds out.
Avowals go down to all whom they concern, and up only beside what was refused for want of one; quittances go down. What
was not found, and who was heard, goes up alone.

Must not know: by which road they travel.
"""

from collections.abc import Callable, Collection

from sync.custody.avowals import AVOWAL, find_avowal
from sync.custody.certificates import CERTIFICATE
from sync.custody.holdings import events_of
from sync.custody.issuing import Own
from sync.custody.misses import MISSES
from sync.custody.quittances import QUITTANCE
from sync.custody.receipts import RECEIPT
from sync.custody.rosters import ROSTER
from sync.custody.sightings import SIGHTING
from sync.node.centre_key import pinned_centre
from sync.node.identity import Identity
from sync.node.sharing import stations_under
from sync.node.vouching.cursors import position_of
from sync.records.ids import parse_database
from sync.store.ledger.certificates import Known, certificates_above
from sync.store.ledger.custody import Kept, last_arrival, newest_statement, statements_about, statements_of
from sync.store.transaction import Reader
from sync.trust.keys import writer_id
from sync.values.documents import Document
from sync.values.statements import Signed

_UP_ALONE = (MISSES, SIGHTING)
_FROM_ABOVE = (CERTIFICATE, ROSTER)  # of those over a station, beside what concerns it
_PAGE = 400  # with as many certificates before them they fit into one frame of an exchange


def own_of(who: Identity) -> Own:
    """Who we are, as custody wants it."""
    return Own(who.keys, who.sid)


def statements_for_child(
    reader: Reader, child: Known, *, heard: str, life: str, below: frozenset[str] | None = None
) -> tuple[tuple[Signed, ...], str]:
    """What a node below us has not heard yet, and its new cursor.

    below  its station and those under it, from who has just read the certificates
    """
    below = stations_under(reader, child.sid) if below is None else below
    above = stations_above(child.sid, certificates_above(reader, child.sid))

    def concerns(kept: Kept) -> bool:
        is_heard = kept.station in below and kept.signed.kind not in _UP_ALONE
        return is_heard or (kept.station in above and kept.signed.kind in _FROM_ABOVE)

    start = position_of(heard, life)
    news, position = _news(reader, below | above, start if start <= last_arrival(reader) else 0, concerns)
    return (*_vouching_for(reader, news), *news), f"{life}:{position}"


def statements_for_parent(reader: Reader, who: Identity, *, sent: int) -> tuple[tuple[Signed, ...], int]:
    """What the node above us has not been told yet, and how far that goes."""
    below = stations_under(reader, who.sid)
    over_us = certificates_above(reader, who.sid)
    above = stations_above(who.sid, over_us)
    writers_above = {known.writer for known in over_us if known.sid in above}

    def concerns(kept: Kept) -> bool:
        is_ours = kept.signed.kind == CERTIFICATE or kept.signed.signer not in writers_above
        return kept.station in below and is_ours and kept.signed.kind not in (AVOWAL, QUITTANCE)

    news, position = _news(reader, below, sent, concerns)
    if sent:
        return news, position
    theirs = (one.signed for one in statements_of(reader, RECEIPT, writers_above) if one.station in below)
    return (*theirs, *news), position


def avowals_of(reader: Reader, database: str, document: Document) -> tuple[Signed, ...]:
    """What their writers signed over the events of a record, each once."""
    name = parse_database(database)
    if name is None:
        return ()
    found = (find_avowal(reader, name.sid, event) for event in events_of(document))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def is_page(statements: Collection[Signed]) -> bool:
    """Whether so many were said that there are probably more."""
    return len(statements) >= _PAGE


def stations_above(sid: str, certificates: Collection[Known]) -> frozenset[str]:
    """The stations over a station, up to the centre."""
    parents = {known.sid: known.parent for known in certificates}
    found: set[str] = set()
    while (sid := parents.get(sid, "")) and sid not in found:
        found.add(sid)
    return frozenset(found)


def _news(
    reader: Reader, stations: Collection[str], start: int, concerns: Callable[[Kept], bool]
) -> tuple[tuple[Signed, ...], int]:
    """A page of what concerns someone, and the position to go on from.

    What was only passed over moves the position once in a page, so that the news of others costs no write.
    """
    news, position = statements_about(reader, stations, start, wanted=concerns, limit=_PAGE)
    return news, position if news or position - start >= _PAGE else start


def _vouching_for(reader: Reader, news: tuple[Signed, ...]) -> tuple[Signed, ...]:
    """The certificates of a page's signers that stand behind its end: without them it would be refused for ever."""
    centre_key = pinned_centre(reader)
    if not is_page(news) or centre_key is None:
        return ()
    centre = writer_id(centre_key)
    kept = (newest_statement(reader, CERTIFICATE, centre, subject=signer) for signer in {one.signer for one in news})
    told = frozenset(news)
    return tuple(one.signed for one in kept if one is not None and one.signed not in told)
