"""A village, a township and a centre on real stores, with roads that carry only part of what there is.

Beside the nodes the world keeps its own account of the truth: at every receipt signed, what the signer's
databases really held, read from the documents and not from the ledger that the receipt was made from.
"""

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.blobs.reading import is_complete
from sync.blobs.storing import store_bytes
from sync.custody.certificates import Certificate, certify
from sync.custody.gathering import case_standing
from sync.custody.holdings import events_of, follow
from sync.custody.issuing import Own, holdings_of_station, issue_receipt, issue_receipts, issue_seal
from sync.custody.materials import materials_of
from sync.custody.receipts import RECEIPT, SAFE
from sync.custody.standing import Standing
from sync.custody.taking import take
from sync.records.events import Event, heads, new_event
from sync.store.backup import back_up, reading
from sync.store.connection import Opening
from sync.store.engine import Engine
from sync.store.ledger.custody import last_arrival
from sync.store.ledger.lives import begin_life, found_node, settle_life
from sync.store.ledger.writers import append_own, own_position
from sync.trust import keys
from sync.trust.chain import digest_text, read_digest
from sync.trust.keys import KeyPair
from sync.values.changes import START
from sync.values.documents import Document, Edit, Wanted
from sync.values.json_text import canonical
from sync.values.statements import Signed
from tests.statements import all_statements

STATION, BLOBS = "station_v1", "blobs_v1"
CASES = ("case:v1-aaaa", "case:v1-bbbb", "case:v1-cccc")  # several, so that part of a writer's events may travel
STATIONS = ("v1", "t1", "centre")
_PARENTS = {"v1": "t1", "t1": "centre", "centre": ""}
_LEVELS = {"v1": "village", "t1": "township", "centre": "centre"}
_UNSAFE = Opening(synchronous="OFF")  # nothing loses power here, and thousands of small writes are made


@dataclass(frozen=True, slots=True)
class Truth:
    """What a node's databases held when it signed; `serial` orders all signatures of the world."""

    serial: int
    hashes: frozenset[str]
    whole: frozenset[str]


