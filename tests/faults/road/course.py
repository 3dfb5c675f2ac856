"""What is let happen on the road, and what has to be true when it is over.

    course = Course(stage, seed, seconds)
    course.run()          people work, somebody looks on, everything breaks; all is up again afterwards
    course.require()      nothing lost, nothing twice, content equal, no screen was ever ahead

A seed fixes what is tried, in which order and after how long; processes and sockets do the rest.

Must not know: who asks for it, how long is long.
"""

import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fixtures.node_process import ask
from sync.node.node import Node
from sync.records.ids import station_database
from sync.values.changes import START
from sync.values.documents import Wanted
from tests.faults.road.accidents import ACCIDENTS, Accident, Accidents, Scene
from tests.faults.road.people import Person, Worker
from tests.faults.road.stage import CENTRE, LEVELS, PEOPLE, VILLAGE, Stage, every
from tests.faults.road.trouble import Power, Weather
from tests.faults.road.watcher import Watcher

ENOUGH_CASES, ENOUGH_KILLS, ENOUGH_CLAIMS = 10, 5, 20  # fewer prove nothing
_LONGEST_WAIT_SECONDS = 240.0  # where the machine is busy with something else
QUIET_SECONDS = 120.0  # what was left behind goes up at the links' own pace
REST_SECONDS = 4.0  # four idle exchanges on either link


class Wrong(AssertionError):
    """What was found, with the seed and everything that was done."""


