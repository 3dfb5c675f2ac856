"""Half a minute in which everything breaks, and then everything is there, once, and alike everywhere.

    SEED=12345 pytest tests/faults/road     another course of events; the seed in use is printed

A seed fixes what is tried, in which order and after how long; processes and sockets do the rest.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.node_process import ask
from sync.node.node import Node
from sync.values.changes import START
from tests.faults.road.people import Person, Worker
from tests.faults.road.stage import CENTRE, LEVELS, PEOPLE, TOWNSHIP, VILLAGE, Stage, every
from tests.faults.road.trouble import Power, Weather
from tests.faults.road.watcher import Watcher

USUAL_SEED = 20260
CHAOS_SECONDS = 25.0
ENOUGH_CASES, ENOUGH_KILLS = 10, 5  # fewer prove nothing
QUIET_SECONDS = 120.0  # what was left behind goes up at the links' own pace
REST_SECONDS = 4.0  # four idle exchanges on either link


@pytest.fixture
def seed() -> int:
    seed = int(os.environ.get("SEED", USUAL_SEED))
    print(f"SEED={seed}")
    return seed


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    try:
        yield stage
    finally:
        stage.end()


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_after_any_trouble_every_answered_case_is_everywhere_once_and_no_screen_was_ever_ahead(
    stage: Stage, seed: int
) -> None:
    chance = random.Random(seed)
    workers, watcher = make_trouble(stage, chance)
    assert [one for worker in workers for one in worker.person.surprises] == []
    assert not watcher.lies, "\n".join(watcher.lies)
    people = {level: Person(PEOPLE[level][0], stage.nodes[level].url) for level in LEVELS}
    told = await_quiet(stage, people)
    require_all_there(workers, told, people)
    require_rest(stage)
    require_nobody_is_worried(stage)
    assert [one for person in people.values() for one in person.surprises] == []
    for person in people.values():
        person.close()
    stage.end()
    for level in LEVELS:
        require_no_conflicts(stage.directory_of(level))


def make_trouble(stage: Stage, chance: random.Random) -> tuple[list[Worker], Watcher]:
    """Let people work, and somebody look on, while power and links fail; all is up again afterwards."""
    trouble_over, work_over = threading.Event(), threading.Event()
    workers = [
        Worker(Person(name, stage.nodes[level].url), chance_of(chance), work_over, 0.2 if level == VILLAGE else 1.0)
        for level in LEVELS
        for name in PEOPLE[level]
    ]
    eyes = {level: Person(PEOPLE[level][0], stage.nodes[level].url) for level in LEVELS}
    watcher = Watcher(eyes, chance_of(chance), work_over)
    power = Power(stage, chance_of(chance), trouble_over)
    weather = Weather(stage, chance_of(chance), trouble_over)
    stage.raise_curtain()
    working = [threading.Thread(target=one.run) for one in (*workers, watcher)]
    breaking = [threading.Thread(target=one.run) for one in (power, weather)]
    for thread in (*working, *breaking):
        thread.start()
    await_enough(workers, power)
    for over, threads in ((trouble_over, breaking), (work_over, working)):
        over.set()
        for thread in threads:
            thread.join()
    taken, done = sum(len(one.taken) for one in workers), sum(len(one.done) for one in workers)
    cuts = [link.cuts for link in stage.links.values()]
    print(f"{taken} cases, {done} acts, {power.kills} kills, {cuts} cuts, {watcher.checked} claims checked")
    assert taken >= ENOUGH_CASES
    assert power.kills >= ENOUGH_KILLS
    return workers, watcher


def await_enough(workers: list[Worker], power: Power) -> None:
    """Let it go on for its time, and on a busy machine until enough has happened."""
    time.sleep(CHAOS_SECONDS)
    for _ in every(0.5, for_seconds=2 * CHAOS_SECONDS):
        if power.kills >= ENOUGH_KILLS and sum(len(one.taken) for one in workers) >= ENOUGH_CASES:
            return


def chance_of(chance: random.Random) -> random.Random:
    """A source of chance of one's own: threads that shared one would not repeat anything."""
    return random.Random(chance.random())


