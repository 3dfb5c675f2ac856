"""Imports point one way: the contracts of `setup.cfg`, run as a test."""

import configparser
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def layers() -> set[str]:
    """The rooms of `sync` as the contract lists them."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["importlinter:contract:rooms"]["layers"].split("\n")
    return {room.strip(" ()") for line in lines for room in line.split("|") if room.strip()}


def rooms() -> set[str]:
    """The rooms of `sync` as they stand on disk."""
    here = ROOT / "sync"
    folders = {path.parent.name for path in here.glob("*/__init__.py")}
    modules = {path.stem for path in here.glob("*.py")} - {"__init__"}
    return folders | modules


def test_every_import_contract_is_kept() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_declares_its_level_and_no_level_is_empty() -> None:
    assert layers() == rooms()


def test_every_room_stands_on_the_map() -> None:
    the_map = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    absent = [room for room in rooms() - {"version"} if f"`{room}/`" not in the_map and f"`{room}" not in the_map]
    assert absent == []
