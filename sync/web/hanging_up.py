"""Whether the client of a request has closed its connection, asked of the socket without reading from it.

A feed that waits writes nothing for minutes, so without asking it would not notice that nobody listens any
more, and keep its thread from others. A client that closes only its sending half counts as gone, as it does
for CouchDB.

Must not know: requests, what is answered.
"""

import select
import socket
import ssl
from collections.abc import Callable

# The key under which a WSGI environ holds `() -> bool`.
HUNG_UP = "yizhan.hung_up"


def hung_up(link: socket.socket) -> bool:
    """Whether the other end of a connection has closed it; answers at once."""
    try:
        return _closed(link)
    except (OSError, ValueError):  # the socket itself is closed
        return True


def _closed_by_poll(link: socket.socket) -> bool:
    asked = select.poll()
    asked.register(link.fileno(), select.POLLRDHUP)
    return bool(asked.poll(0))


def _closed_by_peeking(link: socket.socket) -> bool:
    """Where the system cannot be asked: the end shows behind what was sent and not read, but not within TLS."""
    if isinstance(link, ssl.SSLSocket):
        return False
    readable, _, _ = select.select([link], [], [], 0)
    return bool(readable) and not link.recv(1, socket.MSG_PEEK)


_closed: Callable[[socket.socket], bool] = _closed_by_poll if hasattr(select, "POLLRDHUP") else _closed_by_peeking
