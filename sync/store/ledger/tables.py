"""The tables of the ledger, as steps of the schema.

    lives ──< device_codes ──< serials          own_chain, own_requests, heard_requests, openings
    chains ──< held_events, awaited_blobs        complete_blobs, followed, alarms
    certificates · statements · set_aside · contacts · settings
    accounts ──< sessions, answers               audit
    cases, people (derived), search, wrong_codes, drafts    stations ──< issued_devices

Times are milliseconds since 1970 as the node's clock showed them. Hashes are 32 raw bytes.

Must not know: how they are read and written.
"""

from sync.store.ledger.attention_tables import STEPS as ATTENTION
from sync.store.ledger.centre_tables import STEPS as FROM_THE_CENTRE
from sync.store.ledger.draft_tables import STEPS as DRAFTS
from sync.store.ledger.people_tables import STEPS as PEOPLE
from sync.store.ledger.query_tables import STEPS as QUERIES
from sync.store.ledger.queue_tables import GIVEN, PARKED
from sync.store.ledger.queue_tables import STEPS as QUEUE
from sync.store.ledger.road_tables import HANDED, KINDS
from sync.store.ledger.road_tables import STEPS as ROAD
from sync.store.ledger.search_tables import STEPS as SEARCH
from sync.store.steps import Step

_LIVES = """
    CREATE TABLE node_key (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        private BLOB NOT NULL,
        public BLOB NOT NULL,
        writer TEXT NOT NULL
    ) STRICT;

    CREATE TABLE lives (
        ordinal INTEGER PRIMARY KEY, -- the newest life is the one we live
        life TEXT NOT NULL UNIQUE,
        reason TEXT NOT NULL, -- init, copy or restore
        epoch INTEGER NOT NULL, -- orders what different lives of one key have signed
        parent TEXT,
        parent_counter INTEGER NOT NULL,
        parent_head BLOB,
        fingerprint TEXT NOT NULL,
        begun_ms INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE own_chain (
        life TEXT PRIMARY KEY REFERENCES lives (life),
        counter INTEGER NOT NULL,
        head BLOB
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE device_codes (
        device TEXT PRIMARY KEY, -- once per station, whichever life had it
        position INTEGER NOT NULL UNIQUE,
        life TEXT NOT NULL REFERENCES lives (life)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE serials (
        life TEXT NOT NULL,
        device TEXT NOT NULL,
        day TEXT NOT NULL, -- YYYY-MM-DD
        last INTEGER NOT NULL,
        PRIMARY KEY (device, day)
    ) STRICT, WITHOUT ROWID;
"""

_HOLDINGS = """
    CREATE TABLE chains (
        chain INTEGER PRIMARY KEY,
        writer TEXT NOT NULL,
        life TEXT NOT NULL,
        contiguous INTEGER NOT NULL, -- every event up to this number is held
        highest INTEGER NOT NULL,
        UNIQUE (writer, life)
    ) STRICT;

    CREATE TABLE held_events (
        chain INTEGER NOT NULL REFERENCES chains,
        number INTEGER NOT NULL,
        hash BLOB NOT NULL,
        previous BLOB, -- only while the event before is not held
        PRIMARY KEY (chain, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE awaited_blobs (
        chain INTEGER NOT NULL REFERENCES chains,
        number INTEGER NOT NULL,
        material INTEGER NOT NULL, -- position among the blobs the event names, from 0
        database TEXT NOT NULL,
        root TEXT NOT NULL,
        PRIMARY KEY (chain, number, material)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX awaited_by_root ON awaited_blobs (database, root);

    CREATE TABLE complete_blobs (
        database TEXT NOT NULL,
        root TEXT NOT NULL,
        PRIMARY KEY (database, root)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE followed (
        follower TEXT NOT NULL,
        database TEXT NOT NULL,
        seq TEXT NOT NULL,
        PRIMARY KEY (follower, database)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE alarms (
        alarm INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        writer TEXT NOT NULL,
        life TEXT NOT NULL,
        number INTEGER NOT NULL,
        known TEXT NOT NULL,
        offered TEXT NOT NULL,
        source TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        settled_ms INTEGER,
        UNIQUE (kind, writer, life, number, known, offered)
    ) STRICT;
"""

