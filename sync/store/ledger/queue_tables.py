"""What the list of cases is sorted by as a queue, and where bags of papers are, as steps of the ledger's schema.

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

_BAGS = """
    CREATE TABLE bag_serials ( -- of the numbers of slips, given once
        device TEXT NOT NULL,
        day TEXT NOT NULL, -- YYYY-MM-DD
        last INTEGER NOT NULL,
        PRIMARY KEY (device, day)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE bags ( -- derived from the records; may be emptied and filled again at any time
        id TEXT PRIMARY KEY,
        sid TEXT NOT NULL,
        bag_number TEXT NOT NULL,
        packed_at TEXT NOT NULL,
        status TEXT NOT NULL,
        papers INTEGER NOT NULL,
        missing INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX bags_by_day ON bags (packed_at, id);
    CREATE INDEX bags_by_status ON bags (status, packed_at, id);
    CREATE INDEX bags_by_number ON bags (bag_number);

    CREATE TABLE bag_papers ( -- derived, too: where the papers of a case are
        bag TEXT NOT NULL,
        place INTEGER NOT NULL, -- in the list of the bag, from 1
        case_id TEXT NOT NULL,
        material TEXT NOT NULL,
        missing INTEGER NOT NULL,
        PRIMARY KEY (bag, place)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX bag_papers_of_case ON bag_papers (case_id, bag);
"""

_GIVEN = """
    ALTER TABLE cases ADD COLUMN assigned_at TEXT NOT NULL DEFAULT ''; -- the level whose account the assignee is
    CREATE INDEX cases_given ON cases (assignee, assigned_at, sid) WHERE assignee != '';
    INSERT OR IGNORE INTO unindexed SELECT 'due', id FROM cases WHERE assignee != '';
"""

# Whose turn it is depends on who was given a case; and whoever received it has it until then.
_TURNS = """
    DROP INDEX cases_by_turn;
    CREATE INDEX cases_by_turn ON cases (turn, status, assignee, assigned_at, sid) WHERE turn != '';
    CREATE INDEX cases_disputed ON cases (received_at, receipt_number, id, sid) WHERE disputes > 0;
    INSERT OR IGNORE INTO unindexed SELECT 'due', id FROM cases WHERE turn != '';
"""

# Edits somebody made unseen after a case was passed on: none without an assignee.
_PARKED = """
    ALTER TABLE cases ADD COLUMN parked INTEGER NOT NULL DEFAULT 0; -- how many edits wait
    CREATE INDEX cases_parked ON cases (received_at, receipt_number, id, sid) WHERE parked > 0;
    INSERT OR IGNORE INTO unindexed SELECT 'due', id FROM cases WHERE assignee != '';
"""

STEPS: tuple[Step, ...] = (Step("ledger-6-due", _DUE), Step("ledger-6-bags", _BAGS))
PARKED: tuple[Step, ...] = (Step("ledger-11-parked", _PARKED),)
GIVEN: tuple[Step, ...] = (Step("ledger-8-given", _GIVEN), Step("ledger-9-turns", _TURNS))
