import gc
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sync.commands import main as main_module
from sync.commands.main import GROUPS, cli, main
from sync.errors import NotFound, StoreLocked


@click.group()
def good() -> None:
    """A group that works."""


@good.command()
def locked() -> None:
    raise StoreLocked("somebody owns it")


@good.command()
def absent() -> None:
    raise NotFound("no such thing", remedy="")


not_a_command = 5
HERE = __name__


@pytest.fixture(autouse=True)
def groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """One group that works and three that do not."""
    named = {
        "good": f"{HERE}:good",
        "gone": "no_such_package_here:group",
        "wrong": f"{HERE}:not_a_command",
        "lost": f"{HERE}:never_defined",
    }
    found = tuple(EntryPoint(name, value, GROUPS) for name, value in named.items())

    def entry_points(*, group: str, name: str | None = None) -> tuple[EntryPoint, ...]:
        assert group == GROUPS
        return tuple(each for each in found if name in (None, each.name))

    monkeypatch.setattr(main_module, "entry_points", entry_points)


def test_every_group_is_listed_and_a_broken_one_says_why() -> None:
    result = CliRunner().invoke(cli, ["--help"])
    assert result.exit_code == 0
    assert "A group that works." in result.output
    assert "no_such_package_here" in " ".join(result.output.split())
    assert {"good", "gone", "wrong", "lost"} <= set(result.output.split())


@pytest.mark.parametrize("name", ["gone", "wrong", "lost"])
def test_a_broken_group_fails_alone_in_one_line(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([name, "serve", "--whatever", "5"], monkeypatch) == 1
    told = capsys.readouterr()
    assert told.err.startswith(f"yizhan: 命令组 {name} 载入不了（")
    assert "请重新安装驿站" in told.err
    assert "Traceback" not in told.err + told.out


def test_an_unknown_group_is_a_usage_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["nonsense"], monkeypatch) == 2
    assert capsys.readouterr().err.splitlines() == [
        "用法： yizhan [OPTIONS] COMMAND [ARGS]...",
        "用法说明请看：yizhan --help",
        "",
        "错误：没有命令“nonsense”。",
    ]


def test_a_foreseen_error_is_one_line_and_its_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["good", "locked"], monkeypatch) == 1
    assert capsys.readouterr().err.splitlines() == ["yizhan: somebody owns it", f"        {StoreLocked.remedy}"]
    assert run(["good", "absent"], monkeypatch) == 1
    assert capsys.readouterr().err.splitlines() == ["yizhan: no such thing"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk here that is always full")
def test_output_to_a_disk_that_is_full_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "sync.commands.main", "--help"], stdout=full, stderr=-1, text=True)
    assert (done.returncode, done.stderr) == (1, "yizhan: 输出写不进去：存放输出的磁盘已满\n")


def run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr("sys.argv", ["yizhan", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_circles_of_objects_are_looked_for_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_threshold()
    monkeypatch.setattr("sys.argv", ["yizhan", "--version"])
    try:
        with pytest.raises(SystemExit):
            main()
        assert gc.get_threshold()[0] >= 10_000
    finally:
        gc.set_threshold(*before)
