"""A station killed again and again while four people hand in applications: whoever was answered was received."""

import contextlib
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from edge_node.services.found_station import found_station
from edge_node.settings import read
from edge_node.wiring import build_station
from fixtures.catalogue import bring_county
from fixtures.county import county
from sync.blobs.reading import is_complete
from sync.node.acts.current import current
from sync.node.lists.case_index import blobs_in
from sync.node.lists.case_list import list_cases
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.node.node import Node
from sync.records.log import record_from_document
from sync.web.roles import Role
from tests.unit.edge_node.applications import JPEG, application

SID = "k3m7q"
PASSWORD = "Shiqiao-2025"
CLIENTS = 4
KILLS = 7
START_SECONDS = 30
ANSWER_SECONDS = 60


def free_port(chance: random.Random) -> int:
    """A port below those the system gives to clients: one that knocks while nobody listens would take it itself."""
    while True:
        port = chance.randrange(15_000, 32_000)
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port


def until_answered(citizens: Sequence["Citizen"]) -> None:
    """Wait until every one of them was answered once more, however slow this machine is."""
    before, deadline = [len(citizen.answered) for citizen in citizens], time.monotonic() + ANSWER_SECONDS
    while any(len(citizen.answered) == count for citizen, count in zip(citizens, before, strict=True)):
        assert time.monotonic() < deadline, [citizen.surprises for citizen in citizens]
        time.sleep(0.01)


class Server:
    """`yizhan edge serve` on one directory and one port."""

    def __init__(self, directory: Path, port: int) -> None:
        self._directory = directory
        self.port = port
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "sync.commands.main", "edge", "serve"]
        arguments = ["--data", str(self._directory), "--port", str(self.port)]
        log = self._directory.with_suffix(".log").open("a")
        with log:
            self._process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=log, text=True)
        line = self._process.stdout.readline()
        assert f":{self.port}/" in line, line + self._directory.with_suffix(".log").read_text()

    def end(self, number: signal.Signals) -> None:
        self._process.send_signal(number)
        self._process.wait(START_SECONDS)
        self._process.stdout.close()


@dataclass
class Citizen:
    """Hands in one application after another and repeats each under its key until it is answered."""

    name: str
    server: Server
    stop: threading.Event
    chance: random.Random
    answered: dict[str, dict] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)

    def run(self) -> None:
        session = requests.Session()
        session.trust_env = False
        count = 0
        while not self.stop.is_set():
            count += 1
            key = f"{self.name}-{count}"
            photos = (JPEG[:-2] + key.encode() + JPEG[-2:],) if self.chance.random() < 0.3 else ()
            self._hand_in(session, key, application(number=count % 20, photos=photos))
        session.close()

    def _hand_in(self, session: requests.Session, key: str, body: dict) -> None:
        url = f"http://127.0.0.1:{self.server.port}/api/v1"
        while not self.stop.is_set():
            try:
                answer = session.post(f"{url}/cases", json=body, headers={"Idempotency-Key": key}, timeout=10)
                if answer.status_code == 401:
                    session.post(f"{url}/session", json={"name": self.name, "password": PASSWORD}, timeout=10)
                    continue
            except requests.RequestException:
                time.sleep(0.05)
                continue
            if answer.status_code == 201:
                self.answered[key] = answer.json()
            else:
                self.surprises.append(f"{answer.status_code} {answer.text}")
            return


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    directory = tmp_path / "village"
    code = str(EnrolmentCode(SID, "01", "7KXW9RTB2C"))
    place = county().place("石桥村")
    with found_station(directory, name=place.name, region=place.code, upstream="http://127.0.0.1:9", code=code) as node:
        bring_county(node)
        accounts = build_station(node, read({})).accounts
        for number in range(CLIENTS):
            accounts.create(f"agent{number}", display_name="代办员", role=Role.AGENT, password=PASSWORD)
    return directory


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_whoever_was_answered_was_received_once_and_no_number_is_given_twice(directory):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    server, stop = Server(directory, free_port(chance)), threading.Event()
    server.start()
    citizens = [Citizen(f"agent{n}", server, stop, random.Random(chance.random())) for n in range(CLIENTS)]
    threads = [threading.Thread(target=citizen.run) for citizen in citizens]
    for thread in threads:
        thread.start()
    try:
        until_answered(citizens)
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 0.6))
            server.end(signal.SIGKILL)
            server.start()
        until_answered(citizens)
    finally:
        stop.set()
        server.end(signal.SIGTERM)
        for thread in threads:
            thread.join()
    assert [one for citizen in citizens for one in citizen.surprises] == []
    answered = {key: told for citizen in citizens for key, told in citizen.answered.items()}
    assert len(answered) >= KILLS
    require_all_there(directory, answered)


def require_all_there(directory: Path, answered: dict[str, dict]) -> None:
    """Every answered case is there, whole; no number twice; one case to a key; and nothing else but a last one each."""
    with Node.open(directory) as node:
        rows, cursor = [], ""
        while True:
            page = node.read(lambda reader, cursor=cursor: list_cases(reader, cursor=cursor, limit=200))
            rows += page.rows
            cursor = page.next
            if not cursor:
                break
        stored = {row.id: row.receipt_number for row in rows}
        assert {told["id"]: told["receipt_number"] for told in answered.values()}.items() <= stored.items()
        assert [number for number, times in Counter(stored.values()).items() if times > 1] == []
        assert len({told["id"] for told in answered.values()}) == len(answered)
        kept = node.read(lambda reader: reader.execute("SELECT count(DISTINCT account || ' ' || key) FROM answers"))[0][
            0
        ]
        assert len(stored) == kept  # one case for every key ever heard, answered or cut off
        assert len(stored) - len(answered) <= CLIENTS
        documents = [node.read(lambda reader, id=id: current(reader, node.documents, id)) for id in stored]
        events = [record_from_document(document).events for document in documents]
        assert sorted(one.number for (one,) in events) == list(range(1, len(stored) + 1))
        blobs = node.databases.open(f"blobs_{SID}")
        roots = [blob["blob"] for document in documents for blob in blobs_in(document.fields()["state"])]
        assert all(is_complete(blobs, root) for root in roots)
