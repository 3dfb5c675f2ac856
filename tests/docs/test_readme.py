"""The two commands of the README that need no county: the store alone, and the replicator alone."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from sync.store.engine import Engine
from tests.docs.markdown import ROOT, Page
from tests.docs.test_tutorial import free_port

COMMANDS = [code.strip() for code in Page(ROOT / "README.md").code("bash") if code.startswith(".venv/bin/yizhan")]


def test_a_database_of_the_store_alone_is_copied_to_a_directory(tmp_path: Path) -> None:
    port = free_port()
    serve, replicate = (words(command, port) for command in COMMANDS)
    here = f"http://admin:password@localhost:{port}/here"
    with serving(serve, tmp_path):
        requests.put(here, timeout=10).raise_for_status()
        requests.put(f"{here}/letter", json={"text": "见字如面"}, timeout=10).raise_for_status()
        subprocess.run(replicate, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    engine = Engine.open(tmp_path / "backup")
    try:
        assert engine.database("here").info().doc_count == 1
    finally:
        engine.close()


def words(command: str, port: str) -> list[str]:
    """A command as it stands on the page, with this Python and another port."""
    _, *rest = command.replace("5984", port).split()
    return [sys.executable, "-m", "sync.commands.main", *rest]


@contextmanager
def serving(command: list[str], directory: Path) -> Iterator[None]:
    with subprocess.Popen(command, cwd=directory, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert "http://" in process.stdout.readline()
            yield
        finally:
            process.terminate()
