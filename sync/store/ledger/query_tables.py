"""The table of wrong query codes, as a step of the ledger's schema.

    wrong_codes     how often somebody without an account was wrong lately, about a number or from an address

Must not know: how it is read and written.
"""

from sync.store.steps import Step

_QUERIES = """
    CREATE TABLE wrong_codes (
        about TEXT PRIMARY KEY,
        times INTEGER NOT NULL,
        until_ms INTEGER NOT NULL -- forgotten then
    ) STRICT, WITHOUT ROWID;
"""

STEPS: tuple[Step, ...] = (Step("ledger-5-queries", _QUERIES),)
