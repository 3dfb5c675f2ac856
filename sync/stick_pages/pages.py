"""The routes of the page U盘传送.

    GET  /stick                   what may be exported and imported, what is under way, what the last came to
    POST /stick/exports           begin an export, to be downloaded volume by volume
    GET  /stick/volumes/<name>    one volume of the last export
    POST /stick/imports           begin an import of the files that were sent

Files on their way lie in the data directory: what was exported until the next export, what was sent until it was
taken in; a restart removes both.

Must not know: what is in a volume, which application this is.
"""

import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from sync.carrying.addressing import peer_below, peers_above, peers_below
from sync.carrying.stick import ENDING, told_in_words
from sync.carrying.transfers import BELOW, EXPORT, IMPORT, Transfers
from sync.case_api.asking import asker
from sync.errors import BadRequest, Conflict, NotFound, Refused, SyncError
from sync.messages import N_, _
from sync.store.ledger.certificates import all_certificates
from sync.typed import Value
from sync.values.heard_text import printable
from sync.web.roles import Role
from sync.web.sessions import signed_in

# As many volumes of the usual size as somebody has the patience for; they are kept on disk, not in memory.
LARGEST_UPLOAD_BYTES = 1 << 30
_MOST_FILES = 200
# Each part of a large form is an open file while it is read; some more than files are taken, to be told so in words.
_MOST_PARTS = 300
_LONGEST_SHOWN_NAME = 80
_LARGEST_FORM_BYTES = 16 << 10
_OUTGOING, _INCOMING = "outgoing", "incoming"
_EXTENSION = "yizhan.stick_pages"
_SIZES = ((8, N_("8 MB (in small files)")), (64, "64 MB"), (500, "500 MB"))
_USUAL_SIZE = 64
# What became of a file, in a word, and how the word looks.
_WORDS = {
    "taken": (N_("taken"), "done"),
    "partly": (N_("partly taken"), "waiting"),
    "already": (N_("taken before"), "plain"),
    "own": (N_("exported here"), "plain"),
    "carried": (N_("kept for another"), "running"),
    "known": (N_("kept for another"), "running"),
    "refused": (N_("not taken"), "bad"),
    "strange": (N_("not a file of ours"), "plain"),
}


class StickPages(Value):
    """What the page needs of its application; roles are those who may carry."""

    transfers: Transfers
    roles: tuple[Role, ...]


def register_stick_pages(app: Flask, pages: StickPages) -> None:
    """Give an application the page; frame and sessions have to be registered too."""
    app.extensions[_EXTENSION] = pages
    for folder in (_OUTGOING, _INCOMING):  # what was under way when the process ended, nobody waits for
        shutil.rmtree(pages.transfers.node.engine.directory / folder, ignore_errors=True)
    blueprint = Blueprint("stick", __name__, template_folder="templates")
    blueprint.before_request(_most_bytes)
    gate = signed_in(*pages.roles)
    blueprint.add_url_rule("/stick", "page", gate(_page))
    blueprint.add_url_rule("/stick/exports", "export", gate(_export), methods=["POST"])
    blueprint.add_url_rule("/stick/volumes/<name>", "volume", gate(_volume))
    blueprint.add_url_rule("/stick/imports", "import", gate(_import), methods=["POST"])
    app.register_blueprint(blueprint)


def _transfers() -> Transfers:
    pages: StickPages = current_app.extensions[_EXTENSION]
    return pages.transfers


def _most_bytes() -> None:
    is_import = request.endpoint == "stick.import"
    request.max_content_length = LARGEST_UPLOAD_BYTES if is_import else _LARGEST_FORM_BYTES
    request.max_form_parts = _MOST_PARTS


def _page() -> ResponseReturnValue:
    transfers = _transfers()
    exported, imported = transfers.last(EXPORT), transfers.last(IMPORT)
    return render_template(
        "stick/page.html",
        choices=_choices(request.args.get("to", "")),
        chosen=request.args.get("to", "") or (exported.to if exported else ""),
        sizes=[(size, _(name)) for size, name in _SIZES],
        usual_size=_USUAL_SIZE,
        exported=exported and exported.told(),
        volumes=_volumes_to_fetch(),
        imported=imported and imported.told(),
        words=_WORDS,
        running=any(job is not None and job.running for job in (exported, imported)),
    )


