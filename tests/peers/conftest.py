"""Real peers as processes: `yizhan couch serve`, pouchdb-server, and scripts on Node."""

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests import processes

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ADMIN = ("admin", "s:cr@t")
_SCRIPT_SECONDS = 120


@pytest.fixture(scope="session")
def yizhan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Our server as a process; its address, name and password included."""
    directory = tmp_path_factory.mktemp("couch")
    command = [sys.executable, "-m", "sync.commands.main", "couch", "serve", "--data", str(directory), "--port", "0"]
    with processes.process([*command, "--admin", ":".join(ADMIN)], cwd=ROOT) as process:
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://(\S+)/", line)
        assert found, f"the server did not say where it is: {line!r}"
        yield f"http://{ADMIN[0]}:{requests.utils.quote(ADMIN[1])}@{found[1]}"


@pytest.fixture(scope="session")
def pouchdb_server(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """pouchdb-server, in memory; its address."""
    assert node_modules.is_dir()
    with processes.pouchdb_server(tmp_path_factory.mktemp("pouchdb-server")) as address:
        yield address


@pytest.fixture(scope="session")
def fresh() -> Iterator[Callable[[str], str]]:
    """A function that makes an empty database at a server and gives its address; each is removed at the end."""
    made: list[str] = []

    def create(server: str) -> str:
        address = f"{server}/db-{uuid4().hex[:12]}"
        requests.put(address, timeout=30).raise_for_status()
        made.append(address)
        return address

    yield create
    for address in made:
        with contextlib.suppress(requests.RequestException):  # servers of our own have ended by now
            requests.delete(address, timeout=30)


@pytest.fixture(scope="session")
def run(node_modules: Path) -> Callable[..., Any]:
    """A function that runs one of the scripts here and gives the JSON it told."""
    assert node_modules.is_dir()

    def script(name: str, *arguments: str) -> Any:
        done = subprocess.run(
            ["node", str(HERE / name), *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=_SCRIPT_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{name} failed\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return json.loads(done.stdout)

    return script
