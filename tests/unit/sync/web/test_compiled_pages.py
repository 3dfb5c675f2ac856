"""Compiled templates are kept: read after the next start, compiled anew where a disk or an update spoilt them."""

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader

from sync.web import compiled_pages
from sync.web.compiled_pages import KeptPages, compile_missing, compiled_ahead

PAGES = {"a.html": "{{ 1 + place }}", "b.html": "{% include 'a.html' %}!", "c.txt": "no page"}


def started(directory: Path, pages: dict[str, str] = PAGES) -> tuple[Flask, list[str]]:
    """An application, and the names of what it compiles."""
    app, compiled = Flask(__name__), list[str]()
    app.jinja_loader = DictLoader(dict(pages))
    compile_one = app.jinja_env.compile

    def noting(source, name=None, *args, **options):
        compiled.append(name)
        return compile_one(source, name, *args, **options)

    app.jinja_env.compile = noting
    kept = KeptPages(directory)
    app.jinja_env.bytecode_cache = kept
    compile_missing(app.jinja_env, kept, lambda: False)
    return app, compiled


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


def test_a_page_is_drawn_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("in the way")
    app, _ = started(tmp_path / "pages")
    assert drawn(app) == "2!"


def test_a_node_that_ends_waits_for_the_page_under_way_alone(tmp_path: Path) -> None:
    app = Flask(__name__)
    app.jinja_loader = DictLoader({f"{number}.html": "{{ 1 }}" for number in range(5000)})
    with compiled_ahead(app, tmp_path):
        pass
    assert len(list((tmp_path / "pages").glob("*"))) < 5000