@dataclass
class Course:
    """One course of events.

    seconds  how long things break;  quiet_seconds, how long it may take until all is equal afterwards
    kinds    the accidents that happen beside kills and cuts
    """

    stage: Stage
    seed: int
    seconds: float
    quiet_seconds: float = QUIET_SECONDS
    kinds: tuple[Accident, ...] = ACCIDENTS
    workers: list[Worker] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)
        self._trouble_over, self._work_over = threading.Event(), threading.Event()
        self.scene = Scene(self.stage, chance_of(chance), self._trouble_over)
        self.workers = [
            Worker(
                Person(name, self.stage.nodes[level].url),
                chance_of(chance),
                self._work_over,
                0.2 if level == VILLAGE else 1.0,
                set_clock=lambda level=level: self.stage.set_clock(level, 0),
                may_lose=lambda: bool(self.scene.reborn),
            )
            for level in LEVELS
            for name in PEOPLE[level]
        ]
        eyes = {level: Person(PEOPLE[level][0], self.stage.nodes[level].url) for level in LEVELS}
        self.watcher = Watcher(eyes, self.scene, chance_of(chance), self._work_over)
        self.power = Power(self.stage, chance_of(chance), self._trouble_over)
        self.weather = Weather(self.stage, chance_of(chance), self._trouble_over)
        self.accidents = Accidents(self.scene, self.kinds)

    def run(self) -> None:
        """Let people work, and somebody look on, while power, links, clocks and disks fail."""
        self.stage.raise_curtain()
        working = [threading.Thread(target=one.run) for one in (*self.workers, self.watcher)]
        breaking = [threading.Thread(target=one.run) for one in (self.power, self.weather, self.accidents)]
        for thread in (*working, *breaking):
            thread.start()
        self._await_enough()
        for over, threads in ((self._trouble_over, breaking), (self._work_over, working)):
            over.set()
            for thread in threads:
                thread.join()
        print(self)

    def require(self) -> None:
        """Raise Wrong, with seed and journal, unless all is as it has to be."""
        try:
            self._require()
        except AssertionError as error:
            raise Wrong(f"SEED={self.seed}\n{self.stage.journal}\n{self}\n{error}") from error

    def __str__(self) -> str:
        taken, done = sum(len(one.taken) for one in self.workers), sum(len(one.done) for one in self.workers)
        cuts = [link.cuts for link in self.stage.links.values()]
        full = sum(one.person.full for one in self.workers)
        doubts = sum(one.doubts for one in self.workers)
        accidents = dict(Counter(self.scene.happened))
        return (
            f"{taken} cases, {done} acts, {self.power.kills} kills, {cuts} cuts, {accidents}, {full} times no room, "
            f"{doubts} doubtful clocks, {len(self.scene.forgiven)} steps lost with a disk; "
            f"{self.watcher.checked} claims checked in {self.watcher.looks} looks, {self.watcher.forgiven} of them of "
            f"a former life, {self.watcher.blind} looks at a directory that was being exchanged"
        )

    def _require(self) -> None:
        assert not self.scene.wrongs, "\n".join(self.scene.wrongs)
        _require_unsurprised(worker.person for worker in self.workers)
        assert not self.watcher.lies, "\n".join(self.watcher.lies)
        assert sum(len(one.taken) for one in self.workers) >= ENOUGH_CASES, "too few cases were taken"
        assert self.power.kills >= ENOUGH_KILLS, "too few kills"
        assert self.watcher.checked >= ENOUGH_CLAIMS, "too few claims were checked"
        assert {accident.__name__ for accident in self.kinds} <= set(self.scene.happened), "not every accident happened"
        people = {level: Person(PEOPLE[level][0], self.stage.nodes[level].url) for level in LEVELS}
        told = self._await_quiet(people)
        self._require_all_there(told, people)
        self._require_nobody_is_worried()
        _require_unsurprised(people.values())
        for person in people.values():
            person.close()
        self.stage.end()
        for level in LEVELS:
            require_no_conflicts(self.stage.directory_of(level))
        records = {level: records_of(self.stage.directory_of(level), self.stage.sids[VILLAGE]) for level in LEVELS}
        assert len(set(records.values())) == 1, unlike(records)

    def _await_enough(self) -> None:
        """Let it go on for its time, and on a busy machine until enough has happened."""
        time.sleep(self.seconds)
        for _ in every(0.5, for_seconds=max(_LONGEST_WAIT_SECONDS, 2 * self.seconds)):
            taken, claims = sum(len(one.taken) for one in self.workers), self.watcher.checked
            if self.power.kills >= ENOUGH_KILLS and taken >= ENOUGH_CASES and claims >= ENOUGH_CLAIMS:
                return

    def _await_quiet(self, people: dict[str, Person]) -> dict[str, dict[str, Any]]:
        """Wait until all three list the same, whole, and rest, with the same content; returns {level: cases by id}."""
        started = time.monotonic()
        lists: dict[str, dict[str, Any]] = {}
        for _ in every(0.5, for_seconds=self.quiet_seconds):
            lists = {level: people[level].cases() for level in LEVELS}
            if not self._unlike(lists) and not self._away(lists[VILLAGE]):
                break
        for level in LEVELS:
            print(level, status_of(self.stage, level))
        unlike_rows = self._unlike(lists)[:10]
        assert not unlike_rows, unlike_rows
        for case in self._away(lists[VILLAGE]):
            print("away", case["id"], case["custody"], "gone", self._gone()[case["id"]], self._whereabouts(case["id"]))
        assert not self._away(lists[VILLAGE]), "not all is at the centre by what the village has from it"
        require_rest(self.stage)
        digests = {level: digest(self.stage, level) for level in self._with_photos()}
        assert len(set(digests.values())) == 1, digests
        print(f"quiet after {time.monotonic() - started:.1f} s")
        return lists

    def _with_photos(self) -> list[str]:
        """Photos come down on demand: a restored village has its records again, and not the photos it lost."""
        return [level for level in LEVELS if level != VILLAGE or VILLAGE not in self.scene.reborn]

    def _unlike(self, lists: dict[str, dict[str, Any]]) -> list[tuple[str, object]]:
        """(level, row) of what one lists and the centre does not, or the other way round."""
        found: list[tuple[str, object]] = []
        for level in LEVELS:
            with_photos = level in self._with_photos()
            rows = outline(lists[level], with_photos=with_photos) ^ outline(lists[CENTRE], with_photos=with_photos)
            found += [(level, row) for row in sorted(rows)]
        return found

    def _away(self, cases: dict[str, Any]) -> list[dict[str, Any]]:
        """The cases that are not at the centre by what the village has from it, but for photos that no disk has."""
        away = [case for case in cases.values() if not is_home(case, without=0)]
        if away and self.scene.photos:
            gone = self._gone()
            away = [case for case in away if not is_home(case, without=gone[case["id"]])]
        return away

    def _whereabouts(self, case_id: str) -> dict[str, dict[str, bool]]:
        """{level: {root of a photo of a case: whether it is whole there}}."""
        found = {}
        for level in LEVELS:
            with self.stage.facts(level) as facts:
                found[level] = {root[:8]: facts.whole(root) for root in facts.photos(case_id)}
        return found

    def _gone(self) -> Counter[str]:
        """How many photos of each case went with a disk, and were not handed in again since."""
        gone = set(self.scene.photos)
        for level in LEVELS:
            with self.stage.facts(level) as facts:
                gone -= facts.whole_photos()
        with self.stage.facts(VILLAGE) as facts:
            return Counter(case_id for case_id in facts.case_ids() for root in facts.photos(case_id) if root in gone)

    def _require_all_there(self, told: dict[str, dict[str, Any]], people: dict[str, Person]) -> None:
        """Every answered application and act is there, once; and nothing else, unless a disk was lost.

        What was committed and not answered, and reached the node above before the disk was lost, is there beside what
        was handed in again: nobody can know that they are the same.
        """
        taken = [answer for worker in self.workers for answer in worker.taken.values()]
        numbers = Counter(answer["receipt_number"] for answer in taken)
        twice = [number for number, times in numbers.items() if times > 1]
        assert not twice, f"receipt numbers given twice: {twice}"
        wanted = {answer["id"]: answer["receipt_number"] for answer in taken}
        assert len(wanted) == len(taken), "two applications became one case"
        done = {place: act for worker in self.workers for place, act in worker.done.items()}
        forgiven = {(case_id, one[2], one[3]) for case_id, one in self.scene.forgiven}
        for level in LEVELS:
            here = {case_id: case["receipt_number"] for case_id, case in told[level].items()}
            assert len(set(here.values())) == len(here), level
            missing = {one for one in wanted.items() - here.items() if (one[0], "received", "") not in forgiven}
            assert not missing, (level, missing)
            assert self.scene.reborn or here == wanted, (level, here.keys() - wanted.keys())
            cases = [people[level].get(f"/cases/{case_id}") for case_id in here]
            foreign = [case["id"] for case in cases if not case["understood"]]
            assert not foreign, (level, foreign)
            happened = Counter(
                ((case["id"], event["note"]), event["type"])
                for case in cases
                for event in case["log"]
                if event["type"] != "received" and not event["by"].startswith("job:")
            )
            given = [event["note"] for case in cases for event in case["log"] if event["type"] == "numbered"]
            assert len(set(given)) == len(given), level  # a 办件编号 is never given twice
            repeated = [one for one, times in happened.items() if times > 1]
            assert not repeated, (level, repeated)
            lost = {one for one in done.items() - happened.keys() if (one[0][0], one[1], one[0][1]) not in forgiven}
            assert not lost, (level, lost)
            unlike_acts = happened.keys() ^ done.items()
            assert self.scene.reborn or not unlike_acts, (level, unlike_acts)

    def _require_nobody_is_worried(self) -> None:
        """Nothing set aside, nothing waiting; and no alarm but where somebody lived twice.

        A clone that was told of nothing new has signed nothing, and only itself knows.
        """
        for level in LEVELS:
            status = status_of(self.stage, level)
            assert status["certified"], (level, status)
            assert not status["set_aside"], (level, status)
            assert not status["waiting"]["events"], (level, status)
            assert status["waiting"]["photos"] <= self._gone().total(), (level, status)
            assert not status["last_contact"]["error"], (level, status)
        with contextlib.ExitStack() as read:
            alarms = {level: read.enter_context(self.stage.facts(level)).alarms() for level in LEVELS}
        print("alarms", alarms, "twins", self.scene.twins)
        assert {kind for kinds in alarms.values() for kind in kinds} <= {"two-lives"}, alarms
        assert self.scene.twins or self.scene.reborn or not any(alarms.values()), alarms


