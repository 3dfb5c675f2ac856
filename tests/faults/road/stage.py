"""Village, township and centre as processes, with a link that can be cut between each two.

They are founded in this process, because that is quick, and enrol for themselves while whatever the
test does to them is already going on.

Must not know: what is done on the stage, what is expected.
"""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import apsw

from central.registry.enrolling import Wanted
from central.services.enrol_station import enrol_station
from central.services.found_centre import found_centre
from central.settings import read as centre_settings
from central.wiring import build_centre
from edge_node.services.found_station import found_station
from edge_node.settings import read as station_settings
from edge_node.wiring import build_station
from fixtures.catalogue import bring_county, publish_county
from fixtures.county import county
from fixtures.link_weak import WeakLink
from fixtures.node_process import NodeProcess, StageError
from sync.node.node import Node
from sync.store.connection import FILE_NAME
from sync.values.json_text import parse_object
from sync.web.accounts import Accounts
from sync.web.roles import Role
from tests.faults.edge_node.test_kills import free_port
from tests.faults.road.facts import Facts, facts_of
from tests.faults.road.journal import Journal

PASSWORD = "Liuhe-2026-zhen"
VILLAGE, TOWNSHIP, CENTRE = LEVELS = ("village", "township", "centre")
PEOPLE = {VILLAGE: ("wang", "zhao"), TOWNSHIP: ("li",), CENTRE: ("zhou",)}
_ROLES = {VILLAGE: Role.AGENT, TOWNSHIP: Role.REVIEWER, CENTRE: Role.SUPERVISOR}
_RATE_KBIT, _ROUND_TRIP_MS = 500, 60  # a photo takes about a second, so that most cuts fall into something
_ENVIRONMENT = {
    "YIZHAN_SYNC_INTERVAL_SECONDS": "1",
    "YIZHAN_LONGEST_WAIT_SECONDS": "2",
    "YIZHAN_LINK_TIMEOUT_SECONDS": "10",
    "YIZHAN_NUMBER_SECONDS": "2",  # whatever a centre does by itself it has done before everything is compared
}


