"""The signatures this node puts on its own requests: counters that only rise, reserved in blocks
because a reservation is a write, and an idle exchange may not write.

Must not know: HTTP libraries, who the peer is.
"""

import threading

from sync.node.meeting.admission import COUNTER_BLOCK
from sync.node.node import Node
from sync.store.ledger.requests import reserve_own
from sync.trust.requests import Request, body_digest, sign_request, tell_digest

# Below it the 66 bytes would be a thousandth and more of what is sent; and a node reads as much on a name alone.
_NAMED_FROM_BYTES = 64 << 10


class RequestSigner:
    """Signs requests of one node in its current life."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = threading.Lock()
        self._next = 0
        self._end = 0

    def sign(self, method: str, target: str, body: bytes, *, brief: bool = False) -> str:
        """The `Authorization` value for a request; each call uses up one counter."""
        who = self._node.identity
        request = Request(method, target, body_digest(body), who.life, self._counter())
        return sign_request(who.keys, request, brief=brief)

    def headers(self, method: str, target: str, body: bytes, *, brief: bool = False) -> dict[str, str]:
        """What a request bears: who signed it, and what a large body will be, to be looked at before it is read."""
        told = {"Authorization": self.sign(method, target, body, brief=brief)}
        return told if len(body) < _NAMED_FROM_BYTES else {**told, "Content-Digest": tell_digest(body_digest(body))}

    def skip(self) -> None:
        """Go on in the next block: a peer that started anew takes all of the present one for heard."""
        with self._lock:
            self._reserve()

    def _counter(self) -> int:
        with self._lock:
            if self._next >= self._end:
                self._reserve()
            counter = self._next
            self._next += 1
            return counter

    def _reserve(self) -> None:
        life = self._node.identity.life
        self._next = self._node.write(lambda tx: reserve_own(tx, life, count=COUNTER_BLOCK))
        self._end = self._next + COUNTER_BLOCK
