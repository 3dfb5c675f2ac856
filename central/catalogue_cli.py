"""`yizhan central catalogue`: what stations may take, checked, drafted and published from files.

Must not know: how anything is published.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from central.messages import _, pgettext
from sync.commands.node_group import Run, data_option, file_text, json_option
from sync.commands.speaking import Group
from sync.messages import N_

_files = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
_MOST_SHOWN = 20


def add_catalogue_commands(group: Group, run: Run) -> None:
    """Give the centre's group its `catalogue`."""

    @group.group(help=N_("Items, occasions in life, calendars and places: check, import, publish."))
    def catalogue() -> None:
        """What stations may take."""

    @catalogue.command(
        help=N_("Check the files FILES, and say what differs from what is published; nothing is changed.")
    )
    @data_option
    @_files
    def check(directory: Path, files: Sequence[Path]) -> None:
        for file in files:
            _tell_difference(file, run(directory, "catalogue-check", {"text": file_text(file)}))

    @catalogue.command(
        "import",
        help=N_("Check the files FILES, and keep what is new or changed in them as a draft, to be published."),
    )
    @data_option
    @_files
    def import_(directory: Path, files: Sequence[Path]) -> None:
        for file in files:
            _tell_difference(file, run(directory, "catalogue-import", {"text": file_text(file)}))
        _tell_what_is_next()

    @catalogue.command(
        help=N_(
            "Cancel the items or occasions in life with the codes CODES: kept as a draft; once it is published no new "
            "case of them is taken, and those that were taken go on as ever."
        )
    )
    @data_option
    @click.argument("codes", nargs=-1, required=True)
    def withdraw(directory: Path, codes: Sequence[str]) -> None:
        for code in codes:
            told = run(directory, "catalogue-withdraw", {"code": code})
            click.echo(_("%(name)s (%(code)s): will be cancelled", name=told["name"], code=code))
        _tell_what_is_next()

    @catalogue.command(help=N_("Publish all drafts: signed by the centre, they go to the stations with the next sync."))
    @data_option
    def publish(directory: Path) -> None:
        told = run(directory, "catalogue-publish", {})
        if told["release"]:
            published = {"release": told["release"], "entries": told["entries"]}
            click.echo(
                _(
                    "Release %(release)s is published, %(entries)s entries; stations get it at their next contact",
                    **published,
                )
            )
        else:
            click.echo(_("There is nothing to publish"))

    @catalogue.command(help=N_("The published catalogue, and the drafts that wait."))
    @data_option
    @json_option
    def show(directory: Path, as_json: bool) -> None:
        told = run(directory, "catalogue-show", {})
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
            return
        for line in _standing_lines(told):
            click.echo(line)


def _tell_what_is_next() -> None:
    click.echo(_("Not published yet; when all is right, run yizhan central catalogue publish"))


def _standing_lines(told: dict[str, Any]) -> list[str]:
    released = (
        _("release %(release)s (%(time)s)", release=told["release"], time=told["at_text"])
        if told["release"]
        else _("None was published yet")
    )
    years = _(", ").join(str(year) for year in told["calendar_years"]) or pgettext("calendars", "none")
    warning = [told["calendar_warning"]] if told["calendar_warning"] else []
    return [
        _(
            "Catalogue %(released)s, %(items)s items, %(bundles)s occasions in life",
            released=released,
            items=told["items"],
            bundles=told["bundles"],
        ),
        _("Calendars %(years)s", years=pgettext("between sentences", "; ").join([years, *warning])),
        _("Places    %(places)s", places=told["places"]),
        _("Drafts    %(drafts)s to be published", drafts=told["drafts"]),
    ]


def _tell_difference(file: Path, told: dict[str, Any]) -> None:
    if told["problems"]:
        for problem in told["problems"]:
            click.echo(problem, err=True)
        raise click.ClickException(
            _("%(file)s has %(faults)s faults, nothing was imported", file=file.name, faults=told["faults"])
        )
    click.echo(
        _(
            "%(file)s: %(new)s new, %(changed)s changed, %(unchanged)s unchanged",
            file=file.name,
            new=len(told["new"]),
            changed=len(told["changed"]),
            unchanged=told["unchanged"],
        )
    )
    for each, many, ids in (
        (N_("  new      %(entry)s"), N_("  … %(entries)s new ones in all"), told["new"]),
        (N_("  changed  %(entry)s"), N_("  … %(entries)s changed ones in all"), told["changed"]),
    ):
        for doc_id in ids[:_MOST_SHOWN]:
            click.echo(_(each, entry=doc_id))
        if len(ids) > _MOST_SHOWN:
            click.echo(_(many, entries=len(ids)))
