"""What a database needs of the engine that carries it: to read, to write, and to wait.

Must not know: who carries out the work.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sync.store.transaction import Reader, Transaction
from sync.store.wakes import Wakes

T = TypeVar("T")


class Working(Protocol):
    """Carries out work over the store."""

    @property
    def wakes(self) -> Wakes:
        """Where to wait for changes."""
        ...

    def read(self, work: Callable[[Reader], T]) -> T:
        """Run work over a snapshot."""
        ...

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run work in a transaction, durable on return."""
        ...

    def post(self, work: Callable[[Transaction], object]) -> None:
        """Have work done some time soon, without waiting for it."""
        ...
