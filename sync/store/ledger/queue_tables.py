"""What the list of cases is sorted by as a queue, as steps of the ledger's schema.

Must not know: how it is read and written.
"""

from sync.store.steps import Step

# What is narrowed by stands in the index, so that a queue of a hundred thousand is gone through without the rows.
_DUE = """
    ALTER TABLE cases ADD COLUMN due TEXT; -- the last day in time; NULL where no clock runs, ? where it is not known
    ALTER TABLE cases ADD COLUMN near TEXT; -- the first day its light is yellow
    ALTER TABLE cases ADD COLUMN assignee TEXT NOT NULL DEFAULT '';
    ALTER TABLE cases ADD COLUMN turn TEXT NOT NULL DEFAULT ''; -- the level that has to do something
    CREATE INDEX cases_by_due ON cases (due, received_at, receipt_number, id, near, sid, status, assignee, item, turn)
        WHERE due IS NOT NULL;
    CREATE INDEX cases_by_assignee ON cases (assignee, received_at, receipt_number, id);
    CREATE INDEX cases_by_turn ON cases (turn, status, assignee, sid) WHERE turn != '';
    CREATE INDEX cases_by_item ON cases (item, received_at, receipt_number, id);
    INSERT OR IGNORE INTO unindexed SELECT 'due', id FROM cases;
"""

STEPS: tuple[Step, ...] = (Step("ledger-6-due", _DUE),)
