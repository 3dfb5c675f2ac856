"""The message files: what is said has its text, nothing else stands in them, and there is no text in code."""

import ast
import re
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from sync.messages import LOCALE, Messages, read_messages

ROOT = Path(__file__).parents[2]
PACKAGES = ("sync", "edge_node", "central")
# The files of each package, by how it is marked what stands in them.
MARKS = {"messages.po": (), "description.po": ("--no-default-keywords", "--keyword", "D_")}
FILES = tuple(Messages(ROOT / package, file=name).path for package in PACKAGES for name in MARKS)
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parents[3].name}/{file.name}")
CHINESE = re.compile("[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]")
SPEAKS = re.compile(r"^from \w+\.messages import .*\b_\b", re.MULTILINE)
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%|%")
# What is Chinese and no text of ours: the order of characters, where sentences end, terms in the reference of settings.
DATA = """
sync/mango/text_order.py sync/web/static/read_aloud.js edge_node/settings.py central/settings.py
"""


@cache
def written(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=LOCALE)


@cache
def said(file: Path) -> Catalog:
    """What `pybabel extract` finds; where is told in English."""
    with tempfile.NamedTemporaryFile(suffix=".pot") as found:
        options = ("--mapping-file", str(ROOT / "babel.cfg"), "--output-file", found.name, *MARKS[file.name])
        CommandLineInterface().run(["pybabel", "--quiet", "extract", *options, str(file.parents[3])])
        return read_po(found)


def keys(catalog: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, message.id) for message in catalog if message.id}


@each_file
def test_all_that_is_said_has_a_text_and_no_text_is_left_over(file: Path) -> None:
    assert keys(said(file)) - keys(written(file)) == set(), "run `make messages` and write their texts"
    assert keys(written(file)) - keys(said(file)) == set(), "run `make messages`"
    assert [message.id for message in written(file) if message.id and not message.string] == []
    assert [message.id for message in written(file) if message.id and message.fuzzy] == []


@each_file
def test_a_text_fills_in_what_its_message_names(file: Path) -> None:
    for message in written(file):
        if message.id:
            named = {found[0] for found in PLACEHOLDER.finditer(message.id)}
            assert named == {found[0] for found in PLACEHOLDER.finditer(message.string)}, message.id
            assert "%" not in named, f"a percent sign is written %%: {message.id}"


@each_file
def test_a_message_is_english_and_its_text_can_stand_in_a_page_as_it_is(file: Path) -> None:
    assert [message.id for message in written(file) if CHINESE.search(message.id)] == []
    assert [message.string for message in written(file) if message.id and re.search('[<>&"]', message.string)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_message_has_one_text_in_whatever_file_it_is_looked_up(package: str) -> None:
    known: dict[str, str] = {}
    for file in FILES:
        if file.parents[3].name in ("sync", package):
            texts = read_messages(file)
            assert {message for message in texts.keys() & known.keys() if texts[message] != known[message]} == set()
            known |= texts


@each_file
def test_nodes_read_the_files_as_babel_does(file: Path) -> None:
    babels = {(one.context, one.id): one.string for one in written(file) if one.id}
    ours = {
        tuple(key.split("\x04")) if "\x04" in key else (None, key): text for key, text in read_messages(file).items()
    }
    assert ours == babels


def test_there_is_no_text_in_code() -> None:
    listed = tuple(DATA.split())
    spoken = {path for path in sources() if any(True for _ in texts_in(path))}
    assert sorted(path for path in spoken if not within(path, listed)) == [], "these hold text: give it a message"
    assert [entry for entry in listed if not any(within(path, (entry,)) for path in spoken)] == [], "done: off the list"


def test_no_module_calls_something_else_by_the_name_of_what_says_messages() -> None:
    for path in sources(".py"):
        text = (ROOT / path).read_text("utf-8")
        if not SPEAKS.search(text):
            continue
        tree = ast.parse(text)
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "_"]
        assert not [node.lineno for node in names if isinstance(node.ctx, ast.Store)], path


def sources(*suffixes: str) -> list[str]:
    kinds = suffixes or (".py", ".html", ".js")
    every = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*")))
    return [str(path.relative_to(ROOT)) for path in every if path.suffix in kinds]


def test_a_marked_message_is_looked_up_where_it_is_used() -> None:
    for path in sources(".py"):
        text = (ROOT / path).read_text("utf-8")
        marked = set(re.findall(r"^(\w+) = N_\(", text, re.MULTILINE))
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)] if marked else []
        for function in functions:
            looked_up = {id(name) for call in ast.walk(function) if says(call) for name in ast.walk(call)}
            for node in ast.walk(function):
                if isinstance(node, ast.Name) and node.id in marked:
                    assert id(node) in looked_up, f"{path}:{node.lineno}: shown as it stands in the code"


def says(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "said")


def explains(node: ast.Expr) -> bool:
    text = node.value.value if isinstance(node.value, ast.Constant) else ""
    return isinstance(text, str) and (not CHINESE.search(text) or re.search("[A-Za-z]{3}", text.split("\n")[0]))


def within(path: str, entries: tuple[str, ...]) -> bool:
    return any(path == entry or path.startswith(f"{entry}/") for entry in entries)


def texts_in(path: str) -> Iterator[str]:
    """What is Chinese in a source outside of comments, docstrings, and lines that say they hold `# data`."""
    text = (ROOT / path).read_text("utf-8")
    if path.endswith(".html"):
        yield from CHINESE.findall(re.sub(r"{#.*?#}", "", text, flags=re.DOTALL))
    elif path.endswith(".js"):
        yield from CHINESE.findall(re.sub(r"(^|\s)//.*|/\*.*?\*/", "", text))
    elif CHINESE.search(text):
        tree, lines = ast.parse(text), text.splitlines()
        # A docstring explains, in English; one without any is shown: as the help of a command, or what an error says.
        explaining = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and explains(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining:
                here = lines[node.lineno - 1 : node.end_lineno]
                if not all("  # data" in line for line in here if CHINESE.search(line)):
                    yield from CHINESE.findall(node.value)
