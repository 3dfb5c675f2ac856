"""`yizhan central`: a centre set up, served and looked after from the command line.

What a running centre answers loads no centre here; its own modules are imported in the functions that need them.

Must not know: how anything is done.
"""

import json
from pathlib import Path
from typing import Any

import click

from central.alert_cli import add_alert_commands
from central.catalogue_cli import add_catalogue_commands
from central.device_cli import add_device_commands
from central.errors import NotACentre
from central.messages import MESSAGES, _, pgettext
from central.roles import ROLES
from sync.commands.key_commands import add_key_commands, tell_key
from sync.commands.node_group import (
    add_common_commands,
    data_option,
    documents_lines,
    json_option,
    room_lines,
    run_command,
)
from sync.commands.speaking import Group, option
from sync.messages import N_


@click.group(
    cls=Group, messages=MESSAGES, help=N_("The centre: set up, its stations registered, run and looked after.")
)
def central() -> None:
    """What a centre's operator does."""


@central.command(help=N_("Make the data directory of a new centre."))
@data_option
@option("--code", "region", default=None, help=N_("Region code of 12 digits, of a county or above."))
@option("--name", default=None, help=N_("The centre's name, such as Qingxi County Government Service Centre."))
def init(directory: Path, region: str | None, name: str | None) -> None:
    """Found a centre, asking for what was not told, and show its key."""
    from central.services.found_centre import found_centre
    from central.settings import read

    if region is None:
        region = click.prompt(_("Region code (12 digits, of a county or above)"))
    if name is None:
        name = click.prompt(_("Name of the centre"))
    settings = read()
    with found_centre(directory, name=name, region=region, couch=settings.couch(), keys=settings.key_for_new()) as node:
        place = {"name": node.identity.name, "region": node.identity.region, "directory": directory}
        click.echo(_("Set up: %(name)s (%(region)s), data directory %(directory)s", **place))
        tell_key(directory, settings.keys(), group="central")
        click.echo(
            _(
                "Next: make accounts by yizhan central account, register stations by yizhan central enrol, "
                "run the centre by yizhan central serve"
            )
        )


@central.command(help=N_("Register a station, and give it an enrolment code."))
@data_option
@option("--name", required=True, help=N_("The station's name, printed on the slips."))
@option(
    "--code", "region", required=True, help=N_("The station's region code of 12 digits, of a township or a village.")
)
@option("--under", default="", help=N_("The id of the station above it; without it, found by the region code."))
@json_option
def enrol(directory: Path, name: str, region: str, under: str, as_json: bool) -> None:
    """Register a station, and tell its code."""
    _tell_code(_run(directory, "enrol", {"name": name, "region": region, "under": under}), as_json=as_json)


@central.command(
    "enrol-again",
    help=N_(
        "Give the station SID another enrolment code: for another device, for restored data, or when its code is lost."
    ),
)
@data_option
@json_option
@click.argument("sid")
def enrol_again(directory: Path, sid: str, as_json: bool) -> None:
    """Tell another code for a station."""
    _tell_code(_run(directory, "enrol-again", {"sid": sid.lower()}), as_json=as_json)


@central.command(help=N_("Run the centre until Ctrl-C or SIGTERM."))
@data_option
@option("--host", default=None, help=N_("Address to listen on.  [YIZHAN_HOST, 127.0.0.1 if not set]"))
@option(
    "--port",
    default=None,
    type=click.IntRange(0, 65535),
    help=N_("Port to listen on, 0 for any free one.  [YIZHAN_PORT, 8700 if not set]"),
)
def serve(directory: Path, host: str | None, port: int | None) -> None:
    """Run the centre, and say where it answers."""
    from central.serving import serve_centre
    from central.settings import read

    settings = read(host=host, port=port)
    serve_centre(directory, settings, ready=lambda url: click.echo(_("The centre runs: %(url)s", url=url)))


@central.command(
    help=N_("The stations: last contact, how many cases, which steps and photos have not arrived at the centre.")
)
@data_option
@json_option
def stations(directory: Path, as_json: bool) -> None:
    """List the stations."""
    told = _run(directory, "stations", {})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if not told["stations"]:
        click.echo(_("No station is registered yet, run yizhan central enrol"))
    for one in told["stations"]:
        click.echo(_station_line(one))


