"""`yizhan sync replicate` killed at random moments, and started again until it is through."""

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sync.database import Database
from sync.store.engine import Engine
from sync.store.memory import MemoryDatabases
from sync.values.documents import Edit
from sync.values.json_text import parse_object
from tests.faults.replication.replicas import FarEnd, Seen, WatchedDatabases, contents, write_history

ROOT = Path(__file__).parents[3]
DOCUMENTS = 2500  # with what is added below, several exchanges
MOST_RUNS, MOST_KILLS = 40, 6
SECONDS = 60


def kill_until_through(far: FarEnd, *arguments: str, seed: int) -> list[dict]:
    """Run the command again and again, killing it when a random request arrives; the reports it lived to give."""
    chance = random.Random(seed)
    reports: list[dict] = []
    kills = 0
    for _ in range(MOST_RUNS):
        child = subprocess.Popen(
            [sys.executable, "-m", "sync.commands.main", "sync", "replicate", *arguments, "--json"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        if kills < MOST_KILLS:
            # While it tells or hears, or when the answer is there and it writes to its own store.
            when = chance.choice(["before", "after"])
            moment = threading.Timer(chance.choice([0, 0.002 if when == "before" else 0.2]), child.kill)
            far.faults.at(chance.randrange(1, 3), when, moment.start)
        else:
            far.faults.never()
        told, _ = child.communicate(timeout=SECONDS)
        if child.returncode == 0:
            reports.append(parse_object(told))
            break
        assert child.returncode == -signal.SIGKILL
        kills += 1
    assert kills >= 2, "it was hardly ever killed"
    assert reports, "it never went through"
    return reports


def history(database: Database) -> None:
    write_history(database, documents=DOCUMENTS, seed=5)
    text = "y" * 1000
    database.write([Edit(f"long{number}", None, b'{"text":"%s"}' % text.encode()) for number in range(DOCUMENTS)])


@pytest.mark.parametrize("seed", [1, 2])
def test_a_push_killed_at_random_moments_loses_nothing_and_repeats_what_was_under_way(
    far: FarEnd, tmp_path: Path, seed: int
) -> None:
    with Engine.open(tmp_path) as engine:
        history(engine.databases.create("near"))
    seen, target = Seen(), MemoryDatabases().create("target")
    far.databases = WatchedDatabases(target, seen)
    reports = kill_until_through(far, f"{tmp_path}/near", f"http://127.0.0.1:{far.port}/target", seed=seed)
    with Engine.open(tmp_path) as engine:
        assert contents(target) == contents(engine.database("near"))
    assert reports[-1]["docs_read"] < 2 * DOCUMENTS, "it began anew instead of resuming"
    # What is under way is one exchange at the most: of the smallest documents some four thousand.
    assert len(seen.grafted) < 2 * DOCUMENTS + MOST_KILLS * 4000


@pytest.mark.parametrize("seed", [3, 4])
def test_a_pull_killed_at_random_moments_loses_nothing(far: FarEnd, tmp_path: Path, seed: int) -> None:
    source = MemoryDatabases().create("source")
    history(source)
    far.databases = WatchedDatabases(source, Seen())
    where = f"http://127.0.0.1:{far.port}/source"
    reports = kill_until_through(far, where, f"{tmp_path}/near", "--create", seed=seed)
    with Engine.open(tmp_path) as engine:
        assert contents(engine.database("near")) == contents(source)
    assert reports[-1]["docs_read"] < len(source.changes("0").results), "it began anew instead of resuming"
