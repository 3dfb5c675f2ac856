"""The tables of indexes, made when a file is; apart from what reads them, which few stations ever need.

Must not know: what an index is for.
"""

from sync.store.steps import Step

STEPS: tuple[Step, ...] = (
    Step(
        "indexes-1",
        """
        CREATE TABLE indexes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            database INTEGER NOT NULL REFERENCES databases,
            digest BLOB, -- of the definition; NULL while an index is being swept away
            seq INTEGER NOT NULL,
            UNIQUE (database, digest)
        ) STRICT;

        CREATE TABLE index_entries (
            number INTEGER NOT NULL REFERENCES indexes,
            key BLOB NOT NULL, -- compares as CouchDB collates the values
            id TEXT NOT NULL,
            PRIMARY KEY (number, key, id)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX index_entries_by_id ON index_entries (number, id);
        """,
    ),
)
