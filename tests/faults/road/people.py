"""Who works on the road while it breaks: agents who take applications, officials who act on them.

Each repeats a request under its key until it is answered, as a phone or a patient person does, and
remembers what was answered: that is what must be found afterwards, once.

Must not know: what breaks, or when.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from random import Random
from threading import Event
from typing import Any

import requests

from sync.records.clock import BEIJING
from tests.faults.road.stage import PASSWORD, every
from tests.unit.edge_node.applications import application

_PATIENCE_SECONDS = 90
_PAUSE_SECONDS = 0.1
_TIMEOUT_SECONDS = 20
_UNAUTHORIZED, _FIRST_REFUSAL, _FIRST_FAILURE = 401, 400, 500
# What the API lets a person do, by the event it becomes: path, and what is sent.
ACTS: dict[str, tuple[str, dict[str, str]]] = {
    "accepted": ("acceptance", {}),
    "review_started": ("review", {}),
    "approved": ("decision", {"decision": "approve"}),
    "denied": ("decision", {"decision": "deny"}),
    "completed": ("completion", {}),
    "supplement_asked": ("return", {}),
    "returned": ("return", {}),
    "withdrawn": ("withdrawal", {}),
}


class Person:
    """Somebody signed in at one node, who asks until there is an answer."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.surprises: list[str] = []
        self.full = 0
        self._url = f"{url}/api/v1"
        self._session = requests.Session()
        self._session.trust_env = False

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "") -> requests.Response:
        """An answer below 500 that is not "sign in first"; raises TimeoutError when none comes for long."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        headers = {"Idempotency-Key": key} if key else {}
        while time.monotonic() < deadline:
            try:
                answer = self._call(method, path, json=body, headers=headers)
                if answer.status_code == _UNAUTHORIZED:
                    self._call("POST", "/session", json={"name": self.name, "password": PASSWORD})
                elif answer.status_code < _FIRST_FAILURE:
                    return answer
                elif answer.status_code == HTTPStatus.INSUFFICIENT_STORAGE:
                    self.full += 1  # and asked again, as the page advises
                else:
                    self.surprises.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
            except requests.RequestException:
                pass
            time.sleep(_PAUSE_SECONDS)
        raise TimeoutError(f"{self.name}: nobody answered {method} {path}")

    def get(self, path: str) -> Any:
        """What is there now; a refusal is an AssertionError."""
        answer = self.ask("GET", path)
        assert answer.status_code < _FIRST_REFUSAL, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def cases(self) -> dict[str, dict[str, Any]]:
        """Every case the node lists, by id; one listed twice is an AssertionError."""
        found: dict[str, dict[str, Any]] = {}
        cursor = ""
        while True:
            page = self.get(f"/cases?limit=200&cursor={cursor}")
            for case in page["cases"]:
                assert case["id"] not in found, f"{case['id']} is listed twice"
                found[case["id"]] = case
            cursor = page["next"] or ""
            if not cursor:
                return found

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _call(self, method: str, path: str, **options: Any) -> requests.Response:
        return self._session.request(method, self._url + path, timeout=_TIMEOUT_SECONDS, **options)


@dataclass
class Worker:
    """Somebody at work until `over`.

    set_clock  puts the clock of the node right;  may_lose, whether a case may be gone that was listed
    taken  {key: the answer} of applications;  done  {(case id, note): event type} of acts answered with 200
    """

    person: Person
    chance: Random
    over: Event
    acting: float  # how often an act is done rather than an application taken
    set_clock: Callable[[], None] = lambda: None
    may_lose: Callable[[], bool] = lambda: False
    doubts: int = 0
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: int = 0
    _photos: list[bytes] = field(default_factory=list)
    _count: int = 0

    def run(self) -> None:
        """One thing after another; the last one is brought to its end."""
        while not self.over.is_set():
            self._count += 1
            try:
                if self.chance.random() < self.acting:
                    self._act()
                else:
                    self._take()
            except (TimeoutError, AssertionError) as error:
                self.person.surprises.append(str(error))
            self.over.wait(self.chance.uniform(0.0, 1.5))
        self.person.close()

    def _take(self) -> None:
        key = f"{self.person.name}-{self._count}"
        photos = tuple(self._photo() for _ in range(self.chance.choice((0, 0, 0, 0, 1, 2))))
        body = application(number=self.chance.randrange(20), photos=photos)
        answer = self._hand_in(body, key)
        if answer.status_code == 201:
            self.taken[key] = answer.json()
        else:
            self.person.surprises.append(f"{key}: {answer.status_code} {answer.text[:300]}")

    def _hand_in(self, body: dict[str, Any], key: str) -> requests.Response:
        """Repeat what the desk refuses for now: the date is in doubt, or the station waits for its code."""
        answer = self.person.ask("POST", "/cases", body, key=key)
        for _ in every(0.2, for_seconds=_PATIENCE_SECONDS):
            if answer.status_code == HTTPStatus.CONFLICT and "clock-doubtful" in answer.text:
                # Whoever reads the date off a watch sees that the PC's is wrong, and sets it right first.
                self.set_clock()
                body["confirmed_time"] = datetime.now(BEIJING).isoformat()
                self.doubts += 1
            elif answer.status_code != HTTPStatus.CONFLICT or "not-enrolled" not in answer.text:
                break
            answer = self.person.ask("POST", "/cases", body, key=key)
        return answer

    def _photo(self) -> bytes:
        """20 to 40 kB; now and then one that was handed in before."""
        if self._photos and self.chance.random() < 0.15:
            return self.chance.choice(self._photos)
        self._photos.append(
            b"\xff\xd8\xff\xe0" + self.chance.randbytes(self.chance.randrange(20_000, 40_000)) + b"\xff\xd9"
        )
        return self._photos[-1]

    def _act(self) -> None:
        listed = sorted(self.person.cases())
        if not listed:
            return
        case_id = self.chance.choice(listed)
        answer = self.person.ask("GET", f"/cases/{case_id}")
        if answer.status_code == HTTPStatus.NOT_FOUND and self.may_lose():
            return
        assert answer.status_code == HTTPStatus.OK, f"{case_id}: {answer.status_code} {answer.text[:300]}"
        may = [act["type"] for act in answer.json()["acts"] if act["type"] in ACTS]
        # Withdrawing ends a case; done as often as the rest, nothing would ever be decided.
        may = [one for one in may if one != "withdrawn" or self.chance.random() < 0.25]
        if may:
            self._do(case_id, self.chance.choice(may))

    def _do(self, case_id: str, event_type: str) -> None:
        path, body = ACTS[event_type]
        note = f"{self.person.name} act {self._count}"
        answer = self.person.ask("POST", f"/cases/{case_id}/{path}", {**body, "reason": note}, key=note)
        if answer.status_code == 200:
            self.done[(case_id, note)] = answer.json()["act"]
        elif answer.status_code in (403, 409) or (answer.status_code == HTTPStatus.NOT_FOUND and self.may_lose()):
            self.refused += 1
        else:
            self.person.surprises.append(f"{note}: {answer.status_code} {answer.text[:300]}")
