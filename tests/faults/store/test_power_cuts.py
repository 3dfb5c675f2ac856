"""Whatever the disk had not been told to sync may be gone; what was acknowledged must not be."""

import random
from pathlib import Path

import pytest

from sync.errors import Damaged
from sync.store.connection import Opening
from sync.store.engine import Engine
from sync.values.documents import Attachment, Edit, Wanted
from tests.faults.store.checking import lost
from tests.faults.store.disk import Disk

WRITES = 260  # enough that the log is moved into the file, and started anew, several times
CUTS = 26


def _losses(directory: Path, *, synchronous: str, seed: int) -> set[str]:
    """Write, cut the power after some acknowledgements, and gather what the cuts lost."""
    chance = random.Random(seed)
    cuts = set(chance.sample(range(WRITES), CUTS))
    disk = Disk()
    acknowledged: dict[str, bytes] = {}
    losses: set[str] = set()
    with Engine.open(directory / "live", opening=Opening(vfs=disk.vfs_name, synchronous=synchronous)) as engine:
        db = engine.databases.create("station")
        for number in range(WRITES):
            body = b'{"text":"%s"}' % (b"%d" % number * chance.randrange(1, 6000))
            files = (Attachment("scan", "image/jpeg", "md5-x", 9000, 1, chance.randbytes(9000)),)
            outcomes = db.write([Edit(f"case:{number}", None, body, attachments=files if number % 7 == 0 else ())])
            assert outcomes[0].error is None
            acknowledged[f"case:{number}"] = body
            if number in cuts:
                left = directory / f"cut-{number}"
                disk.cut_power(left, chance, kept=chance.choice([0.0, 0.5, 1.0]))
                losses |= _lost_or_all(left, acknowledged)
    return losses


def _lost_or_all(directory: Path, acknowledged: dict[str, bytes]) -> set[str]:
    """A file that cannot be read any more, or contradicts itself, has lost everything."""
    try:
        return lost(directory, "station", acknowledged)
    except (Damaged, AssertionError):
        return set(acknowledged)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_power_cut_after_any_acknowledgement_loses_nothing(tmp_path, seed):
    assert _losses(tmp_path, synchronous="FULL", seed=seed) == set()


def test_this_proof_notices_a_store_that_does_not_sync(tmp_path):
    assert _losses(tmp_path, synchronous="OFF", seed=1)


def test_every_acknowledgement_waits_for_a_sync_of_its_own(tmp_path):
    disk = Disk()
    with Engine.open(tmp_path, opening=Opening(vfs=disk.vfs_name)) as engine:
        db = engine.databases.create("station")
        for number in range(20):
            before = disk.syncs
            db.write([Edit(str(number), None)])
            assert disk.syncs > before


def test_what_brings_nothing_new_writes_nothing(tmp_path):
    disk = Disk()
    written = []
    with Engine.open(tmp_path, opening=Opening(vfs=disk.vfs_name)) as engine:
        db = engine.databases.create("station")
        first = db.write([Edit("a", None)])[0]
        documents = list(db.read([Wanted("a", ())]))
        disk.refuse = lambda operation, name: written.append(name) if operation == "write" else None
        db.graft(documents)
        assert db.write([Edit("a", None, b'{"n":1}')])[0].error is not None
        db.missing({"a": [first.revision]})
        engine.read(lambda reader: reader.execute("SELECT count(*) FROM documents"))
        assert written == []
        db.write([Edit("b", None)])
        assert written
