"""What some databases can do beyond the `Database` protocol, and CouchDB has a route for.

A database that lacks an ability answers 501 on its route; nothing else depends on it.

Must not know: which databases have it.
"""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Limited(Protocol):
    """A database that remembers a chosen number of revisions per path."""

    def revs_limit(self) -> int:
        """How many revisions of each path are remembered."""
        ...

    def set_revs_limit(self, limit: int) -> None:
        """Change that number; at least 1."""
        ...


@runtime_checkable
class Secured(Protocol):
    """A database that keeps a `_security` object."""

    def security(self) -> bytes:
        """JSON text of the object; `{}` until one was set."""
        ...

    def set_security(self, text: bytes) -> None:
        """Replace the object."""
        ...


@runtime_checkable
class Compactable(Protocol):
    """A database that can give space back."""

    def compact(self) -> None:
        """Drop bodies that no leaf needs, and return the space to the disk."""
        ...
