"""What a database needs of the engine that carries it: to read, to write, and to wait.

Must not know: who carries out the work.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sync.errors import StorageError
from sync.store.building import Building
from sync.store.lending import Lending
from sync.store.transaction import Reader, Transaction
from sync.store.wakes import Wakes

T = TypeVar("T")


class Working(Protocol):
    """Carries out work over the store."""

    @property
    def wakes(self) -> Wakes:
        """Where to wait for changes."""
        ...

    @property
    def upkeep(self) -> "Keeping":
        """Who does in the background what may wait."""
        ...

    @property
    def lending(self) -> Lending:
        """Which runs of pieces are being read."""
        ...

    @property
    def building(self) -> Building:
        """Whose turn it is to bring an index on."""
        ...

    @property
    def trouble(self) -> StorageError | None:
        """Why nothing can be written just now; None when it can."""
        ...

    def read(self, work: Callable[[Reader], T]) -> T:
        """Run work over a snapshot."""
        ...

    def look(self, work: Callable[[Reader], T]) -> T:
        """Run work that asks one statement, which sees one moment by itself."""
        ...

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run work in a transaction, durable on return."""
        ...

    def post(self, work: Callable[[Transaction], object]) -> None:
        """Have work done some time soon, without waiting for it."""
        ...


class Keeping(Protocol):
    """Does in the background what may wait; see `sync.store.upkeep`."""

    def notice(self) -> None:
        """Something was written."""
        ...

    def sweep(self) -> None:
        """Have removed what is out of reach."""
        ...

    def compact(self, name: str) -> None:
        """Have a database compacted."""
        ...

    def is_compacting(self, name: str) -> bool:
        """Whether that was asked for and has not ended."""
        ...

    def await_compacted(self, name: str) -> None:
        """Wait until it has ended, or the store is closed."""
        ...