class Stage:
    """Three nodes and two links; `raise_curtain` starts them, `end` leaves nothing running.

    journal  what was done to them, as it was done
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.journal = Journal()
        self._turns = {level: threading.Lock() for level in LEVELS}
        self.nodes = {level: self._process(level) for level in LEVELS}
        self.links = {level: self._link(above) for level, above in ((VILLAGE, TOWNSHIP), (TOWNSHIP, CENTRE))}
        self.sids: dict[str, str] = {}
        self._found()

    def raise_curtain(self) -> None:
        """Start everything, from the top down."""
        for level in reversed(LEVELS):
            self.nodes[level].start()

    def restart(self, level: str, *, killed_again_after_seconds: float | None = None) -> None:
        """Start a node that was killed; if wanted, kill it once more while it is still starting."""
        node = self.nodes[level]
        if killed_again_after_seconds is not None:
            timer = threading.Timer(killed_again_after_seconds, node.kill)
            timer.start()
            with contextlib.suppress(StageError):
                node.start()
            timer.join()
            node.kill()
        node.start()

    @contextlib.contextmanager
    def hold(self, *levels: str) -> Iterator[None]:
        """Have some nodes for oneself: whoever else does something to one of them waits."""
        with contextlib.ExitStack() as held:
            for level in LEVELS:
                if level in levels:
                    held.enter_context(self._turns[level])
            yield

    def directory_of(self, level: str) -> Path:
        """Where a node keeps its data."""
        return self._directory / level

    def beside(self, name: str) -> Path:
        """A place for something beside the nodes' directories."""
        return self._directory / name

    def facts(self, level: str) -> contextlib.AbstractContextManager[Facts]:
        """What a node has on its disk of the village's station; raises Unreadable."""
        return facts_of(self.directory_of(level), self.sids[VILLAGE])

    def set_clock(self, level: str, ahead_ms: int) -> None:
        """Put a node's clock so far ahead, or behind."""
        path = self._state(level) / "clock"
        path.with_suffix(".new").write_text(str(ahead_ms))
        path.with_suffix(".new").replace(path)

    def fill_disk(self, level: str, *, full: bool) -> None:
        """Let a node's disk be full, or not any more."""
        path = self._state(level) / "full"
        path.touch() if full else path.unlink(missing_ok=True)

    def set_version(self, level: str, version: str) -> None:
        """Have a node be of another version from its next start on."""
        (self._state(level) / "version").write_text(version)

    def twin(self, level: str, directory: Path) -> NodeProcess:
        """A process for a directory that was copied from a node's."""
        return self._launched(self.nodes[level].group, directory, self._state(level))

    def sequences(self) -> dict[str, list[tuple[object, ...]]]:
        """Every sequence of every node: databases, statements, events; read beside the running process."""
        return {level: _sequences(self.directory_of(level) / FILE_NAME) for level in LEVELS}

    def end(self) -> None:
        """Stop whatever runs."""
        for node in self.nodes.values():
            node.stop()
        for link in self.links.values():
            link.stop()

    def _process(self, level: str) -> NodeProcess:
        group = "central" if level == CENTRE else "edge"
        return self._launched(group, self.directory_of(level), self._state(level))

    def _launched(self, group: str, directory: Path, state: Path) -> NodeProcess:
        command = (sys.executable, "-m", "tests.faults.road.launcher", str(state))
        node = NodeProcess(group, directory, environment=_ENVIRONMENT, command=command)
        node.port = free_port(Random())  # not of the seed: two runs of one seed may go on at once
        return node

    def _state(self, level: str) -> Path:
        state = self._directory / f"{level}-machine"
        state.mkdir(exist_ok=True)
        return state

    def _link(self, above: str) -> WeakLink:
        return WeakLink(f"127.0.0.1:{self.nodes[above].port}", rate_kbit=_RATE_KBIT, rtt_ms=_ROUND_TRIP_MS).start()

    def _found(self) -> None:
        land = county()
        places = {TOWNSHIP: land.place("柳河镇"), VILLAGE: land.place("石桥村")}
        centre = found_centre(self.directory_of(CENTRE), name=land.centre.name, region=land.centre.code)
        with centre:
            publish_county(centre)
            _hire(build_centre(centre, centre_settings({})).accounts, CENTRE)
            codes = {level: _code(centre, place.name, place.code) for level, place in places.items()}
        for level, place in places.items():
            self._found_station(level, place.name, place.code, codes[level])

    def _found_station(self, level: str, name: str, region: str, code: str) -> None:
        upstream = f"http://127.0.0.1:{self.links[level].port}"
        directory = self.directory_of(level)
        with found_station(directory, name=name, region=region, upstream=upstream, code=code) as node:
            bring_county(node)
            _hire(build_station(node, station_settings({})).accounts, level)
            self.sids[level] = node.identity.sid


def _code(centre: Node, name: str, region: str) -> str:
    told = parse_object(enrol_station(centre, Wanted(name=name, region=region), by="job:test").body)
    return str(told["code"])


def _hire(accounts: Accounts, level: str) -> None:
    for name in PEOPLE[level]:
        accounts.create(name, display_name=name, role=_ROLES[level], password=PASSWORD)


def _sequences(path: Path) -> list[tuple[object, ...]]:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        connection.set_busy_timeout(5000)
        databases = list(connection.execute("SELECT name, update_seq FROM databases ORDER BY name"))
        return [*databases, *connection.execute("SELECT max(arrival), count(*) FROM statements")]
    finally:
        connection.close()


def every(seconds: float, *, for_seconds: float) -> Iterator[None]:
    """Come back again and again until the time is over."""
    deadline = time.monotonic() + for_seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(seconds)
