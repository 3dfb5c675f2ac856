"""TLS 1.3 to whoever shows the certificate we expect, and to nobody else.

No authority is asked, no host name compared, no date read: `recognise` looks at the certificate, after the other side
has proved that the key is its own and before a byte is said to it. What TLS remembers of a connection is kept for the
next one, which is then opened with some 500 bytes less, and recognised just the same.

source  RFC 8446, 2.2

Must not know: what makes a certificate the right one.
"""

import contextlib
import socket
import ssl
from collections.abc import Callable

# What a node asks for, so that a port that serves browsers too knows what to show. No host is called so.
NODE_NAME = "yizhan"


class Pinning:
    """The trust of one caller."""

    def __init__(self, recognise: Callable[[bytes], None]) -> None:
        """`recognise` is given the certificate as DER and raises what is to be raised when it is not the right one."""
        self._recognise = recognise
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE  # not by authorities; `recognise` verifies
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3
        with contextlib.suppress(ssl.SSLError, ValueError):  # a library that cannot be told offers no other by itself
            # Newer ones offer two keys, one of them of 1,200 bytes.
            self._context.set_ecdh_curve("X25519")
        self._session: ssl.SSLSession | None = None

    def secure(self, link: socket.socket) -> ssl.SSLSocket:
        """Speak TLS on a connection from now on; closes it and raises what `recognise` raises, or OSError."""
        session, self._session = self._session, None  # whatever goes wrong, the next one begins anew
        secured = self._context.wrap_socket(link, server_hostname=NODE_NAME, session=session)
        try:
            self._recognise(secured.getpeercert(binary_form=True) or b"")
        except BaseException:
            secured.close()
            raise
        self._session = session
        return secured

    def remember(self, secured: ssl.SSLSocket) -> None:
        """Keep what shortens the next beginning; before the socket is closed."""
        with contextlib.suppress(ValueError):
            session = secured.session
            if session is not None and session.has_ticket:
                self._session = session
