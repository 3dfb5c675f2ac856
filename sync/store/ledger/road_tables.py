"""The tables of the ledger that came with the road, as steps of the schema: what goes up, by which way, and what stays.

    set_aside gets its own clock             contacts get the offset of a clock
    photo_spending                           originals ──< original_pieces     let_go_cases
    case_ends (derived), reached             volume_peers, volumes_taken, acknowledged, volumes_carried
    own_steps                                lost_photos
    wanted_photos                            volume_wants, volumes_handed

Times are milliseconds since 1970 as the node's clock showed them.

Must not know: how they are read and written.
"""

from sync.store.steps import Step

_RETRIES = """
    ALTER TABLE set_aside ADD COLUMN tries INTEGER NOT NULL DEFAULT 0; -- how often it was offered again
    ALTER TABLE set_aside ADD COLUMN next_ms INTEGER; -- when it is to be; NULL where that is for someone else
    CREATE INDEX set_aside_due ON set_aside (next_ms) WHERE settled_ms IS NULL AND next_ms IS NOT NULL;
"""

_PHOTO_SPENDING = """
    CREATE TABLE photo_spending (
        month TEXT PRIMARY KEY, -- YYYY-MM
        sent_bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
"""

_CLOCK_OFFSETS = """
    ALTER TABLE contacts ADD COLUMN offset_ms INTEGER; -- its clock, less ours
    ALTER TABLE contacts ADD COLUMN offset_within_ms INTEGER;
"""

_ORIGINALS = """
    CREATE TABLE originals ( -- photos as they were handed in, before they were made fit; never replicated
        original INTEGER PRIMARY KEY AUTOINCREMENT,
        record TEXT NOT NULL DEFAULT '', -- whose photo it is; "" before that is written, and when it may go
        root TEXT NOT NULL, -- of the blob that was made of it
        media_type TEXT NOT NULL,
        size INTEGER NOT NULL,
        at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX originals_of_record ON originals (record, root);

    CREATE TABLE original_pieces (
        original INTEGER NOT NULL REFERENCES originals,
        place INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (original, place)
    ) STRICT;
"""

_LET_GO = """
    CREATE TABLE let_go_cases ( -- whose photos were let go
        id TEXT PRIMARY KEY,
        photos INTEGER, -- how many it had then
        stays_until_ms INTEGER -- what was brought back of it since; NULL when nothing was
    ) STRICT, WITHOUT ROWID;
"""

_CASE_ENDS = """
    CREATE TABLE case_ends ( -- derived from the records, as `cases` is
        id TEXT NOT NULL,
        chain INTEGER NOT NULL REFERENCES chains,
        last INTEGER NOT NULL, -- number of the newest event this life wrote in the case
        PRIMARY KEY (id, chain)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX case_ends_of_chain ON case_ends (chain, last);
    -- Cases that are there already are gone through once more.
    DELETE FROM followed WHERE follower = 'tending';
"""

_REACHED = """
    CREATE TABLE reached (
        signer TEXT NOT NULL,
        chain INTEGER NOT NULL REFERENCES chains,
        number INTEGER NOT NULL, -- it has said that it holds everything up to this event
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (signer, chain, number)
    ) STRICT, WITHOUT ROWID;
"""

_VOLUMES = """
    CREATE TABLE volume_peers ( -- nodes that volumes came from, as they live now
        peer TEXT PRIMARY KEY,
        life TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        doubtful INTEGER NOT NULL -- two lives of this epoch were heard of
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE volumes_taken (
        peer TEXT NOT NULL,
        life TEXT NOT NULL,
        number INTEGER NOT NULL, -- of the set
        volume INTEGER NOT NULL, -- which of the set, from 1
        whole INTEGER NOT NULL,
        last INTEGER NOT NULL,
        marks TEXT NOT NULL, -- {database: position in the peer's feed}
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (peer, life, number, volume)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE acknowledged ( -- up to where another node has said that it holds our feeds
        peer TEXT NOT NULL,
        database TEXT NOT NULL,
        own_life TEXT NOT NULL,
        position TEXT NOT NULL,
        PRIMARY KEY (peer, database)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE volumes_carried ( -- volumes of others; the files are beside
        arrival INTEGER PRIMARY KEY AUTOINCREMENT,
        digest TEXT NOT NULL UNIQUE,
        bytes INTEGER NOT NULL,
        handed_up INTEGER NOT NULL DEFAULT 0,
        handed_down INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE volumes_written ( -- by ourselves: a stick that comes back has them still
        arrival INTEGER PRIMARY KEY AUTOINCREMENT,
        digest TEXT NOT NULL UNIQUE
    ) STRICT;
"""

