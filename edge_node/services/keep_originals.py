"""Photos as they came are kept on this machine until the centre has signed for what was made of them.

They are put in before the record that names them, in slices, and belong to it in the transaction that writes it: a
power cut in between leaves something that belongs to nothing, and the next start sweeps it away. They cost room and
nothing else: where there is none, the application is taken without them.

Must not know: how a photo is made fit, which case it belongs to.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from edge_node.services.let_originals_go import acknowledged, replaceable
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
from sync.values.contents import PIECE_BYTES

_SLICE_PIECES = 4
_log = logging.getLogger(__name__)


class Came(Value):
    """A photo as it came: its bytes, and the root of the blob that was made of it."""

    root: str
    content: bytes
    media_type: str


class Originals:
    """The photos as they came. Guards which are being put in just now, so that no sweep takes them away."""

    def __init__(self, node: Node, *, most_bytes: int) -> None:
        """`most_bytes` 0 means that none are kept."""
        self._node = node
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._under_way: set[int] = set()

    @contextmanager
    def staged(self, came: Sequence[Came]) -> Iterator[Callable[[Transaction, str], None]]:
        """Put photos in for the time of the block, which gives them to a record; what it does not is swept away.

        yields  claim(tx, record), to be called in the transaction that writes the record
        """
        put: list[int] = []
        whole: list[int] = []

        def claim(tx: Transaction, record: str) -> None:
            for original in whole:
                claim_original(tx, original, record)

        try:
            whole += self._put_in(came, put)
            yield claim
        finally:
            with self._lock:
                self._under_way.difference_update(put)
            if put:
                self._attempt(self.sweep)

    def tidy(self) -> None:
        """Let go of what the centre has signed for, and of what there is no room for; to be called once a day."""
        if kept := self._node.engine.read(claimed_originals):
            self._let_go(acknowledged(self._node, kept))
        self._make_room(0)
        self.sweep()

    def sweep(self) -> None:
        """Remove what belongs to nothing, in slices."""
        for original in self._node.engine.read(unclaimed_originals):
            with self._lock:
                is_under_way = original in self._under_way
            if not is_under_way:
                while self._node.engine.write(partial(sweep_original, original=original)):
                    pass

    def _put_in(self, came: Sequence[Came], put: list[int]) -> Sequence[int]:
        """Put photos in, adding each to `put` as soon as anything of it is there; returns those that are whole."""
        needed = sum(len(one.content) for one in came)
        if not came or needed > self._most_bytes:
            return ()
        try:
            if self._make_room(needed):
                for one in came:
                    self._put(one, put)
                return put
        except StorageError as error:
            # What is filed is the fit photo, and that is not here yet: whether there is room for it shows then.
            _log.warning("originals of photos are not kept: %s", error.reason)
        return ()

    def _put(self, one: Came, put: list[int]) -> None:
        def begin(tx: Transaction) -> int:
            now_ms = self._node.clock()
            return begin_original(tx, one.root, media_type=one.media_type, size=len(one.content), now_ms=now_ms)

        with self._lock:  # a sweep must not see it before we have noted it
            original = self._node.engine.write(begin)
            self._under_way.add(original)
        put.append(original)
        pieces = [one.content[start : start + PIECE_BYTES] for start in range(0, len(one.content), PIECE_BYTES)]
        for place in range(0, len(pieces), _SLICE_PIECES):
            some = pieces[place : place + _SLICE_PIECES]
            self._node.engine.write(partial(put_pieces, original=original, place=place, pieces=some))

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
        self.sweep()
        return over <= 0

    def _let_go(self, originals: Sequence[int] | frozenset[int]) -> None:
        if originals:
            self._node.engine.write(partial(release_originals, originals=sorted(originals)))

    def _attempt(self, chore: Callable[[], None]) -> None:
        """What is left over is swept at the next chance; nobody waits for it."""
        try:
            chore()
        except StorageError as error:
            _log.warning("originals of photos are swept later: %s", error.reason)
