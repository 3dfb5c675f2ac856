"""Whom a node admits by signed request, how a replayed one is known, and that one key is lived with in two places.

Counters heard are kept in memory behind a floor on disk that is raised in large blocks, so that
hearing a peer a thousand times writes nothing. After a start the floor stands above what was
heard; an honest peer is refused once and goes on in its next block, which begins above the floor.

Must not know: Flask, what the caller wants.
"""

import threading

from sync.errors import Unauthorized
from sync.messages import N_, _
from sync.node.node import Node
from sync.store.ledger.alarms import Alarm, raise_repeated
from sync.store.ledger.certificates import Known, certificate_of
from sync.store.ledger.requests import heard_floor, raise_heard_floor
from sync.trust.requests import (
    Claim,
    Request,
    Window,
    admit,
    read_authorization,
    verify_request,
    window_above,
)
from sync.typed import Value

# Counters cost nothing, and a floor is written once in a million requests. Signers reserve the
# same blocks, so the end of a block is a floor that their next block stands above.
COUNTER_BLOCK = 1 << 20
# A key is lived with in one life, and in two where something went wrong; of more those that spoke last are remembered,
# and of the others the floor on disk.
_MOST_LIVES = 16
_REVOKED = N_(
    "The centre has revoked this device, nothing is exchanged with it; what is stored on it is safe, call the centre"
)

Claimed = tuple[Claim, Known]  # who a request says it is from, and what is known of him


class Asked(Value):
    """A request as it came, or comes: method, path with query, digest of the body as sent, `Authorization` header.

    body_digest  of a body that was read, or as the caller told it; then whoever reads the body compares
    """

    method: str
    target: str
    body_digest: bytes
    authorization: str


class Gatekeeper:
    """Verifies signed requests against the certificates this node knows."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str], tuple[Window, int]] = {}
        self._lives: dict[str, list[str]] = {}  # by writer, the life that spoke last behind those before

    def admit(self, asked: Asked, claimed: Claimed | None = None) -> Known:
        """The certified node that made a request.

        claimed  what `claimed` said of its header, where it was asked before the body was read
        raises  Unauthorized when it is unknown or revoked, the signature does not fit, or the
                counter was heard before
        """
        claim, known = claimed or self.claimed(asked.authorization)
        request = Request(asked.method, asked.target, asked.body_digest, claim.life, claim.counter)
        if not verify_request(known.public_key, claim, request):
            raise Unauthorized(_("The signature of the request is wrong"))
        if known.revoked:  # told to whoever has the key and to nobody else
            raise Unauthorized(_(_REVOKED))
        self._require_new(claim.writer, claim.life, claim.counter)
        self._note_life(claim.writer, claim.life)
        return known

    def claimed(self, authorization: str) -> Claimed:
        """Who a request says it is from, and what is known of him; nothing is proved yet.

        raises  Unauthorized when nobody known here is named: nothing more of the request need be read then
        """
        claim = read_authorization(authorization)
        known = self._node.engine.look(lambda reader: certificate_of(reader, claim.writer))
        if known is None:
            raise Unauthorized(_("This node does not know who signed"))
        return claim, known

    def _note_life(self, writer: str, life: str) -> None:
        """A life that speaks again after another one of its key was not left behind: the two are beside each other."""
        with self._lock:
            lives = self._lives.setdefault(writer, [life])
            last, is_back = lives[-1], life in lives
            if life == last:
                return
            lives = [*(one for one in lives if one != life), life]
            self._lives[writer] = lives[-_MOST_LIVES:]
            for forgotten in lives[:-_MOST_LIVES]:
                self._windows.pop((writer, forgotten), None)
        if is_back:
            alarm = Alarm("two-lives", writer, life, 0, last, life, writer, self._node.clock())
            self._node.write(lambda tx: raise_repeated(tx, alarm))

    def _require_new(self, writer: str, life: str, counter: int) -> None:
        with self._lock:
            window, ceiling = self._windows.get((writer, life)) or self._remembered(writer, life)
            moved = admit(window, counter)
            if moved is None:
                raise Unauthorized(_("The counter of this request was used before, try again with a higher one"))
            self._windows[(writer, life)] = (moved, ceiling)
        if moved.highest > ceiling:
            # Not under the lock: hundreds that come back in the same minute share a flush, and no other waits for it.
            floor = -(-moved.highest // COUNTER_BLOCK) * COUNTER_BLOCK
            self._node.write(lambda tx: raise_heard_floor(tx, writer, life, floor))
            with self._lock:
                if (writer, life) in self._windows:
                    window, ceiling = self._windows[(writer, life)]
                    self._windows[(writer, life)] = (window, max(ceiling, floor))

    def _remembered(self, writer: str, life: str) -> tuple[Window, int]:
        floor = self._node.read(lambda reader: heard_floor(reader, writer, life))
        return (window_above(floor) if floor else Window()), floor
