"""Photos made fit in a process of their own, one at a time: what a large picture takes of memory is given back whole.

A station has 1 GB, and a picture of twelve million pixels takes fifty megabytes while it is looked at. In the server
they would stay; a process that ends keeps nothing, and one that a picture brings down brings down nobody else.

Must not know: how it is done, what the photos are for.
"""

import logging
import subprocess
import sys
import threading

from edge_node.pictures.exits import TOO_MANY_PIXELS
from edge_node.pictures.metadata import without_metadata
from sync.typed import Value
from sync.web.child_process import WITHOUT_WINDOW

_CHILD = (sys.executable, "-m", "edge_node.pictures.child")
_PATIENCE_SECONDS = 30.0  # an old PC takes five for the largest; others wait for it

_log = logging.getLogger(__name__)


class Unbearable(Exception):
    """The photo has more pixels than a station can look at; the message is its width and height."""


class Fitted(Value):
    """A photo as it is to be filed; `is_another` when the picture itself was made anew."""

    content: bytes
    is_another: bool = False


class Fitter:
    """Makes photos fit. Guards that there is one process at a time."""

    def __init__(self, *, target_bytes: int, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        """`target_bytes` 0 means that no photo is made another."""
        self._target_bytes = target_bytes
        self._patience_seconds = patience_seconds
        self._turn = threading.Lock()

    @property
    def is_on(self) -> bool:
        """Whether any photo is made another."""
        return self._target_bytes > 0

    def fitted(self, content: bytes) -> Fitted:
        """Make a photo fit; one that is, or cannot be made so, only loses what the camera wrote beside it.

        raises  Unbearable
        """
        if self.is_on and len(content) > self._target_bytes:
            with self._turn:
                smaller = self._ask(content)
            if smaller:
                return Fitted(smaller, is_another=True)
        return Fitted(without_metadata(content))

    def _ask(self, content: bytes) -> bytes:
        """What the process makes of it; b"" when it makes nothing of it."""
        command = [*_CHILD, str(self._target_bytes)]
        try:
            done = subprocess.run(
                command,
                input=content,
                capture_output=True,
                timeout=self._patience_seconds,
                check=False,
                creationflags=WITHOUT_WINDOW,
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            _log.warning("a photo of %d bytes was not made fit: %s", len(content), type(error).__name__)
            return b""
        if done.returncode == TOO_MANY_PIXELS:
            raise Unbearable(done.stdout.decode())
        if done.returncode:
            _log.warning(
                "a photo of %d bytes was not made fit: the process ended with %d", len(content), done.returncode
            )
            return b""
        return done.stdout
