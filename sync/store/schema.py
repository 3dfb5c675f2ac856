"""The tables of documents, as steps of the schema.

    store ─ one row: epoch and the node-wide counter
    databases ──< documents ──< revisions ──< attachments >── contents ──< pieces
              ├─< local_documents
              └─< purges          outgrown (revisions whose predecessors' bodies may go)

`revisions.seq` is the sequence at which a revision was written, unique in the node and rising, so
bodies are appended and never moved. `documents.document` is the sequence of a document's first
revision. A tree is JSON text (see `tree_text`); a body is JSON text kept as bytes. Contents of
attachments stand once per content, however many revisions link to them; what a row of `contents` does
not hold of a large one stands behind it, as a run of `pieces`.

Must not know: how they are read and written.
"""

from sync.store.steps import Step

STEPS: tuple[Step, ...] = (
    Step(
        "documents-1",
        """
        CREATE TABLE store (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            epoch TEXT NOT NULL,
            update_seq INTEGER NOT NULL
        ) STRICT;
        INSERT INTO store VALUES (1, lower(hex(randomblob(16))), 0);

        CREATE TABLE databases (
            database INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT UNIQUE, -- NULL while a destroyed database is being swept away
            instance TEXT NOT NULL,
            update_seq INTEGER NOT NULL DEFAULT 0,
            doc_count INTEGER NOT NULL DEFAULT 0,
            doc_del_count INTEGER NOT NULL DEFAULT 0,
            active_bytes INTEGER NOT NULL DEFAULT 0,
            stored_bytes INTEGER NOT NULL DEFAULT 0,
            revs_limit INTEGER NOT NULL DEFAULT 1000,
            security TEXT NOT NULL DEFAULT '{}'
        ) STRICT;

        CREATE TABLE documents (
            document INTEGER PRIMARY KEY,
            database INTEGER NOT NULL REFERENCES databases,
            id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            deleted INTEGER NOT NULL,
            weight INTEGER NOT NULL, -- bytes of the live winner and its attachments
            tree TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX documents_by_id ON documents (database, id);
        CREATE UNIQUE INDEX documents_by_seq ON documents (database, seq);
        CREATE INDEX documents_deleted ON documents (database, id) WHERE deleted;

        CREATE TABLE revisions (
            seq INTEGER PRIMARY KEY,
            document INTEGER NOT NULL REFERENCES documents,
            generation INTEGER NOT NULL,
            digest TEXT NOT NULL,
            deleted INTEGER NOT NULL,
            attachments INTEGER NOT NULL, -- how many
            body BLOB NOT NULL
        ) STRICT;
        CREATE INDEX revisions_of_document ON revisions (document, generation);

        CREATE TABLE contents (
            content INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE, -- BLAKE2b, 32 bytes: the digest on the wire is only MD5
            data BLOB NOT NULL
        ) STRICT;

        CREATE TABLE attachments (
            seq INTEGER NOT NULL REFERENCES revisions,
            name TEXT NOT NULL,
            content_type TEXT NOT NULL,
            digest TEXT NOT NULL,
            length INTEGER NOT NULL,
            revpos INTEGER NOT NULL,
            content INTEGER NOT NULL REFERENCES contents,
            PRIMARY KEY (seq, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX attachments_of_content ON attachments (content);

        CREATE TABLE local_documents (
            database INTEGER NOT NULL REFERENCES databases,
            id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (database, id)
        ) STRICT;
        """,
    ),
    Step(
        "documents-2-purges",
        """
        ALTER TABLE databases ADD COLUMN purge_seq INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE databases ADD COLUMN purged_infos_limit INTEGER NOT NULL DEFAULT 1000;

        CREATE TABLE purges (
            database INTEGER NOT NULL REFERENCES databases,
            number INTEGER NOT NULL, -- 1, 2, 3 … of its database, whose purge_seq is the newest
            seq INTEGER NOT NULL, -- of the node-wide counter; the newest purge is always kept, and its seq with it
            id TEXT NOT NULL,
            revisions TEXT NOT NULL, -- those asked for, as a JSON array, sorted
            PRIMARY KEY (database, number)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
    Step(
        "documents-3-pieces",
        """
        -- Contents of former versions have no run: all of them is in `data`, whatever its size.
        ALTER TABLE contents ADD COLUMN run INTEGER;

        CREATE TABLE pieces (
            piece INTEGER PRIMARY KEY,
            run INTEGER NOT NULL,
            place INTEGER NOT NULL, -- of its first byte in the content
            data BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX pieces_by_place ON pieces (run, place);

        -- Runs that no content has: those being uploaded (staged), and those to be swept away.
        -- AUTOINCREMENT: a run's number must never come again, whoever still reads by it.
        CREATE TABLE loose (
            run INTEGER PRIMARY KEY AUTOINCREMENT,
            staged INTEGER NOT NULL
        ) STRICT;
        """,
    ),
    Step(
        "documents-4-outgrown",
        """
        CREATE TABLE outgrown ( -- revisions written on top of others, until the bodies of those are dropped
            seq INTEGER PRIMARY KEY,
            document INTEGER NOT NULL
        ) STRICT;
        -- What was replaced before there was this table.
        INSERT INTO outgrown SELECT seq, document FROM documents
            WHERE 1 < (SELECT count(*) FROM revisions WHERE revisions.document = documents.document);
        """,
    ),
)
