"""`yizhan`: one command; its groups come from the packages that registered them.

Groups are entry points of `yizhan.commands`, loaded when they are asked for, so that a broken or
missing package costs its own group and no other, and a short command starts quickly.

An error Yizhan foresaw is one line and its remedy on stderr, and exit code 1.

Must not know: what any group does.
"""

import errno
import gc
import os
import sys
from importlib.metadata import EntryPoint, entry_points

import click

from sync.commands.click_messages import click_in_our_words
from sync.commands.frugal import give_memory_back, guess_no_encodings
from sync.commands.refusals import advice_behind
from sync.commands.speaking import Option
from sync.errors import SyncError
from sync.messages import N_, _
from sync.version import VERSION

GROUPS = "yizhan.commands"
# A batch of documents is tens of thousands of objects that refer to each other nowhere in a circle. Python would
# look for circles after every 700, which is a tenth of what a batch costs.
_OBJECTS_BETWEEN_COLLECTIONS = 10_000
_HELP = N_("Yizhan: records that travel without a network. Each group explains itself: yizhan GROUP --help")


class _Groups(click.Group):
    """The groups that are installed; each is imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *(each.name for each in entry_points(group=GROUPS))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        here = super().get_command(ctx, cmd_name)
        found = next(iter(entry_points(group=GROUPS, name=cmd_name)), None)
        return here if here or found is None else _load(found)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_(_HELP))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _summary(self.get_command(ctx, name))) for name in self.list_commands(ctx)]
        with formatter.section(_("Groups")):
            formatter.write_dl(rows)


@click.group(cls=_Groups)
@click.version_option(VERSION, prog_name="yizhan", cls=Option, help=N_("Show the version and exit."))
def cli() -> None:
    """All groups that are installed."""


def main() -> None:
    """Run the command line."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    give_memory_back()
    guess_no_encodings()
    try:
        with click_in_our_words():
            cli(prog_name="yizhan")
    except SyncError as error:
        click.echo(f"yizhan: {error.reason}", err=True)
        if advice := advice_behind(error):
            click.echo(f"        {advice}", err=True)
        sys.exit(1)
    except OSError as error:
        if error.errno != errno.ENOSPC or error.filename is not None:
            raise
        # What is left to be written goes nowhere, or Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        reason = _("The output could not be written: the disk it goes to is full")
        click.echo(f"yizhan: {reason}", err=True)
        sys.exit(1)


def _load(found: EntryPoint) -> click.Command:
    try:
        loaded = found.load()
    except Exception as error:  # whatever an optional package throws at import costs that group alone
        return _broken(found.name, error)
    if isinstance(loaded, click.Command):
        return loaded
    return _broken(found.name, TypeError(f"{found.value} is not a command"))


def _broken(name: str, error: Exception) -> click.Command:
    why = f"{type(error).__name__}: {error}"

    def fail() -> None:
        raise SyncError(
            _("The group %(name)s cannot be loaded (%(why)s)", name=name, why=why),
            remedy=_("Install Yizhan anew, or use the other groups."),
        )

    return click.Command(
        name,
        callback=fail,
        help=_("cannot be loaded (%(why)s)", why=why),
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
        add_help_option=False,
    )


def _summary(command: click.Command | None) -> str:
    return command.get_short_help_str(limit=100) if command else ""


if __name__ == "__main__":
    main()
