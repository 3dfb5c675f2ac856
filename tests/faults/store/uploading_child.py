"""Takes in large attachments until killed: `python -m tests.faults.store.uploading_child DIRECTORY ROUND`.

Each line on standard output names a document whose attachment was acknowledged.
"""

import os
import random
import sys
import threading
from collections.abc import Iterator

from sync.store.engine import Engine
from sync.values.contents import Passing
from sync.values.documents import Attachment, Edit

DATABASE = "station"
THREADS = 2


def content_of(doc_id: str) -> bytes:
    """What is attached to a document, so that the reader knows what to expect."""
    chance = random.Random(doc_id)
    return chance.randbytes(chance.randrange(2_000_000))


def _arriving(content: bytes) -> Iterator[bytes]:
    return (content[at : at + 30_000] for at in range(0, len(content), 30_000))


def _upload_for_ever(engine: Engine, name: str) -> None:
    number = 0
    while True:
        number += 1
        doc_id = f"{name}.{number}"
        file = Attachment("film", "video/mp4", "", 0, 0, Passing(_arriving(content_of(doc_id))))
        assert engine.database(DATABASE).write([Edit(doc_id, None, attachments=(file,))])[0].error is None
        os.write(1, f"{doc_id}\n".encode())


def main() -> None:
    directory, round_name = sys.argv[1:]
    engine = Engine.open(directory)
    if DATABASE not in engine.databases.names():
        engine.databases.create(DATABASE)
    os.write(1, b"ready\n")
    for thread in range(THREADS):
        threading.Thread(target=_upload_for_ever, args=(engine, f"{round_name}.{thread}")).start()


if __name__ == "__main__":
    main()
