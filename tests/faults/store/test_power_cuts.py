"""Whatever the disk had not been told to flush may be gone, out of order or torn; what was acknowledged must not be.

A node's life is written down operation by operation: the database, its log, the files beside it, every change of a
name (`platter`). Then the power is cut, and the directory opened anew.

    POWER_CUTS=all    cut after every single operation, in every way (some ten minutes); else a selection
    SEED=…            what is torn, and where
"""

import os
import pickle
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.errors import Damaged, NotFound
from sync.store.connection import FILE_NAME, Opening
from sync.store.doctor.examining import examine
from sync.store.engine import Engine
from sync.store.key_folder import KeyFolder
from sync.store.keys import StoreKey, draw_key
from sync.values.documents import Document, Edit, Wanted
from tests.faults.store.checking import assert_sound
from tests.faults.store.disk import Disk
from tests.faults.store.platter import Operation, Platter

ROOT = Path(__file__).parents[3]
WAYS = ("lost", "kept", "ordered", "torn-512", "torn-4096")
EVERYWHERE = os.environ.get("POWER_CUTS") == "all"
BEGINNING = 25  # operations until the log is there
SELECTED = 40  # of the boundaries between two writes, where little differs from one to the next


@dataclass
class Life:
    """What was recorded of a node, and the key of its store; both None of one in the clear."""

    operations: list[Operation]
    key: StoreKey | None = None
    keys: KeyFolder | None = None

    @property
    def opening(self) -> Opening:
        """Of those who only look."""
        return Opening(synchronous="OFF", key=self.key)


def _recorded(directory: Path, synchronous: str, keys: KeyFolder | None = None) -> list[Operation]:
    journal = directory / "journal"
    command = [sys.executable, "-m", "tests.faults.store.recording_child", str(directory / "live"), str(journal)]
    subprocess.run([*command, synchronous, str(keys.path) if keys else ""], cwd=ROOT, check=True, timeout=120)
    operations: list[Operation] = pickle.loads(journal.read_bytes())
    return operations


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Life:
    return Life(_recorded(tmp_path_factory.mktemp("life"), "FULL"))


@pytest.fixture(scope="module")
def encrypted_life(tmp_path_factory) -> Life:
    key, keys = draw_key(), KeyFolder(tmp_path_factory.mktemp("keys"))
    keys.keep(key)
    return Life(_recorded(tmp_path_factory.mktemp("life"), "FULL", keys), key, keys)


def _wrong(directory: Path, platter: Platter, life: Life) -> list[str]:
    """What contradicts what was acknowledged; opens the directory as a start after the power cut does."""
    if not platter.acknowledged:
        Engine.open(directory, opening=life.opening).close()
        return []
    if not (directory / FILE_NAME).is_file():
        return ["no database"]
    try:
        faults = [finding.what for finding in examine(directory, keys=life.keys) if finding.is_fault]
        with Engine.open(directory, opening=life.opening, keys=life.keys) as engine:
            wrong = faults + _wrong_documents(engine, platter) + _wrong_witness(engine)
            assert_sound(engine)
    except (Damaged, AssertionError) as error:
        return [f"{type(error).__name__}: {error}"]
    return wrong + _wrong_files(directory, platter, life)


def _wrong_documents(engine: Engine, platter: Platter) -> list[str]:
    expected = {key: value for key, value in platter.acknowledged.items() if ":" not in key}
    try:
        found = {
            each.id: each.body
            for each in engine.databases.open("station").read([Wanted(doc_id) for doc_id in expected])
            if isinstance(each, Document)
        }
    except NotFound:
        return ["the database is not there"]
    return [
        doc_id
        for doc_id, body in expected.items()
        # What was under way may have been done: nobody was told either way.
        if found.get(doc_id) not in (body, *platter.intended.get(doc_id, ()))
    ]


def _wrong_witness(engine: Engine) -> list[str]:
    """The witness is the one expected, or the one before; else the node would take itself for a copy."""
    rows = engine.read(lambda reader: reader.execute("SELECT before, current FROM openings"))
    path = engine.directory / "opening"
    found = path.read_text("utf-8").partition("\n")[0] if path.exists() else ""
    expected = {each.partition(" ")[0] for row in rows for each in row} or {""}
    return [] if found in expected else [f"the witness is {found!r} and not of {expected}"]


