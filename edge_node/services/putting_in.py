"""Photos are put in before anything names them: in slices, and with no sweep taking them away meanwhile.

What was put in belongs to something in the transaction that says so. A power cut in between leaves photos that belong
to nothing, and the next sweep removes them.

Must not know: what photos belong to, which tables they lie in.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from sync.errors import StorageError
from sync.node.node import Node
from sync.store.transaction import Reader, Transaction
from sync.typed import Value
from sync.values.contents import PIECE_BYTES

_SLICE_PIECES = 4
_log = logging.getLogger(__name__)


class Shelf(Value):
    """The tables photos are put into, as the ledger gives them.

    name        what is on it, for the log
    put_pieces  (tx, number of the photo, place of the first piece, pieces)
    loose       the numbers of those that belong to nothing
    sweep       (tx, number): remove some pieces of one that belongs to nothing, at last itself; False when it is gone
    """

    name: str
    put_pieces: Callable[[Transaction, int, int, Sequence[bytes]], None]
    loose: Callable[[Reader], Iterable[int]]
    sweep: Callable[[Transaction, int], bool]


class PuttingIn:
    """Puts photos on one shelf. Guards which are being put in just now, so that no sweep takes them away."""

    def __init__(self, node: Node, shelf: Shelf) -> None:
        self._node = node
        self._shelf = shelf
        self._lock = threading.Lock()
        self._under_way: set[int] = set()

    @contextmanager
    def staged(self) -> Iterator[list[int]]:
        """The numbers of what `put` adds while the block lasts, which gives them to something; the rest is removed."""
        put: list[int] = []
        try:
            yield put
        finally:
            with self._lock:
                self._under_way.difference_update(put)
            if put:
                self.sweep_quietly()

    def put(self, begin: Callable[[Transaction], int], content: bytes, put: list[int]) -> None:
        """Put in a photo, in slices; its number stands in `put` as soon as anything of it is there.

        begin   makes room for it, and gives its number
        raises  StorageError
        """
        with self._lock:  # a sweep must not see it before we have noted it
            number = self._node.engine.write(begin)
            self._under_way.add(number)
        put.append(number)
        pieces = [content[start : start + PIECE_BYTES] for start in range(0, len(content), PIECE_BYTES)]
        for place in range(0, len(pieces), _SLICE_PIECES):
            self._put_some(number, place, pieces[place : place + _SLICE_PIECES])

    def sweep(self) -> None:
        """Remove what belongs to nothing, in slices; raises StorageError."""
        for number in self._node.engine.read(self._shelf.loose):
            with self._lock:
                is_under_way = number in self._under_way
            while not is_under_way and self._sweep_some(number):
                pass

    def sweep_quietly(self) -> None:
        """The same; what cannot be removed now is at the next chance, and nobody waits for it."""
        try:
            self.sweep()
        except StorageError as error:
            _log.warning("%s are swept later: %s", self._shelf.name, error.reason)

    def _put_some(self, number: int, place: int, pieces: Sequence[bytes]) -> None:
        self._node.engine.write(lambda tx: self._shelf.put_pieces(tx, number, place, pieces))

    def _sweep_some(self, number: int) -> bool:
        return self._node.engine.write(lambda tx: self._shelf.sweep(tx, number))
