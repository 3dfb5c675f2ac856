"""What `click` says itself, in the words of the message files: what is missing, wrong or unknown of what was typed.

Click asks Python's gettext, which reads files that somebody compiled; a node reads its message files as they stand
(`sync/messages.py`). While a command runs, click's modules ask us instead, before they fill anything in. A sentence
that another version of click has comes out in English, as it did.

Must not know: any command.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

from sync.messages import MESSAGES, N_

_MODULES = (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.termui,
    click.types,
)
# In click's own words and with its own braces. Those it asks for while commands are made are not among them, for
# nothing is read then.
_SAID = frozenset(
    (
        N_("Usage:"),
        N_("Options"),
        N_("Commands"),
        N_("Show this message and exit."),
        N_("default: {default}"),
        N_("env var: {var}"),
        N_("required"),
        N_("Try '{command} {option}' for help."),
        N_("Error: {message}"),
        N_("Aborted!"),
        N_("Missing command."),
        N_("Missing argument"),
        N_("Missing option"),
        N_("Missing parameter"),
        N_("Missing {param_type}"),
        N_("Missing parameter: {param_name}"),
        N_("Choose from:\n\t{choices}"),
        N_("No such command {name!r}."),
        N_("No such option {name!r}."),
        N_("No such option: {name}"),
        N_("Did you mean {possibility}?"),
        N_("(Did you mean one of: {possibilities}?)"),
        N_("(Possible options: {possibilities})"),
        N_("Got unexpected extra argument ({args})"),
        N_("Got unexpected extra arguments ({args})"),
        N_("Option {name!r} does not take a value."),
        N_("Option {name!r} requires an argument."),
        N_("Option {name!r} requires {nargs} arguments."),
        N_("Argument {name!r} takes {nargs} values."),
        N_("Invalid value: {message}"),
        N_("Invalid value for {param_hint}: {message}"),
        N_("{value!r} is not {choice}."),
        N_("{value!r} is not one of {choices}."),
        N_("{value!r} is not a valid {number_type}."),
        N_("{value!r} is not a valid boolean."),
        N_("{value!r} is not a valid boolean. Recognized values: {states}"),
        N_("{value} is not in the range {range}."),
        N_("{value!r} does not match the format {format}."),
        N_("{value!r} does not match the formats {formats}."),
        N_("{name} {filename!r} does not exist."),
        N_("{name} {filename!r} is a file."),
        N_("{name} {filename!r} is a directory."),
        N_("{name} {filename!r} is not readable."),
        N_("{name} {filename!r} is not writable."),
        N_("{name} {filename!r} is not executable."),
        N_("Could not open file {filename!r}: {message}"),
        N_("unknown error"),
        N_("Repeat for confirmation"),
        N_("Error: The two entered values do not match."),
        N_("Error: invalid input"),
    )
)


@contextmanager
def click_in_our_words() -> Iterator[None]:
    """Within, whatever click says is in the words of the message files; behind, it is as it was."""
    before = [(module, name, value) for module in _MODULES for name, value in vars(module).items() if name in _ASKED]
    for module, name, _value in before:
        setattr(module, name, _ASKED[name])
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def _said(message: str) -> str:
    return MESSAGES.find(message) if message in _SAID else message


def _said_of(one: str, several: str, number: int) -> str:
    return _said(one if number == 1 else several)


# What click's modules call gettext and ngettext.
_ASKED = {"_": _said, "ngettext": _said_of}