def _require_unsurprised(people: Iterable[Person]) -> None:
    surprises = [one for person in people for one in person.surprises]
    assert not surprises, "\n".join(surprises)


def chance_of(chance: random.Random) -> random.Random:
    """A source of chance of one's own: threads that shared one would not repeat anything."""
    return random.Random(chance.random())


def outline(cases: dict[str, Any], *, with_photos: bool) -> frozenset[tuple[Any, ...]]:
    """What must be alike in the lists of all three."""
    return frozenset(
        (
            one["id"],
            one["receipt_number"],
            one["received_at"],
            one["state"],
            one["disputes"],
            *(one["materials"].values() if with_photos else ()),
        )
        for one in cases.values()
    )


def is_home(case: dict[str, Any], *, without: int) -> bool:
    """Whether the village has it from the centre that case and photos are there, all but so many."""
    custody = case["custody"]
    return custody["reached"] == CENTRE and custody["materials_held"] == custody["materials"] - without


def digest(stage: Stage, level: str) -> tuple[object, ...]:
    node = stage.nodes[level]
    told = ask(node.group, "digest", "--data", str(node.directory), "--station", stage.sids[VILLAGE])
    return tuple(sorted(told.items()))


def status_of(stage: Stage, level: str) -> dict[str, Any]:
    node = stage.nodes[level]
    return ask(node.group, "status", "--data", str(node.directory), "--json")


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


def records_of(directory: Path, sid: str) -> frozenset[tuple[str, str]]:
    """(id, leaf as text) of all records of a station in a directory that nobody owns."""
    with Node.open(directory) as node:
        database = node.databases.open(station_database(sid))
        ids = sorted({change.id for change in database.changes(START).results})
        leaves = database.read([Wanted(doc_id, ()) for doc_id in ids])
        return frozenset((one.id, f"{one.revision} {one}") for one in leaves)


def unlike(records: dict[str, frozenset[tuple[str, str]]]) -> dict[str, list[tuple[str, str]]]:
    """What each has that not all of them have."""
    alike = frozenset.intersection(*records.values())
    return {level: sorted(found - alike) for level, found in records.items()}


def require_no_conflicts(directory: Path) -> None:
    """Whatever was done at two places at once has been merged."""
    with Node.open(directory) as node:
        for name in node.databases.names():
            database = node.documents.database(name)
            trees = {change.id: database.tree(change.id) for change in database.changes(START).results}
            unmerged = [doc_id for doc_id, tree in trees.items() if tree is None or tree.conflicts()]
            assert not unmerged, (name, unmerged)
