"""The one surface of another Yizhan node: an exchange.

Must not know: how it is reached, or what the statements mean.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from sync.values.conversation import Item
from sync.values.statements import Answer, Offer


class Peer(Protocol):
    """A node on the other side of some road."""

    def exchange(self, offer: Offer, told: Iterable[Item] = ()) -> tuple[Answer, Iterator[Item]]:
        """Put statements to the peer and hear its own; tell it what it lacks, and hear what we do.

        told     documents and marks, sent while they are made; gone through again from the beginning where they are
                 to be sent once more
        returns  the answer, and what the peer tells, which is heard while it comes; it raises LinkError as well
        raises   LinkError when no answer came: what of it arrived is for the next exchange to find out;
                 Unauthorized when the peer does not know us
        """
        ...
