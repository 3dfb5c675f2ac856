"""`yizhan edge`: a station set up, served and looked after from the command line.

What a running station answers loads no station here: on an old PC that takes seconds. So a station's own modules are
imported in the functions that need them.

Must not know: how anything is done.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click

from edge_node.errors import NotAStation
from edge_node.messages import MESSAGES, _
from edge_node.roles import ROLES
from edge_node.status_lines import status_lines
from edge_node.watching_sync import watched
from sync.commands.key_commands import add_key_commands, tell_key
from sync.commands.node_group import (
    add_common_commands,
    data_option,
    file_text,
    json_option,
    run_command,
)
from sync.commands.progress import showing_progress
from sync.commands.speaking import Group, option
from sync.messages import N_
from sync.web.owner import Command, ask_owner


@click.group(
    cls=Group,
    messages=MESSAGES,
    help=N_("A village or township station: set up, enrolled, run, synced and looked after."),
)
def edge() -> None:
    """What a station's operator does."""


@edge.command(help=N_("Make the data directory of a new station."))
@data_option
@option("--code", "region", required=True, help=N_("Region code of 12 digits, of a township or a village."))
@option("--name", required=True, help=N_("The station's name, printed on the slips."))
@option("--upstream", required=True, help=N_("Address of the node above, such as https://10.0.0.2:8800."))
@option("--enrolment", default="", help=N_("The enrolment code the centre gave; it may be entered later with enrol."))
def init(directory: Path, region: str, name: str, upstream: str, enrolment: str) -> None:
    """Found a station, and show its key."""
    from edge_node.services.found_station import found_station
    from edge_node.settings import read

    settings = read()
    with found_station(
        directory,
        name=name,
        region=region,
        upstream=upstream,
        code=enrolment,
        couch=settings.couch(),
        keys=settings.key_for_new(),
        allow_plain_upstream=settings.allow_plain_upstream,
    ) as node:
        who = node.identity
        place = {"name": who.name, "region": who.region, "directory": directory}
        click.echo(_("Set up: %(name)s (%(region)s), data directory %(directory)s", **place))
        if who.sid:
            click.echo(
                _(
                    "Station id %(sid)s, device code %(device)s, applications can be taken without a network",
                    sid=who.sid,
                    device=who.device,
                )
            )
        else:
            click.echo(
                _(
                    "No enrolment code was entered; applications can be taken once it is: "
                    "yizhan edge enrol --data DIRECTORY CODE"
                )
            )
    tell_key(directory, settings.keys(), group="edge")


@edge.command(
    help=N_("Enter the enrolment code CODE the centre gave; from then on applications can be taken without a network.")
)
@data_option
@click.argument("code")
def enrol(directory: Path, code: str) -> None:
    """Enter an enrolment code."""
    answer = _run(directory, "enrol", {"code": code})
    click.echo(
        _(
            "The enrolment code is accepted, station id %(sid)s; the centre certifies it over the link",
            sid=answer["sid"],
        )
    )


@edge.command(
    help=N_("The level above has another address: call it at URL from now on, such as https://10.0.0.2:8800.")
)
@data_option
@click.argument("url")
def upstream(directory: Path, url: str) -> None:
    """Call the node above at another address."""
    answer = _run(directory, "upstream", {"url": url})
    click.echo(_("The address of the level above is now %(url)s", url=answer["upstream"]))


@edge.command(help=N_("Run this station until Ctrl-C or SIGTERM."))
@data_option
@option("--host", default=None, help=N_("Address to listen on.  [YIZHAN_HOST, 127.0.0.1 if not set]"))
@option(
    "--port",
    default=None,
    type=click.IntRange(0, 65535),
    help=N_("Port to listen on, 0 for any free one.  [YIZHAN_PORT, 8800 if not set]"),
)
def serve(directory: Path, host: str | None, port: int | None) -> None:
    """Run the station, and say where it answers."""
    from edge_node.serving import serve_station
    from edge_node.settings import read

    settings = read(host=host, port=port)

    def ready(url: str) -> None:
        click.echo(_("The station runs: %(url)s", url=url))

    serve_station(directory, settings, ready=ready)


@edge.command(help=N_("Sync with the level above once, now."))
@data_option
@json_option
def sync(directory: Path, as_json: bool) -> None:
    """Run to the upstream, and say what came of it."""
    looks: list[Callable[[], dict[str, Any]]] = []  # where the run is ours; else the owner is asked

    def become() -> dict[str, Any]:
        with _opened(directory) as commands:
            looks.append(lambda: commands["road"]({}))
            return commands["sync"]({})

    with showing_progress(_("Sync"), quiet=as_json) as bar:
        told = watched(
            lambda: _told_by_station(directory, "sync", {}, become, patience_seconds=None),
            lambda: looks[0]() if looks else ask_owner(directory, "road", {}),
            bar,
        )
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(_sync_sentence(told))
    if told["refused"]:
        click.echo(_("%(documents)s documents were set aside, ask the centre", documents=told["refused"]))


