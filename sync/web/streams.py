"""Streams of server-sent events that hold no thread while they wait: one thread, while anybody listens, writes to all.

A request that asks for a stream is answered as far as its head; then its connection is handed over (`connections`), and
the thread that answered is free. Every stream carries the same small state. It is looked at at most once a second, and
nothing is sent while it stays as it was, but now and then a comment, so that whoever is between keeps the connection.

A listener who does not take what is sent, or went away, is let go; a browser comes back by itself.

source  HTML, 9.2 Server-sent events

Must not know: what the state says, who may listen.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from sync.errors import PeerBusy, SyncError
from sync.messages import _
from sync.typed import Changing
from sync.values.traces import trace_of
from sync.web.hanging_up import hung_up

PLACES = 128
LEAST_SECONDS = 1.0  # between two events
HEARTBEAT_SECONDS = 20.0  # what stands between may give up after half a minute of silence
RETRY_MILLISECONDS = 5000
CONTENT_TYPE = "text/event-stream"
_HEARTBEAT = b":\n\n"

_log = logging.getLogger(__name__)


class _Stream(Changing):
    """One listener: its connection, whether it may still listen, and what it was sent last, and when."""

    link: socket.socket
    may_listen: Callable[[], bool]
    sent: bytes
    sent_at: float


class Streams:
    """The listeners of one node. Guards who they are; the thread that serves them lives as long as there are any."""

    def __init__(
        self,
        look: Callable[[], bytes],
        wait: Callable[[float], None],
        *,
        places: int = PLACES,
        least_seconds: float = LEAST_SECONDS,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        """What is sent, and when it may be another.

        look  the state just now, as one line of text
        wait  returns when something may have changed, or after so many seconds
        """
        self._look = look
        self._wait = wait
        self._places = places
        self._least_seconds = least_seconds
        self._heartbeat_seconds = heartbeat_seconds
        self._lock = threading.Lock()
        self._streams: list[_Stream] = []
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def __len__(self) -> int:
        """How many listen."""
        return len(self._streams)

    def begin(self) -> bytes:
        """What a new stream begins with; raises PeerBusy when there are as many as there may be, or at the end."""
        if self._closing.is_set() or len(self._streams) >= self._places:
            raise PeerBusy(_("Too many pages are open now, try again later"))
        return b"retry: %d\n\n" % RETRY_MILLISECONDS + _event(self._look())

    def take(self, link: socket.socket, begun_with: bytes, may_listen: Callable[[], bool]) -> None:
        """Take over a connection whose answer has begun; it is closed when that ends.

        begun_with  what `begin` gave
        may_listen  asked before anything is sent; the stream ends when it says no
        """
        link.setblocking(False)
        stream = _Stream(link, may_listen, begun_with.partition(b"\n\n")[2], time.monotonic())
        with self._lock:
            if self._closing.is_set():
                _close(link)
                return
            self._streams.append(stream)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="event-streams", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End every stream, and admit no more."""
        self._closing.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            began = time.monotonic()
            self._serve()
            with self._lock:
                if self._closing.is_set():
                    for stream in self._streams:
                        _close(stream.link)
                    self._streams.clear()
                if not self._streams:
                    self._thread = None
                    return
            self._wait(self._least_seconds)
            self._closing.wait(max(0.0, self._least_seconds - (time.monotonic() - began)))

    def _serve(self) -> None:
        """Send to each what it has not been sent; let go who went."""
        try:
            event = _event(self._look())
        except SyncError:
            event = b""  # its disk is in trouble: others say so, and the streams stand still meanwhile
        except Exception as fault:
            # A thread that ended here would leave every page standing still. The message may quote somebody's number.
            _log.error("looking failed: %s\n%s", type(fault).__name__, trace_of(fault))
            event = b""
        now = time.monotonic()
        with self._lock:
            streams = list(self._streams)
        gone = [stream for stream in streams if not self._goes_on(stream, event, now)]
        for stream in gone:
            _close(stream.link)
        if gone:
            with self._lock:
                self._streams = [stream for stream in self._streams if stream not in gone]

    def _goes_on(self, stream: _Stream, event: bytes, now: float) -> bool:
        if hung_up(stream.link):
            return False
        is_news = event not in (b"", stream.sent)
        if not is_news and now - stream.sent_at < self._heartbeat_seconds:
            return True
        try:
            if not stream.may_listen():
                return False
            piece = event if is_news else _HEARTBEAT
            whole = stream.link.send(piece) == len(piece)
        except (OSError, SyncError):  # of whoever takes nothing more, sending raises one, too
            return False
        stream.sent, stream.sent_at = (event if is_news else stream.sent), now
        return whole


def _event(state: bytes) -> bytes:
    return b"data: " + state + b"\n\n"


def _close(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        link.close()
