"""Photos brought down from the node above when somebody looks at one: never sooner, never asked for twice at once.

One thread fetches, one thing after the other: the chunk list, then the chunks that are not here, a few in a request,
each checked and kept as it arrives. A link that breaks costs the request under way; what is left is asked for when
somebody looks again. A node above that has not got it either is fetching it itself by then, and is asked again in a
moment. Where no new photo is kept none is fetched.

Must not know: who looks, how waiting is shown.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from sync.blobs.reading import chunks_away, read_list
from sync.database import Database
from sync.errors import Damaged, LinkDown, LinkError, NotFound, SyncError
from sync.messages import _
from sync.node.identity import CENTRE_SID
from sync.node.meeting.asking import Above
from sync.node.meeting.calling import WayUp
from sync.node.node import Node
from sync.node.setting_aside import settle_heard
from sync.node.sharing import shared_with_parent
from sync.node.vouching.holding import find_again
from sync.node.vouching.lost_photos import give_up_unreadable, lacking
from sync.records.ids import chunk_id, content_revision, parse_content_id
from sync.remote.transport import Transport
from sync.replication.hearing import Heard
from sync.store.ledger.certificates import certificates_of_station
from sync.store.ledger.lost_photos import lost_photos
from sync.typed import Changing, Value, replace
from sync.values.documents import Document, Wanted
from sync.values.traces import trace_of

_Key = tuple[str, str]  # database, id of a chunk list or of a single chunk

_FIRST_AT_ONCE, _MOST_AT_ONCE = 4, 32  # chunks in a request
_REQUEST_SECONDS = 6.0  # how long one should take: a cut costs no more
_PAUSES_SECONDS = (1.0, 2.0, 4.0)  # after a break, or while the node above is fetching itself
_MOST_POLLS = 10
_AGAIN_SECONDS = 5.0  # what failed is not tried sooner, however often somebody looks
_IDLE_SECONDS = 20.0  # a connection is kept for so long: the next photo is often looked at in a moment
_MOST_WAITING = 500

_log = logging.getLogger(__name__)


class Progress(Value):
    """How a fetch stands.

    done, of  chunks here, of how many; 0 of 0 before the list is here
    trouble   why it stopped, in words; "" while it goes on
    """

    done: int = 0
    of: int = 0
    trouble: str = ""


class _Job(Changing):
    progress: Progress = Progress()
    failed_at: float | None = None


class Fetcher:
    """Fetches for one node until `close`."""

    def __init__(
        self,
        node: Node,
        way: Callable[[], WayUp],
        *,
        refused: Callable[[], str],
        sleep: Callable[[float], object] | None = None,
        now_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """What brings one node its photos.

        way      how the node above is called now; asked for at each fetch, for its address may change
        refused  why no new photo can be kept here now, in words; "" while they can
        """
        self._node = node
        self._way = way
        self._refused = refused
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._now_seconds = now_seconds
        self._turn = threading.Condition()
        self._jobs: dict[_Key, _Job] = {}
        self._waiting: list[_Key] = []
        self._thread: threading.Thread | None = None
        self._link: tuple[WayUp, Transport] | None = None  # the thread's own
        self._at_once = _FIRST_AT_ONCE

    def want(self, database: str, doc_id: str) -> Progress:
        """Have a blob (by its chunk list) or a chunk fetched, unless that is under way; says how far it is."""
        key = (database, doc_id)
        with self._turn:
            job = self._jobs.get(key)
            if job is not None and not self._may_try_again(job):
                return job.progress
            if len(self._waiting) >= _MOST_WAITING:
                return Progress(trouble=_("Too many photos wait to be fetched, look again later"))
            self._jobs[key] = _Job()
            self._waiting.append(key)
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._run, name="fetcher", daemon=True)
                self._thread.start()
            self._turn.notify_all()
            return self._jobs[key].progress

    def await_end(self, database: str, doc_id: str, *, seconds: float) -> None:
        """Wait until a fetch has ended one way or the other, and not longer than that."""
        key = (database, doc_id)
        with self._turn:
            self._turn.wait_for(lambda: self._has_ended(key), timeout=seconds)

    def close(self) -> None:
        """End at the next request; what is not here by then is asked for another time."""
        self._closed.set()
        with self._turn:
            self._turn.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _has_ended(self, key: _Key) -> bool:
        job = self._jobs.get(key)
        return job is None or job.failed_at is not None

    def _may_try_again(self, job: _Job) -> bool:
        return job.failed_at is not None and self._now_seconds() - job.failed_at >= _AGAIN_SECONDS

    def _run(self) -> None:
        while not self._closed.is_set():
            keys = self._next(within_seconds=_IDLE_SECONDS if self._link else None)
            if keys:
                trouble = self._attempt(keys)
                self._end(keys, trouble)
            if not keys or trouble:
                self._hang_up()
        self._hang_up()

    def _open(self) -> tuple[WayUp, Transport]:
        """The connection there is, if it leads where the node above is called now, or another."""
        way = self._way()
        if self._link is None or self._link[0] is not way:
            self._hang_up()
            way.require_safe()
            self._link = way, way.transport()
        return self._link

    def _hang_up(self) -> None:
        if self._link is not None:
            self._link[1].close()
            self._link = None

    def _attempt(self, keys: Sequence[_Key]) -> str:
        """Fetch; returns why it did not go through, "" when it did."""
        try:
            if no_room := self._refused():
                return no_room
            self._fetch(*self._open(), keys)
        except LinkError:
            return _("There is no link to the level above, look again once there is one; a USB stick can bring it, too")
        except (NotFound, Damaged) as error:
            return error.reason
        except SyncError as error:
            _log.warning("fetching from above: %s: %s", type(error).__name__, error.reason)
            return _("It was not fetched from the level above")
        except Exception as fault:
            # A thread that ended here would leave everybody waiting until a restart. The message is left out: it may
            # quote a record.
            _log.error("fetching from above: %s\n%s", type(fault).__name__, trace_of(fault))
            return _("It was not fetched from the level above")
        return ""

    def _next(self, *, within_seconds: float | None) -> Sequence[_Key]:
        """The next blob, or the next chunks of one database; none when the time ran out or we are closed."""
        with self._turn:
            self._turn.wait_for(lambda: self._waiting or self._closed.is_set(), timeout=within_seconds)
            if not self._waiting:
                return ()
            name, doc_id = self._waiting[0]
            if _kind(doc_id) == "blob":
                keys = [self._waiting[0]]
            else:
                keys = [key for key in self._waiting if key[0] == name and _kind(key[1]) == "chunk"][:_MOST_AT_ONCE]
            self._waiting = [key for key in self._waiting if key not in keys]
            return keys

    def _end(self, keys: Sequence[_Key], trouble: str) -> None:
        with self._turn:
            for key in keys:
                if trouble:
                    job = self._jobs[key]
                    job.progress = replace(job.progress, trouble=trouble)
                    job.failed_at = self._now_seconds()
                else:
                    del self._jobs[key]
            forgotten = [
                key for key, job in self._jobs.items() if self._may_try_again(job) and key not in self._waiting
            ]
            for key in forgotten if len(self._jobs) > _MOST_WAITING else ():
                del self._jobs[key]
            self._turn.notify_all()

    def _fetch(self, way: WayUp, transport: Transport, keys: Sequence[_Key]) -> None:
        name, doc_id = keys[0]
        here = self._node.documents.database(name)
        # Here and not above: it comes with what reads a CouchDB, and many stations never fetch a photo (0.3 MB).
        from sync.remote.database import RemoteDatabase

        above = Above(way, RemoteDatabase(transport.within("couch"), name))
        if _kind(doc_id) == "chunk":
            digests = tuple(_digest(one) for _database, one in keys)
        else:
            root = _digest(doc_id)
            self._make_room(name, root)
            self._bring(above, keys, lambda: () if _has_list(here, root) else (doc_id,))
            digests = tuple(dict.fromkeys(read_list(here, root).chunks))

        def lacking() -> Sequence[str]:
            away = chunks_away(here, digests)
            self._note(keys, Progress(len(digests) - len(away), len(digests)))
            return tuple(chunk_id(one) for one in away)

        self._bring(above, keys, lacking)
        find_again(self._node, {name})

    def _make_room(self, name: str, root: str) -> None:
        """Give up what of a lost photo cannot be read; raises Damaged where that cannot be done."""
        node = self._node
        if any((one.database, one.root) == (name, root) for one in node.read(lost_photos)):
            give_up_unreadable(node)
            if lacking(node, name, root).unreadable:
                raise Damaged(
                    _(
                        "This photo is damaged on the disk of this machine, an administrator should restore it from a "
                        "backup"
                    )
                )

    def _bring(self, above: Above, keys: Sequence[_Key], lacking: Callable[[], Sequence[str]]) -> None:
        """Ask for what is lacking until nothing is; raises LinkError when the link keeps breaking, NotFound."""
        name = keys[0][0]
        most_polls = 1 if self._is_last_but_one() else _MOST_POLLS
        breaks = polls = 0
        while ids := lacking():
            asked, begun = ids[: self._at_once], self._now_seconds()
            try:
                kept = self._keep(name, above.read([_wanted(one) for one in asked]))
            except LinkError:
                self._at_once = 1
                breaks += 1
                if breaks > len(_PAUSES_SECONDS):
                    raise
            else:
                self._learn(len(asked), self._now_seconds() - begun)
                if kept:
                    breaks = polls = 0
                    continue
                polls += 1
                if polls >= most_polls:
                    raise NotFound(_("The level above has no photo of this material either"))
            self._pause(_PAUSES_SECONDS[min(breaks + polls, len(_PAUSES_SECONDS)) - 1])

    def _is_last_but_one(self) -> bool:
        """Whether the node above is the centre, which has nobody to ask."""
        known = self._node.read(lambda reader: certificates_of_station(reader, self._node.identity.sid))
        return any(one.parent == CENTRE_SID for one in known)

    def _keep(self, name: str, found: Sequence[Document]) -> int:
        """Keep what came, behind the guard; what is not what its name says is set aside, and was not brought."""
        if not found:
            return 0
        self._node.note_fetched([(name, one.id) for one in found])
        outcomes = shared_with_parent(self._node).open(name).graft(found)
        settle_heard(self._node, Heard(known={(name, one.id, one.revision) for one in found}))
        return sum(one.error is None for one in outcomes)

    def _learn(self, chunks: int, seconds: float) -> None:
        fitting = int(chunks * _REQUEST_SECONDS / max(seconds, 0.001))
        self._at_once = max(1, min(fitting, self._at_once * 2, _MOST_AT_ONCE))

    def _note(self, keys: Sequence[_Key], progress: Progress) -> None:
        with self._turn:
            for key in keys:
                self._jobs[key].progress = progress

    def _pause(self, seconds: float) -> None:
        self._sleep(seconds)
        if self._closed.is_set():
            raise LinkDown(_("This station is being stopped"))


def _wanted(doc_id: str) -> Wanted:
    return Wanted(doc_id, (content_revision(_digest(doc_id)),))


def _has_list(database: Database, root: str) -> bool:
    try:
        read_list(database, root)
    except NotFound:
        return False
    return True


def _kind(doc_id: str) -> str:
    content_id = parse_content_id(doc_id)
    return content_id[0] if content_id else ""


def _digest(doc_id: str) -> str:
    content_id = parse_content_id(doc_id)
    assert content_id is not None, "only chunks and chunk lists are fetched"
    return content_id[1]
