"""What a node shares with another: which databases, and whose events the other may carry.

A node below us brings its own station and the stations under it. A node above us may bring anything
of the stations we share, for all of it came through somebody's guard; but no step of ours that we did not make.

Must not know: how the other is reached, or how it proved who it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial

from sync.blobs.reading import is_complete
from sync.custody.avowals import find_avowal
from sync.custody.holdings import RECORD_KINDS, NotingDatabase
from sync.database import Database, Front
from sync.errors import BadRequest, Forbidden
from sync.node.node import Node
from sync.node.public_room import BoundedPublic
from sync.node.setting_aside import set_aside
from sync.records.events import Event
from sync.records.guard import Offerer, Standing
from sync.records.guarded import GuardedDatabase
from sync.records.ids import PUBLIC, blobs_database, parse_database, station_database
from sync.records.log import events_in
from sync.records.powers import powers_of
from sync.store.ledger.alarms import Alarm, raise_repeated
from sync.store.ledger.certificates import Known, certificate_of, certificates_below
from sync.store.ledger.writers import held_hash, own_position
from sync.store.transaction import Reader, Transaction
from sync.trust.chain import digest_text, read_digest
from sync.values.documents import Document, Edit, Outcome
from sync.wire.problems import NoDatabase

UPSTREAM = "upstream"  # how the node above is called where it brings something


def stations_below(sid: str, certificates: Iterable[Known]) -> frozenset[str]:
    """The station itself and every station under it, however deep."""
    children: dict[str, set[str]] = {}
    for known in certificates:
        children.setdefault(known.parent, set()).add(known.sid)
    found: set[str] = set()
    waiting = {sid}
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting |= children.get(current, set())
    return frozenset(found)


def stations_under(reader: Reader, sid: str) -> frozenset[str]:
    """The same, of the certificates that are kept; those of other stations are not read."""
    return stations_below(sid, certificates_below(reader, sid))


def home_databases(sids: Iterable[str]) -> tuple[str, ...]:
    """The names of the databases those stations' records and photos are in, sorted, records first."""
    sids = sorted(sids)
    return (*(station_database(sid) for sid in sids), *(blobs_database(sid) for sid in sids))


def ensure_homes(node: Node, sid: str) -> None:
    """Make a station's databases where they are missing.

    The records' comes last: it is by that one that a station counts as held, and whoever looks after
    held stations finds the other there.
    """
    for name in reversed(home_databases([sid])):
        node.ensure_database(name)


def ensure_homes_of(node: Node, sids: Iterable[str]) -> None:
    """The same for several stations, of which most have their databases."""
    sids = frozenset(sids)
    for sid in sids - held_among(node, sids):
        ensure_homes(node, sid)


def offerer_below(node: Node, caller: Known, certificates: Sequence[Known]) -> Offerer:
    """A node below us: it may carry the events of whoever is certified for its own stations.

    Those of others, ours included, it may bring back where their writer has put its name to them.
    """
    below = stations_below(caller.sid, certificates)
    writers = {known.writer: Standing(known.sid, known.level) for known in certificates if known.sid in below}

    def avowed(sid: str, event: Event) -> Standing | None:
        return node.read(partial(_avowed, node, sid, event))

    return Offerer(caller.writer, writers, avowed=avowed)


def _avowed(node: Node, sid: str, event: Event, reader: Reader) -> Standing | None:
    who = node.identity
    if event.writer == who.writer:
        # What we write in the life that we live we have, and nobody need bring it.
        return Standing(who.sid, who.level) if event.life != who.life and find_avowal(reader, sid, event) else None
    known = certificate_of(reader, event.writer)
    if known is None or known.revoked or not find_avowal(reader, sid, event):
        return None
    return Standing(known.sid, known.level)


def offerer_above(node: Node) -> Offerer:
    """The node above us: it may carry anyone's events, and writes what comes from above.

    But what we write in the life that we live we know: nobody makes a step of ours for us.
    """

    def unwritten(event: Event) -> bool:
        who = node.identity
        return (event.writer, event.life) == (who.writer, who.life) and node.read(partial(_is_unwritten, event))

    return Offerer(UPSTREAM, None, above=True, unwritten=unwritten)


def _is_unwritten(event: Event, reader: Reader) -> bool:
    known = held_hash(reader, event.writer, event.life, event.number)
    return event.number > own_position(reader).number or known not in (None, read_digest(event.hash))


def _alarm_at(event: Event, source: str, now_ms: int, tx: Transaction) -> None:
    """Somebody made a step in our name, or we did and forgot it: of a disk put back no signature need tell."""
    known = held_hash(tx, event.writer, event.life, event.number)
    heads = "" if known is None else digest_text(known), event.hash
    raise_repeated(tx, Alarm("not-ours", event.writer, event.life, event.number, *heads, source, now_ms))


