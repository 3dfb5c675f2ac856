"""A receipt number is never given twice, whatever happens to the process, the clock or the directory."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from sync.errors import Conflict, NotFound
from sync.records.receipt_number import format_receipt_number, parse_receipt_number
from sync.store.connection import FILE_NAME
from sync.store.engine import Engine
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import begin_life, found_node, settle_life
from sync.store.ledger.numbers import assign_device, device_in_use, next_serial
from sync.trust import keys

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("issue_numbers.py")
REGION = "990281101201"
DAY = date(2026, 3, 2)
KILLS = 10


class Centre:
    """Hands out device codes of one region, each once: the enrolment side of the rule."""

    def __init__(self) -> None:
        self.given = 0

    def code(self) -> str:
        self.given += 1
        return f"{self.given:02}"


def _init(directory: Path, centre: Centre) -> None:
    with Engine.open(directory) as engine:
        place = fingerprint_of(directory / FILE_NAME)
        engine.write(lambda tx: found_node(tx, keys.generate(), fingerprint=place, now_ms=1))
        engine.write(lambda tx: assign_device(tx, centre.code()))


def _settle(engine: Engine) -> None:
    place = fingerprint_of(engine.directory / FILE_NAME)
    engine.write(lambda tx: settle_life(tx, fingerprint=place, now_ms=2))


def _give(engine: Engine, day: date = DAY) -> str:
    def work(tx):
        device = device_in_use(tx) or "00"
        return format_receipt_number(REGION, day, device, next_serial(tx, device, day))

    return engine.write(work)


def _once(numbers: list[str]) -> None:
    assert [number for number, times in Counter(numbers).items() if times > 1] == []


def _killed_after_giving(directory: Path, at_least: int) -> list[str]:
    """Run the child, kill it once it has given some numbers, and return all it had told."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(SCRIPT), str(directory), REGION]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        told = [child.stdout.readline() for _ in range(at_least)]
        child.send_signal(signal.SIGKILL)
        told += child.stdout.readlines()
    assert child.returncode == -signal.SIGKILL
    # The last line may have been cut in the middle; its number was then never told.
    return [line.decode().strip() for line in told if line.endswith(b"\n")]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_killed_at_random_moments_with_a_leaping_clock_no_number_is_told_twice(tmp_path):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    _init(tmp_path, Centre())
    told = []
    for _ in range(KILLS):
        told += _killed_after_giving(tmp_path, chance.randint(1, 60))
    _once(told)
    assert len(told) >= KILLS
    assert {parse_receipt_number(number).device for number in told} == {"01"}
    with Engine.open(tmp_path) as engine:
        _settle(engine)
        _once([*told, *(_give(engine, DAY + timedelta(days=back)) for back in (2, 1, 0))])


def test_a_clock_set_back_a_year_gives_no_number_again(tmp_path):
    _init(tmp_path, Centre())
    given = []
    for years in (0, -1, 0, -1, 1, 0):
        with Engine.open(tmp_path) as engine:
            _settle(engine)
            given += [_give(engine, DAY.replace(year=DAY.year + years)) for _ in range(3)]
    _once(given)


def test_a_copied_directory_gives_none_until_it_has_a_code_of_its_own(tmp_path):
    centre, original, copy = Centre(), tmp_path / "original", tmp_path / "copy"
    _init(original, centre)
    with Engine.open(original) as engine:
        _settle(engine)
        given = [_give(engine) for _ in range(3)]
    shutil.copytree(original, copy)
    with Engine.open(original) as engine, Engine.open(copy) as twin:
        _settle(engine)
        _settle(twin)
        given += [_give(engine) for _ in range(3)]
        with pytest.raises(NotFound):
            _give(twin)
        # Nor does it help to insist on the code of the original, or to be handed it again.
        with pytest.raises(Conflict):
            twin.write(lambda tx: next_serial(tx, "01", DAY))
        with pytest.raises(Conflict):
            twin.write(lambda tx: assign_device(tx, "01"))
        twin.write(lambda tx: assign_device(tx, centre.code()))
        given += [_give(twin) for _ in range(3)]
    _once(given)
    assert len(given) == 9


def test_a_copy_of_a_running_directory_is_a_copy_too(tmp_path):
    centre, original, copy = Centre(), tmp_path / "original", tmp_path / "copy"
    _init(original, centre)
    with Engine.open(original) as engine:
        _settle(engine)
        given = [_give(engine)]
        shutil.copytree(original, copy, ignore=shutil.ignore_patterns("*lock*"))
        given += [_give(engine)]
        with Engine.open(copy) as twin:
            _settle(twin)
            with pytest.raises(NotFound):
                _give(twin)
    _once(given)


def test_a_backup_put_back_where_the_original_was_gives_none(tmp_path):
    home, backup = tmp_path / "home", tmp_path / "backup"
    _init(home, Centre())
    shutil.copytree(home, backup)
    with Engine.open(home) as engine:
        _settle(engine)
        _give(engine)
    shutil.rmtree(home)
    shutil.copytree(backup, home)
    with Engine.open(home) as engine:
        _settle(engine)
        with pytest.raises(NotFound):
            _give(engine)


def test_a_restored_life_gives_none_until_it_has_a_code_of_its_own(tmp_path):
    centre = Centre()
    _init(tmp_path, centre)
    with Engine.open(tmp_path) as engine:
        given = [_give(engine)]
        engine.write(lambda tx: begin_life(tx, "restore", fingerprint="elsewhere:1:1", now_ms=3))
        with pytest.raises(NotFound):
            _give(engine)
        engine.write(lambda tx: assign_device(tx, centre.code()))
        given += [_give(engine)]
    _once(given)


def test_a_directory_initialised_again_gives_other_numbers(tmp_path):
    centre, given = Centre(), []
    for name in ("first", "again"):
        _init(tmp_path / name, centre)
        with Engine.open(tmp_path / name) as engine:
            _settle(engine)
            given += [_give(engine) for _ in range(3)]
    _once(given)
    assert {parse_receipt_number(number).device for number in given} == {"01", "02"}
