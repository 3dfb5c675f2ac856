"""Killed in the middle of a stick, again and again: what a node says it has, it has; no torn volume looks whole."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from sync.carrying.addressing import peer_above
from sync.carrying.exporting import export
from sync.carrying.stick import Stick, volumes_in
from sync.casework.digest_content import digest_content
from sync.node.node import Node
from sync.store.doctor.examining import examine
from sync.store.ledger.volumes import positions_taken
from sync.values.changes import START
from tests.journeys.road import Road, take

SEED = int(os.environ.get("SEED", "1"))
SMALL = 2 << 20
KILLS = 4


@pytest.fixture
def road(tmp_path: Path) -> Path:
    """A village with photos for some volumes, and its centre, neither running."""
    with ExitStack() as stack:
        nodes = Road(tmp_path, stack)
        nodes.run()
        for number in range(12):
            take(nodes.village, f"n{number}", photo=os.urandom(700_000))
    return tmp_path


def killed_after(seconds: float, *arguments: object) -> bool:
    """Run a command and kill it after so long; whether it had ended by itself."""
    command = [sys.executable, "-m", "sync.commands.main", "bundle", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            return process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return False


def time_of(*arguments: object) -> float:
    begun = time.monotonic()
    assert killed_after(120, *arguments)
    return time.monotonic() - begun


@pytest.mark.long
def test_an_import_killed_anywhere_claims_nothing_it_has_not_and_goes_on(road: Path) -> None:
    print("SEED", SEED)
    chance = random.Random(SEED)
    stick = road / "usb"
    stick.mkdir()
    with Node.open(road / "village") as village:
        export(village, peer_above(village, "centre"), Stick(stick), volume_bytes=SMALL)
        wanted = digest_content(village, station=village.identity.sid)
    assert len(volumes_in(stick)) > 4
    whole = time_of("import", "--data", road / "township", stick)  # carried: about as long as it takes to begin
    for _ in range(KILLS):
        killed_after(chance.uniform(whole * 0.5, whole * 1.6), "import", "--data", road / "centre", stick)
        require_sound(road)
        require_true(road)
    assert killed_after(120, "import", "--data", road / "centre", stick)
    with Node.open(road / "centre") as centre:
        assert digest_content(centre, station=wanted_station(road)) == wanted


def wanted_station(road: Path) -> str:
    with Node.open(road / "village") as village:
        return village.identity.sid


def require_sound(road: Path) -> None:
    found = [one.what for one in examine(road / "centre") if one.is_fault]
    assert [what for what in found if "收件号" not in what] == []  # tests give no real ones


def require_true(road: Path) -> None:
    """Up to the positions that the centre would acknowledge it has everything."""
    with Node.open(road / "centre") as centre, Node.open(road / "village") as village:
        who = village.identity
        taken = centre.read(lambda reader: positions_taken(reader, who.writer, who.life))
        for name in taken.keys() & set(village.databases.names()):
            database = village.documents.database(name)
            everything = {change.id: change.leaves for change in database.changes(START).results}
            for position in taken[name]:
                behind = {change.id for change in database.changes(position).results}
                covered = {doc_id: leaves for doc_id, leaves in everything.items() if doc_id not in behind}
                assert not centre.documents.database(name).missing(covered)


@pytest.mark.long
def test_an_export_killed_anywhere_leaves_only_volumes_that_are_whole(road: Path) -> None:
    print("SEED", SEED)
    chance = random.Random(SEED)
    stick, arguments = road / "usb", ("--to", "centre", "--volume-size", "2MB")
    stick.mkdir()
    whole = time_of("export", "--data", road / "village", *arguments, stick)
    for path in volumes_in(stick):
        path.unlink()
    for _ in range(KILLS):
        killed_after(chance.uniform(whole * 0.5, whole * 1.1), "export", "--data", road / "village", *arguments, stick)
    seconds = whole
    while not volumes_in(stick):  # the machine has become slower since, and none came to its end
        seconds *= 1.5
        killed_after(seconds, "export", "--data", road / "village", *arguments, stick)
    assert {path.stat().st_size <= SMALL for path in volumes_in(stick)} == {True}
    done = subprocess.run(
        [sys.executable, "-m", "sync.commands.main", "bundle", "import", "--data", road / "centre", stick, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout  # none was torn
    with Node.open(road / "village") as village:
        wanted = digest_content(village, station=village.identity.sid)
        export(village, peer_above(village, "centre"), Stick(stick))
    assert killed_after(120, "import", "--data", road / "centre", stick)
    with Node.open(road / "centre") as centre:
        assert digest_content(centre, station=wanted_station(road)) == wanted
