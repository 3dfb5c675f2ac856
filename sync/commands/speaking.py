"""Commands and options whose help is a message: in English where they are made, looked up whenever it is drawn.

They are made at import, when nothing is read. A group is told the messages of the package that says its help, and tells
the commands that are added to it; an option asks the command it stands under. What such a command refuses can be
read as its help can: a reason written for developers gets the table's words in front.

Must not know: what any command does.
"""

from functools import partial
from typing import Any

import click

from sync.errors import SyncError
from sync.messages import MESSAGES, Messages, _, is_readable
from sync.web.problem_table import row_of


class Command(click.Command):
    """A command whose `help` is a message of its group's package; of `sync` where it stands alone."""

    messages: Messages = MESSAGES
    _message: str | None = None

    @property
    def help(self) -> str | None:
        """The text of the message."""
        return self._message and self.messages.gettext(self._message)

    @help.setter
    def help(self, message: str | None) -> None:
        self._message = message

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises SyncError in Chinese."""
        try:
            return super().invoke(ctx)
        except SyncError as error:
            if is_readable(error.reason):
                raise
            row = row_of(type(error))
            told = _("%(what)s (%(reason)s)", what=MESSAGES.gettext(row.title), reason=error.reason)
            raise SyncError(told, remedy=MESSAGES.gettext(row.advice)) from error


class Group(Command, click.Group):
    """A group of such commands.

    messages  of the package that says the help of the group and of what is added to it
    """

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, messages: Messages = MESSAGES, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.messages = messages

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Have a command speak from the messages of the group, too."""
        if isinstance(cmd, Command):
            cmd.messages = self.messages
        super().add_command(cmd, name)


class Option(click.Option):
    """An option whose `help` is a message of the command's."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Its names and the text of its message, before what click adds to it, such as the default."""
        record = super().get_help_record(ctx)
        if record is None or not self.help:
            return record
        names, told = record
        messages: Messages = getattr(ctx.command, "messages", MESSAGES)
        return names, messages.gettext(self.help) + told.removeprefix(self.help)


option = partial(click.option, cls=Option)
