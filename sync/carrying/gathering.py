"""Taking in whatever lies in a heap of files: volumes for us, volumes for others, and what is neither.

One that cannot be taken in delays no other: each has its own outcome, in a sentence.

Must not know: who brought the files, how the outcomes are shown.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from sync.bundle.envelope import is_volume
from sync.bundle.refusals import NotForUs
from sync.carrying.importing import TakenIn, take_in
from sync.carrying.outcomes import (
    ALREADY,
    CARRIED,
    KNOWN,
    OWN,
    PARTLY,
    REFUSED,
    STRANGE,
    TAKEN,
    Gathered,
    Outcome,
    Set,
)
from sync.carrying.spool import Spool
from sync.carrying.stick import opened_file, shown_name
from sync.carrying.telling import amounts, wishes
from sync.errors import Refused, StorageError
from sync.messages import N_, _, pgettext
from sync.node.node import Node
from sync.node.room import Room
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.carried import is_written
from sync.store.ledger.volumes import Taken, volumes_of
from sync.store.transaction import Reader

_MOST_GAPS = 20


def import_files(
    node: Node,
    paths: Iterable[Path],
    *,
    by: str,
    room: Room,
    progress: Callable[[int], object] | None = None,
    done: Callable[[Outcome], object] | None = None,
) -> Gathered:
    """Take in volumes and keep those of others.

    by        who did it, for the audit
    room      of this node, for photos
    progress  told of documents as they come;  done, of each file when it is through
    raises    StorageError of our own disk
    """
    outcomes: list[Outcome] = []
    for path in paths:
        outcome = _import_file(node, path, room, progress)
        outcomes.append(outcome)
        if done is not None:
            done(outcome)
    if outcomes:
        counted = {what: sum(one.what == what for one in outcomes) for what in sorted({one.what for one in outcomes})}
        detail = pgettext("between clauses", ", ").join(f"{what} {count}" for what, count in counted.items())
        node.engine.write(lambda tx: append_entry(tx, Entry(node.clock(), by, "volumes_imported", "", detail)))
    sets = dict.fromkeys(one.of for one in outcomes if one.of is not None)
    missing = (node.engine.read(partial(_missing, one)) for one in sets)
    return Gathered(tuple(outcomes), tuple(sentence for sentence in missing if sentence))


def _missing(of: Set, reader: Reader) -> str:
    """What is missing of a set, in words; "" for nothing."""
    came = volumes_of(reader, of.peer, of.life, of.number)
    if not came:  # of a life that ended: nobody waits for the rest
        return ""
    gaps = _gaps(came)
    has_last = any(one.last for one in came.values())
    if gaps and has_last:
        told = N_("Export %(set)s of %(peer)s has not all come yet, volumes %(gaps)s are missing")
    elif gaps:
        told = N_(
            "Export %(set)s of %(peer)s has not all come yet, volumes %(gaps)s and all behind volume "
            "%(newest)s are missing"
        )
    elif not has_last:
        told = N_("Export %(set)s of %(peer)s has not all come yet, all volumes behind volume %(newest)s are missing")
    else:
        return ""
    return _(told, peer=of.name, set=of.number, gaps=_(", ").join(gaps), newest=max(came))


def _gaps(came: Mapping[int, Taken]) -> list[str]:
    """The volumes up to the newest that did not come whole, those behind each other as one; of very many the first.

    A volume says itself which it is, and may say anything.
    """
    newest, before, gaps = max(came), 0, list[str]()
    for number in sorted({newest + 1, *(one for one in came if came[one].whole)}):
        if number - before > 1:
            gaps.append(str(before + 1) if number - before == 2 else f"{before + 1}-{number - 1}")
        before = number
    return gaps if len(gaps) <= _MOST_GAPS else [*gaps[:_MOST_GAPS], "…"]


def _import_file(node: Node, path: Path, room: Room, progress: Callable[[int], object] | None) -> Outcome:
    try:
        with opened_file(path) as file:
            if not is_volume(file):
                return Outcome(shown_name(path), STRANGE, _("It is no volume of ours and was left alone"))
            file.seek(0)
            return _outcome(shown_name(path), take_in(node, file, room=room, progress=progress))
    except NotForUs:
        return _carry(node, path)
    except Refused as error:
        return Outcome(shown_name(path), REFUSED, error.reason)


def _carry(node: Node, path: Path) -> Outcome:
    spool = Spool(node)
    try:
        digest = spool.digest(path)
        if node.engine.read(lambda reader: is_written(reader, digest)):
            told = _("It was exported by this node itself, the other side has to import it")
            return Outcome(shown_name(path), OWN, told)
        kept = spool.keep(path)
    except (Refused, StorageError) as error:
        told = _("It is not for this node and could not be kept for another either: %(reason)s", reason=error.reason)
        return Outcome(shown_name(path), REFUSED, told)
    if kept:
        told = _("It is not for this node (or damaged) and is kept as it is, to be handed on with the next export")
        return Outcome(shown_name(path), CARRIED, told)
    return Outcome(shown_name(path), KNOWN, _("It is not for this node and was kept before"))


def _outcome(name: str, taken: TakenIn) -> Outcome:
    whose = {"peer": taken.peer.known.name, "set": taken.header.number, "volume": taken.header.volume}
    of = Set(taken.peer.writer, taken.peer.known.name, taken.header.life, taken.header.number)
    if taken.already:
        told = _("Volume %(volume)s of export %(set)s of %(peer)s, taken before", **whose)
        return Outcome(name, ALREADY, told, of)
    brought = amounts(taken.brought)
    if taken.is_whole or (taken.no_room and not taken.broken):
        told = _("Volume %(volume)s of export %(set)s of %(peer)s, taken: %(brought)s", **whose, brought=brought)
    else:
        reason = taken.broken or _("The file is not whole")
        told = _(
            "Volume %(volume)s of export %(set)s of %(peer)s, of which only the whole part in front was "
            "taken: %(brought)s (%(reason)s)",
            **whose,
            reason=reason,
            brought=brought,
        )
    left_out = (
        _("photos were left out (%(reason)s); import it again once there is room", reason=taken.no_room)
        if taken.no_room
        else ""
    )
    aside = (
        _("%(count)s were set aside, an administrator should look at them", count=taken.set_aside)
        if taken.set_aside
        else ""
    )
    sentence = pgettext("between sentences", "; ").join(
        filter(None, (told, left_out, wishes(taken.header.wants), aside))
    )
    return Outcome(name, TAKEN if taken.is_whole else PARTLY, sentence, of)
