"""Compiled templates are kept: read after the next start, compiled anew where a disk or an update spoilt them."""

import json
import marshal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader

import central.settings
import edge_node.settings
from central.services.found_centre import found_centre
from central.wiring import build_app as build_centre_app
from central.wiring import build_centre
from edge_node.services.found_station import found_station
from edge_node.wiring import build_app as build_station_app
from edge_node.wiring import build_station
from sync.http_api.feeds import FeedGate
from sync.web import compiled_pages
from sync.web.compiled_pages import KeptPages, compile_missing, compiled_ahead
from sync.web.page_compiler import description, environment, line_of

ENDS_AFTER_ONE = """
import io, sys, types
from sync.web import page_compiler
told = sys.stdin.buffer.readline() + sys.stdin.buffer.readline()
sys.stdin = types.SimpleNamespace(buffer=io.BytesIO(told))
page_compiler.main()
"""
PAGES = {"a.html": "{{ 1 + place }}", "b.html": "{% include 'a.html' %}!", "c.txt": "no page"}


class Noting(KeptPages):
    """Tells what was compiled, by the process ahead or when it was asked for."""

    def __init__(self, directory: Path, names: dict[str, str]) -> None:
        super().__init__(directory)
        self._names = names
        self.compiled: list[str] = []

    def keep(self, key: str, checksum: str, code: bytes) -> None:
        self.compiled.append(self._names[key])
        super().keep(key, checksum, code)


def started(directory: Path, pages: dict[str, str] = PAGES) -> tuple[Flask, list[str]]:
    """An application, and the names of what is compiled for it."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader(dict(pages))
    kept = Noting(directory, {KeptPages(directory).get_cache_key(name): name for name in pages})
    app.jinja_env.bytecode_cache = kept
    compile_missing(app.jinja_env, kept, threading.Event())
    return app, kept.compiled


def app_of(level: str, directory: Path, stack: ExitStack) -> Flask:
    """The whole application of a station or of a centre."""
    if level == "centre":
        node = stack.enter_context(found_centre(directory / "node", name="青溪县政务服务中心", region="990281000000"))
        return build_centre_app(build_centre(node, central.settings.read({})), FeedGate())
    place = {"name": "石桥村站", "region": "990281101201", "upstream": "http://127.0.0.1:1"}
    node = stack.enter_context(found_station(directory / "node", **place))
    station = build_station(node, edge_node.settings.read({}))
    stack.callback(station.courier.close)
    return build_station_app(station, FeedGate())


def drawn(app: Flask) -> str:
    return app.jinja_env.get_template("b.html").render(place=1)


def test_what_was_compiled_once_is_read_after_the_next_start(tmp_path: Path) -> None:
    _, compiled = started(tmp_path / "pages")
    assert compiled == ["a.html", "b.html"]
    app, compiled = started(tmp_path / "pages")
    assert (drawn(app), compiled) == ("2!", [])


def test_another_source_and_another_version_are_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started(tmp_path)
    app, compiled = started(tmp_path, {**PAGES, "a.html": "{{ 2 + place }}"})
    assert (drawn(app), compiled) == ("3!", ["a.html"])
    monkeypatch.setattr(compiled_pages, "VERSION", "9.9.9")
    assert started(tmp_path)[1] == ["a.html", "b.html"]


@pytest.mark.parametrize("harm", [lambda code: code[:-1], lambda code: code[:40] + b"\xff" + code[41:], lambda _: b""])
def test_what_a_disk_spoilt_is_compiled_anew(tmp_path: Path, harm) -> None:
    started(tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(harm(path.read_bytes()))
    app, compiled = started(tmp_path)
    assert (drawn(app), compiled) == ("2!", ["a.html", "b.html"])


@pytest.mark.parametrize(
    ("command", "ahead"),
    [
        (["/nowhere/python"], 0),
        ([sys.executable, "-c", "raise SystemExit(1)"], 0),
        ([sys.executable, "-c", "import sys; sys.stdout.buffer.write(bytes(3) + bytes([9]) + b'half')"], 0),
        ([sys.executable, "-c", ENDS_AFTER_ONE], 1),
    ],
    ids=["cannot be started", "fails", "breaks off in a page", "fails after a page"],
)
def test_where_the_process_fails_pages_are_compiled_when_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, command: list[str], ahead: int
) -> None:
    monkeypatch.setattr(compiled_pages, "_CHILD", command)
    app, compiled = started(tmp_path)
    assert len(compiled) == ahead
    assert f"{2 - ahead} pages are not compiled ahead" in caplog.text
    assert drawn(app) == "2!"
    assert sorted(compiled) == ["a.html", "b.html"]


@pytest.mark.parametrize("level", ["station", "centre"])
def test_the_process_makes_of_every_page_what_jinja_makes_of_it_here(tmp_path: Path, level: str) -> None:
    with ExitStack() as stack:
        env = app_of(level, tmp_path, stack).jinja_env
        there = environment(json.loads(line_of(description(env))))
        names = env.list_templates(extensions=("html",))
        assert len(names) > 20
        for name in names:
            source, file, _ = env.loader.get_source(env, name)
            here = env.compile(source, name, file)
            assert marshal.dumps(there.compile(source, name, file)) == marshal.dumps(here), name


def test_a_page_is_drawn_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("in the way")
    app, _ = started(tmp_path / "pages")
    assert drawn(app) == "2!"


def test_a_node_that_ends_waits_for_the_page_under_way_alone(tmp_path: Path) -> None:
    app = Flask(__name__)
    app.jinja_loader = DictLoader({f"{number}.html": "{{ 1 }}" for number in range(5000)})
    with compiled_ahead(app, tmp_path):
        pass
    assert len(list(tmp_path.glob("*"))) < 5000