@central.command(help=N_("How the centre stands: how many cases, what was set aside, alarms."))
@data_option
@json_option
def status(directory: Path, as_json: bool) -> None:
    """Say how the centre stands."""
    told = _run(directory, "status", {})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in _status_lines(told):
        click.echo(line)


def _station_line(one: dict[str, Any]) -> str:
    behind = one["backlog"]
    parts = [one["region"], one["sid"], one["name"], _heard(one), _("%(cases)s cases", cases=one["cases"])]
    if any(behind.values()):
        missing = {"steps": behind["events"], "photos": behind["photos"]}
        parts.append(_("%(steps)s steps and %(photos)s photos have not arrived", **missing))
    if one["set_aside"]:
        parts.append(_("%(documents)s documents not taken", documents=one["set_aside"]))
    if one["alarms"]:
        parts.append(_("%(alarms)s open alarms", alarms=one["alarms"]))
    return "  ".join(parts)


def _heard(one: dict[str, Any]) -> str:
    if one["revoked"]:
        return _("revoked")
    if not one["enrolled"]:
        return _("not in use")
    if one["silent"]:
        return _("last contact %(time)s (silent)", time=one["last_heard_text"])
    return _("last contact %(time)s", time=one["last_heard_text"])


def _status_lines(told: dict[str, Any]) -> list[str]:
    stations, clock, backup = told["stations"], told["clock"], told["backup"]
    trouble = [backup["trouble"]] if backup["trouble"] else []
    return [
        _("%(name)s (%(level)s, %(region)s)", name=told["name"], level=told["level_name"], region=told["region"]),
        _(
            "Stations  %(registered)s registered, %(enrolled)s in use, %(silent)s silent, "
            "%(behind)s whose data have not all arrived",
            registered=stations["registered"],
            enrolled=stations["enrolled"],
            silent=stations["silent"],
            behind=stations["behind"],
        ),
        _("Cases     %(cases)s", cases=told["cases"]),
        _("To settle %(aside)s set aside, %(alarms)s alarms", aside=told["set_aside"], alarms=told["alarms"]),
        _("Clock     %(now)s (%(quality)s)", now=told["now"], quality=clock["quality_name"]),
        _("Backup    the last %(told)s", told=pgettext("between clauses", ", ").join([backup["text"], *trouble])),
        *documents_lines(told["documents"]),
        *room_lines(told["room"]),
    ]


def _tell_code(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    code = told["code"]
    groups = "    ".join(" ".join(group) for group in code.split("-"))
    for line in (
        _(
            "%(name)s (%(region)s), station id %(sid)s, below %(parent)s",
            name=told["name"],
            region=told["region"],
            sid=told["sid"],
            parent=told["parent_name"],
        ),
        "",
        _("    Enrolment code    %(code)s", code=groups),
        "",
        _("Tell it to the station figure by figure (capitals or not; spaces and dashes may be left out):"),
        _("    while it is set up   yizhan edge init … --enrolment %(code)s", code=code),
        _("    or later             yizhan edge enrol --data DIRECTORY %(code)s", code=code),
        _(
            "A code is used by one device only; when it is lost, for another device or after restoring data, "
            "run yizhan central enrol-again for another."
        ),
    ):
        click.echo(line)


def _run(directory: Path, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Run a command in the process that owns the directory, or in this one when nobody does."""

    def become() -> dict[str, Any]:
        from central.commands import commands_of
        from central.services.found_centre import open_centre
        from central.settings import read
        from central.wiring import build_centre

        settings = read()
        with open_centre(directory, couch=settings.couch(), keys=settings.keys()) as node:
            return commands_of(build_centre(node, settings))[command](arguments)

    return run_command(directory, command, arguments, become, group="central", other=NotACentre)


add_common_commands(central, _run, roles=[role.value for role in ROLES])
add_key_commands(central)
add_device_commands(central, _run)
add_catalogue_commands(central, _run)
add_alert_commands(central, _run)
