"""Help is a message: in English where it is made, looked up when somebody asks for it, by the package that says it."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from central.cli import central
from edge_node.cli import edge
from sync.commands.bundle import bundle
from sync.commands.keeping import backup, doctor, restore
from sync.commands.node_group import data_option
from sync.commands.speaking import Command, Group, Option, option
from sync.errors import StorageError, SyncError
from sync.messages import MESSAGES, Messages

FILE = """
msgid "A group"
msgstr "一组"

msgid "A command, by 50%%"
msgstr "一条命令，50%%"

msgid "How many"
msgstr "多少"
"""


def made(messages: Messages) -> Group:
    """A group with a command, and with a group of its own that has one."""
    group = Group("group", messages=messages, help="A group")
    for above in (group, group.group("below", help="A group")(lambda: None)):
        assert isinstance(above, Group)

        @above.command("count", help="A command, by 50%%")
        @data_option
        @option("--many", default=3, show_default=True, help="How many")
        @option("--role", default="agent", show_default=True)
        @option("--within", hidden=True, help="How many")
        def count(directory: Path, many: int, role: str, within: str) -> None:
            """Count."""

    return group


@pytest.fixture
def group(tmp_path: Path) -> Group:
    messages = Messages(tmp_path, below=MESSAGES)
    messages.path.parent.mkdir(parents=True)
    messages.path.write_text(FILE, "utf-8")
    return made(messages)


def shown(command: click.Command, *words: str) -> str:
    done = CliRunner().invoke(command, [*words, "--help"], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("words", [(), ("below",)])
def test_a_group_and_what_is_under_it_speak_from_the_messages_it_was_told(group: Group, words: tuple[str, ...]) -> None:
    of_group, of_command = shown(group, *words), shown(group, *words, "count")
    assert "\n  一组\n" in of_group
    assert "count  一条命令，50%\n" in of_group
    assert "\n  一条命令，50%\n" in of_command
    assert "--many INTEGER    多少  [default: 3]\n" in of_command
    assert "--data DIRECTORY  数据目录。  [required]\n" in of_command  # said in `sync`, below
    assert "--role TEXT       [default: agent]\n" in of_command
    assert "--within" not in of_command


def test_nothing_is_read_before_help_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        shown(made(Messages(tmp_path)))


def test_an_option_of_a_command_that_has_no_messages_speaks_as_sync_does() -> None:
    assert "数据目录。" in shown(click.command("plain")(data_option(lambda directory: None)))


def below(command: click.Command) -> Iterator[click.Command]:
    """A command, and all that is under it."""
    yield command
    if isinstance(command, click.Group):
        for one in command.commands.values():
            yield from below(one)


@pytest.mark.parametrize("top", [edge, central, bundle, backup, restore, doctor], ids=lambda top: str(top.name))
def test_every_command_of_a_node_explains_itself_by_a_message_that_has_its_text(top: click.Command) -> None:
    for command in below(top):
        assert isinstance(command, Command)
        assert command.help is not None
        assert not command.help.isascii(), command.name
        for one in command.params:
            if isinstance(one, click.Option):
                assert isinstance(one, Option), one.name
                assert not one.help or command.messages.find(one.help) != one.help, one.name


def test_what_was_written_for_developers_gets_words_in_front_in_every_such_command() -> None:
    def refuse() -> None:
        raise StorageError("the disk refused")

    told = CliRunner().invoke(Group("any", commands=[Command("refuse", callback=refuse)]), ["refuse"]).exception
    assert isinstance(told, SyncError)
    assert told.reason == "保存失败（the disk refused）"
    assert "管理员" in told.remedy
