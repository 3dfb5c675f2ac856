"""Databases that note what they are asked, or refuse what a test says."""

from collections.abc import Callable, Sequence
from typing import Any

from sync.database import Database
from sync.errors import Refused
from sync.store.memory import MemoryDatabases
from sync.values.documents import Document, Edit, Outcome


class Noting:
    """Notes each call as (who, method) in a shared list and passes it on."""

    def __init__(self, database: Database, who: str, calls: list[tuple[str, str]]) -> None:
        self._database = database
        self._who = who
        self._calls = calls

    @property
    def name(self) -> str:
        return self._database.name

    @property
    def identity(self) -> str:
        return self._who

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._database, name)

        def noted(*args: Any, **kwargs: Any) -> Any:
            self._calls.append((self._who, name))
            return method(*args, **kwargs)

        return noted


class Replaced:
    """A database with some of its methods replaced."""

    def __init__(self, database: Database, **methods: Callable[..., Any]) -> None:
        self._database = database
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        return self._methods.get(name) or getattr(self._database, name)


def refusing(database: Database, refuse: Callable[[Document], Refused | None]) -> Any:
    """A target that refuses single documents."""

    def graft(documents: Sequence[Document]) -> Sequence[Outcome]:
        outcomes = []
        for document in documents:
            error = refuse(document)
            outcomes.append(Outcome(document.id, None, error) if error else database.graft([document])[0])
        return outcomes

    return Replaced(database, graft=graft)


def pair(documents: int) -> tuple[Database, Database]:
    """A source with so many documents, and an empty target."""
    source, target = MemoryDatabases().create("source"), MemoryDatabases().create("target")
    source.write([Edit(f"d{number:04}", None, b'{"n":%d}' % number) for number in range(documents)])
    return source, target