class Node:
    """One node on a real store, which can be put back to an earlier state."""

    def __init__(self, directory: Path, sid: str, pair: KeyPair, chance: random.Random) -> None:
        self.sid = sid
        self._chance = chance
        self.own = Own(pair, sid)
        self.kept_here = STATIONS[: STATIONS.index(sid) + 1]  # a node signs for itself and those below it
        self._directory = directory
        self._backup = directory.with_name(directory.name + "-backup")
        self.engine = Engine.open(directory, opening=_UNSAFE)
        self.engine.write(lambda tx: found_node(tx, pair, fingerprint=sid, now_ms=1, chance=chance.randbytes))
        for name in (STATION, BLOBS):
            self.engine.databases.create(name)

    def back_up(self) -> None:
        """Keep the present state for a later restore."""
        self.engine.close()
        shutil.rmtree(self._backup, ignore_errors=True)
        shutil.copytree(self._directory, self._backup)
        self._open()

    def restore(self) -> None:
        """Go back to the kept state, in a new life."""
        self.engine.close()
        shutil.rmtree(self._directory)
        shutil.copytree(self._backup, self._directory)
        self._open()
        self.engine.write(
            lambda tx: begin_life(tx, "restore", fingerprint=self.sid, now_ms=1, chance=self._chance.randbytes)
        )

    def events(self, cases: Sequence[str] = CASES) -> dict[str, Event]:
        """Every event of every leaf of some cases, by hash."""
        leaves = self.engine.database(STATION).read([Wanted(case, ()) for case in cases])
        return {event.hash: event for leaf in leaves if isinstance(leaf, Document) for event in events_of(leaf)}

    def whole(self, roots: set[str]) -> set[str]:
        """Those of some blobs that are complete here."""
        return {root for root in roots if is_complete(self.engine.database(BLOBS), root)}

    def write(self, chance: random.Random) -> None:
        """Append an event, sometimes with photos, to a case as this node sees it."""
        case = chance.choice(CASES)
        station, blobs = self.engine.database(STATION), self.engine.database(BLOBS)
        photos = [chance.randbytes(chance.choice((10, 40_000))) for _ in range(chance.choice((0, 0, 1, 2)))]
        fields = {"photos": [store_bytes(blobs.graft, photo, media_type="image/png").reference() for photo in photos]}
        own = self.engine.read(own_position)
        known = self.events([case])
        event = new_event(
            "noted",
            fields,
            writer=self.own.pair.writer,
            life=own.life,
            number=own.number + 1,
            previous="" if own.head is None else digest_text(own.head),
            seen=heads(known.values()),
            order=f"{chance.randrange(2**40):012x}0000",
            at="2026-03-02T09:00:00+08:00",
            clock="heard",
            by="acct:wang",
            level=_LEVELS[self.sid],
        )
        (winner,) = station.read([Wanted(case)])
        parent = winner.revision if isinstance(winner, Document) else None
        body = canonical({"type": "case", "events": [*(one.json for one in known.values()), event.json]})

        def work(tx):
            (outcome,) = station.write_in(tx, [Edit(case, parent, body)])
            assert outcome.error is None
            append_own(tx, own.number + 1, read_digest(event.hash))

        self.engine.write(work)

    def look(self, now_ms: int) -> list[Signed]:
        """Follow the own databases to their end and sign what changed."""
        for name in (STATION, BLOBS):
            while follow(self.engine, self.engine.database(name), now_ms=now_ms, is_complete=self._is_complete).more:
                pass

        def sign(tx):
            issue_seal(tx, self.own, now_ms=now_ms)
            return list(issue_receipts(tx, self.own, self.kept_here, now_ms=now_ms))

        return self.engine.write(sign)

    def sign_safe(self, now_ms: int) -> list[Signed]:
        """Sign for what is in a backup, read there; that one is lost later, and an older one is put back."""
        second = self._backup.with_name(f"{self._backup.name}-2")
        second.unlink(missing_ok=True)
        back_up(self._directory, second)
        with reading(second, None) as copy:
            holds = {sid: holdings_of_station(copy, self.own, sid) for sid in self.kept_here}

        def sign(tx):
            signed = [issue_receipt(tx, self.own, sid, kept, grade=SAFE, now_ms=now_ms) for sid, kept in holds.items()]
            return [one for one in signed if one is not None]

        return self.engine.write(sign)

    def standing(self, case: str) -> tuple[Standing, ...]:
        """What this node's screen says of a case."""
        events = list(self.events([case]).values())
        return self.engine.read(lambda reader: case_standing(reader, self.own, "v1", events))

    def state(self) -> tuple[object, ...]:
        """What must not move in an idle network."""
        return (*(self.engine.database(name).info() for name in (STATION, BLOBS)), self.engine.read(last_arrival))

    def _is_complete(self, database: str, root: str) -> bool:
        return is_complete(self.engine.database(database), root)

    def _open(self) -> None:
        self.engine = Engine.open(self._directory, opening=_UNSAFE)
        self.engine.write(lambda tx: settle_life(tx, fingerprint=self.sid, now_ms=1))


