"""`yizhan bundle`: the USB road from the command line, alike for stations and the centre.

Must not know: what is in a volume.
"""

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from sync.carrying.inspecting import look_outside
from sync.carrying.transfers import IMPORT, Transfers
from sync.commands.bundle_answers import bundle_answers
from sync.commands.file_paths import path_text
from sync.commands.node_group import data_option, json_option, run_command
from sync.commands.speaking import Group, option
from sync.errors import SyncError
from sync.messages import N_, _
from sync.node.node import Node
from sync.node.room import Room
from sync.web.owner import Command

_PATIENCE_SECONDS = 2.0
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_REFUSED = ("refused", "strange", "partly")


def _size(context: click.Context, parameter: click.Parameter, text: str) -> int:
    """Bytes, told as `5MB`."""
    found = re.fullmatch(r"(\d{1,9})\s*([KMG]?)B?", text.strip().upper())
    if found is None:
        raise click.BadParameter(_("Write a size as 5MB, 64MB or 1GB"))
    return int(found[1]) * _UNITS[found[2]]


@click.group(
    cls=Group,
    help=N_("Transfer by USB stick: without a network, what goes up and down is carried over in encrypted files."),
)
def bundle() -> None:
    """The USB road."""


@bundle.command("export", help=N_("Export to the directory TARGET, such as a USB stick."))
@data_option
@option(
    "--to",
    "to",
    default="",
    help=N_("up for the level above (the default), below for all directly below, or a station id, such as centre."),
)
@option(
    "--volume-size",
    "size",
    callback=_size,
    default="64MB",
    help=N_("How large a volume may be, such as 5MB.  [64MB if not given]"),
)
@option(
    "--photos",
    callback=_size,
    default="256MB",
    help=N_(
        "How much of the older photos that the receiver wants to see goes along, 0 for none.  [256MB if not given]"
    ),
)
@option("--everything", is_flag=True, help=N_("Export everything, whatever the receiver has."))
@json_option
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
def export(directory: Path, to: str, size: int, photos: int, everything: bool, as_json: bool, target: Path) -> None:
    """Write volumes, and say what is in them."""
    arguments = {
        "to": to,
        "directory": path_text(target),
        "volume_bytes": size,
        "photo_bytes": photos,
        "everything": everything,
    }
    told = _run_job(directory, "bundle-export", arguments)
    if as_json:
        click.echo(json.dumps(told["result"], ensure_ascii=False))
        return
    result = told["result"]
    own = len(result["volumes"]) - result["carried"]
    click.echo(
        _(
            "Exported for %(receivers)s: %(volumes)s volumes, %(size)s, written to %(directory)s",
            receivers=_(", ").join(result["to"]),
            volumes=own,
            size=_megabytes(result["bytes"]),
            directory=target,
        )
    )
    if result["photos_left"]:
        click.echo(
            _(
                "With it %(photos)s photos that the receiver wants to see; "
                "another %(left)s had no room and go next time",
                photos=result["photos"],
                left=result["photos_left"],
            )
        )
    elif result["photos"]:
        click.echo(_("With it %(photos)s photos that the receiver wants to see", photos=result["photos"]))
    if result["carried"]:
        click.echo(_("Also %(volumes)s volumes that are handed on for others", volumes=result["carried"]))
    click.echo(
        _(
            "Hand these files to the receiver to be imported; until its signed receipt is brought back, this machine "
            "does not count them as delivered."
        )
    )


@bundle.command(
    "import", help=N_("Import the directories or files SOURCES, such as a USB stick; any order, any number of times.")
)
@data_option
@json_option
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def import_(directory: Path, as_json: bool, sources: tuple[Path, ...]) -> None:
    """Take in what is there, and say what became of each file."""
    told = _run_job(directory, "bundle-import", {"paths": [path_text(path) for path in sources]})
    outcomes = told["outcomes"]
    if as_json:
        click.echo(json.dumps({"files": outcomes, "missing": told["missing"]}, ensure_ascii=False))
    else:
        for one in outcomes:
            click.echo(f"{one['file']}  {one['sentence']}")
        if not outcomes:
            click.echo(_("No volume (.yzb) was found"))
        for sentence in told["missing"]:
            click.echo(_("%(missing)s. What was taken in counts; import the others to have it all.", missing=sentence))
    if any(one["what"] in _REFUSED for one in outcomes):
        raise click.exceptions.Exit(1)


@bundle.command(help=N_("See what the files FILES are, without importing them."))
@option(
    "--data",
    "directory",
    default=None,
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("The data directory; without it only the outside is looked at."),
)
@json_option
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def inspect(directory: Path | None, as_json: bool, files: tuple[Path, ...]) -> None:
    """Say of each file what it is."""
    told = [_inspected(directory, path) for path in files]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told:
        click.echo(f"{one['file']}  {_megabytes(one['bytes'])}  {one['sentence']}")


def _inspected(directory: Path | None, path: Path) -> dict[str, Any]:
    if directory is None:
        told = look_outside(path)
        if not told["volume"]:
            return {**told, "sentence": _("It is no volume of ours")}
        return {
            **told,
            "sentence": _("It is a volume of ours; name the receiver's directory by --data to see what is in it"),
        }
    return _run(directory, "bundle-inspect", {"path": path_text(path)})[0]


def _run_job(directory: Path, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Begin a transfer in the process that owns the directory, or in this one, and wait for its end."""
    patience = _Patience()
    told, is_own = _run(directory, command, arguments, patience)
    while not is_own and told["running"]:
        patience.tell(told)
        told = _run(directory, "bundle-job", {"job": told["job"]})[0]
    if told["error"] is not None:
        raise SyncError(told["error"]["reason"], remedy=told["error"]["remedy"])
    return told


def _run(
    directory: Path, command: str, arguments: dict[str, Any], patience: "_Patience | None" = None
) -> tuple[dict[str, Any], bool]:
    """What a command answers, and whether it was this process that ran it: to the end of its transfer, then."""
    ran_here = []

    def become() -> dict[str, Any]:
        # Here and not above: it comes with what limits the requests to a server, and a running one is only asked.
        from sync.web.node_settings import read_common

        settings = read_common()
        with Node.open(directory, couch=settings.couch(), keys=settings.keys()) as node:
            transfers = Transfers(node, Room(node, settings.budgets()))
            try:
                ran_here.append(True)
                return _to_its_end(bundle_answers(transfers), command, arguments, patience)
            finally:
                transfers.close()

    return run_command(directory, command, arguments, become), bool(ran_here)


def _to_its_end(
    commands: Mapping[str, Command], command: str, arguments: dict[str, Any], patience: "_Patience | None"
) -> dict[str, Any]:
    told = commands[command](arguments)
    while told.get("running"):
        if patience is not None:
            patience.tell(told)
        told = commands["bundle-job"]({"job": told["job"]})
    return told


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MB"


class _Patience:
    """Says how far a transfer has come to whoever has waited two seconds."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def tell(self, told: dict[str, Any]) -> None:
        """Say it, if it is time."""
        now = time.monotonic()
        if now - self._told_at < _PATIENCE_SECONDS:
            return
        self._told_at = now
        click.echo(_so_far(told), err=True)


def _so_far(told: dict[str, Any]) -> str:
    if told["kind"] == IMPORT:
        return _(
            "Importing… %(done)s of %(files)s files done, %(documents)s documents taken in",
            done=len(told["outcomes"]),
            files=told["files"],
            documents=told["documents"],
        )
    if told["bytes"]:
        return _("Exporting… %(size)s written", size=_megabytes(told["bytes"]))
    return _("Exporting… what goes along is being gathered")
