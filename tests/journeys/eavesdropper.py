"""Somebody in the middle of a TLS connection: speaks TLS to both sides, reads what passes, passes it on."""

import contextlib
import select
import socket
import ssl
import threading

from sync.remote.pinning import Pinning

_SILENCE_SECONDS = 10


class Eavesdropper:
    """Listens on a port of its own until `stop`; `heard` is what callers have said to it in the clear."""

    def __init__(self, to: int, shown: ssl.SSLContext) -> None:
        """to: the port, on this machine, of the one who is really meant; shown: what callers are shown."""
        self.heard = b""
        self.calls = 0
        self._to, self._shown = to, shown
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            self.calls += 1
            caller.settimeout(_SILENCE_SECONDS)
            thread = threading.Thread(target=self._between, args=(caller,))
            self._threads.append(thread)
            thread.start()

    def _between(self, caller: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            self._shown.wrap_socket(caller, server_side=True) as inside,
            socket.create_connection(("127.0.0.1", self._to), timeout=_SILENCE_SECONDS) as outside,
            Pinning(lambda shown: None).secure(outside) as meant,
        ):
            # In one thread: an encrypted connection is not for two at once.
            while ready := select.select([inside, meant], [], [], _SILENCE_SECONDS)[0]:
                for source in ready:
                    said = _said(source)
                    if said is None:
                        return
                    if source is inside:
                        self.heard += said
                    (meant if source is inside else inside).sendall(said)


def _said(source: ssl.SSLSocket) -> bytes | None:
    """What has arrived; nothing when that was TLS's own, None at the end."""
    source.settimeout(0)
    try:
        return source.recv(1 << 16) or None
    except ssl.SSLWantReadError:
        return b""
    finally:
        source.settimeout(_SILENCE_SECONDS)
