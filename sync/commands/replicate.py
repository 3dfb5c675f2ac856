"""`yizhan sync replicate SOURCE TARGET`: carry documents from one database to another.

Exit codes: 0 all is there, 1 an error ended it, 3 some documents were refused.

Must not know: stations, records, how replication works.
"""

import sys
import threading
from contextlib import ExitStack

import click

from sync.commands.places import Places
from sync.commands.progress import Bar, showing_progress
from sync.commands.speaking import Group, option
from sync.database import Database
from sync.errors import SyncError
from sync.messages import N_, _
from sync.replication.conveying import carry
from sync.replication.follow import follow
from sync.replication.replicate import Replicator
from sync.replication.report import Report, report_as_json
from sync.values.json_text import dump

EXIT_ERROR = 1
EXIT_REFUSED = 3
_SHOWN_REFUSALS = 10


@click.group(cls=Group, help=N_("Replicate databases with any CouchDB-compatible server."))
def sync() -> None:
    """Replication by hand."""


@sync.command(
    "replicate",
    help=N_(
        "Carry over whatever TARGET lacks of SOURCE. Each is a URL (http://[USER:PASSWORD@]HOST:PORT/DATABASE) or "
        "DIRECTORY/DATABASE of a store that no other process has open. An interrupted run resumes where it was; "
        "nothing is sent twice."
    ),
)
@click.argument("source")
@click.argument("target")
@option("--live", is_flag=True, help=N_("Go on whenever something changes, until Ctrl-C."))
@option("--create", is_flag=True, help=N_("Create the target when it is not there."))
@option("--json", "as_json", is_flag=True, help=N_("Report as JSON; with --live one line for each run."))
def replicate_command(source: str, target: str, live: bool, create: bool, as_json: bool) -> None:
    """Carry over what is lacking, and report."""
    try:
        with ExitStack() as opened:
            places = Places(opened)
            from_database = places.database(source)
            to_database = places.database(target, create=create)
            if live:
                _run_live(from_database, to_database, as_json)
                return
            with showing_progress(_("Sync"), quiet=as_json) as bar:
                report = carry(from_database, to_database, progress=lambda so_far: _show(bar, so_far))
    except SyncError as error:
        report = Report(error=error)
    tell_report(report, as_json=as_json)
    if not report.ok:
        sys.exit(EXIT_ERROR)
    if report.refused:
        sys.exit(EXIT_REFUSED)


def tell_report(report: Report, *, as_json: bool) -> None:
    """Write a report to stdout, an error that ended the run to stderr."""
    if as_json:
        click.echo(dump(report_as_json(report)))
        return
    if report.ok or report.docs_read:
        click.echo(_sentence(report))
    for refusal in report.refused[:_SHOWN_REFUSALS]:
        named = {"document": refusal.id, "revision": refusal.revision or "", "reason": refusal.reason}
        click.echo(_("  refused: %(document)s %(revision)s: %(reason)s", **named))
    if len(report.refused) > _SHOWN_REFUSALS:
        more = len(report.refused) - _SHOWN_REFUSALS
        click.echo(_("  … %(documents)s more refused; --json lists them all", documents=more))
    if report.error is not None:
        click.echo(_("ended early: %(reason)s", reason=report.error.reason), err=True)
        if report.error.remedy:
            click.echo(f"  {report.error.remedy}", err=True)


def _sentence(report: Report) -> str:
    seconds = f"{report.seconds:.1f}"
    return _(
        "%(written)s of %(read)s documents written in %(seconds)s s; "
        "%(sent)s sent, %(received)s received, %(round_trips)s round trips.",
        written=report.docs_written,
        read=report.docs_read,
        seconds=seconds,
        sent=_size(report.bytes_sent),
        received=_size(report.bytes_received),
        round_trips=report.round_trips,
    )


def _run_live(source: Database, target: Database, as_json: bool) -> None:
    replicator = Replicator(source, target)
    try:
        for report in follow(replicator, source, stop=threading.Event()):
            tell_report(report, as_json=as_json)
    except KeyboardInterrupt:
        if not as_json:
            click.echo(_("replication stopped"), err=True)


def _show(bar: Bar, report: Report) -> None:
    """How far it is; within a page the documents written tell more than the rows gone through."""
    seen = max(report.changes_seen, report.docs_read)
    share = None if report.changes_left is None else seen / max(report.changes_seen + report.changes_left, seen, 1)
    bar.show(_("%(documents)s documents", documents=report.docs_written), share)


def _size(count: int) -> str:
    return f"{count} B" if count < 1000 else f"{count / 1000:.1f} kB"
