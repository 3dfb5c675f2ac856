"""The owner is killed at random moments, again and again: nothing acknowledged is lost, and nobody has to help."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sync.errors import StoreLocked
from sync.store.engine import Engine
from tests.faults.store.checking import lost_from
from tests.faults.store.writing_child import DATABASE, body_of

ROOT = Path(__file__).parents[3]
KILLS = 12


def _start(directory: Path, round_name: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults.store.writing_child", str(directory), round_name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)


def _kill_and_hear(child: subprocess.Popen[bytes]) -> list[str]:
    """Kill it, and take in what it had said; a line cut by the kill was no acknowledgement."""
    child.kill()
    said, _ = child.communicate()
    whole = said[: said.rfind(b"\n") + 1].decode()
    return [doc_id for doc_id in whole.split() if doc_id != "ready"]


def test_killed_again_and_again_every_acknowledged_document_is_there(tmp_path):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
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
