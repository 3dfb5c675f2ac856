"""The tables that are searched, as steps of the ledger's schema.

    phrases         what items and 一件事 in force are called, and how that sounds
    guides ─ guide_words     what their guides say; an index over it
    found_cases ─ case_words    what cases are found by, numbered by the time of receipt; an index over it
    unindexed       what has to be read into these: what was shelved, what was here before these tables were
    misses          what was asked for and not found;  missed_days, the same by day, as it is told to the nodes above
    missed_words    what stations below say was not found there

All but those of what was not found are derived, and can be emptied and filled again: `unindexed` says of what.

Must not know: how they are read and written.
"""

from sync.store.steps import Step

_SEARCH = """
    CREATE TABLE phrases (
        kind TEXT NOT NULL, -- item or bundle
        code TEXT NOT NULL,
        place INTEGER NOT NULL,
        source INTEGER NOT NULL, -- 0 its name, 1 what people say, 2 where it belongs
        common INTEGER NOT NULL,
        text TEXT NOT NULL,
        sound TEXT NOT NULL,
        initials TEXT NOT NULL,
        PRIMARY KEY (kind, code, place)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE guides (
        row INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        code TEXT NOT NULL,
        common INTEGER NOT NULL,
        UNIQUE (kind, code)
    ) STRICT;
    CREATE VIRTUAL TABLE guide_words USING fts5 (
        words, content='', contentless_delete=1, detail=none, tokenize='ascii'
    );

    CREATE TABLE found_cases (
        row INTEGER PRIMARY KEY, -- seconds of the receipt, and a few bits for those within one
        id TEXT NOT NULL UNIQUE,
        words TEXT NOT NULL
    ) STRICT;
    CREATE VIRTUAL TABLE case_words USING fts5 (
        words, content='', contentless_delete=1, detail=none, tokenize='ascii'
    );

    CREATE TABLE unindexed (
        kind TEXT NOT NULL, -- item, bundle or case
        code TEXT NOT NULL, -- a case's id
        PRIMARY KEY (kind, code)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO unindexed SELECT DISTINCT kind, code FROM shelf WHERE kind IN ('item', 'bundle');
    INSERT INTO unindexed SELECT 'case', id FROM cases;

    CREATE TABLE misses (
        text TEXT PRIMARY KEY,
        times INTEGER NOT NULL,
        last_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
"""

_MISSED = """
    CREATE TABLE missed_days (
        day TEXT NOT NULL, -- YYYY-MM-DD in Beijing
        text TEXT NOT NULL,
        times INTEGER NOT NULL,
        stated INTEGER NOT NULL DEFAULT 0, -- whether it is in what was signed of that day
        PRIMARY KEY (day, text)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX missed_days_unstated ON missed_days (day) WHERE stated = 0;

    CREATE TABLE missed_words (
        signer TEXT NOT NULL,
        day TEXT NOT NULL,
        text TEXT NOT NULL,
        sid TEXT NOT NULL,
        times INTEGER NOT NULL,
        PRIMARY KEY (signer, day, text)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX missed_words_by_text ON missed_words (text, sid, times, day);
"""

STEPS: tuple[Step, ...] = (Step("ledger-5-search", _SEARCH), Step("ledger-7-missed-days", _MISSED))