def _export() -> ResponseReturnValue:
    transfers = _transfers()
    folder = transfers.node.engine.directory / _OUTGOING
    place = folder / secrets.token_hex(8)
    try:
        size = _size(request.form.get("size", ""))
        with told_in_words():
            place.mkdir(mode=0o700, parents=True)
        transfers.export(request.form.get("to", ""), place, by=asker().actor, volume_bytes=size)
    except Refused as refusal:
        shutil.rmtree(place, ignore_errors=True)
        if isinstance(refusal, Conflict) and _is_under_way(request.form.get("to", ""), size):
            return redirect(url_for("stick.page"), 303)  # pressed twice: the page shows how far it is
        return _back(refusal)
    _clear(folder, but=place)
    return redirect(url_for("stick.page"), 303)


def _is_under_way(to: str, volume_bytes: int) -> bool:
    """Whether this page is exporting just this now."""
    job = _transfers().last(EXPORT)
    if job is None or not job.running or job.directory.parent.name != _OUTGOING:
        return False
    return (job.to, job.volume_bytes) == (to, volume_bytes)


def _volume(name: str) -> ResponseReturnValue:
    for path, _size_bytes in _paths_to_fetch():
        if path.name == name:
            return send_file(path, mimetype="application/octet-stream", as_attachment=True, max_age=0)
    raise NotFound(_("This file is not there any more, export again"))


def _import() -> ResponseReturnValue:
    transfers = _transfers()
    sent = [file for file in request.files.getlist("volumes") if file.filename]
    folder = transfers.node.engine.directory / _INCOMING
    place = folder / secrets.token_hex(8)
    try:
        if not sent:
            raise BadRequest(_("First choose files to import (they end in .yzb; several can be chosen at once)"))
        if len(sent) > _MOST_FILES:
            raise BadRequest(_("At most %(most)s files can be imported at once", most=_MOST_FILES))
        paths = _kept(sent, place)
        transfers.take_in(paths, by=asker().actor, then=lambda: shutil.rmtree(place, ignore_errors=True))
    except SyncError as refusal:
        shutil.rmtree(place, ignore_errors=True)
        if not isinstance(refusal, Refused):
            raise
        return _back(refusal)
    return redirect(url_for("stick.page"), 303)


def _kept(sent: list[FileStorage], place: Path) -> list[Path]:
    """The files on our disk, each in a folder of its own, so that none takes another's name."""
    paths = []
    with told_in_words():
        for number, file in enumerate(sent):
            folder = place / str(number)
            folder.mkdir(mode=0o700, parents=True)
            path = folder / _plain_name(file.filename or "")
            file.save(path)
            paths.append(path)
    return paths


def _plain_name(told: str) -> str:
    """A name as a browser told it, for showing: no path, no more than is read."""
    name = told.replace("\\", "/").rpartition("/")[2]
    shown = printable(name, instead="")[-_LONGEST_SHOWN_NAME:]
    return shown if shown.strip(". ") else f"file{ENDING}"


def _back(refusal: Refused) -> ResponseReturnValue:
    advice = refusal.remedy if not refusal.remedy.isascii() else ""
    flash(_("%(sentence)s. %(advice)s", sentence=refusal.reason, advice=advice), "bad")
    return redirect(url_for("stick.page"), 303)


def _size(text: str) -> int:
    sizes = {str(one[0]): one[0] for one in _SIZES}
    if text not in sizes:
        raise BadRequest(_("Please choose the size of a volume"))
    return sizes[text] << 20


def _choices(also: str) -> list[tuple[str, str]]:
    """Whom something can be exported for: those above, all below, each below; and a station that was asked for."""
    node = _transfers().node
    above = [(peer.known.sid, peer.known.name) for peer in peers_above(node)]
    below = [(peer.known.sid, peer.known.name) for peer in peers_below(node)]
    together = [(BELOW, _("All directly below (%(stations)s)", stations=len(below)))] if below else []
    choices = [*above, *together, *below]
    if also and also not in dict(choices) and any(one.sid == also for one in node.read(all_certificates)):
        with suppress(Refused):
            choices.append((also, peer_below(node, also).known.name))
    return choices


def _paths_to_fetch() -> list[tuple[Path, int]]:
    """(path, bytes) of the volumes that the last export from this page has left to be downloaded."""
    transfers = _transfers()
    job = transfers.last(EXPORT)
    if job is None or job.running or job.directory.parent != transfers.node.engine.directory / _OUTGOING:
        return []
    paths = [job.directory / name for name in job.written]
    return [(path, path.stat().st_size) for path in paths if path.is_file()]


def _volumes_to_fetch() -> list[dict[str, Any]]:
    return [
        {"name": path.name, "size": f"{size / (1 << 20):.1f} MB", "number": number}
        for number, (path, size) in enumerate(_paths_to_fetch(), 1)
    ]


def _clear(folder: Path, *, but: Path) -> None:
    for path in folder.iterdir():
        if path != but:
            shutil.rmtree(path, ignore_errors=True)
