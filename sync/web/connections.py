"""A connection of cheroot's with ways of our own: what cheroot does well, taking connections, threads, stays its.

A connection begins as its client likes (`opening`). A request is read in one look where it can be (`heads`), answered
with few calls to the system (`answering`), and its body is read as it is asked for (`receiving`). The thread that
answered stays with the connection for a moment: most clients ask on at once, and to hand the connection back to the
thread that watches all idle ones, to be given to another thread a moment later, would take as long as many an answer.

Must not know: routes, what the application is.
"""

import select
import socket
import ssl
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial
from typing import Any

from cheroot.makefile import MakeFile
from cheroot.server import HTTPConnection, HTTPRequest, KnownLengthRFile

from sync.errors import TooLarge
from sync.web.answering import Answering
from sync.web.fields import read_fields
from sync.web.hanging_up import HUNG_UP, hung_up
from sync.web.heads import Head, Spelled, environ_name, ordinary_head
from sync.web.opening import Opening, Step
from sync.web.pace import KNOWN, Pace, PacedReader
from sync.web.receiving import ChunkedBody, is_unread, read_away

_PIECE_BYTES = 64 << 10
# A client that is still there asks on within the time of its own work and of a Wi-Fi's round trip.
_STAYING_MILLISECONDS = 20
# How long what comes behind a last answer is read: a connection closed over unread bytes is reset.
_FAREWELL_SECONDS = 2.0


# The key under which a WSGI environ holds `(taker) -> None`: once the answer has been sent as far as it goes, the
# connection is given to the taker, `(socket) -> None`, and no thread of ours has to do with it any more. Its body is
# told without a length, for whoever took it goes on with it.
HAND_OVER = "yizhan.hand_over"
# The key of `(waits) -> None`, called by the thread that answers: whether its request waits (`Workers.aside`).
ASIDE = "yizhan.aside"


class StayingPlaces:
    """How many threads may stay with connections that ask nothing just now; the others are there for whoever comes."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._taken: set[object] = set()

    def take(self, who: object) -> bool:
        """Take a place, unless all are taken; where two come at once there may be one too many for a moment."""
        if len(self._taken) >= self._number:
            return False
        self._taken.add(who)
        return True

    def leave(self, who: object) -> None:
        """Give it back."""
        self._taken.discard(who)


class Request(HTTPRequest):
    """Cheroot's request, read and answered in our manner."""

    head: Head
    header_reader = staticmethod(read_fields)

    def parse_request(self) -> None:
        """Read the head; `ready` says afterwards whether there is a request to answer."""
        head = ordinary_head(self.conn.rfile)
        if head is None:
            super().parse_request()
            if self.ready:
                self.head = self._head_of_cheroot()
            return
        self.started_request = True
        self.head = head
        self.response_protocol = "HTTP/1.1"
        self.close_connection = head.closing
        most = self.server.max_request_body_size
        if most and head.length > most:
            self.simple_response("413 Request Entity Too Large", "The body is larger than is taken.")
        else:
            self.ready = True

    def read_request_line(self) -> bool:
        """Read the line, whatever way its target is spelled; gives whether it can be answered."""
        source = self.rfile
        self.rfile = Spelled(source)
        try:
            return bool(super().read_request_line())  # type: ignore[no-untyped-call]
        finally:
            self.rfile = source

    def read_request_headers(self) -> bool:
        """Read the fields; gives whether the request can be answered."""
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        if b"Transfer-Encoding" in self.inheaders and self.response_protocol != "HTTP/1.1":
            # Who speaks 1.0 knows no chunks: whoever handed this on has read its end elsewhere (RFC 9112, 6.1).
            self.simple_response("400 Bad Request", "HTTP/1.0 has no chunks.")
            return False
        return True

    def respond(self) -> None:
        """Let the application answer."""
        source = self.conn.rfile
        if self.chunked_read:
            self.rfile: Any = ChunkedBody(source, self.server.max_request_body_size)
        else:
            self.rfile = KnownLengthRFile(source, self.head.length)
        Answering(self).answer(self.server.wsgi_app, self._environ())
        self.conn.is_given = self.conn.taker is not None
        if self.close_connection and is_unread(self.rfile):
            self._read_on()

    def send(self, piece: bytes) -> None:
        """Send all of it."""
        pace: Pace = self.conn.pace
        pace.awaits_other = True
        try:
            self.conn.socket.sendall(piece)
        finally:
            pace.awaits_other = False
        pace.moved += len(piece)

    def settle(self) -> None:
        """Before the answer: nothing may stand between this request and the next, or there is no next."""
        if not self.close_connection:
            pace: Pace = self.conn.pace
            pace.is_drained = True
            self.close_connection = not (self.server.can_add_keepalive_connection and read_away(self.rfile))
            pace.is_drained = False

    def connection_headers(self) -> list[tuple[str, str]]:
        """What the other side must be told of what becomes of the connection; source: RFC 9112, 9.3."""
        if self.close_connection:
            return [("Connection", "close")]
        if self.response_protocol == "HTTP/1.1":
            return []
        return [("Connection", "Keep-Alive"), ("Keep-Alive", f"timeout={self.server.timeout}")]

    def takes_chunks(self) -> bool:
        """Whether the other side knows chunks, and nobody is to go on after us who may not."""
        return bool(self.response_protocol == "HTTP/1.1" and self.conn.taker is None)

    def _head_of_cheroot(self) -> Head:
        fields = {
            environ_name(name.decode("latin-1")): value.decode("latin-1") for name, value in self.inheaders.items()
        }
        length = 0 if self.chunked_read else int(fields.get("CONTENT_LENGTH", 0))
        method, target, path, query = (each.decode("latin-1") for each in (self.method, self.uri, self.path, self.qs))
        return Head(method, target, path, query, fields, length, self.close_connection)

    def _environ(self) -> dict[str, Any]:
        """What WSGI tells an application of a request; source: PEP 3333."""
        head = self.head
        return {
            **self.conn.environ,
            "REQUEST_METHOD": head.method,
            "REQUEST_URI": head.target,
            "PATH_INFO": head.path,
            "QUERY_STRING": head.query,
            "SERVER_PROTOCOL": self.response_protocol,
            "wsgi.input": self.rfile,
            "wsgi.input_terminated": self.chunked_read,
            **head.fields,
        }

    def _read_on(self) -> None:
        """Read for a moment what still comes: a connection closed over unread bytes is reset, the answer with it."""
        until = time.monotonic() + _FAREWELL_SECONDS
        with suppress(OSError, TooLarge):
            while is_unread(self.rfile) and (left := until - time.monotonic()) > 0:
                self.conn.socket.settimeout(left)
                if not self.rfile.read(_PIECE_BYTES):
                    return


