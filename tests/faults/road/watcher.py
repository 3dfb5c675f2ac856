"""Somebody who looks at the screens of village and township all the time and holds what they say against the facts.

A claim is held against the disk of the hop it names, read a moment later: what a hop holds, it keeps, so whoever finds
less there than a screen said has caught the screen ahead of the facts. One thing is forgiven: a hop that lost its disk
had signed for what it no longer has, and a screen says so until it hears of the hop's new life.

Must not know: who works, what breaks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from threading import Event
from typing import Any

from tests.faults.road.accidents import Scene
from tests.faults.road.facts import Facts, Happened, Unreadable
from tests.faults.road.people import Person
from tests.faults.road.stage import CENTRE, LEVELS, TOWNSHIP, VILLAGE

_ROWS = 20  # of a list, looked at each time
_ABOVE = {VILLAGE: (TOWNSHIP, CENTRE), TOWNSHIP: (CENTRE,)}


@dataclass
class Watcher:
    """Looks at one case after another; `lies` are claims that were ahead, or taken back."""

    people: Mapping[str, Person]
    scene: Scene
    chance: Random
    over: Event
    lies: list[str] = field(default_factory=list)
    checked: int = 0
    looks: int = 0
    blind: int = 0
    forgiven: int = 0
    _held: dict[tuple[str, str, str], set[Happened]] = field(default_factory=dict)
    _photos: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _listed: dict[str, frozenset[str]] = field(default_factory=dict)

    def run(self) -> None:
        """Until it is over."""
        while not self.over.is_set():
            try:
                self.look()
                self.looks += 1
            except (TimeoutError, AssertionError) as error:
                self.lies.append(str(error))
            except Unreadable:
                self.blind += 1  # a directory is being exchanged; there is nothing to hold a claim against
            self.over.wait(self.chance.uniform(0.05, 0.3))
        for person in self.people.values():
            person.close()

    def look(self) -> None:
        """The lists, then one case closely on each screen."""
        for level in LEVELS:
            self._check_nothing_vanished(level)
        for level in _ABOVE:
            listed = self.people[level].cases()
            rows = [case for case in listed.values() if case["custody"]["reached"] in _ABOVE[level]]
            for case in self.chance.sample(rows, min(_ROWS, len(rows))):
                self._check_row(level, case)
            if listed:
                self._look_closely(level, self.chance.choice(sorted(listed)))

    def _check_nothing_vanished(self, level: str) -> None:
        reborn = level in self.scene.reborn
        with self.scene.stage.facts(level) as facts:
            now = facts.case_ids()
        lost = self._listed.get(level, frozenset()) - now
        if lost and not reborn and level not in self.scene.reborn:
            self.lies.append(f"{level} no longer has {sorted(lost)}")
        self._listed[level] = now

    def _check_row(self, screen: str, case: dict[str, Any]) -> None:
        self.checked += 1
        told = case["custody"]
        hop = told["reached"]
        with self.scene.stage.facts(hop) as facts:
            found = facts.case(case["id"])
            whole = _whole(facts, found.photos, LEVELS)
        if not found.happened:
            self._accuse(screen, hop, f"{case['id']} {told['sentence']}, but {hop} has not got it")
        elif whole < told["materials_held"]:
            self._accuse(screen, hop, f"{case['id']} {told['sentence']}, but {hop} has {whole} photos")

    def _look_closely(self, screen: str, case_id: str) -> None:
        person = self.people[screen]
        before, custody, after = (self._told(person, f"/cases/{case_id}{part}") for part in ("", "/custody", ""))
        if before is None or custody is None or after is None:
            return  # lost with a disk since it was listed
        for hop in custody["hops"]:
            if hop["level"] in _ABOVE[screen]:
                self._check_hop(screen, case_id, hop, _receipted(screen, before), _receipted(screen, after))

    def _told(self, person: Person, path: str) -> Any:
        answer = person.ask("GET", path)
        if answer.status_code == HTTPStatus.NOT_FOUND and self.scene.reborn:
            return None
        assert answer.status_code == HTTPStatus.OK, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def _check_hop(
        self, screen: str, case_id: str, hop: dict[str, Any], before: set[Happened], after: set[Happened]
    ) -> None:
        """The claim was about something between what was there before and what was there after it."""
        self.checked += 1
        level, place = hop["level"], (screen, case_id, hop["level"])
        may_fall = level in self.scene.reborn or screen in self.scene.reborn
        if hop["fell_back"] and not may_fall:
            self.lies.append(f"{case_id}: {level} is said to have lost something, and was never restored")
        known = self._held.setdefault(place, set())
        if hop["state"] == "none":
            if known and after <= known and not may_fall:
                self.lies.append(f"{case_id}: {level} is no longer said to hold what it held")
            return
        known |= before
        if hop["materials_held"] < self._photos.get(place, 0) and not may_fall:
            self.lies.append(f"{case_id}: {level} is said to hold fewer photos than it did")
        self._photos[place] = hop["materials_held"]
        with self.scene.stage.facts(level) as facts:
            found = facts.case(case_id)
            whole = _whole(facts, found.photos, _below(screen))
        lacking = before - found.happened
        if lacking or whole < hop["materials_held"]:
            told = f"{case_id} is said by {screen} to be at {level} since {hop['since']}"
            self._accuse(
                screen, level, f"{told}, which lacks {lacking} and has {whole} of {hop['materials_held']} photos"
            )

    def _accuse(self, screen: str, hop: str, lie: str) -> None:
        """It is a lie, unless the screen has only heard of a life that the hop lives no more."""
        with self.scene.stage.facts(hop) as facts:
            signer, life = facts.writer(), facts.life()
        with self.scene.stage.facts(screen) as facts:
            heard_of = facts.lives_heard_of(signer)
        if hop in self.scene.reborn and heard_of != {life}:
            self.forgiven += 1
        else:
            self.lies.append(lie)


def _whole(facts: Facts, photos: Mapping[str, frozenset[str]], levels: tuple[str, ...]) -> int:
    roots = {root for level in levels for root in photos.get(level, ())}
    return sum(facts.whole(root) for root in roots)


def _below(screen: str) -> tuple[str, ...]:
    """The levels whose steps a screen's claims about hops above are about (decision 7)."""
    return LEVELS[: LEVELS.index(screen) + 1]


def _receipted(screen: str, case: dict[str, Any]) -> set[Happened]:
    levels = _below(screen)
    log = {(event["level"], event["by"], event["type"], event["note"]) for event in case["log"]}
    return {one for one in log if one[0] in levels}
