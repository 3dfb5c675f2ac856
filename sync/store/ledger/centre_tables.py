"""The tables of what the centre published, of the numbers it gives to cases, and of what it revoked, as steps of the
ledger's schema.

Must not know: how they are read and written.
"""

from sync.store.steps import Step

_SHELF = """
    DROP TABLE kept_items;

    CREATE TABLE shelf (
        kind TEXT NOT NULL,
        code TEXT NOT NULL,
        version INTEGER NOT NULL,
        published_ms INTEGER NOT NULL, -- 0 for what was brought by hand
        name TEXT NOT NULL,
        state TEXT NOT NULL,
        common INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (kind, code, version)
    ) STRICT;
    CREATE INDEX shelf_labels ON shelf (kind, code, published_ms > 0, version, name, state, common);

    CREATE TABLE vouched (
        id TEXT NOT NULL,
        digest BLOB NOT NULL,
        published_ms INTEGER NOT NULL,
        PRIMARY KEY (id, digest)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE unvouched (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

    CREATE TABLE drafts ( -- at the centre alone: what is to be published next
        id TEXT PRIMARY KEY,
        body BLOB NOT NULL
    ) STRICT;
"""

_CASE_NUMBERS = """
    ALTER TABLE cases ADD COLUMN case_number TEXT NOT NULL DEFAULT '';
    CREATE INDEX cases_without_number ON cases (received_at, id) WHERE case_number = '';
    CREATE INDEX cases_by_number ON cases (case_number) WHERE case_number != '';

    CREATE TABLE case_serials ( -- at the centre alone
        task_code TEXT NOT NULL,
        day TEXT NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (task_code, day)
    ) STRICT, WITHOUT ROWID;
"""

_REVOCATIONS = """
    ALTER TABLE issued_devices ADD COLUMN revoked_ms INTEGER; -- NULL while it holds
    ALTER TABLE issued_devices ADD COLUMN revoked_why TEXT NOT NULL DEFAULT '';
"""

STEPS: tuple[Step, ...] = (
    Step("ledger-4-shelf", _SHELF),
    Step("ledger-4-case-numbers", _CASE_NUMBERS),
    Step("ledger-8-revocations", _REVOCATIONS),
)
