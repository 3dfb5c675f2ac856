"""The owner is killed, at every write and at random moments: nothing acknowledged is lost, and nobody has to help.

KILLS=200    as many random kills; twelve else
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sync.errors import StoreLocked
from sync.store.claim import WITNESS
from sync.store.connection import FILE_NAME, Opening
from sync.store.doctor.examining import examine
from sync.store.engine import Engine
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.openings import is_expected
from tests.faults.store.checking import lost_from
from tests.faults.store.dying_children import body_of as deadly_body_of
from tests.faults.store.writing_child import DATABASE, body_of

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("KILLS", "12"))


def _start(directory: Path, round_name: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults.store.writing_child", str(directory), round_name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)


def _kill_and_hear(child: subprocess.Popen[bytes]) -> list[str]:
    """Kill it, and take in what it had said; a line cut by the kill was no acknowledgement."""
    child.kill()
    said, _ = child.communicate()
    whole = said[: said.rfind(b"\n") + 1].decode()
    return [doc_id for doc_id in whole.split() if doc_id != "ready"]


@pytest.mark.timeout(120 + 10 * KILLS)
def test_killed_again_and_again_every_acknowledged_document_is_there(tmp_path):
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"SEED={seed} KILLS={KILLS}")
    chance = random.Random(seed)
    acknowledged: dict[str, bytes] = {}
    for kill in range(KILLS):
        child = _start(tmp_path, f"k{kill}")
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.02, 0.6))
        acknowledged |= {doc_id: body_of(doc_id) for doc_id in _kill_and_hear(child)}
    assert len(acknowledged) > KILLS
    with Engine.open(tmp_path) as engine:
        assert lost_from(engine, DATABASE, acknowledged) == set()
        _assert_numbers_and_documents_agree(engine)
        assert engine.database(DATABASE).write([]) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_write_or_flush_the_store_opens_with_all_it_acknowledged(tmp_path):
    command = [sys.executable, "-m", "tests.faults.store.dying_children", str(tmp_path)]
    children = int(subprocess.run(command, cwd=ROOT, check=True, timeout=200, capture_output=True).stdout)
    for nth in range(1, children + 1):
        node = tmp_path / str(nth)
        told = (tmp_path / f"{nth}.told").read_text("ascii").split()
        faults = [each.what for each in examine(node) if each.is_fault] if (node / FILE_NAME).exists() and told else []
        assert faults == [], nth
        with Engine.open(node, opening=Opening(synchronous="OFF")) as engine:
            acknowledged = {doc_id: deadly_body_of(doc_id) for doc_id in told if not doc_id.startswith("-")}
            if "-d" in told:
                del acknowledged["d"]
                assert engine.database(DATABASE).tree("d") is None
            lost = lost_from(engine, DATABASE, acknowledged)
            # The purge may have been done though its answer never came.
            assert lost <= ({"d"} if "c" in told and "-d" not in told else set()), nth
            _assert_witness_fits(engine)
    print(f"{children} kills, one at each write or flush")
    assert children > 100


def _assert_witness_fits(engine: Engine) -> None:
    """Else the node would take itself for a copy, and give no number any more."""
    rows = engine.read(lambda reader: reader.execute("SELECT 1 FROM openings"))
    path = engine.directory / WITNESS
    found = f"{path.read_text('utf-8').partition(chr(10))[0]} {fingerprint_of(path)}" if path.exists() else ""
    assert not rows or engine.read(lambda reader: is_expected(reader, found))


def _assert_numbers_and_documents_agree(engine: Engine) -> None:
    rows = engine.read(lambda reader: reader.execute("SELECT number, id FROM numbers ORDER BY number"))
    assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
    numbered = engine.read(lambda reader: reader.execute("SELECT id FROM documents WHERE id LIKE '%.n'"))
    assert {doc_id for _, doc_id in rows} == {doc_id for (doc_id,) in numbered}


def test_a_directory_has_one_owner_and_is_free_once_that_is_killed(tmp_path):
    child = _start(tmp_path, "owner")
    assert child.stdout is not None
    child.stdout.readline()
    try:
        with pytest.raises(StoreLocked, match=str(child.pid)):
            Engine.open(tmp_path)
    finally:
        _kill_and_hear(child)
    Engine.open(tmp_path).close()
