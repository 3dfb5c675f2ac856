"""Statements as this node gives them to others: whose concern they are, and from where on.

A child hears what concerns the stations at or below it, and the certificates of those above. The
parent hears what concerns our stations and was not signed above us.

A cursor is `<life>:<arrival>`: a peer that lives a new life counts anew, and is told from the beginning.

Must not know: by which road they travel.
"""

from collections.abc import Collection

from sync.custody.certificates import CERTIFICATE
from sync.custody.issuing import Own
from sync.node.identity import Identity
from sync.node.sharing import stations_below
from sync.store.ledger.certificates import Known, all_certificates
from sync.store.ledger.custody import statements_after
from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Reader, Transaction
from sync.trust.chain import digest_text, read_digest
from sync.values.statements import Signed

_CENTRE_KEY = "trust.centre_key"
_PAGE = 1000


def pin_centre(tx: Transaction, public_key: bytes) -> None:
    """From now on believe what this key certifies, and nobody else."""
    put_settings(tx, {_CENTRE_KEY: digest_text(public_key)})


def pinned_centre(reader: Reader) -> bytes | None:
    """The centre's public key; None before enrolment."""
    text = setting(reader, _CENTRE_KEY)
    return None if text is None else read_digest(text)


def own_of(who: Identity) -> Own:
    """Who we are, as custody wants it."""
    return Own(who.keys, who.sid)


def statements_for_child(reader: Reader, child: Known, *, heard: str, life: str) -> tuple[tuple[Signed, ...], str]:
    """What a node below us has not heard yet, and its new cursor."""
    certificates = all_certificates(reader)
    below = stations_below(child.sid, certificates)
    above = stations_above(child.sid, certificates)
    start = position_of(heard, life)
    theirs, position = statements_after(reader, start, stations=below | above, limit=_PAGE)
    certified_above, _ = statements_after(reader, start, stations=above, limit=_PAGE)
    unasked = {one for one in certified_above if one.kind != CERTIFICATE}
    return tuple(one for one in theirs if one not in unasked), f"{life}:{position}"


def statements_for_parent(reader: Reader, who: Identity, *, sent: int) -> tuple[tuple[Signed, ...], int]:
    """What the node above us has not been told yet, and how far that goes."""
    certificates = all_certificates(reader)
    below = stations_below(who.sid, certificates)
    above = {known.writer for known in certificates if known.sid in stations_above(who.sid, certificates)}
    ours, position = statements_after(reader, sent, stations=below, limit=_PAGE)
    return tuple(one for one in ours if one.signer not in above), position


def stations_above(sid: str, certificates: Collection[Known]) -> frozenset[str]:
    """The stations over a station, up to the centre."""
    parents = {known.sid: known.parent for known in certificates}
    found: set[str] = set()
    while (sid := parents.get(sid, "")) and sid not in found:
        found.add(sid)
    return frozenset(found)


def position_of(cursor: str, life: str) -> int:
    """How far a cursor of this life goes; 0 for one of another life, or none."""
    of_life, _, position = cursor.partition(":")
    return int(position) if of_life == life and position.isascii() and position.isdigit() else 0
