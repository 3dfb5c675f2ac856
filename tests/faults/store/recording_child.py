"""A node's life, written down: `python -m tests.faults.store.recording_child DIRECTORY JOURNAL SYNCHRONOUS KEYS`.

KEYS  a directory with the one key of an encrypted store; "" for a store in the clear

In a process of its own, because the recorder must stand below SQLite's checksums, which are loaded once.
"""

import pickle
import random
import sys
from pathlib import Path

from sync.store.backup import back_up
from sync.store.beside import put_whole
from sync.store.claim import claim_directory
from sync.store.connection import FILE_NAME, Opening
from sync.store.engine import Engine
from sync.store.key_folder import KeyFolder
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import found_node
from sync.store.upkeep import Upkeep
from sync.trust import keys
from sync.values.documents import Attachment, Edit
from tests.faults.store.platter import Journal, RecordedFiles, Recorder

ROUNDS = 3


class Life:
    """Writes, and says what it is about to do and what it was told."""

    def __init__(self, directory: Path, journal: Journal, synchronous: str, keys: KeyFolder | None) -> None:
        self.directory, self.journal = directory, journal
        self.files = RecordedFiles(journal)
        self.keys = keys
        key = keys.find(next(keys.path.iterdir()).stem) if keys else None
        self.opening = Opening(synchronous=synchronous, key=key)
        self.chance = random.Random(7)

    def put(self, engine: Engine, doc_id: str, body: bytes | None, files: tuple[Attachment, ...] = ()) -> None:
        """Write a document, or delete it with no body."""
        db = engine.database("station")
        tree = db.tree(doc_id)
        parent = tree.winner.leaf if tree and not tree.deleted else None
        self.journal.note("intend", doc_id, body)
        edit = Edit(doc_id, parent, body or b"{}", deleted=body is None, attachments=files)
        assert db.write([edit])[0].error is None
        self.journal.note("ack", doc_id, body)

    def purge(self, engine: Engine, doc_id: str) -> None:
        db = engine.database("station")
        self.journal.note("intend", doc_id, None)
        db.purge({doc_id: db.tree(doc_id).leaves()})
        self.journal.note("ack", doc_id, None)

    def back_up(self, engine: Engine, name: str) -> None:
        there = dict(self.documents)
        back_up(self.directory, self.directory / name, keys=self.keys, files=self.files)
        self.journal.note("ack", f"backup:{name}", there)

    @property
    def documents(self) -> dict[str, bytes | None]:
        """What was acknowledged so far."""
        return {key: value for kind, key, value in _marks(self.journal) if kind == "ack" and ":" not in key}

    def found(self) -> None:
        with Engine.open(self.directory, opening=self.opening) as engine:
            engine.databases.create("station")
            self.journal.note("ack", "created:station", True)
            pair = keys.generate()
            place = fingerprint_of(self.directory / FILE_NAME)
            engine.write(lambda tx: found_node(tx, pair, fingerprint=place, now_ms=1))
            self.journal.note("ack", "founded:node", True)
        put_whole(self.directory / "server_uuid", b"u" * 32, files=self.files)
        self.journal.note("ack", "uuid:server", b"u" * 32)

    def live(self, round_: int) -> None:
        with Engine.open(self.directory, opening=self.opening) as engine:
            claim_directory(engine, now_ms=round_, files=self.files)
            for number in range(9):
                text = b"%d" % self.chance.randrange(10) * self.chance.randrange(1, 7000)
                scan = Attachment("scan", "image/jpeg", "md5-x", 3000, 0, self.chance.randbytes(3000))
                self.put(engine, f"doc{number}", b'{"text":"%s"}' % text, (scan,) if number % 4 == 0 else ())
            self.put(engine, "doc1", None)
            self.purge(engine, "doc2")
            upkeep = Upkeep(engine.read, engine.write, move_log=lambda: None, grace_seconds=0)
            upkeep.start()
            upkeep.compact("station")
            upkeep.await_compacted("station")
            upkeep.close()
            self.back_up(engine, f"backup{round_}")
            for number in range(20, 24):
                self.put(engine, f"doc{number}", b'{"n":%d}' % round_)
            other = engine.databases.create(f"other{round_}")
            other.write([Edit(f"{n}", None, b'{"text":"%s"}' % (b"x" * 9000)) for n in range(20)])
            engine.databases.destroy(other.name)
            # The log moved into the file while there is something in it, as long logs are.
            engine.upkeep.sweep()
            engine.write(lambda tx: None)
            self.put(engine, "doc30", b'{"n":%d}' % round_)


def _marks(journal: Journal):
    return [each for each in journal.operations if each[0] in ("intend", "ack")]


def main() -> None:
    directory, journal_path, synchronous, keys = sys.argv[1:]
    journal = Journal()
    recorder = Recorder(journal)
    assert recorder.journal is journal
    life = Life(Path(directory), journal, synchronous, KeyFolder(Path(keys)) if keys else None)
    life.found()
    for round_ in range(ROUNDS):
        life.live(round_)
    Path(journal_path).write_bytes(pickle.dumps(journal.operations))


if __name__ == "__main__":
    main()
