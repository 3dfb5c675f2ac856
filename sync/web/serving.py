"""A WSGI application on cheroot, started, told its real port, and stopped cleanly.

`running` serves from threads of its own until its block ends; `serve` is that plus waiting for
SIGTERM or Ctrl-C. Plain HTTP carries passwords and people's data in the clear, so beyond loopback
it is refused unless the settings say otherwise; where there is TLS to show, both are spoken on one port (`opening`).

Must not know: routes, what the application is. It prints nothing.
"""

import errno
import gc
import logging
import re
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cheroot.wsgi import Server

from sync.errors import Forbidden, StorageError
from sync.messages import _
from sync.values.addresses import is_loopback
from sync.values.traces import trace_of
from sync.web.connections import Connection, StayingPlaces
from sync.web.keeping import MOST_OPEN, Keeping, most_open
from sync.web.one_core import OneCore
from sync.web.opening import Plain, Showing, anywhere, is_here
from sync.web.pace import PATIENCE_SECONDS
from sync.web.workers import Workers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
else:
    WSGIApplication = Callable[..., Any]

THREADS = 24
# Without HTTP's usual cookies and form fields the largest honest header block is far below this.
LARGEST_HEADER_BYTES = 32 << 10
# One _bulk_docs batch or one photo upload; routes narrow it further for themselves.
LARGEST_BODY_BYTES = 64 << 20
# A village link pauses for tens of seconds and goes on; cutting earlier would repeat what was sent.
SILENCE_SECONDS = 60
# How long requests under way may finish when we are told to stop.
FAREWELL_SECONDS = 5
_WAITING_CONNECTIONS = 128
# Signals are noticed between waits; on Windows a wait without end would never notice Ctrl-C.
_NOTICE_SECONDS = 1.0
_NUMBER = re.compile(r"\[(?:Errno|WinError) (\d+)\]")

_log = logging.getLogger(__name__)


def serve(
    app: WSGIApplication,
    host: str,
    port: int,
    *,
    threads: int = THREADS,
    ready: Callable[[int], None] | None = None,
    stopping: Callable[[], None] | None = None,
    tls: Showing | None = None,
    allow_plain: bool = False,
    largest_body_bytes: int = LARGEST_BODY_BYTES,
    waiting: int = 0,
) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first. Main thread only.

    port     0 takes any free one
    ready    called with the real port once connections are taken
    stopping called when told to stop, before requests under way are waited for: lets those go that wait
    tls      shown to whoever asks for it; plain HTTP is then answered to this machine, and to others if it is allowed
    largest_body_bytes  larger ones are refused unread; 0 when the application sees to it
    waiting  how many of the threads are for requests that wait, and are nobody's share while they do (`workers`)
    raises   Forbidden for plain HTTP beyond loopback, StorageError when the port cannot be had
    """
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with running(
            app,
            host,
            port,
            threads=threads,
            tls=tls,
            allow_plain=allow_plain,
            largest_body_bytes=largest_body_bytes,
            waiting=waiting,
            connections=most_open(),
        ) as real_port:
            gc.freeze()  # what a node is made of stays as long as it runs: circles are looked for in what came since
            if ready:
                ready(real_port)
            while not stop.wait(_NOTICE_SECONDS):
                pass
            if stopping:
                stopping()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def running(
    app: WSGIApplication,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    threads: int = THREADS,
    tls: Showing | None = None,
    allow_plain: bool = False,
    largest_body_bytes: int = LARGEST_BODY_BYTES,
    waiting: int = 0,
    connections: int = MOST_OPEN,
    patience: float = PATIENCE_SECONDS,
) -> Iterator[int]:
    """Serve from other threads while the block runs; gives the real port.

    connections  how many may be open
    patience     seconds that a stranger may keep a thread waiting while others wait for one (`pace`)
    raises  Forbidden for plain HTTP beyond loopback, StorageError when the port cannot be had
    """
    if not (tls or allow_plain or is_loopback(host)):
        raise Forbidden(
            f"plain HTTP on {host} would carry passwords and people's data unprotected",
            remedy="Listen on 127.0.0.1, give a certificate, or allow plain HTTP in the settings.",
        )
    server = _server(app, (host, port), threads, largest_body_bytes)
    server.requests = Workers(server, threads, waiting=waiting, patience=patience)
    server.tls, server.plain = tls, anywhere if allow_plain else is_here
    server.most_open = connections
    # Each that is open may be kept: were fewer, a phone that opens some hundreds and asks nothing would have everybody
    # else shake hands for each request.
    server.keep_alive_conn_limit = connections
    try:
        server.prepare()
    except OSError as error:
        raise _not_had(f"{host}:{port}", error) from None
    thread = threading.Thread(target=server.serve, name="http-accept")
    thread.start()
    try:
        yield server.bind_addr[1]
    finally:
        server.stop()
        thread.join()


def _not_had(place: str, error: OSError) -> StorageError:
    """Why nobody can be answered there. Cheroot tells only in a text which of the system's errors it was."""
    numbers = {int(number) for number in _NUMBER.findall(str(error))}
    if errno.EADDRINUSE in numbers:
        told = _("Another program listens at %(place)s already", place=place)
        return StorageError(told, remedy=_("Stop that program, or choose another port (--port or YIZHAN_PORT)."))
    return StorageError(
        _("Nobody can be answered at %(place)s: %(error)s", place=place, error=error),
        remedy=_("The address must be one of this machine's; ports below 1024 are for administrators on most systems."),
    )


class _Server(Server):
    """Cheroot with a log of our own: the frames of a fault, never its message, which may quote a request."""

    ConnectionClass = Connection
    staying: StayingPlaces
    core: OneCore
    tls: Showing | None
    plain: Plain
    open: set[Connection]
    _connections: Any
    most_open: int

    def prepare(self) -> None:
        """Have everything ready to serve, with a keeper of connections of our own."""
        super().prepare()
        self._connections.close()
        self._connections = Keeping(self, self.most_open)

    def process_conn(self, conn: Connection) -> None:
        """Hand a connection to a thread; a new one only once it is asked something, be it a handshake."""
        if conn.last_used is None:
            self.put_conn(conn)
        else:
            super().process_conn(conn)

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: tuple[str, int]) -> socket.socket:
        if sys.platform != "win32":
            # Cheroot leaves this out for port 0; a node killed and started again on the port it was given
            # would then wait a minute for the connections of its former life.
            socket_.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()  # Cheroot would leave it to the garbage collector
            raise
        return socket_

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        fault = sys.exc_info()[1] if traceback else None
        if fault is None:
            _log.log(level, "%s", msg)
        elif not isinstance(fault, OSError):  # those mean that a client went away
            _log.log(level, "fault while serving: %s\n%s", type(fault).__name__, trace_of(fault))


def _server(app: WSGIApplication, address: tuple[str, int], threads: int, largest_body_bytes: int) -> _Server:
    server = _Server(
        address,
        app,
        server_name="yizhan",
        request_queue_size=_WAITING_CONNECTIONS,
        timeout=SILENCE_SECONDS,
        shutdown_timeout=FAREWELL_SECONDS,
    )
    server.staying = StayingPlaces(threads // 2)
    server.core = OneCore()
    server.max_request_header_size = LARGEST_HEADER_BYTES
    server.max_request_body_size = largest_body_bytes
    server.open = set()
    return server
