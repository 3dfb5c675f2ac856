"""What people have to look at, as steps of the ledger's schema.

    alarms · set_aside    each with whoever settled it, and the reason given
    alerts ──< alerts_read    what the centre has told, and who here has read it

Must not know: how they are read and written.
"""

from sync.store.steps import Step

_SETTLING = """
    ALTER TABLE alarms ADD COLUMN settled_by TEXT NOT NULL DEFAULT ''; -- "" where nobody did, or nobody said who
    ALTER TABLE alarms ADD COLUMN why TEXT NOT NULL DEFAULT '';
    CREATE INDEX alarms_open ON alarms (alarm) WHERE settled_ms IS NULL;

    ALTER TABLE set_aside ADD COLUMN settled_by TEXT NOT NULL DEFAULT ''; -- "" where it settled itself
    ALTER TABLE set_aside ADD COLUMN why TEXT NOT NULL DEFAULT '';
    CREATE INDEX set_aside_open ON set_aside (item) WHERE settled_ms IS NULL;
    CREATE INDEX set_aside_settled ON set_aside (item) WHERE settled_by <> '';
"""

_ALERTS = """
    CREATE TABLE alerts ( -- as the centre signed them; of each the greatest issue
        code TEXT PRIMARY KEY,
        issue INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        severity TEXT NOT NULL,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        audience TEXT NOT NULL, -- sid, "" for all
        until_ms INTEGER NOT NULL,
        withdrawn INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alerts_in_force ON alerts (until_ms) WHERE withdrawn = 0;
    CREATE INDEX alerts_by_time ON alerts (at_ms, code);

    CREATE TABLE alerts_read (
        code TEXT NOT NULL,
        account TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (code, account)
    ) STRICT, WITHOUT ROWID;
"""

STEPS: tuple[Step, ...] = (Step("ledger-7-settling", _SETTLING), Step("ledger-7-alerts", _ALERTS))
