"""Backups from the command line: what a centre is told is about a centre, and all of it can be read."""

import re
from contextlib import ExitStack

import pytest
from click.testing import CliRunner

from central.cli import central
from central.commands import commands_of
from central.services.found_centre import open_centre
from central.settings import read
from central.wiring import build_centre
from sync.commands.keeping import backup, restore
from sync.web.control import listening

_ENGLISH = re.compile(r"[A-Z][a-z]+ [a-z]+ [a-z]+")


def run(command, *arguments):
    done = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


@pytest.fixture
def centre(tmp_path, monkeypatch):
    monkeypatch.setenv("YIZHAN_KEY_DIRECTORY", str(tmp_path / "keys"))
    run(central, "init", "--data", tmp_path / "centre", "--name", "青溪县政务服务中心", "--code", "990281000000")
    return tmp_path / "centre"


@pytest.mark.parametrize("runs", [True, False])
def test_a_backup_beside_its_data_is_not_signed_for_and_says_so_in_chinese(centre, tmp_path, runs):
    with ExitStack() as stack:
        if runs:
            node = stack.enter_context(open_centre(centre, keys=read().keys()))
            stack.enter_context(listening(centre, commands_of(build_centre(node, read()))))
        told = run(backup, centre, tmp_path / "backup")
    assert "没有向站点签发" in told
    assert "换一块磁盘" in told or "另一块磁盘" in told
    assert not _ENGLISH.search(told)


def test_a_centre_brought_back_is_not_told_to_ask_itself_for_a_code(centre, tmp_path):
    run(backup, centre, tmp_path / "backup")
    told = run(restore, tmp_path / "backup", tmp_path / "again")
    assert "下级站点" in told
    assert "上级" not in told
    assert "注册码" not in told
