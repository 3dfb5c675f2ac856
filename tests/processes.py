"""Servers of others as processes of a test, on any free port, ended with it."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).parent.parent
_START_SECONDS = 60


@contextmanager
def pouchdb_server(directory: Path) -> Iterator[str]:
    """pouchdb-server, in memory; gives its address."""
    port = free_port()
    modules = ROOT / "node_modules"
    program = modules / "pouchdb-server" / "bin" / "pouchdb-server"
    # The file is a shell script in some versions and JavaScript in others; npm's link knows.
    program = modules / ".bin" / "pouchdb-server" if not program.exists() else program
    command = [str(program), "--in-memory", "--no-stdout-logs", "--port", str(port)]
    # It leaves every attachment that it took in the temporary directory.
    with process(command, cwd=directory, TMPDIR=str(directory)) as started:
        address = f"http://127.0.0.1:{port}"
        _await_answer(address, started)
        yield address


@contextmanager
def process(command: list[str], *, cwd: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A process while the block runs, with more in its environment; what it says is on its `stdout`."""
    started = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(15)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
        if started.stdout:
            started.stdout.close()


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(address: str, started: subprocess.Popen[str]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        assert started.poll() is None, "the process ended before it answered"
        try:
            requests.get(address, timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer in {_START_SECONDS} s")
