"""`yizhan central alert`: what cannot wait, published, listed and withdrawn from the command line.

Must not know: how anything is published.
"""

import json
from pathlib import Path
from typing import Any

import click

from central.messages import _
from sync.commands.node_group import Run, data_option, json_option
from sync.commands.speaking import Group, option
from sync.messages import N_
from sync.records.alerts import SEVERITIES
from sync.records.clock import minute_text


def add_alert_commands(group: Group, run: Run) -> None:
    """Give the centre's group its `alert`."""

    @group.group(help=N_("Alerts: publish, list, withdraw; they go to the stations before cases and the catalogue."))
    def alert() -> None:
        """What cannot wait."""

    @alert.command(help=N_("Publish one, signed by the centre."))
    @data_option
    @option("--severity", type=click.Choice(tuple(SEVERITIES)), default="notice", show_default=True)
    @option("--title", required=True, help=N_("Title, such as orange rainstorm warning."))
    @option("--text", required=True, help=N_("What it says: what happens, what to do, whom to ask."))
    @option(
        "--for",
        "audience",
        default="",
        help=N_("Station id: only for it and the stations below it; without it, for all stations."),
    )
    @option("--until", required=True, help=N_("Until when it is in force, Beijing time, such as 2026-10-10T18:00."))
    @json_option
    def publish(directory: Path, as_json: bool, **told: str) -> None:
        made = run(directory, "alert-publish", told)
        if as_json:
            click.echo(json.dumps(made, ensure_ascii=False))
            return
        click.echo(_("Published %(code)s: %(alert)s", code=made["code"], alert=_line(made)))
        click.echo(_("Stations get it first of all at their next contact, and by USB stick, too"))

    @alert.command("list", help=N_("Those that were published, newest first."))
    @data_option
    @json_option
    def listed(directory: Path, as_json: bool) -> None:
        told = run(directory, "alert-list", {})
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
            return
        for one in told["alerts"]:
            click.echo(f"{one['code']}  {minute_text(one['at'])}  {one['state_name']}  {_line(one)}")
        if not told["alerts"]:
            click.echo(_("None was published yet"))

    @alert.command(help=N_("Withdraw the one numbered CODE: stations show it no more once they have got this."))
    @data_option
    @click.argument("code")
    def withdraw(directory: Path, code: str) -> None:
        click.echo(_("Withdrawn: %(alert)s", alert=_line(run(directory, "alert-withdraw", {"code": code}))))


def _line(one: dict[str, Any]) -> str:
    return _(
        "%(severity)s “%(title)s”, %(audience)s, in force until %(until)s",
        severity=one["severity_name"],
        title=one["title"],
        audience=one["audience_name"],
        until=minute_text(one["until"]),
    )