class World:
    """The three nodes, what happened, and the truth beside it."""

    def __init__(self, directory: Path, chance: random.Random) -> None:
        self.chance = chance
        self.now_ms = 1_770_000_000_000
        pairs = {sid: keys.load(chance.randbytes(32)) for sid in STATIONS}
        self.centre_key = pairs["centre"].public
        self.nodes = {sid: Node(directory / sid, sid, pair, chance) for sid, pair in pairs.items()}
        self.truth: dict[bytes, Truth] = {}
        self.told: dict[str, list[Signed]] = {sid: [] for sid in STATIONS}  # receipts each took in and still knows of
        self._told_then: dict[str, list[Signed]] = {}
        certificates = [
            certify(pairs["centre"], Certificate(pair.public, sid, _LEVELS[sid], "990281101201", sid, _PARENTS[sid]))
            for sid, pair in pairs.items()
        ]
        for sid in STATIONS:
            self._give(sid, certificates)

    def act(self) -> None:
        """Let something happen somewhere."""
        self.now_ms += 1000
        one, other = self.chance.sample(STATIONS, 2)
        act = self.chance.choices(
            (
                self._write,
                self._look,
                self._carry,
                self._tell,
                self._remind,
                self._back_up,
                self._restore,
                self._sign_safe,
            ),
            (4, 6, 8, 8, 2, 1, 1, 1),
        )[0]
        act(one, other)

    def settle(self) -> None:
        """Carry and tell everything until a round changes nothing."""
        for _ in range(12):
            before = [node.state() for node in self.nodes.values()]
            for one in STATIONS:
                self._look(one, one)
            for one in STATIONS:
                for other in STATIONS:
                    if one != other:
                        self._carry_all(one, other)
                        self._look(other, one)
                        self._tell_all(one, other)
            if before == [node.state() for node in self.nodes.values()]:
                return
        raise AssertionError("the network never came to rest")

    def close(self) -> None:
        """Close the stores."""
        for node in self.nodes.values():
            node.engine.close()

    def _write(self, one: str, _: str) -> None:
        self.nodes[one].write(self.chance)

    def _look(self, one: str, _: str) -> None:
        node = self.nodes[one]
        self._note_truth(node, node.look(self.now_ms))

    def _note_truth(self, node: Node, signed: list[Signed]) -> None:
        events = node.events()
        roots = {root for event in events.values() for root in materials_of(event.set)}
        for statement in signed:
            self.truth[statement.payload] = Truth(len(self.truth), frozenset(events), frozenset(node.whole(roots)))

    def _carry(self, one: str, other: str) -> None:
        """Replicate a part: some leaves, some chunks, in any order."""
        for name in (STATION, BLOBS):
            documents = self._documents(one, name)
            self.chance.shuffle(documents)
            self._graft(other, name, documents[: self.chance.randint(0, len(documents))])

    def _carry_all(self, one: str, other: str) -> None:
        for name in (STATION, BLOBS):
            self._graft(other, name, self._documents(one, name))

    def _tell(self, one: str, other: str) -> None:
        statements = self._statements(one)
        self._give(other, self.chance.sample(statements, self.chance.randint(0, len(statements))))

    def _tell_all(self, one: str, other: str) -> None:
        self._give(other, self._statements(one))

    def _remind(self, one: str, other: str) -> None:
        """An old stick turns up."""
        if self.told[one]:
            self._give(other, [self.chance.choice(self.told[one])])

    def _back_up(self, one: str, _: str) -> None:
        self.nodes[one].back_up()
        self._told_then[one] = list(self.told[one])

    def _sign_safe(self, one: str, _: str) -> None:
        self._note_truth(self.nodes[one], self.nodes[one].sign_safe(self.now_ms))

    def _restore(self, one: str, _: str) -> None:
        if one in self._told_then:
            self.nodes[one].restore()
            self.told[one] = list(self._told_then[one])

    def _documents(self, one: str, name: str) -> list[Document]:
        database = self.nodes[one].engine.database(name)
        ids = [change.id for change in database.changes(START).results]
        found = database.read([Wanted(doc_id, ()) for doc_id in ids])
        return [document for document in found if isinstance(document, Document)]

    def _graft(self, other: str, name: str, documents: list[Document]) -> None:
        for outcome in self.nodes[other].engine.database(name).graft(documents):
            assert outcome.error is None

    def _statements(self, one: str) -> list[Signed]:
        return list(self.nodes[one].engine.read(all_statements))

    def _give(self, other: str, statements: list[Signed]) -> None:
        node = self.nodes[other]
        taken = node.engine.write(
            lambda tx: take(tx, node.own, statements, centre_key=self.centre_key, now_ms=self.now_ms)
        )
        assert taken.refused == ()
        self.told[other] += [signed for signed in taken.kept if signed.kind == RECEIPT]
