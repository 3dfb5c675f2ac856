"""What a connection has cost: bytes both ways, requests, connections.

Bytes are counted where they pass to and from the socket, request and status lines and headers
included; with TLS they are those inside the encryption.

Must not know: HTTP.
"""

import io
from operator import add, sub
from typing import Any, Protocol, runtime_checkable

from sync.typed import Value, astuple


class Traffic(Value):
    """Bytes, requests answered or not, connections opened."""

    bytes_sent: int = 0
    bytes_received: int = 0
    round_trips: int = 0
    connections: int = 0

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(*map(add, astuple(self), astuple(other)))

    def __sub__(self, other: "Traffic") -> "Traffic":
        return Traffic(*map(sub, astuple(self), astuple(other)))


class Meter:
    """Counts while others send; its `reading` is a value."""

    def __init__(self) -> None:
        self.bytes_sent = 0
        self.bytes_received = 0
        self.round_trips = 0
        self.connections = 0

    @property
    def reading(self) -> Traffic:
        """What was counted so far."""
        return Traffic(self.bytes_sent, self.bytes_received, self.round_trips, self.connections)


@runtime_checkable
class Measured(Protocol):
    """Something whose connection is metered; two that share a connection share the meter."""

    @property
    def meter(self) -> Meter:
        """What counts for it."""
        ...


class MeteredReader(io.RawIOBase):
    """A raw stream that counts what is read from it."""

    def __init__(self, raw: io.RawIOBase, meter: Meter) -> None:
        super().__init__()
        self._raw = raw
        self._meter = meter

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read from the stream and count."""
        count = self._raw.readinto(buffer)
        self._meter.bytes_received += count or 0
        return count

    def fileno(self) -> int:
        """The socket's, for whoever waits on it."""
        return self._raw.fileno()

    def close(self) -> None:
        """Close the stream along."""
        self._raw.close()
        super().close()
