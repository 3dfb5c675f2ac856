"""The one surface of another Yizhan node: an exchange.

Must not know: how it is reached, or what the statements mean.
"""

from typing import Protocol

from sync.values.statements import Answer, Offer


class Peer(Protocol):
    """A node on the other side of some road."""

    def exchange(self, offer: Offer) -> Answer:
        """Put statements to the peer and hear its own.

        raises  LinkError when no answer came; Unauthorized when the peer does not know us
        """
        ...
