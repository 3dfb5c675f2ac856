"""Somebody who looks at the village's screen all the time and holds what it says against the facts.

A claim is checked at the hop it names, at a later moment: what a hop holds, it keeps, so whoever
finds less there than the village's screen said has caught the screen ahead of the facts.

Must not know: who works, what breaks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from threading import Event
from typing import Any

from tests.faults.road.people import Person
from tests.faults.road.stage import CENTRE, TOWNSHIP, VILLAGE, every

_MERGED_WITHIN_SECONDS = 8.0

Happened = tuple[str, str, str, str]  # level, who, type, note


@dataclass
class Watcher:
    """Looks at one case after another; `lies` are claims that were ahead, or taken back."""

    people: Mapping[str, Person]
    chance: Random
    over: Event
    lies: list[str] = field(default_factory=list)
    checked: int = 0
    _held: dict[tuple[str, str], set[Happened]] = field(default_factory=dict)
    _photos: dict[tuple[str, str], int] = field(default_factory=dict)
    _listed: dict[str, set[str]] = field(default_factory=dict)

    def run(self) -> None:
        """Until it is over."""
        while not self.over.is_set():
            try:
                self.look()
            except (TimeoutError, AssertionError) as error:
                self.lies.append(str(error))
            self.over.wait(self.chance.uniform(0.05, 0.3))
        for person in self.people.values():
            person.close()

    def look(self) -> None:
        """The list, then one case closely."""
        listed = self.people[VILLAGE].cases()
        reached = [case for case in listed.values() if case["custody"]["reached"] != VILLAGE]
        self._check_list(reached)
        if listed:
            self._look_closely(self.chance.choice(sorted(listed)))

    def _check_list(self, reached: list[dict[str, Any]]) -> None:
        for level in {case["custody"]["reached"] for case in reached}:
            facts = self.people[level].cases()
            for case in reached:
                if case["custody"]["reached"] == level:
                    self._check_row(level, case, facts)
            lost = self._listed.get(level, set()) - set(facts)
            if lost:
                self.lies.append(f"{level} no longer lists {sorted(lost)}")
            self._listed[level] = set(facts)

    def _check_row(self, level: str, case: dict[str, Any], facts: Mapping[str, dict[str, Any]]) -> None:
        self.checked += 1
        told = case["custody"]
        found = facts.get(case["id"])
        if found is None:
            self.lies.append(f"{case['id']} {told['sentence']}, but {level} does not list it")
        elif found["materials"]["held"] < told["materials_held"]:
            self.lies.append(f"{case['id']} {told['sentence']}, but {level} has {found['materials']}")

    def _look_closely(self, case_id: str) -> None:
        before = _log(self.people[VILLAGE].get(f"/cases/{case_id}"))
        custody = self.people[VILLAGE].get(f"/cases/{case_id}/custody")
        after = _log(self.people[VILLAGE].get(f"/cases/{case_id}"))
        for hop in custody["hops"]:
            if hop["level"] in (TOWNSHIP, CENTRE):
                self._check_hop(case_id, hop, _receipted(before), _receipted(after))

    def _check_hop(self, case_id: str, hop: dict[str, Any], before: set[Happened], after: set[Happened]) -> None:
        """The claim was about something between what was there before and what was there after it."""
        self.checked += 1
        level = hop["level"]
        if hop["fell_back"]:
            self.lies.append(f"{case_id}: {level} is said to have lost something, and was never restored")
        known = self._held.setdefault((case_id, level), set())
        if hop["state"] == "none":
            if known and after <= known:
                self.lies.append(f"{case_id}: {level} is no longer said to hold what it held")
            return
        known |= before
        if hop["materials_held"] < self._photos.get((case_id, level), 0):
            self.lies.append(f"{case_id}: {level} is said to hold fewer photos than it did")
        self._photos[(case_id, level)] = hop["materials_held"]
        self._hold_against(level, case_id, hop, before)

    def _hold_against(self, level: str, case_id: str, hop: dict[str, Any], claimed: set[Happened]) -> None:
        """What two did unseen by each other is held before it is merged; until then only one half of it is shown."""
        told = ""
        for _ in every(0.1, for_seconds=_MERGED_WITHIN_SECONDS):
            told = self._found_wanting(level, case_id, hop, claimed)
            if not told:
                return
        self.lies.append(told)

    def _found_wanting(self, level: str, case_id: str, hop: dict[str, Any], claimed: set[Happened]) -> str:
        answer = self.people[level].ask("GET", f"/cases/{case_id}")
        if answer.status_code != HTTPStatus.OK:
            return f"{case_id} is said to be at {level}, which knows nothing of it"
        case = answer.json()
        lacking = claimed - _log(case)
        photos = sum(photo["held"] for paper in case["materials"] for photo in paper["photos"])
        if lacking or photos < hop["materials_held"]:
            return f"{case_id} is said to be at {level}, which lacks {lacking} and has {photos} photos: {case['log']}"
        return ""


def _log(case: dict[str, Any]) -> set[Happened]:
    return {(event["level"], event["by"], event["type"], event["note"]) for event in case["log"]}


def _receipted(log: set[Happened]) -> set[Happened]:
    """What a hop's claim covers on the village's screen: the village's own events (decision 7)."""
    return {one for one in log if one[0] == VILLAGE}
