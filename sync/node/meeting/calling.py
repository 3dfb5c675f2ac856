"""How the node above is called: by `https://` it and no other, by `http://` on this machine alone.

In the clear anybody on the way could read what is sent, and answer it; so that takes a setting of its own.

Must not know: what is said.
"""

from urllib.parse import urlsplit

from sync.errors import Forbidden
from sync.messages import _
from sync.node.meeting.recognising import anybody, recognise_above
from sync.node.meeting.signing import RequestSigner
from sync.node.node import Node
from sync.remote.pinning import Pinning
from sync.remote.transport import Transport
from sync.values.addresses import is_loopback


class WayUp:
    """Opens connections to the node above; they share counters, and what TLS remembers."""

    def __init__(self, node: Node, *, timeout_seconds: float, allow_plain: bool) -> None:
        self._node = node
        self._timeout_seconds = timeout_seconds
        self._allow_plain = allow_plain
        self._pinning = Pinning(recognise_above(node))
        self.signer = RequestSigner(node)

    def transport(self) -> Transport:
        """A connection on which requests are signed, to a node above us and nobody else."""
        return self._to_upstream(self._pinning, signed=True)

    def unrecognised(self) -> Transport:
        """A connection to whoever is there, for what any hands may carry."""
        return self._to_upstream(Pinning(anybody), signed=False)

    def require_safe(self) -> None:
        """Raise Forbidden where people's data would go in the clear over a network."""
        parts = urlsplit(self._node.identity.upstream)
        if parts.scheme == "http" and not (self._allow_plain or is_loopback(parts.hostname or "")):
            raise Forbidden(
                _(
                    "The address above begins with http://, so data would go in the clear over the network; it was "
                    "not called"
                ),
                remedy=_(
                    "Change it to https:// with yizhan edge upstream; on a network of your own "
                    "YIZHAN_ALLOW_PLAIN_UPSTREAM=yes may be set."
                ),
            )

    def _to_upstream(self, pinning: Pinning, *, signed: bool) -> Transport:
        upstream = self._node.identity.upstream
        sign = self.signer.headers if signed else None
        return Transport(upstream, timeout_seconds=self._timeout_seconds, sign=sign, tls=pinning)