def _sync_sentence(told: dict[str, Any]) -> str:
    carried, photos = told["carried"], _kilobytes(told["photo_bytes"])
    sent, received = _kilobytes(told["bytes_sent"]), _kilobytes(told["bytes_received"])
    if told["photo_bytes"]:
        return _(
            "Sync is done: %(documents)s documents arrived, %(sent)s kB sent (%(photos)s kB of it photos), "
            "%(received)s kB received",
            documents=carried,
            sent=sent,
            photos=photos,
            received=received,
        )
    return _(
        "Sync is done: %(documents)s documents arrived, %(sent)s kB sent, %(received)s kB received",
        documents=carried,
        sent=sent,
        received=received,
    )


def _kilobytes(size: int) -> str:
    return f"{size / 1024:.1f}"


@edge.command(help=N_("How this station stands: its id, the level above, last contact, what waits to be dealt with."))
@data_option
@json_option
def status(directory: Path, as_json: bool) -> None:
    """Say how the station stands."""
    told = _run(directory, "status", {})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in status_lines(told):
        click.echo(line)


@edge.command(
    "let-go",
    help=N_(
        "Let go of the photos of closed cases that are in the centre's backup; looked at later, they are fetched from "
        "the level above."
    ),
)
@data_option
@option("--dry-run", is_flag=True, help=N_("Only see how much could go, and touch no data."))
@option(
    "--days",
    type=click.IntRange(1),
    default=None,
    help=N_("How many days a case must have been closed.  [YIZHAN_LET_GO_DAYS, 180 if not set]"),
)
@json_option
def let_go(directory: Path, dry_run: bool, days: int | None, as_json: bool) -> None:
    """Let go of photos, and say how many."""
    told = _run(directory, "let-go", {"dry_run": dry_run, "days": days})
    if as_json:
        click.echo(json.dumps(told))
        return
    amounts = {"cases": told["cases"], "photos": told["photos"], "size": f"{told['bytes'] / (1 << 20):.1f}"}
    if dry_run:
        click.echo(_("Can be let go: %(photos)s photos of %(cases)s cases, about %(size)s MB", **amounts))
    else:
        click.echo(
            _(
                "Let go: %(photos)s photos of %(cases)s cases, about %(size)s MB; looked at, they are fetched from the "
                "level above",
                **amounts,
            )
        )


@contextmanager
def _opened(directory: Path) -> Iterator[Mapping[str, Command]]:
    """The commands of a station that nobody runs, while the block does."""
    from edge_node.commands import commands_of
    from edge_node.services.found_station import open_station
    from edge_node.settings import read
    from edge_node.wiring import build_station

    settings = read()
    with open_station(directory, couch=settings.couch(), keys=settings.keys()) as node:
        station = build_station(node, settings)
        try:
            yield commands_of(station)
        finally:
            station.courier.close()


def _run(directory: Path, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Run a command in the process that owns the directory, or in this one when nobody does."""

    def become() -> dict[str, Any]:
        with _opened(directory) as commands:
            return commands[command](arguments)

    return _told_by_station(directory, command, arguments, become)


_told_by_station = partial(run_command, group="edge", other=NotAStation)


@edge.command(
    "id-reader-simulator",
    help=N_(
        "A stand-in while there is no card reader: it answers as one does, and the person on its card is invented. "
        "Until Ctrl-C."
    ),
)
@option(
    "--port",
    default=8899,
    show_default=True,
    type=click.IntRange(0, 65535),
    help=N_("Port to listen on, 0 for any free one."),
)
@option("--empty", is_flag=True, help=N_("No card lies on it at first."))
@option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("Answer in the names of this file, the same as the station's id_reader_mapping."),
)
def id_reader_simulator(port: int, empty: bool, mapping: Path | None) -> None:
    """Answer as a card reader does."""
    from edge_node.devices.reader_mapping import DEFAULT, mapping_at
    from edge_node.devices.simulator import run_simulator

    def ready(url: str) -> None:
        click.echo(_("The simulated card reader runs; set YIZHAN_ID_READER_URL=%(url)s at the station", url=url))

    run_simulator(port, is_empty=empty, mapping=mapping_at(mapping) if mapping else DEFAULT, ready=ready)


add_common_commands(edge, _run, roles=[role.value for role in ROLES])
add_key_commands(edge)


@edge.command(
    help=N_(
        "Read items or calendars from the file FILE, for use before the catalogue that the centre signed has come "
        "over the link."
    )
)
@data_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def catalogue(directory: Path, file: Path) -> None:
    """Read a catalogue from a file."""
    told = _run(directory, "catalogue", {"text": file_text(file)})
    click.echo(
        _(
            "The catalogue has %(items)s items; over the link comes what counts, signed by the centre",
            items=told["items"],
        )
    )