class SharedDatabases:
    """The databases one other node may touch, each behind the guard (`sync.database.Databases`)."""

    def __init__(
        self, node: Node, names: Iterable[str], offerer: Offerer, *, shut: Mapping[str, str] | None = None
    ) -> None:
        """shut: {name: why} of those that may be read, and take nothing in now."""
        self._node = node
        self._shut = shut or {}
        self._names = frozenset(names)
        self._offerer = offerer

    def names(self) -> Sequence[str]:
        """Those shared that exist here."""
        return sorted(self._node.databases.among(self._names))

    def among(self, names: Iterable[str]) -> frozenset[str]:
        """Those of some names that are shared and exist here."""
        return self._node.databases.among(self._names.intersection(names))

    def open(self, name: str) -> Database:
        """A shared database; NotFound for any other, so that a stranger learns nothing of its existence."""
        if name not in self._names:
            raise NoDatabase
        database = self._node.databases.open(name)
        if not self._offerer.above:
            database = self._node.locals_of_peers.within(self._noting(database), self._offerer.name)
        elif name == PUBLIC:
            database = BoundedPublic(database, self._node)
        if name in self._shut:
            return _Shut(database, self._shut[name])
        items = powers_of(self._node.catalogue.version_of)
        return GuardedDatabase(database, self._offerer, self._set_aside, items=items)

    def _noting(self, database: Database) -> Database:
        """One of records notes who wrote what it takes in; it is our own stations' that a node below us brings."""
        name, node = parse_database(database.name), self._node
        if name is None or name.kind not in RECORD_KINDS:
            return database
        return NotingDatabase(
            node.documents.database(database.name),
            node.documents,
            holder=blobs_database(name.sid),
            expected=self._offerer.writers or (),
            clock=node.clock,
            is_complete=partial(is_whole, node),
        )

    def create(self, name: str) -> Database:
        """Refused: databases are made at enrolment."""
        raise Forbidden("databases are made when a station is enrolled")

    def destroy(self, name: str) -> None:
        """Refused."""
        raise Forbidden("a station's databases are never destroyed from outside")

    def _set_aside(self, database: str, document: Document, reason: str) -> None:
        set_aside(self._node, database, document, reason=reason, offered_by=self._offerer.name)
        with suppress(BadRequest):  # it is no record, and was refused for that
            unwritten = next((event for event in events_in(document) if self._offerer.unwritten(event)), None)
            if unwritten is not None:
                self._node.write(partial(_alarm_at, unwritten, f"{database}/{document.id}", self._node.clock()))


class _Shut(Front):
    """A database that takes nothing in; as a whole, for what is refused one by one counts as told."""

    def __init__(self, behind: Database, why: str) -> None:
        super().__init__(behind)
        self._why = why

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """Refused."""
        raise Forbidden(self._why)

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """Refused."""
        raise Forbidden(self._why)


def shared_with_child(
    node: Node, caller: Known, *, shut: Callable[[Iterable[str]], Mapping[str, str]] | None = None
) -> SharedDatabases:
    """What a node below us may touch; `shut` says for whose photos there is no room, None for nobody's."""
    return shared_below(node, caller, node.read(lambda reader: certificates_below(reader, caller.sid)), shut=shut)


def shared_below(
    node: Node,
    caller: Known,
    certificates: Sequence[Known],
    *,
    shut: Callable[[Iterable[str]], Mapping[str, str]] | None = None,
) -> SharedDatabases:
    """The same for who has read the certificates, of which there may be thousands."""
    sids = stations_below(caller.sid, certificates)
    names, offerer = (PUBLIC, *home_databases(sids)), offerer_below(node, caller, certificates)
    return SharedDatabases(node, names, offerer, shut=shut(sids) if shut else None)


def shared_with_parent(node: Node) -> SharedDatabases:
    """What the node above us may bring."""
    return SharedDatabases(node, (PUBLIC, *node.databases.names()), offerer_above(node))


def is_whole(node: Node, database: str, root: str) -> bool:
    """Whether this node has all of a photo, by the name of the database that it is in."""
    return is_complete(node.documents.database(database), root)


def held_among(node: Node, sids: Iterable[str]) -> frozenset[str]:
    """Those of some stations whose records this node keeps; cheap where it keeps thousands."""
    homes = {station_database(sid): sid for sid in sids}
    return frozenset(homes[name] for name in node.databases.among(homes)) if homes else frozenset()


def held_stations(node: Node) -> tuple[str, ...]:
    """The sids of every station whose records this node keeps, sorted."""
    parsed = (parse_database(name) for name in node.databases.names())
    return tuple(sorted(name.sid for name in parsed if name is not None and name.kind == "station"))
