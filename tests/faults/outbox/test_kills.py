"""A station killed between intent and document, and between document and done, by the CouchDB it was speaking to."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sync.node.node import Node
from sync.values.json_text import parse_object
from tests.faults.outbox.couch import ANSWER_LOST, FINE, LOST, Couch, couch
from tests.faults.outbox.station import RECORDS, check, found

LONGEST_SECONDS = 60


class Killing:
    """Kills a process when its nth batch of records arrives; `fate` says whether that is written all the same."""

    def __init__(self, number: int, fate: str) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._number = number
        self._fate = fate
        self._count = 0
        self._ready = threading.Event()

    def aim(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._ready.set()

    def __call__(self, method: str, path: str) -> str:
        if not path.endswith(f"/{RECORDS}/_bulk_docs"):
            return FINE
        self._count += 1
        if self._count != self._number:
            return FINE
        assert self._ready.wait(LONGEST_SECONDS)
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        return self._fate


@pytest.mark.parametrize("fate", [LOST, ANSWER_LOST], ids=["before the document is there", "before it is done"])
def test_a_station_killed_while_it_delivers_has_everything_there_once_after_the_next_start(
    tmp_path: Path, fate: str
) -> None:
    with couch(tmp_path / "couch") as server:
        found(tmp_path / "village", server.address).close()
        answered: list[dict[str, str]] = []
        kills = 4
        for number in range(1, kills + 1):
            answered += _taken_until_killed(tmp_path / "village", server, Killing(number, fate))
        with Node.open(tmp_path / "village", couch=server.address) as node:
            # Of each kill one application may have been written whose answer nobody got to read.
            check(node, server, answered, more=kills)
        assert len(answered) >= kills


def _taken_until_killed(directory: Path, server: Couch, killing: Killing) -> list[dict[str, str]]:
    server.fate = killing
    command = [sys.executable, "-m", "tests.faults.outbox.agent_child", str(directory), server.address.url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    killing.aim(process)
    told, _ = process.communicate(timeout=LONGEST_SECONDS)
    assert process.returncode == -signal.SIGKILL
    # The last line may have been cut by the kill.
    return [parse_object(line) for line in told.split(b"\n")[:-1]]
