"""The tables people are found by, as steps of the ledger's schema.

    people ── found_people ── people_words     one row for each person of every station kept here; what he is found by
    case_people                                whose case each is: the person it names, and the number on its form
    person_ties, person_photos                 whom people name as relatives; the photos their records name

All of it is derived from the records and may be emptied and filled again at any time.

Must not know: how they are read and written.
"""

from sync.store.steps import Step

_PEOPLE = """
    CREATE TABLE people (
        id TEXT PRIMARY KEY,
        sid TEXT NOT NULL,
        name TEXT NOT NULL,
        sound TEXT NOT NULL, -- how the name is typed by its sound; lists stand in this order
        status TEXT NOT NULL,
        cert_kind TEXT NOT NULL,
        cert_number TEXT NOT NULL,
        sex TEXT NOT NULL,
        birthday TEXT NOT NULL, -- YYYY-MM-DD
        phone TEXT NOT NULL,
        household TEXT NOT NULL,
        household_role TEXT NOT NULL,
        registered_at TEXT NOT NULL,
        merged_into TEXT NOT NULL,
        disputes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX people_by_paper ON people (cert_number, cert_kind, sid);
    CREATE INDEX people_by_sound ON people (sound, id);
    CREATE INDEX people_of_station ON people (sid, sound, id);
    CREATE INDEX people_of_household ON people (household, id) WHERE household != '';
    CREATE INDEX people_merged ON people (merged_into) WHERE merged_into != '';

    CREATE TABLE found_people (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        words TEXT NOT NULL
    ) STRICT;
    CREATE VIRTUAL TABLE people_words USING fts5 (
        words, content='', contentless_delete=1, detail=none, tokenize='ascii'
    );

    CREATE TABLE case_people (
        case_id TEXT PRIMARY KEY,
        person TEXT NOT NULL, -- "" where the case names none
        number TEXT NOT NULL, -- the applicant's citizen number on the form
        received_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX case_people_by_person ON case_people (person, received_at, case_id) WHERE person != '';
    CREATE INDEX case_people_by_number ON case_people (number, received_at, case_id) WHERE number != '';

    -- Records that are there already are gone through once more.
    DELETE FROM followed WHERE follower = 'tending';
"""

_NAMED = """
    CREATE TABLE person_ties (
        other TEXT NOT NULL, -- who is named
        person TEXT NOT NULL, -- by whom
        kind TEXT NOT NULL,
        until TEXT NOT NULL, -- YYYY-MM-DD
        PRIMARY KEY (other, person)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX person_ties_of ON person_ties (person, other);

    CREATE TABLE person_photos (
        root TEXT NOT NULL,
        person TEXT NOT NULL,
        PRIMARY KEY (root, person)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX person_photos_of ON person_photos (person, root);

    -- Records that are there already are gone through once more.
    DELETE FROM followed WHERE follower = 'tending';
"""

# A name of several parts is found by each: rows of before are read in once more, by themselves and not by the records.
_IN_PARTS = """
    INSERT OR IGNORE INTO unindexed SELECT 'person', id FROM people;
    INSERT OR IGNORE INTO unindexed SELECT 'case', id FROM cases;
"""

STEPS: tuple[Step, ...] = (
    Step("ledger-6-people", _PEOPLE),
    Step("ledger-7-people-named", _NAMED),
    Step("ledger-8-names-in-parts", _IN_PARTS),
)
