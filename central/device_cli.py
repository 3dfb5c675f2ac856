"""`yizhan central devices|revoke|reinstate`: a station's devices, listed, and trusted or not.

Must not know: how anything is done.
"""

import json
from pathlib import Path
from typing import Any

import click

from central.messages import _
from sync.commands.node_group import Run, data_option, json_option
from sync.commands.speaking import Group, option
from sync.messages import N_
from sync.records.clock import minute_text


def add_device_commands(group: Group, run: Run) -> None:
    """Give the centre's group what it does with devices."""

    @group.command(
        help=N_("The devices of the station SID: device codes, since when they are used, which are revoked.")
    )
    @data_option
    @json_option
    @click.argument("sid")
    def devices(directory: Path, sid: str, as_json: bool) -> None:
        _tell(run(directory, "station", {"sid": sid.lower()}), as_json=as_json)

    @group.command(
        help=N_(
            "Revoke the device DEVICE (such as 01) of the station SID: lost, stolen or copied, it is trusted no more."
        )
    )
    @data_option
    @option("--why", required=True, help=N_("Why; it is kept in the audit."))
    @json_option
    @click.argument("sid")
    @click.argument("device")
    def revoke(directory: Path, sid: str, device: str, why: str, as_json: bool) -> None:
        told = run(directory, "revoke", {"sid": sid.lower(), "device": device, "why": why})
        _tell(told, as_json=as_json)

    @group.command(help=N_("Take the revocation of the device DEVICE of the station SID back."))
    @data_option
    @json_option
    @click.argument("sid")
    @click.argument("device")
    def reinstate(directory: Path, sid: str, device: str, as_json: bool) -> None:
        _tell(run(directory, "reinstate", {"sid": sid.lower(), "device": device}), as_json=as_json)


def _tell(station: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(station, ensure_ascii=False))
        return
    click.echo(_("%(name)s (%(region)s)", name=station["name"], region=station["region"]))
    for one in station["devices"]:
        click.echo(f"  {one['device']}  {_standing(one)}")


def _standing(one: dict[str, Any]) -> str:
    if one["revoked"]:
        at = minute_text(one["revoked_at"] or "")
        return _("revoked %(time)s  %(why)s", time=at, why=one["revoked_why"]).rstrip()
    if one["used_at"]:
        return _("in use since %(time)s", time=minute_text(one["used_at"]))
    return _("code given %(time)s, not used yet", time=minute_text(one["given_at"]))
