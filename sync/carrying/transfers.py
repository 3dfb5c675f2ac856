"""Exports and imports of one node, one at a time, each in a thread of its own: whoever asked may come back later.

What is under way, and what the last one came to, is kept in memory; a restart forgets it, and nothing is lost by that.

Must not know: who asks, how it is shown.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sync.carrying.addressing import Counterpart, peer_above, peer_below, peers_below
from sync.carrying.outcomes import Outcome
from sync.carrying.spool import Spool
from sync.carrying.stick import USUAL_PHOTO_BYTES, USUAL_VOLUME_BYTES, Stick, volumes_in
from sync.errors import BadRequest, Conflict, DiskFull, NotFound, SyncError
from sync.messages import _
from sync.node.node import Node
from sync.node.room import Room
from sync.node.vouching.statements import stations_above
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.carried import UPWARD
from sync.store.ledger.certificates import all_certificates
from sync.typed import Changing, field
from sync.values.traces import trace_of

_log = logging.getLogger(__name__)

UP, BELOW = "up", "below"
EXPORT, IMPORT = "export", "import"


class _Ended(SyncError):
    """The node is being stopped."""


class Job(Changing):
    """One export or import, while it goes on and when it has ended.

    to         whom an export is for, as it was asked for, in volumes of so many `volume_bytes`;  directory, where it
               writes to;  written, the volumes that are there whole
    bytes      written so far;  documents, taken in so far;  outcomes, of the files that are through, of so many `files`
    missing    in sentences, what of sets has not come yet
    result     what an export came to: {"to", "volumes", "bytes", "documents", "photos", "photos_left", "carried"}, the
               photos being those that were asked for; None before
    """

    id: str
    kind: str
    running: bool = True
    to: str = ""
    volume_bytes: int = 0
    directory: Path = Path()
    written: list[str] = field(default_factory=list)
    bytes: int = 0
    documents: int = 0
    files: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    result: dict[str, Any] | None = None
    error: SyncError | None = None

    def told(self) -> dict[str, Any]:
        """As JSON values, for commands and pages."""
        error = self.error
        return {
            "job": self.id,
            "kind": self.kind,
            "running": self.running,
            "bytes": self.bytes,
            "documents": self.documents,
            "files": self.files,
            "outcomes": [{"file": one.file, "what": one.what, "sentence": one.sentence} for one in self.outcomes],
            "missing": self.missing,
            "result": self.result,
            "error": None if error is None else {"reason": error.reason, "remedy": error.remedy},
        }


class Transfers:
    """What is exported and imported here. Guards that it is one at a time."""

    def __init__(self, node: Node, room: Room) -> None:
        """room: of this node, for the photos that volumes bring."""
        self.node = node
        self._room = room
        self._changed = threading.Condition()
        self._ending = False
        self._jobs: dict[str, Job] = {}  # by kind: the last of each
        self._thread: threading.Thread | None = None

    def export(
        self,
        to: str,
        directory: Path,
        *,
        by: str,
        volume_bytes: int = USUAL_VOLUME_BYTES,
        photo_bytes: int = USUAL_PHOTO_BYTES,
        everything: bool = False,
    ) -> Job:
        """Begin to write volumes into a directory, and those that are carried for others behind them.

        to      `up`, `below` for all stations directly below, or a station's id; "" means `up`
        raises  Conflict while another is under way; NotFound when there is nobody of that name or no such directory
        """
        peers = addressed(self.node, to)
        stick = Stick(directory)

        def work(job: Job) -> None:
            self._export(
                job, peers, stick, volume_bytes=volume_bytes, photo_bytes=photo_bytes, everything=everything, by=by
            )

        job = Job(_new_id(), EXPORT, to=to, volume_bytes=volume_bytes, directory=directory, written=stick.names)
        return self._begin(job, work)

    def take_in(self, paths: Sequence[Path], *, by: str, then: Callable[[], object] | None = None) -> Job:
        """Begin to take in volumes: files, or directories with some.

        then    called when it has ended, well or not
        raises  Conflict while another is under way; NotFound for a file or directory that is not there
        """
        files = list(_files(paths))

        def work(job: Job) -> None:
            # Here and not above: what reads and writes volumes is loaded when the first stick comes (0.4 MB).
            from sync.carrying.gathering import import_files

            try:
                gathered = import_files(
                    self.node,
                    files,
                    by=by,
                    room=self._room,
                    progress=lambda more: self._count(job, documents=more),
                    done=lambda outcome: self._through(job, outcome),
                )
                job.missing = list(gathered.missing)
            finally:
                if then is not None:
                    then()

        return self._begin(Job(_new_id(), IMPORT, files=len(files)), work)

    def last(self, kind: str) -> Job | None:
        """The export or import under way, or the last one; None before any."""
        with self._changed:
            return self._jobs.get(kind)

    def await_job(self, job_id: str, *, seconds: float) -> Job:
        """A job once it has ended, or as it stands after so many seconds; raises NotFound for one long gone."""
        deadline = time.monotonic() + seconds
        with self._changed:
            job = next((one for one in self._jobs.values() if one.id == job_id), None)
            if job is None:
                raise NotFound(
                    _("There is no such transfer, the program may have been started anew; export or import once more")
                )
            while job.running and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            return job

    def close(self) -> None:
        """Break off what is under way, and wait until it has stopped; what is on disk stays."""
        self._ending = True
        if self._thread is not None:
            self._thread.join()

    def _begin(self, job: Job, work: Callable[[Job], None]) -> Job:
        with self._changed:
            if any(one.running for one in self._jobs.values()):
                raise Conflict(_("Another export or import by USB stick is under way, wait until it has ended"))
            self._jobs[job.kind] = job
            self._thread = threading.Thread(target=self._run, args=(job, work), name=f"volumes {job.kind}", daemon=True)
            self._thread.start()
        return job

    def _run(self, job: Job, work: Callable[[Job], None]) -> None:
        error: SyncError | None = None
        try:
            work(job)
        except DiskFull as full:
            error = full if not full.reason.isascii() else _own_disk_full()
        except SyncError as refusal:
            error = refusal
        except Exception as fault:
            # The message is left out: it may quote a record.
            _log.error("%s of volumes failed: %s\n%s", job.kind, type(fault).__name__, trace_of(fault))
            told = _("Something went wrong and the transfer was not finished; what was written or taken by then counts")
            error = SyncError(told, remedy=_("Try once more; if it does not help, tell an administrator."))
        finally:
            with self._changed:
                job.error, job.running = error, False
                self._changed.notify_all()

    def _export(
        self,
        job: Job,
        peers: Sequence[Counterpart],
        stick: Stick,
        *,
        volume_bytes: int,
        photo_bytes: int,
        everything: bool,
        by: str,
    ) -> None:
        # Here and not above, as for what is taken in.
        from sync.carrying.exporting import export

        node, up = self.node, peers[0].is_above
        documents = photos = photos_left = 0
        names = [peer.known.name for peer in peers]
        for peer in peers:
            done = export(
                node,
                peer,
                stick,
                volume_bytes=volume_bytes,
                photo_bytes=photo_bytes,
                everything=everything,
                progress=lambda more: self._count(job, size=more),
            )
            documents += done.documents
            photos, photos_left = photos + done.photos, photos_left + done.photos_left
        stations = [UPWARD] if up else [peer.known.sid for peer in peers]
        carried = Spool(node).hand_on(stick, stations, again=everything)
        detail = _("%(volumes)s volumes, %(bytes)s bytes", volumes=len(stick.names), bytes=job.bytes)
        to = " ".join(peer.known.sid for peer in peers)
        node.engine.write(lambda tx: append_entry(tx, Entry(node.clock(), by, "volumes_exported", to, detail)))
        job.result = {
            "to": names,
            "volumes": list(stick.names),
            "bytes": job.bytes,
            "documents": documents,
            "photos": photos,
            "photos_left": photos_left,
            "carried": carried,
        }

    def _count(self, job: Job, *, size: int = 0, documents: int = 0) -> None:
        if self._ending:
            raise _Ended(_("The program is being stopped and the transfer was not finished; try once more later"))
        job.bytes += size
        job.documents += documents

    def _through(self, job: Job, outcome: Outcome) -> None:
        with self._changed:
            job.outcomes.append(outcome)


def _new_id() -> str:
    return secrets.token_hex(8)


def _own_disk_full() -> DiskFull:
    """The store says it for developers; what is full is not the stick, which says so itself."""
    told = _("The disk of this computer is full, the transfer was not finished")
    return DiskFull(told, remedy=_("Free room on it, then do it again; what was written or taken by then counts."))


def addressed(node: Node, to: str) -> tuple[Counterpart, ...]:
    """Whom a word of `Transfers.export` means; raises NotFound, BadRequest."""
    if to == BELOW:
        below = peers_below(node)
        if not below:
            raise NotFound(_("There is no station below that is in use yet"))
        return below
    if to in ("", UP):
        if not to and not node.identity.upstream:
            raise BadRequest(_("Say for which station it is, or for all below (below)"))
        return (peer_above(node),)
    if to in stations_above(node.identity.sid, node.read(all_certificates)):
        return (peer_above(node, to),)
    return (peer_below(node, to),)


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_file():
            yield path
        else:
            yield from volumes_in(path)