def _wrong_files(directory: Path, platter: Platter, life: Life) -> list[str]:
    wrong = []
    told = platter.acknowledged
    if "uuid:server" in told and (directory / "server_uuid").read_bytes() != told["uuid:server"]:
        wrong.append("server_uuid")
    for name in ("backup0", "backup1", "backup2"):
        backup, acknowledged = directory / name, told.get(f"backup:{name}")
        if acknowledged is not None and not backup.exists():
            wrong.append(f"{name} is gone")
        if backup.exists() and not _is_whole(backup, acknowledged, life):
            wrong.append(f"{name} is not whole")
    return wrong


def _is_whole(backup: Path, expected: dict[str, bytes | None] | None, life: Life) -> bool:
    """Whether a backup is sound and holds what it should; one under way has its name only when it is."""
    aside = backup.parent / "aside"
    aside.mkdir()
    shutil.copyfile(backup, aside / FILE_NAME)
    try:
        with Engine.open(aside, opening=life.opening) as engine:
            assert_sound(engine)
            wanted = [Wanted(doc_id) for doc_id in expected or ()]
            found = {
                each.id: each.body for each in engine.database("station").read(wanted) if isinstance(each, Document)
            }
            return all(found.get(doc_id) == body for doc_id, body in (expected or {}).items())
    except (Damaged, NotFound, AssertionError):
        return False
    finally:
        shutil.rmtree(aside)


def _cuts(operations: list[Operation], chance: random.Random) -> dict[int, tuple[str, ...]]:
    """After which operations the power is cut, and how."""
    if EVERYWHERE:
        return dict.fromkeys(range(len(operations)), WAYS)
    cuts: dict[int, tuple[str, ...]] = {
        at: (chance.choice(WAYS),) for at in chance.sample(range(len(operations)), SELECTED)
    }
    torn = 0
    for at, (kind, *_) in enumerate(operations):
        if kind == "ack":
            cuts[at] = ("lost",)
        elif kind in ("create", "delete", "rename"):
            cuts[at] = ("lost", "kept")
        elif kind.startswith("flush"):
            # Right before, when most is at stake.
            torn += 1
            cuts[at - 1] = (WAYS[1 + torn % 4],)
    # While the file is made there is no log yet, and a journal undoes what stands in it; each way tears by chance.
    return cuts | dict.fromkeys(range(BEGINNING), WAYS * 4)


@pytest.mark.timeout(4 * 3600 if EVERYWHERE else 300)
def test_wherever_the_power_is_cut_what_was_acknowledged_is_there(life, encrypted_life, tmp_path):
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    chance = random.Random(seed)
    # Encrypted or not, a node writes the same pages in the same order: they share the cuts between them.
    for turn, lived in enumerate((life, encrypted_life)):
        cuts = _cuts(lived.operations, chance)
        platter = Platter()
        count = 0
        for at, operation in enumerate(lived.operations):
            platter.apply(operation)
            for how in cuts.get(at, ()) if EVERYWHERE or at % 2 == turn else ():
                left = tmp_path / "left"
                platter.cut(left, chance, how)
                assert _wrong(left, platter, lived) == [], f"SEED={seed}: {lived.key}, cut after operation {at}, {how}"
                shutil.rmtree(left)
                count += 1
        print(f"SEED={seed}: {count} power cuts in {len(lived.operations)} operations; POWER_CUTS=all for every one")
        assert len(platter.acknowledged) >= 20


def test_this_proof_notices_a_store_that_does_not_flush(tmp_path):
    life = Life(_recorded(tmp_path, "OFF"))
    platter, chance, noticed = Platter(), random.Random(1), 0
    for operation in life.operations:
        platter.apply(operation)
        if operation[0] == "ack":
            left = tmp_path / "left"
            platter.cut(left, chance, "lost")
            noticed += bool(_wrong(left, platter, life))
            shutil.rmtree(left)
    assert noticed > 10


@pytest.mark.parametrize("skipped", ["flush-names", "flush"])
def test_this_proof_notices_names_and_files_beside_that_are_not_flushed(life, tmp_path, skipped):
    """Leave out what flushes the directory, or the files beside the database, and cuts are noticed."""
    platter, chance, noticed = Platter(), random.Random(1), 0
    beside = {
        inode
        for kind, *rest in life.operations
        if kind == "create"
        for name, inode in [rest]
        if name.startswith(("server", "backup"))
    }
    for operation in life.operations:
        if operation[0] == skipped and (skipped == "flush-names" or operation[1] in beside):
            continue
        platter.apply(operation)
        if operation[0] == "ack":
            left = tmp_path / "left"
            platter.cut(left, chance, "lost")
            noticed += bool(_wrong(left, platter, life))
            shutil.rmtree(left)
    assert noticed > 3


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
