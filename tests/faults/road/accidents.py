"""What befalls one node and takes a while: its clock leaps, its disk fills, it is restored, cloned, of another version.

`ACCIDENTS` is the list. Each is a function of the scene; it has the node for itself while it lasts and leaves it
running, with what has to be forgiven for it written down: an application that was only on a disk that is gone is gone,
and what its holder had signed for stands on others' screens until they hear of the new life.

Must not know: who works there, what screens say.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event

from fixtures.node_process import StageError, ask, run
from sync.store.backup import back_up, restore
from tests.faults.road.facts import Happened, Unreadable, facts_of
from tests.faults.road.people import Person
from tests.faults.road.stage import CENTRE, LEVELS, PEOPLE, TOWNSHIP, VILLAGE, Stage, every
from tests.faults.road.versions import VERSIONS
from tests.unit.edge_node.applications import application

_YEAR_MS = 365 * 86_400_000
# A dead battery's beginning of time, a typing error, a year lost in a drawer; never far in one go for a centre, which
# is the clock the others are held against.
_LEAPS_MS = (-26 * _YEAR_MS, 10 * _YEAR_MS, -_YEAR_MS, 2 * _YEAR_MS)
_CENTRES_LEAPS_MS = (-26 * _YEAR_MS, 20 * 86_400_000, -_YEAR_MS)
_PATIENCE_SECONDS = 40.0


@dataclass
class Scene:
    """Where accidents happen, and what they leave to be forgiven.

    forgiven  (case, what happened) that was nowhere but on a disk that is gone;  photos, the roots of those
    reborn    levels that were brought back from a backup
    twins     levels of which a clone was heard by the node above
    wrongs    what an accident itself found wrong
    """

    stage: Stage
    chance: Random
    over: Event
    forgiven: set[tuple[str, Happened]] = field(default_factory=set)
    photos: set[str] = field(default_factory=set)
    reborn: set[str] = field(default_factory=set)
    twins: set[str] = field(default_factory=set)
    wrongs: list[str] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    _backups: int = 0

    def number(self) -> int:
        """A number for a file, once."""
        self._backups += 1
        return self._backups


Accident = Callable[[Scene], None]


def leap(scene: Scene) -> None:
    """A clock leaps by years, and is set right after a while; in between the node may be killed like any other."""
    level = scene.chance.choice(LEVELS)
    ahead = scene.chance.choice(_CENTRES_LEAPS_MS if level == CENTRE else _LEAPS_MS)
    restarts = scene.chance.random() < 0.5
    seconds = scene.chance.uniform(1.0, 4.0)
    scene.stage.journal.note(f"clock of the {level} leaps by {ahead / _YEAR_MS:+.1f} years for {seconds:.1f} s")
    scene.stage.set_clock(level, ahead)
    if restarts:
        with scene.stage.hold(level):
            scene.stage.nodes[level].kill()
            scene.stage.restart(level)
    scene.over.wait(seconds)
    scene.stage.set_clock(level, 0)


def fill(scene: Scene) -> None:
    """A disk is full, and has room again after a while."""
    level = scene.chance.choice(LEVELS)
    seconds = scene.chance.uniform(0.5, 3.0)
    with scene.stage.hold(level):
        scene.stage.journal.note(f"disk of the {level} is full for {seconds:.1f} s")
        scene.stage.fill_disk(level, full=True)
        scene.over.wait(seconds)
        scene.stage.fill_disk(level, full=False)


def lose(scene: Scene) -> None:
    """A PC dies some time after a backup was made of it; the backup is brought back on another."""
    level = scene.chance.choice(LEVELS)
    between = scene.chance.uniform(0.5, 6.0) if level == VILLAGE else scene.chance.uniform(0.1, 1.0)
    backup = scene.stage.beside(f"{level}-backup-{scene.number()}")
    with scene.stage.hold(level):
        if not _is_certified(scene.stage, level):
            scene.stage.journal.note(f"no backup of the {level}, which has no certificate yet")
            return
        back_up(scene.stage.directory_of(level), backup)
    scene.stage.journal.note(f"backup of the {level}, which dies {between:.1f} s later")
    scene.over.wait(between)
    with scene.stage.hold(level, CENTRE):
        scene.stage.nodes[level].kill()
        _bring_back(scene, level, backup)
    backup.unlink()


def clone(scene: Scene) -> None:
    """A directory is copied and started beside the original, as somebody who sets up a second PC might do."""
    level = scene.chance.choice((VILLAGE, TOWNSHIP))
    seconds = scene.chance.uniform(2.0, 4.0)
    stage, directory = scene.stage, scene.stage.beside(f"{level}-twin-{scene.number()}")
    with stage.hold(level):
        if not _is_certified(stage, level):
            stage.journal.note(f"no clone of the {level}, which has no certificate yet")
            return
        stage.nodes[level].kill()
        shutil.copytree(stage.directory_of(level), directory)
        stage.restart(level)
    stage.journal.note(f"clone of the {level} beside it for {seconds:.1f} s")
    twin = stage.twin(level, directory)
    try:
        twin.start()
        _require_no_numbers(scene, level, twin.url)
        scene.over.wait(seconds)
    finally:
        twin.stop()
    with facts_of(directory, stage.sids[VILLAGE]) as facts:
        if facts.life_reasons()[-1] != "copy":
            scene.wrongs.append(f"a clone of the {level} took itself for the original: {facts.life_reasons()}")
        life = facts.life()
    with stage.facts(LEVELS[LEVELS.index(level) + 1]) as facts:
        if facts.has_heard(life):
            scene.twins.add(level)
    shutil.rmtree(directory)


def update(scene: Scene) -> None:
    """Somebody comes by and puts another version on a node: the next, or the one before, because he has no other."""
    level, version = scene.chance.choice(LEVELS), scene.chance.choice(VERSIONS)
    with scene.stage.hold(level):
        scene.stage.journal.note(f"the {level} is of the version {version} from now on")
        scene.stage.nodes[level].kill()
        scene.stage.set_version(level, version)
        scene.stage.restart(level)


def hand_over(scene: Scene) -> None:
    """A stick goes to a neighbour, up or down, with whatever lay on it: in any order, with gaps, old volumes again."""
    stage, up = scene.stage, scene.chance.random() < 0.6
    lower = scene.chance.choice((VILLAGE, TOWNSHIP))
    upper = LEVELS[LEVELS.index(lower) + 1]
    giver, taker = (lower, upper) if up else (upper, lower)
    stick = stage.beside(f"stick-for-{taker}")
    stick.mkdir(exist_ok=True)
    with stage.hold(giver):
        if not _is_certified(stage, giver) or not _is_certified(stage, lower):
            stage.journal.note(f"no stick from the {giver}: not everybody has a certificate yet")
            return
        target = ["--to", "up" if up else "below", "--volume-size", "2MB", str(stick)]
        run("bundle", "export", "--data", str(stage.directory_of(giver)), *target)
    volumes = sorted(stick.glob("*.yzb"))
    lot = [*scene.chance.sample(volumes, scene.chance.randint(1, len(volumes))), scene.chance.choice(volumes)]
    stage.journal.note(f"a stick from the {giver} to the {taker}: {len(lot)} of {len(volumes)} volumes")
    with stage.hold(taker):
        for volume in lot:
            try:
                run("bundle", "import", "--data", str(stage.directory_of(taker)), str(volume))
            except StageError as error:
                # What a node wrote before it was put back, or in a life that two lead, is not to be taken in.
                if not (scene.reborn or scene.twins):
                    raise
                stage.journal.note(f"the {taker} does not take a volume: {str(error).splitlines()[-1]}")


# What befalls a node without costing anybody anything.
HARMLESS: tuple[Accident, ...] = (leap, fill, clone, update, hand_over)
# What a node of before wrote bears no name, and would not come back to it from below: disks are lost by today's alone.
ACCIDENTS: tuple[Accident, ...] = (leap, fill, clone, hand_over, lose)


@dataclass
class Accidents:
    """Lets one accident after the other happen; each kind once before any comes again."""

    scene: Scene
    kinds: tuple[Accident, ...] = ACCIDENTS
    shortest_pause: float = 0.5
    longest_pause: float = 2.0

    def run(self) -> None:
        """Until it is over, and at least until each has happened."""
        scene = self.scene
        while not scene.over.is_set() or len(scene.happened) < len(self.kinds):
            for accident in scene.chance.sample(self.kinds, len(self.kinds)):
                if scene.over.is_set() and accident.__name__ in scene.happened:
                    continue
                try:
                    accident(scene)
                except (StageError, Unreadable, OSError) as error:
                    scene.wrongs.append(f"{accident.__name__}: {error}")
                scene.happened.append(accident.__name__)
                scene.over.wait(scene.chance.uniform(self.shortest_pause, self.longest_pause))


def _is_certified(stage: Stage, level: str) -> bool:
    with stage.facts(level) as facts:
        return facts.is_certified()


def _bring_back(scene: Scene, level: str, backup: Path) -> None:
    stage = scene.stage
    directory, lost = stage.directory_of(level), stage.beside(f"{level}-lost-{scene.number()}")
    scene.reborn.add(level)  # before anybody can see that something is gone
    directory.rename(lost)
    restore(backup, directory, now_ms=time.time_ns() // 1_000_000)
    with facts_of(lost, stage.sids[VILLAGE]) as facts:
        gone, photos = set(facts.everything()), set(facts.whole_photos())
    for other in LEVELS:
        with stage.facts(other) as facts:
            gone -= facts.everything()
            photos -= facts.whole_photos()
    scene.forgiven |= gone
    scene.photos |= photos
    stage.restart(level)
    stage.journal.note(f"the {level} is restored; {len(gone)} steps and {len(photos)} photos were nowhere else")
    if level != CENTRE:
        _enrol_again(stage, level)
    shutil.rmtree(lost)


def _enrol_again(stage: Stage, level: str) -> None:
    """A code by telephone; a restored centre may first give out one that was used, and is asked for another."""
    for _ in every(0.2, for_seconds=_PATIENCE_SECONDS):
        centre = str(stage.directory_of(CENTRE))
        code = ask("central", "enrol-again", "--data", centre, "--json", stage.sids[level])["code"]
        try:
            run("edge", "enrol", "--data", str(stage.directory_of(level)), code)
        except StageError as error:
            stage.journal.note(f"the {level} does not take a code: {str(error).splitlines()[-1]}")
            continue
        return
    raise StageError(f"the restored {level} got no code")


def _require_no_numbers(scene: Scene, level: str, url: str) -> None:
    """A clone gives no receipt numbers: those of the original are the original's."""
    person = Person(PEOPLE[level][0], url)
    try:
        answer = person.ask("POST", "/cases", application(), key=f"twin-{scene.number()}")
        if answer.status_code != 409 or "not-enrolled" not in answer.text:
            scene.wrongs.append(f"a clone of the {level} took an application: {answer.status_code} {answer.text[:200]}")
    finally:
        person.close()
