"""The rules for names, in CouchDB's exact words: document ids, databases, reserved members.

Clients and test suites compare these sentences, so they are quoted, quirks included.

source  CouchDB, `couch_doc:validate_docid/1`, `couch_db:validate_dbname/1`, `couch_att:validate_name/1`

Must not know: sockets, databases, Flask.
"""

import re

from sync.errors import BadRequest
from sync.wire.problems import DatabaseNameTooLong, IllegalDatabaseName, IllegalDocId

DESIGN = "_design/"
LOCAL = "_local/"

# CouchDB's own databases. They keep accounts and jobs in its own formats, which we do not interpret.
SYSTEM_DATABASES = frozenset({"_users", "_replicator", "_global_changes"})

_DATABASE = re.compile(r"[a-z][a-z0-9_$()+/-]*\Z")
_LONGEST_DATABASE = 238  # CouchDB's: 255 for a file name, less its own suffix


def check_doc_id(doc_id: object) -> str:
    """A document id that may be written; raises IllegalDocId."""
    if not isinstance(doc_id, str):
        raise IllegalDocId("Document id must be a string")
    if not doc_id:
        raise IllegalDocId("Document id must not be empty")
    if doc_id in (DESIGN, LOCAL):
        raise IllegalDocId(f"Illegal document id `{doc_id}`")
    if doc_id.startswith("_") and not doc_id.startswith((DESIGN, LOCAL)):
        raise IllegalDocId("Only reserved document ids may start with underscore.")
    return doc_id


def check_database_name(name: str) -> str:
    """A database name that may be created; raises IllegalDatabaseName or DatabaseNameTooLong."""
    if not _DATABASE.match(name):
        raise IllegalDatabaseName(
            f"Name: '{name}'. Only lowercase characters (a-z), digits (0-9), and any of the characters"
            " _, $, (, ), +, -, and / are allowed. Must begin with a letter."
        )
    if len(name) > _LONGEST_DATABASE:
        raise DatabaseNameTooLong(f"At least one path segment of `{name}` is too long.")
    return name


def check_attachment_name(name: str) -> str:
    """An attachment name that may be written; raises BadRequest."""
    if not name:
        raise BadRequest("Attachment name must not be empty")
    if name.startswith("_"):
        raise BadRequest(f"Attachment name '{name}' starts with prohibited character '_'")
    return name
