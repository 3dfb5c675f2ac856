"""What a test may need of the machine, and what happens when the machine has not got it.

A test says so with a marker (`node`, `browser`, `couchdb`). On somebody's own machine a missing
part is a skip that is named at the end of the run; in CI (the variable CI is set) it is a failure,
so that nothing is quietly untested. Only a live Apache CouchDB is optional everywhere.

Where several workers share the tests, those marked `long` are begun first, so that none is left
alone with one at the end.
"""

import os
import re
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from cheroot.server import HTTPServer
from flask import Flask
from hypothesis import settings

from fixtures.chromium import NAMES, chromium_path
from fixtures.node_process import keys_kept_in
from sync.node import shelving
from sync.store import engine
from sync.store.connection import FILE_NAME, Connection, Opening, close
from sync.store.key_folder import KeyFolder
from sync.web.compiled_pages import KeptPages

ROOT = Path(__file__).parent.parent

# Machines share their cores, so a slow example is no failure; `print_blob` lets a failure be repeated.
settings.register_profile("yizhan", deadline=None, print_blob=True)
settings.load_profile("yizhan")

# What a server does once, tests do by the thousand: look up, at such intervals, whether it was told to stop.
HTTPServer.expiration_interval = 0.02
# And each new station is given the same catalogue.
shelving.read_brought = cache(shelving.read_brought)


@cache
def _empty_store() -> bytes:
    with TemporaryDirectory() as directory:
        path = Path(directory, FILE_NAME)
        close(_open_file(path, Opening()))
        return path.read_bytes()


def _begun(path: Path, opening: Opening) -> Connection:
    if opening == Opening() and not path.exists():
        path.write_bytes(_empty_store())
    return _open_file(path, opening)


# A new store in the clear begins as a copy of an empty one: to make a hundred tables is most of the work of opening it.
_open_file, engine._opened = engine._opened, _begun

# Pages are compiled once in a run: that was two thirds of the work of every test that draws one. Nodes that tests start
# find them, too, and so does whoever makes an application here.
_PAGES = "YIZHAN_PAGE_DIRECTORY"

# Tests write gigabytes and flush them: into memory where that is plenty. What is of a test that passed is removed.
_IN_MEMORY, _OURS, _PLENTY_BYTES = Path("/dev/shm"), "yizhan-tests-", 8 << 30

# Noted of a test that was skipped because the machine lacks something: its report carries this from worker to terminal.
_UNTESTED = "not tested"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and config.option.basetemp is None and _is_plenty():
        for left in _IN_MEMORY.glob(f"{_OURS}*"):  # by a run that failed; one that goes on has its process
            if not Path("/proc", left.name.removeprefix(_OURS)).exists():
                shutil.rmtree(left, ignore_errors=True)
        config.option.basetemp = str(_IN_MEMORY / f"{_OURS}{os.getpid()}")


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        os.environ[_PAGES] = mkdtemp(prefix=_OURS)
    # A shell that runs something in the background has it ignore Ctrl-C, and so would all that is started here.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    Flask.jinja_options = {"bytecode_cache": KeptPages(Path(os.environ[_PAGES]))}


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    base = Path(session.config.option.basetemp or ROOT)
    if hasattr(session.config, "workerinput"):
        return
    shutil.rmtree(os.environ[_PAGES], ignore_errors=True)
    if base.is_relative_to(_IN_MEMORY) and exitstatus == 0:
        shutil.rmtree(base, ignore_errors=True)


def _is_plenty() -> bool:
    try:
        free = shutil.disk_usage(_IN_MEMORY).free
        available = re.search(r"MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text())
    except OSError:
        return False
    return available is not None and min(free, int(available[1]) << 10) >= _PLENTY_BYTES


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    # Packed bytes hold the time of day: named after them, a test had another name in each worker.
    return argname if isinstance(val, bytes) and not val.isascii() else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("couchdb") and "COUCHDB_URL" not in os.environ:
        pytest.skip("COUCHDB_URL names no Apache CouchDB")
    if item.get_closest_marker("node"):
        _require(item, _node_modules_reason())
    if item.get_closest_marker("browser"):
        _require(item, "" if chromium_path() else f"none of {', '.join(NAMES)} is installed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(value for report in skipped for name, value in report.user_properties if name == _UNTESTED)
    if reasons:
        terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
    for reason, times in sorted(reasons.items()):
        terminalreporter.line(f"{times} tests were skipped: {reason}")


@pytest.fixture(scope="session", autouse=True)
def kept_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyFolder]:
    """Where commands and servers of the tests keep their keys: not among those of whoever runs the tests."""
    with keys_kept_in(tmp_path_factory.mktemp("keys")) as folder:
        yield folder


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The directory of the npm packages; a test that asks for it is marked `node`."""
    return ROOT / "node_modules"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; a test that asks for it is marked `browser`."""
    path = chromium_path()
    assert path, "the test is not marked `browser`"
    return path


def _require(item: pytest.Item, reason: str) -> None:
    if not reason:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; in CI this is a failure", pytrace=False)
    item.user_properties.append((_UNTESTED, reason))
    pytest.skip(reason)


def _node_modules_reason() -> str:
    if not shutil.which("node"):
        return "Node.js is not installed"
    if not (ROOT / "node_modules" / "pouchdb").is_dir():
        return "the npm packages are not installed (`make setup`)"
    return ""