_STATEMENTS = """
    CREATE TABLE certificates (
        writer TEXT PRIMARY KEY,
        sid TEXT NOT NULL,
        level TEXT NOT NULL,
        region TEXT NOT NULL,
        name TEXT NOT NULL,
        parent TEXT NOT NULL, -- sid of the station above, "" at the centre
        public_key BLOB NOT NULL,
        issue INTEGER NOT NULL,
        revoked INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX certificates_of_station ON certificates (sid);

    CREATE TABLE statements (
        arrival INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: peers keep it as their cursor
        kind TEXT NOT NULL,
        signer TEXT NOT NULL,
        subject TEXT NOT NULL, -- what it is about; a newer one about the same replaces it
        station TEXT NOT NULL, -- whom it concerns
        payload BLOB NOT NULL,
        signature BLOB NOT NULL,
        fallen_from BLOB, -- payload of an earlier one that claimed what this one no longer does
        heard_ms INTEGER NOT NULL,
        UNIQUE (kind, signer, subject)
    ) STRICT;

    CREATE TABLE set_aside (
        item INTEGER PRIMARY KEY,
        database TEXT NOT NULL,
        id TEXT NOT NULL,
        revision TEXT NOT NULL,
        document BLOB NOT NULL,
        reason TEXT NOT NULL,
        offered_by TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        settled_ms INTEGER,
        UNIQUE (database, id, revision)
    ) STRICT;

    CREATE TABLE contacts (
        peer TEXT PRIMARY KEY,
        attempted_ms INTEGER,
        succeeded_ms INTEGER,
        failed_ms INTEGER,
        error TEXT NOT NULL DEFAULT '',
        heard_ms INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
"""

_PEOPLE = """
    CREATE TABLE accounts (
        name TEXT PRIMARY KEY,
        display_name TEXT NOT NULL,
        role TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0,
        locked_until_ms INTEGER NOT NULL DEFAULT 0,
        disabled INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sessions (
        token BLOB PRIMARY KEY, -- SHA-256 of it; the token itself only the browser has
        account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
        begun_ms INTEGER NOT NULL,
        used_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_of_account ON sessions (account);

    CREATE TABLE answers (
        account TEXT NOT NULL,
        key TEXT NOT NULL,
        request BLOB NOT NULL, -- digest of what was asked
        status INTEGER NOT NULL,
        content_type TEXT NOT NULL,
        body BLOB NOT NULL,
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (account, key)
    ) STRICT;
    CREATE INDEX answers_by_age ON answers (at_ms);

    CREATE TABLE own_requests (
        life TEXT PRIMARY KEY,
        reserved INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE heard_requests (
        writer TEXT NOT NULL,
        life TEXT NOT NULL,
        reserved INTEGER NOT NULL,
        PRIMARY KEY (writer, life)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (
        number INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL,
        link BLOB NOT NULL
    ) STRICT;
"""

_CASES = """
    CREATE TABLE cases ( -- derived from the records; may be emptied and filled again at any time
        id TEXT PRIMARY KEY,
        sid TEXT NOT NULL,
        receipt_number TEXT NOT NULL,
        received_at TEXT NOT NULL,
        item TEXT NOT NULL,
        item_name TEXT NOT NULL,
        applicant_name TEXT NOT NULL,
        status TEXT NOT NULL,
        photos INTEGER NOT NULL,
        disputes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX cases_by_receipt ON cases (received_at, receipt_number, id);
    CREATE INDEX cases_of_station ON cases (sid, received_at, receipt_number, id);
    CREATE INDEX cases_by_status ON cases (status, received_at, receipt_number, id);
"""

_STATIONS = """
    CREATE TABLE stations ( -- at the centre alone: whom it has registered
        sid TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        region TEXT NOT NULL,
        level TEXT NOT NULL,
        parent TEXT NOT NULL, -- sid of the station above
        registered_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE issued_devices (
        sid TEXT NOT NULL REFERENCES stations,
        device TEXT NOT NULL,
        issued_ms INTEGER NOT NULL,
        writer TEXT NOT NULL DEFAULT '', -- whose key used the code; "" while nobody has
        used_ms INTEGER,
        PRIMARY KEY (sid, device)
    ) STRICT, WITHOUT ROWID;
"""

_OPENINGS = """
    CREATE TABLE openings (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        before TEXT NOT NULL, -- the witness found at the last opening, "" for none
        current TEXT NOT NULL -- the one that was to replace it
    ) STRICT;
"""

_OUTBOX = """
    CREATE TABLE intents ( -- documents written here and not yet on the CouchDB that keeps them
        intent INTEGER PRIMARY KEY AUTOINCREMENT,
        database TEXT NOT NULL,
        id TEXT NOT NULL,
        document BLOB NOT NULL,
        tree TEXT NOT NULL,
        whole INTEGER NOT NULL,
        refused TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX intents_of_document ON intents (database, id);

    CREATE TABLE kept_elsewhere (
        name TEXT PRIMARY KEY,
        made INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE kept_items (
        id TEXT PRIMARY KEY,
        body BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
"""

STEPS: tuple[Step, ...] = (
    Step("ledger-1-lives", _LIVES),
    Step("ledger-1-holdings", _HOLDINGS),
    Step("ledger-1-statements", _STATEMENTS),
    Step("ledger-1-people", _PEOPLE),
    Step("ledger-1-openings", _OPENINGS),
    Step("ledger-1-cases", _CASES),
    Step("ledger-1-stations", _STATIONS),
    Step("ledger-2-outbox", _OUTBOX),
    *ROAD,
    *FROM_THE_CENTRE,
    *SEARCH,
    *PEOPLE,
    *QUEUE,
    *QUERIES,
    *DRAFTS,
    *ATTENTION,
    *GIVEN,
    *HANDED,
    *PARKED,
    *KINDS,
)
