"""The tables of what is begun and not yet handed in, as a step of the ledger's schema.

    application_drafts ──< draft_photos ──< draft_pieces

They never leave the node and are no records: what becomes of a draft is written elsewhere.

Must not know: how they are read and written.
"""

from sync.store.steps import Step

_DRAFTS = """
    CREATE TABLE application_drafts (
        id TEXT PRIMARY KEY,
        account TEXT NOT NULL, -- whose it is
        kind TEXT NOT NULL, -- item or bundle
        code TEXT NOT NULL,
        body BLOB NOT NULL, -- what was typed so far
        updated_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX drafts_of_account ON application_drafts (account, updated_ms);
    CREATE INDEX drafts_by_age ON application_drafts (updated_ms);

    CREATE TABLE draft_photos (
        photo INTEGER PRIMARY KEY AUTOINCREMENT,
        draft TEXT NOT NULL DEFAULT '', -- "" before it is whole, and when it may go
        paper TEXT NOT NULL,
        media_type TEXT NOT NULL,
        digest BLOB NOT NULL,
        size INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX photos_of_draft ON draft_photos (draft);

    CREATE TABLE draft_pieces (
        photo INTEGER NOT NULL REFERENCES draft_photos,
        place INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (photo, place)
    ) STRICT;
"""

STEPS: tuple[Step, ...] = (Step("ledger-6-drafts", _DRAFTS),)
