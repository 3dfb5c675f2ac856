"""How `requests` is made to count bytes at the socket, to let go of it, and to trust one TLS context or pin alone.

`requests` offers no hook so deep, so its adapter is given connection classes that report to a meter.

Must not know: addresses, CouchDB, errors.
"""

import contextlib
import io
import socket
import ssl
import sys
import threading
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from sync.remote.pinning import Pinning
from sync.remote.traffic import Meter, MeteredReader

_PIECE_BYTES = 16 * 1024
# Each look into the socket lets other threads go first, so few are worth more than a small buffer.
_BUFFER_BYTES = 64 * 1024
# Python names the option only from 3.12 on; these are the systems' numbers for TCP_NOTSENT_LOWAT.
_NOT_SENT_LOW = {"linux": 25, "darwin": 0x201}.get(sys.platform)
_UNSENT_BYTES = 16 * 1024


class Sockets:
    """The sockets of a connection, for another thread to cut."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()

    def opened(self, sock: socket.socket) -> None:
        """Note one that was connected."""
        with self._lock:
            self._open.add(sock)

    def closed(self, sock: socket.socket | None) -> None:
        """Forget one."""
        with self._lock:
            if sock is not None:
                self._open.discard(sock)

    def cut(self) -> None:
        """End whatever is under way on them: whoever waits there finds the connection broken."""
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    # The plain method: an `SSLSocket`'s own takes the encryption away under the reader's feet.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)


class MeteringAdapter(HTTPAdapter):
    """An adapter that keeps one connection open and counts what passes over it.

    tls  the context or the pin for `https://`; None for the system's trust
    """

    def __init__(self, meter: Meter, *, tls: ssl.SSLContext | Pinning | None = None) -> None:
        self._meter = meter
        self._tls = tls if isinstance(tls, ssl.SSLContext) else None
        self._pinning = tls if isinstance(tls, Pinning) else None
        self.sockets = Sockets()
        # No retries: whoever asked knows whether asking again is wise. One connection is kept, and
        # a second one is opened rather than made to wait behind a long poll.
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0, pool_block=False)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Give the pools connection classes that count."""
        super().init_poolmanager(*args, **kwargs)
        secure = HTTPSConnection if self._pinning is None else _pinned_class(self._pinning)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool_class(HTTPConnectionPool, HTTPConnection, self._meter, self.sockets),
            "https": _pool_class(HTTPSConnectionPool, secure, self._meter, self.sockets),
        }

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """With a context of our own nothing is added to what it trusts."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        if self._tls is None:
            return host, pool
        return host, {"ssl_context": self._tls, "assert_hostname": None if self._tls.check_hostname else False}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """With a context or a pin of our own nothing is added to what it trusts."""
        if self._tls is None and self._pinning is None:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]


def hold_little(link: socket.socket) -> None:
    """Have the system keep little that is not on its way yet.

    It would take megabytes at once, which a link of a village carries for minutes: whoever watches would see all of it
    gone, and a record that comes meanwhile would stand behind it. How much is on its way the system finds out as ever.
    """
    if _NOT_SENT_LOW is not None:
        with contextlib.suppress(OSError):  # an old system
            link.setsockopt(socket.IPPROTO_TCP, _NOT_SENT_LOW, _UNSENT_BYTES)


def _pinned_class(pinning: Pinning) -> Any:
    class Pinned(HTTPSConnection):
        def connect(self) -> None:
            HTTPConnection.connect(self)
            self.sock = pinning.secure(self.sock)
            self.is_verified = True

        def close(self) -> None:
            if isinstance(self.sock, ssl.SSLSocket):
                pinning.remember(self.sock)
            super().close()

    return Pinned


def _pool_class(pool: Any, connection: Any, meter: Meter, sockets: Sockets) -> Any:
    class Response(HTTPResponse):
        def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(MeteredReader(self.fp.detach(), meter), _BUFFER_BYTES)

    class Metered(connection):  # type: ignore[misc]
        response_class = Response

        def connect(self) -> None:
            super().connect()
            hold_little(self.sock)
            meter.connections += 1
            sockets.opened(self.sock)

        def close(self) -> None:
            sockets.closed(self.sock)
            super().close()

        def send(self, data: Any) -> None:
            # In pieces, for the socket's time limit holds for all of what it is handed at once.
            for start in range(0, len(data), _PIECE_BYTES):
                piece = data[start : start + _PIECE_BYTES]
                super().send(piece)
                meter.bytes_sent += len(piece)

    return type(f"Metered{pool.__name__}", (pool,), {"ConnectionCls": Metered})
