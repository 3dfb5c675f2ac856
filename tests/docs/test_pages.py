"""Pages are true: their links lead somewhere, their commands exist, and they name nobody's machine."""

import re
import subprocess
from importlib.metadata import entry_points

import click
import pytest

from tests.docs.markdown import ROOT, Page, pages

PAGES = pages()
# A path or host that only one machine or one network has.
OF_ONE_MACHINE = re.compile(
    r"/(?:home|Users|root|mnt|workspace)/\w|C:\\\\Users|https?://(?:registry|files|mirrors?)\.\w+\.\w"
)
TEXT = {".py", ".md", ".cfg", ".toml", ".json", ".html", ".js", ".css", ".sql", ".sh", ""}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_somewhere(page: Page) -> None:
    for link in page.links():
        if "://" in link or link.startswith("mailto:"):
            continue
        target, _, anchor = link.partition("#")
        path = (page.path.parent / target).resolve() if target else page.path
        assert path.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in Page(path).anchors(), f"{link} names no heading"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_command_shown_exists(page: Page) -> None:
    shown = "\n".join([*page.code("bash", "sh", "console"), *re.findall(r"`([^`\n]+)`", page.text)])
    joined = shown.replace("\\\n", " ")
    for line in re.findall(r"^(?:\$ )?(?:\.venv/bin/)?(yizhan [a-z].*)$", joined, re.MULTILINE):
        require_command(line.split())
    for target in re.findall(r"^(?:\$ )?make ([a-z]+)", joined, re.MULTILINE):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text("utf-8"), f"make {target}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_file_of_the_house_that_is_named_is_there(page: Page) -> None:
    rooms = "edge_node|central|sync|fixtures|tests|docs"
    for path in re.findall(rf"`((?:{rooms})/[\w./-]+\.\w+)`", page.text):
        assert (ROOT / path).is_file(), f"there is no {path}"


def require_command(words: list[str]) -> None:
    """Fail unless the words name a command and options it knows."""
    groups = {point.name: point for point in entry_points(group="yizhan.commands")}
    assert words[1] in groups, f"yizhan {words[1]}"
    command = groups[words[1]].load()
    for word in words[2:]:
        if isinstance(command, click.Group) and re.fullmatch(r"[a-z][a-z-]*", word):
            assert word in command.commands, f"{command.name} {word}"
            command = command.commands[word]
        elif re.fullmatch(r"--[a-z-]+", word) and word != "--help":
            options = {option for parameter in command.params for option in parameter.opts}
            assert word in options, f"{command.name} {word}"


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("this is no working copy of git")
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_somebodys_machine_or_a_registry() -> None:
    guilty = []
    for name in tracked():
        path = ROOT / name
        if path.suffix not in TEXT or name == "tests/docs/test_pages.py":
            continue
        found = OF_ONE_MACHINE.search(path.read_text("utf-8"))
        if found:
            guilty.append((name, found.group()))
    assert guilty == []
