"""A node that writes until it is killed: `python -m tests.faults.store.writing_child DIRECTORY ROUND`.

Four threads write through one engine in the ways a node does. Each line on standard output names
what was acknowledged by then, written after the acknowledgement and in one call.
"""

import os
import random
import sys
import threading

from sync.revisions.tree import Branch
from sync.store.engine import Engine
from sync.values.documents import Attachment, Document, Edit

DATABASE = "station"
THREADS = 4


def body_of(doc_id: str) -> bytes:
    """The body a document is written with, so that the reader knows what to expect."""
    return b'{"about":"%s","text":"%s"}' % (doc_id.encode(), b"y" * (len(doc_id) * 37 % 2000))


def _tell(ids: list[str]) -> None:
    os.write(1, (" ".join(ids) + "\n").encode())


def _single(engine: Engine, prefix: str, chance: random.Random) -> list[str]:
    doc_id = f"{prefix}.s"
    files = (Attachment("scan", "image/jpeg", "md5-x", 4, 1, chance.randbytes(4000)),) if chance.random() < 0.2 else ()
    assert engine.database(DATABASE).write([Edit(doc_id, None, body_of(doc_id), attachments=files)])[0].error is None
    return [doc_id]


def _batch(engine: Engine, prefix: str, chance: random.Random) -> list[str]:
    ids = [f"{prefix}.{number}" for number in range(chance.randrange(1, 40))]
    documents = [Document(doc_id, Branch(2, ("b" * 32, "a" * 32)), body_of(doc_id)) for doc_id in ids]
    assert not any(outcome.error for outcome in engine.database(DATABASE).graft(documents))
    return ids


def _replaced(engine: Engine, prefix: str, chance: random.Random) -> list[str]:
    doc_id = f"{prefix}.r"
    db = engine.database(DATABASE)
    first = db.write([Edit(doc_id, None, b"{}")])[0].revision
    assert db.write([Edit(doc_id, first, body_of(doc_id))])[0].error is None
    return [doc_id]


def _with_number(engine: Engine, prefix: str, chance: random.Random) -> list[str]:
    """A document and a counter in one transaction, as a receipt number is given."""
    doc_id = f"{prefix}.n"

    def work(tx) -> None:
        engine.database(DATABASE).write_in(tx, [Edit(doc_id, None, body_of(doc_id))])
        tx.execute("INSERT INTO numbers SELECT coalesce(max(number), 0) + 1, ? FROM numbers", (doc_id,))

    engine.write(work)
    return [doc_id]


def _write_for_ever(engine: Engine, name: str) -> None:
    chance = random.Random(name)
    number = 0
    while True:
        number += 1
        way = chance.choice([_single, _batch, _replaced, _with_number])
        _tell(way(engine, f"{name}.{number}", chance))


def main() -> None:
    directory, round_name = sys.argv[1:]
    engine = Engine.open(directory)
    if DATABASE not in engine.databases.names():
        engine.databases.create(DATABASE)
        engine.write(lambda tx: tx.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY, id TEXT UNIQUE) STRICT"))
    _tell(["ready"])
    for thread in range(THREADS):
        threading.Thread(target=_write_for_ever, args=(engine, f"{round_name}.{thread}")).start()


if __name__ == "__main__":
    main()
