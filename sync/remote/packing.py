"""Whether it is worth packing what goes over a link: nearly always, but not between two that are next to each other.

On a village's line packed bodies arrive in a quarter of the time. Between two processes of one machine, or on one
network, packing and unpacking take longer than sending would. An address does not tell which of the two it is, for
tunnels and proxies begin at our own machine; what came of earlier requests does.

Must not know: how it is packed, sockets, clocks.
"""

# No radio link and no line out of a village answers as fast; a server beside us does, CouchDB too.
_NEAR_SECONDS = 0.005
_SMALL_BYTES = 4_000
# A narrow link may answer small requests at once and still be slow with large ones.
_LARGE_BYTES = 64_000
_CRAWLING_BYTES_PER_SECOND = 300_000
_CRAWLS_FORGIVEN = 1  # a disk that hesitates looks the same


class Packing:
    """What is known of a link, and what follows from it."""

    def __init__(self) -> None:
        self._is_near = False
        self._crawls = 0

    @property
    def is_worth_it(self) -> bool:
        """Whether to pack, as far as is known."""
        return not self._is_near or self._crawls > _CRAWLS_FORGIVEN

    def note(self, size: int, seconds: float) -> None:
        """Learn from a request that was answered.

        size     bytes that crossed the link, both ways
        seconds  from its first byte to the answer's last
        """
        if size <= _SMALL_BYTES and seconds <= _NEAR_SECONDS:
            self._is_near = True
        elif self._is_near and size >= _LARGE_BYTES and size < seconds * _CRAWLING_BYTES_PER_SECOND:
            self._crawls += 1
