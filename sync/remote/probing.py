"""The cheapest question there is: does anybody answer there?

That a connection is taken says too little: on the way stand boxes that take any. So one line is said, and whatever is
said back is an answer, be it a refusal: 26 bytes up and some 200 down, nothing of ours in them. Who it was that
answered, only a conversation tells.

Must not know: TLS, who is meant to be there.
"""

import socket
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_QUESTION = b"HEAD /exchange HTTP/1.0\r\n\r\n"


def answers(url: str, *, timeout_seconds: float) -> bool:
    """Whether anything is heard from a server in time; False for an address that is none, too.

    timeout_seconds  for the connection, and as long again for the answer
    """
    try:
        parts = urlsplit(url)
        place = (parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0))
        with socket.create_connection(place, timeout=timeout_seconds) as link:
            link.sendall(_QUESTION)
            return bool(link.recv(64))
    except (OSError, ValueError):  # ValueError: no port, or a name that cannot be one
        return False