_OWN_STEPS = """
    CREATE TABLE own_steps ( -- of ours, in other stations' records, not signed yet as ours
        station TEXT NOT NULL,
        life TEXT NOT NULL,
        number INTEGER NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (station, life, number)
    ) STRICT, WITHOUT ROWID;
"""

# A station's cost grows with its own changes: whom something concerns is found without going through everybody.
_OF_ONE_STATION = """
    CREATE INDEX certificates_of_parent ON certificates (parent);
    CREATE INDEX statements_of_station ON statements (station, arrival);
"""

_LOST_PHOTOS = """
    CREATE TABLE lost_photos ( -- whole here once, and no longer
        database TEXT NOT NULL,
        root TEXT NOT NULL,
        since_ms INTEGER NOT NULL,
        PRIMARY KEY (database, root)
    ) STRICT, WITHOUT ROWID;
"""

_WANTED_PHOTOS = """
    CREATE TABLE wanted_photos ( -- that somebody waits for here
        database TEXT NOT NULL,
        root TEXT NOT NULL,
        record TEXT NOT NULL, -- for whose sake; "" where another node asked
        asked_ms INTEGER NOT NULL,
        PRIMARY KEY (database, root)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE volume_wants ( -- that another node waits for, as its volumes say
        peer TEXT NOT NULL,
        database TEXT NOT NULL,
        root TEXT NOT NULL,
        told_ms INTEGER NOT NULL,
        PRIMARY KEY (peer, database, root)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX volume_wants_of_database ON volume_wants (database, root);
"""

_REFUSED = """
    ALTER TABLE contacts ADD COLUMN refused INTEGER NOT NULL DEFAULT 0; -- the last failure does not go by waiting
"""

# A volume that went on one village's stick may be another's: what went down before goes down once more.
_HANDED = """
    CREATE TABLE volumes_handed ( -- of those carried: what went on a stick for whom
        digest TEXT NOT NULL,
        station TEXT NOT NULL, -- "" for whoever is above
        PRIMARY KEY (digest, station)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO volumes_handed SELECT digest, '' FROM volumes_carried WHERE handed_up = 1;
    ALTER TABLE volumes_carried DROP COLUMN handed_up;
    ALTER TABLE volumes_carried DROP COLUMN handed_down;
"""

_KINDS = """
    ALTER TABLE contacts ADD COLUMN kind TEXT NOT NULL DEFAULT ''; -- of the last failure; '' where nobody said
"""

# A set is known by its number and by when it was written: a node that was put back gives a number twice.
_TOLD = """
    ALTER TABLE volumes_taken ADD COLUMN told_ms INTEGER NOT NULL DEFAULT 0; -- by its writer's clock; 0: not noted
"""

STEPS: tuple[Step, ...] = (
    Step("ledger-3-retries", _RETRIES),
    Step("ledger-3-photo-spending", _PHOTO_SPENDING),
    Step("ledger-3-clock-offsets", _CLOCK_OFFSETS),
    Step("ledger-3-originals", _ORIGINALS),
    Step("ledger-3-let-go", _LET_GO),
    Step("ledger-3-case-ends", _CASE_ENDS),
    Step("ledger-3-reached", _REACHED),
    Step("ledger-3-volumes", _VOLUMES),
    Step("ledger-3-own-steps", _OWN_STEPS),
    Step("ledger-3-of-one-station", _OF_ONE_STATION),
    Step("ledger-5-lost-photos", _LOST_PHOTOS),
    Step("ledger-5-wanted-photos", _WANTED_PHOTOS),
    Step("ledger-8-refused", _REFUSED),
)
HANDED: tuple[Step, ...] = (Step("ledger-10-handed", _HANDED), Step("ledger-10-told", _TOLD))
KINDS: tuple[Step, ...] = (Step("ledger-11-kinds", _KINDS),)
