"""How far two nodes' clocks are apart, measured at each contact, noted when it changes, and told to the node above.

The node above looks at its clock between hearing the last of what we told and answering. So it was ahead of ours by
what it showed, less ours at the one or at the other: the middle of the two, give or take half of what lies between.

An idle exchange writes nothing and says nothing of it: what is known already is no news.

Must not know: what a clock that is wrong keeps from happening.
"""

from sync.node.sharing import UPSTREAM
from sync.store.ledger.contacts import Contact, contact, note_offset
from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Reader, Transaction
from sync.typed import Value

_TOLD = "clock.told"  # to which life of the node above, and what
# People do not see less, and cheap clocks drift by as much in a week.
_WORTH_NOTING_MS = 5_000
# A measure so many times finer than the one known replaces it, where that was coarse.
_FINER = 4


class Offset(Value):
    """How far another's clock is ahead of ours, in milliseconds, give or take `within_ms`."""

    ms: int
    within_ms: int


def measured(told_ms: int, *, now_ms: int, waited_ms: int) -> Offset:
    """What an answer tells.

    told_ms    what the other's clock showed;  now_ms, ours when the answer was there
    waited_ms  how long before that the last of what we said was handed over
    """
    return Offset(told_ms - now_ms + waited_ms // 2, (waited_ms + 1) // 2)


def is_news(known: Offset | None, found: Offset) -> bool:
    """Whether a measure says something that is not known already."""
    if known is None:
        return True
    if abs(found.ms - known.ms) > _WORTH_NOTING_MS + found.within_ms + known.within_ms:
        return True
    return known.within_ms > _WORTH_NOTING_MS and found.within_ms * _FINER <= known.within_ms


def known_offset(reader: Reader, peer: str) -> Offset | None:
    """How far a peer's clock was ahead of ours when last measured; None while nobody knows."""
    return offset_in(contact(reader, peer))


def offset_in(known: Contact | None) -> Offset | None:
    """The same of what is known of the peer."""
    if known is None or known.offset_ms is None or known.offset_within_ms is None:
        return None
    return Offset(known.offset_ms, known.offset_within_ms)


def note_measured(tx: Transaction, found: Offset) -> None:
    """Keep what an answer of the node above told, where it is news."""
    if is_news(known_offset(tx, UPSTREAM), found):
        note_offset(tx, UPSTREAM, offset_ms=found.ms, within_ms=found.within_ms)


def offset_to_tell(reader: Reader, *, life: str) -> tuple[int, ...]:
    """(ms, within ms) that the node above has not been told in this life of its; () when there is nothing to tell."""
    known = known_offset(reader, UPSTREAM)
    if known is None or setting(reader, _TOLD) == _text(life, known):
        return ()
    return (known.ms, known.within_ms)


def note_told(tx: Transaction, told: tuple[int, ...], *, life: str) -> None:
    """The node above has heard it in that life."""
    if told:
        put_settings(tx, {_TOLD: _text(life, Offset(*told))})


def note_told_by(tx: Transaction, peer: str, told: tuple[int, ...]) -> None:
    """Keep what a node below found of our clock: seen from here, the other way round."""
    if told:
        ahead, within = told
        note_offset(tx, peer, offset_ms=-ahead, within_ms=within)


def _text(life: str, offset: Offset) -> str:
    return f"{life}:{offset.ms}:{offset.within_ms}"
