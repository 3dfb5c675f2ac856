"""What the command groups of both applications have in common: accounts, alarms, digest, where a case is.

Must not know: what a station or a centre is.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from sync.commands.speaking import Group, option
from sync.errors import Invalid, SyncError
from sync.messages import N_, _, pgettext
from sync.records.clock import minute_text
from sync.version import VERSION
from sync.web.owner import run_or_become, said_by_owner

# (data directory, command, arguments) -> answer, from whichever process owns the directory
Run = Callable[[Path, str, dict[str, Any]], dict[str, Any]]

_LONGEST_PASSWORD_LINE = 1024
_LARGEST_FILE_BYTES = 30 << 20  # five thousand items have half of it

data_option = option(
    "--data",
    "directory",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("The data directory."),
)
json_option = option("--json", "as_json", is_flag=True, help=N_("Answer as JSON."))


def run_command(
    directory: Path,
    command: str,
    arguments: dict[str, Any],
    become: Callable[[], dict[str, Any]],
    *,
    patience_seconds: float | None = 300.0,
    group: str = "",
    other: Callable[[Path], SyncError] | None = None,
) -> dict[str, Any]:
    """`run_or_become`, with what is wrong with the arguments said in sentences.

    A node that runs an older or newer program than this one is told of: somebody upgraded, and did not restart it.

    group   whose command it is; "" for one that every node has
    other   what is raised of the directory where a node runs that another group looks after
    """
    running, running_group = said_by_owner(directory)
    if other is not None and running_group not in ("", group):
        raise other(directory)
    if running not in ("", VERSION):
        versions = {"running": running, "installed": VERSION}
        told = _("The node runs version %(running)s and %(installed)s is installed: please restart it", **versions)
        click.echo(f"yizhan: {told}", err=True)
    try:
        return run_or_become(directory, command, arguments, become, patience_seconds=patience_seconds)
    except Invalid as error:
        sentences = [sentence for field, sentence in error.fields] or [error.reason]
        raise click.ClickException(pgettext("between sentences", "; ").join(sentences)) from None


def file_text(file: Path) -> str:
    """The text of a JSON file somebody named, without the mark Windows puts before it.

    raises  ClickException when it is too large or not to be read, naming the line that is wrong
    """
    try:
        if file.stat().st_size > _LARGEST_FILE_BYTES or not file.is_file():
            most = _LARGEST_FILE_BYTES >> 20
            raise click.ClickException(_("%(file)s is no file, or one larger than %(most)s MB", file=file, most=most))
        text = file.read_text("utf-8-sig")
        json.loads(text)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        told = _("%(file)s is no JSON: line %(line)s, character %(column)s", file=file, **place)
        raise click.ClickException(told) from None
    except RecursionError:
        told = _("%(file)s: brackets stand in one another too deeply, make it plainer", file=file)
        raise click.ClickException(told) from None
    except (OSError, UnicodeError, MemoryError):
        raise click.ClickException(_("%(file)s cannot be read, it should be a JSON file in UTF-8", file=file)) from None
    except ValueError:
        raise click.ClickException(_("%(file)s: a number in it has more digits than are read", file=file)) from None
    return text


def documents_lines(told: dict[str, Any]) -> list[str]:
    """How a document store outside the directory stands, for `status`; nothing when there is none."""
    if told["where"] == "directory":
        return []
    stands = [told["trouble"] or pgettext("document store", "in order")]
    if told["waiting"]:
        stands.append(_("%(documents)s documents wait to be written", documents=told["waiting"]))
    if told["refused"]:
        stands.append(_("%(documents)s of them are refused, have the administrator look", documents=told["refused"]))
    told_stands = pgettext("between clauses", ", ").join(stands)
    return [_("Documents %(address)s    %(stands)s", address=told["address"], stands=told_stands)]


def room_lines(told: dict[str, Any]) -> list[str]:
    """What is running out, for `status`; nothing when there is room."""
    return [_("Room      %(shortage)s", shortage=one["text"]) for one in told["shortages"]]


def add_common_commands(group: Group, run: Run, *, roles: Sequence[str]) -> None:
    """Give a group its common commands; roles: what its people may be, the usual one first."""
    _add_account(group, run, roles)
    _add_alarms(group, run)
    _add_digest(group, run)
    _add_photos(group, run)
    _add_where(group, run)


def _add_account(group: Group, run: Run, roles: Sequence[str]) -> None:
    @group.command(help=N_("Make the account NAME."))
    @data_option
    @option("--role", type=click.Choice(roles), default=roles[0], show_default=True)
    @option("--display-name", default=None, help=N_("The person's name; without it, the account's."))
    @option("--phone", default=None, help=N_("Telephone number, printed on the slips."))
    @option(
        "--password-stdin",
        is_flag=True,
        help=N_("Read the password from standard input, one line; else one is made up and shown once."),
    )
    @option("--reset", is_flag=True, help=N_("Make up a new password for an account there is, and lift its lock."))
    @option("--change", is_flag=True, help=N_("Change the person's name and telephone of an account there is."))
    @click.argument("name")
    def account(
        directory: Path,
        role: str,
        display_name: str | None,
        phone: str | None,
        password_stdin: bool,
        reset: bool,
        change: bool,
        name: str,
    ) -> None:
        if reset and password_stdin:
            raise click.UsageError(_("--reset makes up a new password and cannot go with --password-stdin"))
        if change:
            _refuse_with_change(reset or password_stdin, display_name, phone)
            changed = run(
                directory,
                "account",
                {"name": name, "how": "change", "display_name": display_name, "phone": phone},
            )
            click.echo(_("Account %(name)s is now called %(person)s", name=name, person=changed["display_name"]))
            return
        arguments: dict[str, Any] = {"name": name, "how": "reset" if reset else "make"}
        if not reset:
            password = sys.stdin.readline(_LONGEST_PASSWORD_LINE).rstrip("\r\n") if password_stdin else None
            arguments |= {"role": role, "display_name": display_name or "", "phone": phone or "", "password": password}
        made = run(directory, "account", arguments)
        if reset:
            click.echo(_("Account %(name)s (%(role)s) has a new password", name=made["name"], role=made["role"]))
        else:
            click.echo(_("Account %(name)s (%(role)s) was made", name=made["name"], role=made["role"]))
        if made["password"]:
            click.echo(
                _(
                    "First password (shown this once, to be changed at the first sign-in): %(password)s",
                    password=made["password"],
                )
            )


def _refuse_with_change(password: bool, display_name: str | None, phone: str | None) -> None:
    if password:
        raise click.UsageError(_("--change leaves the password as it is; set it anew by --reset"))
    if display_name is None and phone is None:
        raise click.UsageError(_("--change needs --display-name or --phone"))


def _add_alarms(group: Group, run: Run) -> None:
    @group.command(
        help=N_("Alarms that nobody has settled: signatures and records that cannot be true, what each is, what to do.")
    )
    @data_option
    @option("--settle", type=int, default=None, help=N_("The alarm of this number was dealt with."))
    @option(
        "--why",
        default="",
        help=N_("What was found and how it was dealt with; goes with --settle and into the audit."),
    )
    @json_option
    def alarms(directory: Path, settle: int | None, why: str, as_json: bool) -> None:
        if settle is not None:
            run(directory, "settle-alarm", {"alarm": settle, "why": why})
        told = run(directory, "alarms", {})
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
            return
        for one in told["alarms"]:
            at, station = minute_text(one["at"]), one["station"]
            click.echo(
                _(
                    "%(alarm)s  %(at)s  %(station)s: %(what)s",
                    alarm=one["alarm"],
                    at=at,
                    station=station,
                    what=one["what"],
                )
            )
            click.echo(
                _(
                    "    %(advice)s; once it was dealt with, take it away by --settle %(alarm)s --why REASON",
                    advice=one["advice"],
                    alarm=one["alarm"],
                )
            )
        if told["next"]:
            click.echo(_("There are earlier ones, look again once these are settled"))
        if not told["alarms"]:
            click.echo(_("No alarms"))


def _add_digest(group: Group, run: Run) -> None:
    @group.command(help=N_("The digest of what is held here (JSON), to be compared with other nodes."))
    @data_option
    @option("--station", default="", help=N_("Only the data of this station id."))
    def digest(directory: Path, station: str) -> None:
        click.echo(json.dumps(run(directory, "digest", {"station": station})))


def _add_photos(group: Group, run: Run) -> None:
    @group.command(
        help=N_(
            "Photos that were whole here and are not any more: how much is lacking, and where it may be had. "
            "What is lacking is asked for below by itself."
        )
    )
    @data_option
    @option("--check", is_flag=True, help=N_("Read every photo here first, and find those that cannot be read."))
    @option(
        "--from-backup",
        "backup",
        default=None,
        type=click.Path(dir_okay=False, path_type=Path),
        help=N_("Take what is lacking from this backup first."),
    )
    @json_option
    def photos(directory: Path, check: bool, backup: Path | None, as_json: bool) -> None:
        if check:
            _check_photos(lambda after: run(directory, "check-photos", {"after": after}), quiet=as_json)
        if backup is not None:
            brought = run(directory, "photos-from-backup", {"file": str(backup.absolute())})
            if not as_json:
                click.echo(_("%(pieces)s pieces were brought from the backup", pieces=brought["pieces"]))
        told = run(directory, "photos", {})
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
            return
        for one in told["photos"]:
            click.echo(_lost_line(one))
        if told["count"] > len(told["photos"]):
            shown = len(told["photos"])
            click.echo(_("%(photos)s photos, only the first %(shown)s are listed", photos=told["count"], shown=shown))
        if not told["count"]:
            click.echo(_("No lost photos"))


def _check_photos(check: Callable[[Sequence[str]], dict[str, Any]], *, quiet: bool) -> None:
    after: Sequence[str] | None = ("", "")
    photos = lost = 0
    while after is not None:
        told = check(after)
        photos, lost, after = photos + told["photos"], lost + told["lost"], told["end"]
        if not quiet:
            click.echo(_("%(photos)s photos read, %(lost)s newly found lost", photos=photos, lost=lost), err=True)


def _lost_line(one: dict[str, Any]) -> str:
    """One lost photo: whose, how much is lacking, and where it may be had."""
    places = [_("%(station)s (has signed for it)", station=name) for name in one["held_by"]]
    if one["in_backup"]:
        places.append(_("the newest backup"))
    return _(
        "%(record)s  %(station)s  since %(since)s  %(lacking)s; it may be had from: %(places)s",
        record=one["record"] or _("(no record names it)"),
        station=one["station"],
        since=minute_text(one["since"]),
        lacking=_lacking(one),
        places=_(", ").join(places) or _("not known yet, look into older backups"),
    )


def _lacking(one: dict[str, Any]) -> str:
    if one["of"] and one["unreadable"]:
        return _(
            "lacks %(pieces)s of %(of)s pieces (%(unreadable)s of them cannot be read from the disk)",
            pieces=one["pieces"],
            of=one["of"],
            unreadable=one["unreadable"],
        )
    if one["of"]:
        return _("lacks %(pieces)s of %(of)s pieces", pieces=one["pieces"], of=one["of"])
    if one["unreadable"]:
        return _("lacks its list (%(unreadable)s pieces cannot be read from the disk)", unreadable=one["unreadable"])
    return _("lacks its list")


def _add_where(group: Group, run: Run) -> None:
    @group.command(
        help=N_(
            "How far one case has come, and since when: CASE is a receipt number (its last parts will do, "
            "such as 01-0007-G) or a case number."
        )
    )
    @data_option
    @json_option
    @click.argument("case")
    def where(directory: Path, as_json: bool, case: str) -> None:
        told = run(directory, "where", {"case": case})
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
            return
        for line in _where_lines(told):
            click.echo(line)


def _where_lines(told: dict[str, Any]) -> list[str]:
    """How far one case has come, hop by hop, each with the time of the receipt it is known from."""
    number, sentence = told["receipt_number"], told["sentence"]
    lines = [_("Receipt number %(number)s, %(told)s", number=number, told=sentence) if number else sentence]
    for place, hop in enumerate(told["hops"]):
        held = hop["state"] != "none"
        parts = [_reached(place, hop, held=held), hop["name"]]
        if held and hop["since"]:
            parts.append(_("since %(time)s", time=minute_text(hop["since"])))
        if hop["safe_since"]:
            parts.append(_("in the backup since %(time)s", time=minute_text(hop["safe_since"])))
        if hop["fell_back"]:
            parts.append(_("was here once; its data was restored, and it has to be sent again"))
        lines.append("  ".join(["", *parts]))
    return lines


def _reached(place: int, hop: dict[str, Any], *, held: bool) -> str:
    level = hop["level_name"]
    if not held:
        return _("Not kept at this station") if place == 0 else _("Not arrived at %(level)s", level=level)
    reached = _("Kept at this station") if place == 0 else _("Arrived at %(level)s", level=level)
    if not hop["materials"]:
        return reached
    held_of = {"held": hop["materials_held"], "materials": hop["materials"]}
    return _("%(reached)s (materials %(held)s of %(materials)s)", reached=reached, **held_of)
