"""Photos as they came are kept on this machine until the centre has signed for what was made of them.

They are put in before the record that names them, in slices, and belong to it in the transaction that writes it: a
power cut in between leaves something that belongs to nothing, and the next start sweeps it away. They cost room and
nothing else: where there is none, the application is taken without them.

Must not know: how a photo is made fit, which case it belongs to.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from edge_node.services.let_originals_go import acknowledged, replaceable
from edge_node.services.putting_in import PuttingIn, Shelf
from sync.errors import StorageError
from sync.node.node import Node
from sync.store.ledger.originals import (
    begin_original,
    claim_original,
    claimed_originals,
    claimed_size,
    put_pieces,
    release_originals,
    sweep_original,
    unclaimed_originals,
)
from sync.store.transaction import Transaction
from sync.typed import Value

_ORIGINALS = Shelf("originals of photos", put_pieces, unclaimed_originals, sweep_original)
_log = logging.getLogger(__name__)


class Came(Value):
    """A photo as it came: its bytes, and the root of the blob that was made of it."""

    root: str
    content: bytes
    media_type: str


class Originals:
    """The photos as they came."""

    def __init__(self, node: Node, *, most_bytes: int) -> None:
        """`most_bytes` 0 means that none are kept."""
        self._node = node
        self._most_bytes = most_bytes
        self._photos = PuttingIn(node, _ORIGINALS)

    @contextmanager
    def staged(self, came: Sequence[Came]) -> Iterator[Callable[[Transaction, str], None]]:
        """Put photos in for the time of the block, which gives them to a record; what it does not is swept away.

        yields  claim(tx, record), to be called in the transaction that writes the record
        """
        whole: list[int] = []

        def claim(tx: Transaction, record: str) -> None:
            for original in whole:
                claim_original(tx, original, record)

        with self._photos.staged() as put:
            whole += self._put_in(came, put)
            yield claim

    def tidy(self) -> None:
        """Let go of what the centre has signed for, and of what there is no room for; to be called once a day."""
        if kept := self._node.engine.read(claimed_originals):
            self._let_go(acknowledged(self._node, kept))
        self._make_room(0)
        self._photos.sweep()

    def _put_in(self, came: Sequence[Came], put: list[int]) -> Sequence[int]:
        """Put photos in, adding each to `put` as soon as anything of it is there; returns those that are whole."""
        needed = sum(len(one.content) for one in came)
        if not came or needed > self._most_bytes:
            return ()
        try:
            if self._make_room(needed):
                for one in came:
                    self._photos.put(self._begun(one), one.content, put)
                return put
        except StorageError as error:
            # What is filed is the fit photo, and that is not here yet: whether there is room for it shows then.
            _log.warning("originals of photos are not kept: %s", error.reason)
        return ()

    def _make_room(self, needed: int) -> bool:
        """Let the oldest go until so many bytes more have room; those first that the centre has signed for."""
        over = self._node.engine.read(claimed_size) + needed - self._most_bytes
        if over <= 0:
            return True
        kept = self._node.engine.read(claimed_originals)
        signed_for = acknowledged(self._node, kept)
        others = [one for one in kept if one.original not in signed_for]
        going = []
        for one in (*(one for one in kept if one.original in signed_for), *replaceable(self._node, others)):
            if over <= 0:
                break
            going.append(one.original)
            over -= one.size
        self._let_go(going)
        self._photos.sweep()
        return over <= 0

    def _let_go(self, originals: Sequence[int] | frozenset[int]) -> None:
        if originals:
            self._node.engine.write(partial(release_originals, originals=sorted(originals)))

    def _begun(self, one: Came) -> Callable[[Transaction], int]:
        size, now_ms = len(one.content), self._node.clock()
        return partial(begin_original, root=one.root, media_type=one.media_type, size=size, now_ms=now_ms)
