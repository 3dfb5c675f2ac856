"""Every statement that a node keeps, for tests that look into its books."""

from sync.store.transaction import Reader
from sync.values.statements import Signed


def all_statements(reader: Reader) -> tuple[Signed, ...]:
    """Oldest first."""
    rows = reader.execute("SELECT kind, payload, signer, signature FROM statements ORDER BY arrival")
    return tuple(Signed(*row) for row in rows)
