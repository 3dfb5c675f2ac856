"""A station killed anywhere between a photo that comes and its record: nothing lost, nothing left over."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from edge_node.services.keep_originals import Originals
from edge_node.services.show_original import show_original
from sync.casework.show_material import show_material
from sync.node.lists.case_list import list_cases
from sync.node.node import Node
from sync.store.ledger.originals import claimed_originals
from sync.values.json_text import parse_object
from tests.unit.edge_node.pictures.drawing import page, saved

ENOUGH_KILLS = 8  # around putting in, two slices of pieces, and the record


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_wherever_it_is_killed_the_answered_case_has_its_photo_and_nothing_belongs_to_nothing(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(saved(page(2800, 2100), quality=92))
    command = [sys.executable, "-m", "tests.faults.edge_node.photo_child", str(tmp_path), str(photo)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    kills = int(done.stdout)
    assert kills >= ENOUGH_KILLS
    with_case = [require_whole(tmp_path, number, photo.read_bytes()) for number in range(1, kills + 2)]
    assert with_case == sorted(with_case)  # first killed before the record, then behind it
    assert 0 < sum(with_case) < len(with_case)


def require_whole(directory: Path, number: int, photo: bytes) -> bool:
    """The case that was answered is there with both photos; returns whether there is one."""
    told = directory / f"{number}.told"
    with Node.open(directory / str(number)) as node:
        Originals(node, most_bytes=1 << 30).tidy()
        cases = node.read(list_cases).rows
        originals = node.engine.read(claimed_originals)
        assert [one.record for one in originals] == [case.id for case in cases]
        assert node.engine.read(lambda reader: reader.execute("SELECT count(*) FROM originals")) == [(len(cases),)]
        pieces = node.engine.read(lambda reader: reader.execute("SELECT sum(length(data)) FROM original_pieces"))
        assert pieces == [(len(photo) if cases else None,)]
        for case in cases:
            assert show_original(node, case.id, 1, by="acct:wang").content == photo
            assert 0 < len(show_material(node, case.id, 1, by="acct:wang").content) < len(photo)
        if told.exists():
            assert [case.id for case in cases] == [parse_object(told.read_bytes())["id"]]
        return bool(cases)
