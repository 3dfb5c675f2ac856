"""The public doors are unchanged: what others build on is named here, and a change shows in this file."""

import inspect
from importlib.metadata import entry_points

import click
import pytest

from sync import errors
from sync.database import Database, Databases
from sync.peer import Peer

DATABASE = {
    "await_change",
    "changes",
    "delete_local",
    "find",
    "graft",
    "info",
    "list",
    "look_up",
    "missing",
    "name",
    "read",
    "read_local",
    "tree",
    "write",
    "write_local",
}
COMMANDS = {"backup", "bundle", "restore", "central", "couch", "demo", "doctor", "edge", "link", "sync"}


def public(protocol: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(protocol) if not name.startswith("_")}


def test_the_protocols_have_the_methods_others_build_on() -> None:
    assert public(Database) == DATABASE
    assert public(Databases) == {"among", "create", "destroy", "names", "open"}
    assert public(Peer) == {"exchange"}


def test_every_error_stands_in_the_drawn_tree_and_says_what_it_is() -> None:
    drawn = errors.__doc__ or ""
    for name, error in inspect.getmembers(errors, inspect.isclass):
        if issubclass(error, Exception):
            assert name in drawn
            assert error.__doc__
            assert str(error()) == error.__doc__.strip().split("\n")[0]


def test_the_command_has_its_groups() -> None:
    assert {point.name for point in entry_points(group="yizhan.commands")} == COMMANDS


@pytest.mark.parametrize("point", entry_points(group="yizhan.commands"), ids=lambda point: point.name)
def test_every_group_loads_and_explains_itself(point) -> None:
    group = point.load()
    assert isinstance(group, click.Command)
    assert group.name == point.name
    assert group.help
    for command in getattr(group, "commands", {}).values():
        assert command.help, command.name
