"""What a node knows of itself, by name: sid, region code, name, upstream, certificate, clock floor …

Must not know: what the names mean.
"""

from collections.abc import Mapping

from sync.store.transaction import Reader, Transaction


def setting(reader: Reader, name: str) -> str | None:
    """A setting's value; None when it was never set."""
    row = reader.one("SELECT value FROM settings WHERE name = ?", (name,))
    return None if row is None else str(row[0])


def all_settings(reader: Reader) -> dict[str, str]:
    """Every setting by name."""
    return dict(reader.execute("SELECT name, value FROM settings ORDER BY name"))


def put_settings(tx: Transaction, values: Mapping[str, str | None]) -> None:
    """Set several settings; None removes one. What has its value already is not written again."""
    for name, value in values.items():
        if value is None:
            tx.execute("DELETE FROM settings WHERE name = ?", (name,))
        elif setting(tx, name) != value:
            tx.execute(
                "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )


def raise_setting(tx: Transaction, name: str, value: int) -> int:
    """Raise a number that only rises, such as a clock floor; returns what it stands at now."""
    known = int(setting(tx, name) or 0)
    if value > known:
        put_settings(tx, {name: str(value)})
    return max(known, value)
