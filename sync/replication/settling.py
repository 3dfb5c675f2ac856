"""The conveyance of one database, from the side that is asked: take in what is told, or tell what is wanted.

Under the name of a pairing a local document keeps up to where everything was taken, and positions at which the two
once stood together:

    _local/exchange-3f2a…    {"taken": "9-a", "stood": ["7-a", "0"]}

A position counts as taken once everything before it is on disk. It is written down at the end, however that comes, for
what is taken twice costs nothing but bytes.

Must not know: HTTP, who asks.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from sync.database import Database
from sync.errors import BadRequest
from sync.records.ids import sha256_hex
from sync.replication.hearing import Heard, hear
from sync.replication.telling import MOST_TOLD_BYTES, nobody_knows, tell
from sync.revisions.revision import Revision
from sync.typed import Value, replace
from sync.values.changes import START
from sync.values.conversation import Garbled, Item, SetAside, Untold
from sync.values.conveyance import Proposal, Settlement
from sync.values.json_text import dump, parse_object

MOST_STOOD = 8
_RECORD = "exchange-"


def settle(database: Database, proposal: Proposal, items: Iterable[Item]) -> tuple[Settlement, Iterator[Item]]:
    """Take in what is told, and give what is wanted, which is read while it is asked for.

    raises  what the items raise where they break off; what was taken before it holds, and is noted
    """
    info, was_empty = database.info(), is_empty(database)
    if proposal.heard is not None:
        told = _tell(database, proposal)
        return Settlement(was_empty=was_empty, stands_at=info.update_seq), told
    known = None if proposal.proved else _read(database, proposal.pairing)
    if known is None and (proposal.proved or proposal.since == START):
        known = _Standing(proposal.since, ())
    fits = known is not None and proposal.since in (known.taken, *known.stood)
    heard, garbled = Heard(), list[Garbled]()
    _take(database, proposal, known.at(proposal.since) if known and fits else None, items, heard, garbled)
    settled = Settlement(
        was_empty=was_empty,
        stands_at=info.update_seq,
        set_aside=refused_of(heard, garbled),
        unread=bool(heard.unread),
    )
    if known and fits:
        settled = replace(settled, taken=_taken_of(heard) or known.taken)
    elif known:
        settled = replace(settled, stood=(known.taken, *known.stood))
    return settled, iter(())


class _Standing(Value):
    """What is kept of a pairing: the position taken, and those stood at, newest first."""

    taken: str
    stood: tuple[str, ...]

    def at(self, since: str) -> "_Standing":
        """With the caller at a position that it has from us."""
        return _Standing(self.taken, (since, *(one for one in self.stood if one != since))[:MOST_STOOD])


def is_empty(database: Database) -> bool:
    """Whether nothing was ever in a database."""
    info = database.info()
    return info.doc_count + info.doc_del_count == 0


def refused_of(heard: Heard, garbled: Iterable[Garbled]) -> tuple[SetAside, ...]:
    """What was not taken in; what could not be read goes by the digest of its bytes."""
    unreadable = (
        SetAside(one.name, sha256_hex(one.payload), Revision(1, sha256_hex(one.payload)[:32]), one.reason)
        for one in garbled
    )
    return (*heard.set_aside, *unreadable)


def _take(
    database: Database,
    proposal: Proposal,
    standing: _Standing | None,
    items: Iterable[Item],
    heard: Heard,
    garbled: list[Garbled],
) -> None:
    """standing: what to keep on taking; None where nothing is known to go before what is told."""
    try:
        for _ in hear(items, heard, open_database=lambda name: database, keep_garbled=garbled.append):
            pass
    finally:
        if standing is not None:
            _write(database, proposal.pairing, _Standing(_taken_of(heard) or standing.taken, standing.stood))


def _taken_of(heard: Heard) -> str:
    """The newest position; whatever the caller calls its database, it is this one."""
    return list(heard.taken.values())[-1] if heard.taken else ""


def _tell(database: Database, proposal: Proposal) -> Iterator[Item]:
    """What came behind the caller's position, up to what no frame holds: that goes another way."""
    passed_over: list[Untold] = []
    told = tell(
        database,
        proposal.heard or START,
        knows=nobody_knows,
        most_bytes=MOST_TOLD_BYTES,
        pass_over=passed_over.append,
        plain=proposal.plain,
    )
    for item in told:
        if passed_over:
            return
        yield item


def _read(database: Database, pairing: str) -> _Standing | None:
    kept = database.read_local(_RECORD + pairing)
    if kept is not None:
        with suppress(BadRequest, KeyError, TypeError):
            body = parse_object(kept.body)
            return _Standing(str(body["taken"]), tuple(str(one) for one in body["stood"]))
    return None


def _write(database: Database, pairing: str, standing: _Standing) -> None:
    body = dump({"taken": standing.taken, "stood": standing.stood})
    kept = database.read_local(_RECORD + pairing)
    if kept is None or kept.body != body:
        database.write_local(_RECORD + pairing, body)
