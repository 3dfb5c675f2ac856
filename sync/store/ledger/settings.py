"""What a node knows of itself, by name: sid, region code, name, upstream, certificate, clock floor …

Must not know: what the names mean.
"""

from collections.abc import Mapping

from sync.store.transaction import Reader, Transaction

_PUT = "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_ONE = "(SELECT value FROM settings WHERE name = ?)"


def setting(reader: Reader, name: str) -> str | None:
    """A setting's value; None when it was never set."""
    row = reader.one("SELECT value FROM settings WHERE name = ?", (name,))
    return None if row is None else str(row[0])


def settings_named(reader: Reader, *names: str) -> tuple[str | None, ...]:
    """Several of them at once, one at the least, in the order of the names."""
    # Each by itself: for a list of names SQLite first makes a table of them, which takes longer than to look.
    row = reader.one(f"SELECT {', '.join([_ONE] * len(names))}", names)
    assert row is not None, "a SELECT without FROM gives one row"
    return row


def all_settings(reader: Reader) -> dict[str, str]:
    """Every setting by name."""
    return dict(reader.execute("SELECT name, value FROM settings ORDER BY name"))


def put_settings(tx: Transaction, values: Mapping[str, str | None]) -> None:
    """Set several settings; None removes one. What has its value already is not written again."""
    for name, value in values.items():
        if value is None:
            tx.execute("DELETE FROM settings WHERE name = ?", (name,))
        else:
            tx.execute(f"{_PUT} WHERE excluded.value != value", (name, value))


def raise_setting(tx: Transaction, name: str, value: int) -> int:
    """Raise a number that only rises, such as a clock floor; returns what it stands at now."""
    higher = "CAST(excluded.value AS INTEGER) > CAST(value AS INTEGER)"
    raised = tx.one(f"{_PUT} WHERE {higher} RETURNING name", (name, str(value)))
    return value if raised else int(setting(tx, name) or 0)
