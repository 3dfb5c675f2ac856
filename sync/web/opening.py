"""How a connection begins: its first byte tells whether the client speaks TLS, and then hands are shaken.

    connected ──► first byte ──► 0x16 ──► handshake ──► open, encrypted
                            └──► other ─► open in the clear for this machine, and for others where that is allowed

So one port serves both the browser on the same machine and whoever comes over a network. Cheroot shakes hands in the
thread that takes all connections, where one slow client holds up everybody; here no thread waits for a client: what is
under way goes on when there is something to read.

Must not know: HTTP beyond the one refusal, whose certificates are shown.
"""

import contextlib
import socket
import ssl
import time
from collections.abc import Callable
from enum import Enum

from sync.messages import N_, _
from sync.values.addresses import is_loopback
from sync.values.json_text import dump

# Gives what the next connection is shown; asked for each, since a node's certificate may be renewed while it runs.
Showing = Callable[[], ssl.SSLContext]
# Whether the client of a connection may speak in the clear.
Plain = Callable[[socket.socket], bool]

# A handshake is one round trip. A village's link may pause within it, and a client that dawdles costs a socket only.
OPENING_SECONDS = 60.0
_HANDSHAKE = b"\x16"  # RFC 8446, 5.1
_UNSENT_BYTES = 64 << 10
_ONLY_HTTPS = N_("To other machines this node speaks HTTPS only, use an https:// address")
_REFUSED = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%b"
)


class Step(Enum):
    """Where a connection stands."""

    WAITING = "for more from the client"
    OPEN = "for requests"
    ENDED = "nothing comes of it"


class Opening:
    """The beginning of one connection; `link` is its socket, another one once TLS is spoken."""

    def __init__(
        self, link: socket.socket, showing: Showing, *, plain: Plain, now_seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.link = link
        self._showing = showing
        self._plain = plain
        self._now_seconds = now_seconds
        self._until = now_seconds() + OPENING_SECONDS

    def proceed(self) -> Step:
        """Go as far as what the client has sent allows, without waiting for it."""
        if self._now_seconds() > self._until:
            return Step.ENDED
        try:
            return self._proceed()
        except (BlockingIOError, ssl.SSLWantReadError):
            return Step.WAITING
        except OSError:  # it went away, or we have no cipher, version or certificate in common
            return Step.ENDED

    def _proceed(self) -> Step:
        if not isinstance(self.link, ssl.SSLSocket):
            self.link.setblocking(False)
            first = self.link.recv(1, socket.MSG_PEEK)
            if first != _HANDSHAKE:
                return self._in_the_clear() if first else Step.ENDED
            self.link = self._showing().wrap_socket(self.link, server_side=True, do_handshake_on_connect=False)
        self.link.do_handshake()
        return Step.OPEN

    def _in_the_clear(self) -> Step:
        if self._plain(self.link):
            return Step.OPEN
        with contextlib.suppress(OSError):
            self.link.recv(_UNSENT_BYTES)  # closed over unread bytes, a connection is reset and the answer with it
            body = dump({"error": "bad_request", "reason": _(_ONLY_HTTPS)}) + b"\n"
            self.link.sendall(_REFUSED % (len(body), body))
        return Step.ENDED


def is_here(link: socket.socket) -> bool:
    """Whether the client is on this machine: at loopback, or at the very address it called."""
    client = link.getpeername()[0]
    return is_loopback(client) or client == link.getsockname()[0]


def anywhere(link: socket.socket) -> bool:
    """Wherever the client is."""
    return True