class Connection(HTTPConnection):
    """Cheroot's connection, whose thread stays with it for a moment."""

    RequestHandlerClass = Request

    def __init__(self, server: Any, link: socket.socket, makefile: Any = MakeFile) -> None:
        super().__init__(server, link, makefile)
        server.open.add(self)
        self.pace = Pace()
        self.rfile = PacedReader(link, self.pace, self.rbufsize)
        self.taker: Callable[[socket.socket], None] | None = None
        self.is_given = False
        self._opening = Opening(link, server.tls, plain=server.plain) if server.tls else None

    @cached_property
    def environ(self) -> dict[str, Any]:
        """What WSGI tells an application of every request of this connection."""
        return {
            "REMOTE_ADDR": self.remote_addr or "",
            "REMOTE_PORT": str(self.remote_port or ""),
            "SCRIPT_NAME": "",
            "SERVER_NAME": self._reached_at(),
            "SERVER_PORT": str(self.server.bind_addr[1]),
            "SERVER_SOFTWARE": self.server.server_name,
            "wsgi.errors": sys.stderr,
            "wsgi.multiprocess": False,
            "wsgi.multithread": True,
            "wsgi.run_once": False,
            "wsgi.url_scheme": "https" if isinstance(self.socket, ssl.SSLSocket) else "http",
            "wsgi.version": (1, 0),
            HUNG_UP: partial(hung_up, self.socket),
            HAND_OVER: self._hand_over,
            ASIDE: self.server.requests.aside,
            KNOWN: self.pace.know,
        }

    def communicate(self) -> bool:
        """Answer requests as long as one follows another; gives whether the connection is to be kept."""
        self.server.core.keep()
        if self._opening:
            step = self._opening.proceed()
            self.socket = self._opening.link
            if step is not Step.OPEN:
                return step is Step.WAITING
            self._opened()
            if not self._is_asked_on():
                return True
        self.pace.begin()
        while super().communicate():  # type: ignore[no-untyped-call]
            if not self._is_asked_on():
                return True
            self.pace.begin()
        return False

    def hang_up(self) -> None:
        """Have the thread that waits for the other side find that it is gone; called by another thread."""
        with suppress(OSError):  # past TLS, whose own farewell would wait for the other side as well
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection, or give it to whoever takes it over."""
        self.server.open.discard(self)
        if not (self.is_given and self.taker):
            super().close()
            return
        self.rfile.close()
        self.taker(self.socket)

    def _reached_at(self) -> str:
        """The address its client came to: where things are, for who names no host (HTTP/1.0)."""
        try:
            return str(self.socket.getsockname()[0])
        except (OSError, IndexError):  # it is closed already
            return str(self.server.server_name)

    def _hand_over(self, taker: Callable[[socket.socket], None]) -> None:
        self.taker = taker

    def _close_kernel_socket(self) -> None:
        """Say farewell, whether or not anybody is there to hear it: what is raised here would end the whole server."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def _opened(self) -> None:
        self._opening = None
        self.socket.settimeout(self.server.timeout)
        self.rfile = PacedReader(self.socket, self.pace, self.rbufsize)
        self.wfile = MakeFile(self.socket, "wb", self.wbufsize)

    def _is_asked_on(self) -> bool:
        """Whether the next request is there within a moment."""
        if self.rfile.has_data():
            return True
        pending = getattr(self.socket, "pending", None)
        if pending and pending():  # TLS has unpacked more than was read, and the system knows nothing of it
            return True
        staying: StayingPlaces = self.server.staying
        if not (self.server.ready and staying.take(self)):
            return False
        try:
            return self._watch is not None and bool(self._watch.poll(_STAYING_MILLISECONDS))
        finally:
            staying.leave(self)

    @cached_property
    def _watch(self) -> Any:
        """Asks whether there is something to read; None where the system cannot be asked so."""
        if not hasattr(select, "poll"):
            return None
        watch = select.poll()
        watch.register(self.socket.fileno(), select.POLLIN)
        return watch