def await_quiet(stage: Stage, people: dict[str, Person]) -> dict[str, dict[str, Any]]:
    """Wait until all three list the same, whole, and have the same content; returns {level: cases by id}."""
    started = time.monotonic()
    lists: dict[str, dict[str, Any]] = {}
    for _ in every(0.5, for_seconds=QUIET_SECONDS):
        lists = {level: people[level].cases() for level in LEVELS}
        if len({outline(cases) for cases in lists.values()}) == 1 and all(map(is_home, lists[VILLAGE].values())):
            break
    for level in LEVELS:
        print(level, status_of(stage, level))
    assert outline(lists[VILLAGE]) == outline(lists[TOWNSHIP]) == outline(lists[CENTRE])
    assert [case for case in lists[VILLAGE].values() if not is_home(case)] == []
    assert len({digest(stage, level) for level in LEVELS}) == 1, {level: digest(stage, level) for level in LEVELS}
    print(f"quiet after {time.monotonic() - started:.1f} s")
    return lists


def outline(cases: dict[str, Any]) -> tuple[object, ...]:
    """What must be alike in the lists of all three."""
    rows = (
        (
            one["id"],
            one["receipt_number"],
            one["received_at"],
            one["state"],
            one["disputes"],
            *one["materials"].values(),
        )
        for one in cases.values()
    )
    return tuple(sorted(rows))


def is_home(case: dict[str, Any]) -> bool:
    """Whether the village has it from the centre that case and photos are there."""
    custody = case["custody"]
    return custody["reached"] == CENTRE and custody["materials_held"] == custody["materials"]


def digest(stage: Stage, level: str) -> tuple[object, ...]:
    node = stage.nodes[level]
    told = ask(node.group, "digest", "--data", str(node.directory), "--station", stage.sids[VILLAGE])
    return tuple(sorted(told.items()))


def status_of(stage: Stage, level: str) -> dict[str, Any]:
    node = stage.nodes[level]
    return ask(node.group, "status", "--data", str(node.directory), "--json")


def require_all_there(workers: list[Worker], told: dict[str, dict[str, Any]], people: dict[str, Person]) -> None:
    """Every answered application and act is there, once, and nothing else is."""
    taken = [answer for worker in workers for answer in worker.taken.values()]
    wanted = {answer["id"]: answer["receipt_number"] for answer in taken}
    assert len(wanted) == len(taken)
    done = {place: act for worker in workers for place, act in worker.done.items()}
    for level in LEVELS:
        assert {case_id: case["receipt_number"] for case_id, case in told[level].items()} == wanted, level
        assert [number for number, times in Counter(wanted.values()).items() if times > 1] == []
        cases = [people[level].get(f"/cases/{case_id}") for case_id in wanted]
        assert all(case["understood"] for case in cases)
        happened = [((case["id"], event["note"]), event["type"]) for case in cases for event in case["log"]]
        acts = [(place, act) for place, act in happened if act != "received"]
        assert sorted(acts) == sorted(done.items()), level
        assert len(happened) - len(acts) == len(wanted)


def require_rest(stage: Stage) -> None:
    """Nothing moves any more, however often nodes ask one another."""
    before = stage.sequences()
    for _ in range(4):
        time.sleep(REST_SECONDS)
        now = stage.sequences()
        if now == before:
            return
        before = now
    assert now == before, "sequences move for ever"


def require_nobody_is_worried(stage: Stage) -> None:
    """No alarm, nothing set aside, nothing waiting."""
    for level in LEVELS:
        status = status_of(stage, level)
        told = {name: status[name] for name in ("alarms", "set_aside", "certified")}
        assert told == {"alarms": 0, "set_aside": 0, "certified": True}, (level, status)
        assert not any(status["waiting"].values()), (level, status)
        assert not status["last_contact"]["error"], (level, status)


def require_no_conflicts(directory: Path) -> None:
    """Whatever was done at two places at once has been merged."""
    with Node.open(directory) as node:
        for name in node.databases.names():
            database = node.documents.database(name)
            trees = {change.id: database.tree(change.id) for change in database.changes(START).results}
            assert {doc_id: tree for doc_id, tree in trees.items() if tree is None or tree.conflicts()} == {}
