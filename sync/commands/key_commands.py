"""The commands about a node's key: encrypting its directory, showing the recovery code, entering it elsewhere.

Must not know: what a station or a centre is, how anything is encrypted.
"""

from pathlib import Path

import click

from sync.commands.key_place import named_keys
from sync.commands.node_group import data_option
from sync.commands.speaking import Group, option
from sync.errors import BadRequest, NotFound
from sync.messages import N_, _
from sync.store.connection import FILE_NAME
from sync.store.key_folder import KeyFolder
from sync.store.keys import StoreKey, draw_key, parse_recovery_code
from sync.store.unlocking import head_of, key_number_of


def add_key_commands(group: Group) -> None:
    """Give a group its commands about keys."""
    _add_encrypt(group)
    _add_recovery_code(group)
    _add_enter(group)


def tell_key(directory: Path, keys: KeyFolder, *, group: str) -> None:
    """Show whoever made or encrypted a directory what he has to write down; of one in the clear say that it is.

    group  the command group that looks after it
    """
    number = key_number_of(directory / FILE_NAME)
    if number is None:
        click.echo(
            _(
                "The data are not encrypted: whoever gets the data directory or a backup sees what is in it. "
                "To encrypt them: yizhan %(group)s encrypt --data %(directory)s",
                group=group,
                directory=_as_typed(directory),
            )
        )
        return
    click.echo(
        _(
            "The data are encrypted, key %(key)s is kept as %(file)s (not in the data directory)",
            key=number,
            file=keys.place_of(number),
        )
    )
    _show(keys.find(number))
    command = f"yizhan {group} recovery-code --data {_as_typed(directory)}"
    click.echo(
        _(
            "When it is written down, check it: %(command)s --check; if there was no time, see it once more while "
            "this computer is well: %(command)s",
            command=command,
        )
    )


def _as_typed(directory: Path) -> str:
    """A path that can be copied into a command: where it has spaces in quotation marks, which Windows takes as well."""
    return f'"{directory}"' if any(character.isspace() for character in str(directory)) else str(directory)


def ask_for_key(number: str, keys: KeyFolder) -> None:
    """Have the recovery code of a key typed, and put the key on this machine; raises BadRequest."""
    click.echo(_("Key %(key)s is now kept as %(file)s", key=number, file=keys.keep(_typed(number))))


def _add_encrypt(group: Group) -> None:
    @group.command(
        "encrypt",
        help=N_(
            "Encrypt the data directory; stop the node first. It does not matter if the power fails, just run it again."
        ),
    )
    @data_option
    @option(
        "--new-key",
        is_flag=True,
        help=N_("Another key for what is encrypted: when an outsider has seen the recovery code."),
    )
    def encrypt_directory(directory: Path, new_key: bool) -> None:
        # Here and not above: it brings the engine, and this module comes with each command of a node.
        from sync.store.encrypting import encrypt

        keys = named_keys()
        number = _number_of(directory)
        if number is not None and not new_key:
            click.echo(_("The data are encrypted already (key %(key)s); for another key add --new-key", key=number))
            return
        encrypt(directory, draw_key(), keys)
        tell_key(directory, keys, group=str(group.name))
        if number is None:
            click.echo(_("Earlier backups are not encrypted; make a new one, and destroy the old ones."))
        else:
            click.echo(
                _(
                    "Earlier backups are still opened with the recovery code of the old key %(key)s; keep the old "
                    "paper until the old backups are destroyed.",
                    key=number,
                )
            )


def _add_recovery_code(group: Group) -> None:
    @group.command(
        "recovery-code",
        help=N_("See the recovery code once more and write it on paper; with it the backups of this node are opened."),
    )
    @data_option
    @option("--yes", is_flag=True, help=N_("Do not ask."))
    @option("--check", is_flag=True, help=N_("Show nothing; have it typed from the paper, and check that."))
    def recovery_code(directory: Path, yes: bool, check: bool) -> None:
        number = _number_of(directory)
        if number is None:
            raise NotFound(
                _("The data are not encrypted, there is no recovery code"),
                remedy=_(
                    "To encrypt them: yizhan %(group)s encrypt --data %(directory)s",
                    group=group.name,
                    directory=_as_typed(directory),
                ),
            )
        key = named_keys().find(number)
        if check:
            _typed(number)
            click.echo(_("It is written right, keep the paper well"))
            return
        if not yes:
            click.confirm(
                _(
                    "The recovery code opens all backups and is for the head of the station alone. Nobody else is "
                    "near, may it be shown?"
                ),
                abort=True,
            )
        click.echo(_("Key %(key)s", key=number))
        _show(key)


def _add_enter(group: Group) -> None:
    @group.command(
        "enter-recovery-code",
        help=N_("The data are there and the key file is lost: type the recovery code, to put the key back here."),
    )
    @data_option
    def enter_recovery_code(directory: Path) -> None:
        number = _number_of(directory)
        if number is None:
            raise NotFound(_("The data are not encrypted, no recovery code is needed"), remedy="")
        ask_for_key(number, named_keys())


def _number_of(directory: Path) -> str | None:
    path = directory / FILE_NAME
    if not head_of(path):
        raise NotFound(
            _("There are no data in %(directory)s", directory=directory), remedy=_("Check the data directory.")
        )
    return key_number_of(path)


def _typed(number: str) -> StoreKey:
    """The key of that number, as somebody types its recovery code."""
    key = parse_recovery_code(click.prompt(_("Type the recovery code of key %(key)s (7 groups)", key=number)))
    if key.number != number:
        raise BadRequest(
            _(
                "This is the recovery code of another key (%(other)s), that of key %(key)s is asked for",
                other=key.number,
                key=number,
            ),
            remedy=_("Look for the paper with the number of this key on it."),
        )
    return key


def _show(key: StoreKey) -> None:
    for line in (
        "",
        _("    Recovery code    %(code)s", code=key.code.replace("-", "  ")),
        "",
        _(
            "Write the recovery code and the key number %(key)s on paper, put it into an envelope, and give it to the "
            "level above or the head of the station to lock away.",
            key=key.number,
        ),
        _(
            "Do not photograph it, and do not keep it with the backup. When the computer is lost or broken, it takes a "
            "backup and this paper to bring the node back; without this paper nobody opens the backup."
        ),
    ):
        click.echo(line)
