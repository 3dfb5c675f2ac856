"""`yizhan backup`, `yizhan restore` and `yizhan doctor`: a data directory kept safe, brought back, and examined.

Must not know: what stations and centres do all day.
"""

import sys
import time
from pathlib import Path
from typing import Any

import click

from sync.commands.key_commands import ask_for_key
from sync.commands.key_place import named_keys
from sync.commands.node_group import run_command
from sync.commands.refusals import advice_behind
from sync.commands.speaking import Command, option
from sync.errors import Refused
from sync.messages import N_, _
from sync.node.identity import CENTRE
from sync.node.node import Node
from sync.node.vouching.safety import sign_safe
from sync.store.backup import back_up, reading
from sync.store.backup import restore as bring_back
from sync.store.connection import FILE_NAME
from sync.store.doctor.examining import examine
from sync.store.key_folder import KeyFolder
from sync.store.ledger.settings import setting
from sync.store.unlocking import key_number_of

_PATIENCE_SECONDS = 2.0
_directory = click.Path(file_okay=False, path_type=Path)
_file = click.Path(dir_okay=False, path_type=Path)


@click.command(
    cls=Command,
    help=N_("Back the data directory DIRECTORY up into the file TARGET; a station that runs need not stop."),
)
@click.argument("directory", type=_directory)
@click.argument("target", type=_file)
@option(
    "--same-disk",
    is_flag=True,
    help=N_("It counts on the disk of the data, too: only for machines whose storage keeps everything twice."),
)
def backup(directory: Path, target: Path, same_disk: bool) -> None:
    """Make a backup, and have a centre sign for what is in it."""
    keys = named_keys()
    kilobytes = f"{back_up(directory, target, keys=keys) / 1024:.0f}"
    click.echo(
        _(
            "Backed up to %(file)s (%(size)s kB), and checked. %(how_to_keep_it)s",
            file=target,
            size=kilobytes,
            how_to_keep_it=_how_kept(target),
        )
    )
    if _is_centres(target, keys):
        _tell(directory, target, same_disk)


def _is_centres(file: Path, keys: KeyFolder) -> bool:
    with reading(file, keys) as copy:
        return setting(copy, "node.level") == CENTRE


def _tell(directory: Path, target: Path, same_disk: bool) -> None:
    """Have a centre sign for what is in its backup; where it may not, the backup is none the worse for it."""
    arguments = {"file": str(target.absolute()), "trust_same_disk": same_disk}

    def become() -> dict[str, Any]:
        with Node.open(directory, keys=named_keys()) as node:
            return {"signed": sign_safe(node, target, trust_same_disk=same_disk)}

    try:
        told = run_command(directory, "backup-made", arguments, become)
    except Refused as error:
        click.echo(
            _(
                "Stations were not signed for that the centre has a backup: %(reason)s. %(remedy)s",
                reason=error.reason,
                remedy=advice_behind(error),
            )
        )
        return
    click.echo(
        _(
            "%(receipts)s receipts were signed that the centre has a backup; stations get them at their next sync.",
            receipts=told["signed"],
        )
    )


def _restored_from_above(directory: Path) -> str:
    return _(
        "Restored to %(directory)s. What is newer than the backup comes from above over the link.", directory=directory
    )


def _restored_from_below(directory: Path) -> str:
    return _(
        "Restored to %(directory)s. What is newer than the backup comes from the stations below once they reach this "
        "centre again; run it by yizhan central serve, at the address that they know.",
        directory=directory,
    )


@click.command(
    cls=Command,
    help=N_(
        "Make a new data directory DIRECTORY of the backup file BACKUP; where this computer has not got its key, "
        "the recovery code is asked for."
    ),
)
@click.argument("backup", type=_file)
@click.argument("directory", type=_directory)
def restore(backup: Path, directory: Path) -> None:
    """Bring a data directory back, and say what it needs before it takes applications."""
    keys = named_keys()
    number = key_number_of(backup)
    if number is not None and not keys.place_of(number).exists():
        click.echo(_("This backup is encrypted, and this computer has not got its key %(key)s.", key=number))
        ask_for_key(number, keys)
    bring_back(backup, directory, now_ms=time.time_ns() // 1_000_000, keys=keys)
    is_centre = _is_centres(backup, keys)
    click.echo(_restored_from_below(directory) if is_centre else _restored_from_above(directory))
    if number is None:
        click.echo(
            _(
                "The backup was not encrypted, nor are the restored data; to encrypt them, use yizhan edge encrypt "
                "(for a centre yizhan central)."
            )
        )
    if is_centre:
        return
    click.echo(
        _(
            "A restored station cannot go on with its device code: ask the centre for a new enrolment code "
            "(yizhan central enrol-again),\nthen enter it by yizhan edge enrol; applications can be taken from then on."
        )
    )


@click.command(
    cls=Command,
    help=N_(
        "Examine whether the data directory DIRECTORY is sound; it is read and not written, and a station that runs "
        "need not stop."
    ),
)
@click.argument("directory", type=_directory)
def doctor(directory: Path) -> None:
    """Say what is wrong in a data directory and what to do; exit status 1 where something is."""
    patience = _Patience()
    findings = list(examine(directory, keys=named_keys(), progress=patience.tell))
    for finding in sorted(findings, key=lambda finding: not finding.is_fault):
        what = finding.what
        click.echo(_("Fault: %(what)s", what=what) if finding.is_fault else _("Note: %(what)s", what=what))
        click.echo(f"      {finding.remedy}")
    faults = sum(finding.is_fault for finding in findings)
    if faults:
        click.echo(_("%(faults)s faults were found.", faults=faults))
        sys.exit(1)
    number = key_number_of(directory / FILE_NAME)
    if number:
        click.echo(_("The data are sound and encrypted (key %(key)s).", key=number))
    else:
        click.echo(_("The data are sound and not encrypted."))


def _how_kept(backup: Path) -> str:
    """What is to be said about keeping a backup."""
    number = key_number_of(backup)
    if number is None:
        return _("The backup is not encrypted and has personal data in it, lock it away.")
    return _(
        "The backup is encrypted; on another computer it is opened with the recovery code of key %(key)s.", key=number
    )


class _Patience:
    """Says what is under way to whoever has waited two seconds, and every two seconds from then on."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def tell(self, title: str, count: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= _PATIENCE_SECONDS:
            self._told_at = now
            if count:
                click.echo(_("Examining %(what)s… %(count)s so far", what=title, count=count), err=True)
            else:
                click.echo(_("Examining %(what)s…", what=title), err=True)
