"""Who has looked into what somebody had to look into, and why it is settled, as a step of the ledger's schema.

    alarms · set_aside    each with whoever settled it, and the reason given

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

STEPS: tuple[Step, ...] = (Step("ledger-7-settling", _SETTLING),)
