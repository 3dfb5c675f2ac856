"""One table between errors and CouchDB's `(status, error word)`, read in both directions.

A server writes an error with `status_of` and `problem_of`; a client reads one with `error_from`.
A class that is not in the table is written as its nearest ancestor that is.

The finer words CouchDB has for one status get a class here, so that nobody passes words about.

source  CouchDB, `chttpd:error_info/1`

Must not know: sockets, Flask, which request failed.
"""

from sync.errors import (
    BadRequest,
    Conflict,
    Damaged,
    DiskFull,
    FileExists,
    Forbidden,
    LinkDown,
    LinkError,
    LinkTimeout,
    NotAllowed,
    NotFound,
    NotOffered,
    PeerBusy,
    PeerFull,
    ProtocolError,
    Refused,
    StorageError,
    StoreLocked,
    StoreUnreachable,
    SyncError,
    TooDeep,
    TooLarge,
    Unauthorized,
    UnsupportedType,
)
from sync.values.heard_text import heard_text


class IllegalDocId(BadRequest):
    """The document id breaks CouchDB's rules."""


class IllegalDatabaseName(BadRequest):
    """The database name breaks CouchDB's rules."""


class DatabaseNameTooLong(BadRequest):
    """The database name is longer than a name may be."""


class InvalidDocument(BadRequest):
    """The document's reserved members break CouchDB's rules."""


class UnreadableQuery(BadRequest):
    """A parameter behind the question mark cannot be understood."""


class BadQuery(BadRequest):
    """A selector, a query or an index cannot be understood.

    CouchDB's declarative queries have a word for every slip. They are read by people and test suites,
    never told apart by a program, so one class carries them all.
    """

    def __init__(self, reason: str = "", *, word: str = "bad_request") -> None:
        """Say the slip by CouchDB's `word` for it, one of QUERY_WORDS."""
        super().__init__(reason)
        self.word = word


class MissingStub(FileExists):
    """A stub names an attachment whose content is not here."""


class ContentMismatch(BadRequest):
    """A content is not the one whose digest was announced."""


class AttachmentTooLarge(TooLarge):
    """One attachment is larger than this server takes; the reason is its name."""


class RangeNotSatisfiable(Refused):
    """No byte of the content lies in the range asked for."""


class LetGo(NotFound):
    """The body was let go: it is safe elsewhere, and comes back when it is asked for."""


class NoDatabase(NotFound):
    """Database does not exist."""


class DatabaseNotFound(NotFound):
    """The database that a replication names is not there."""


class MissingRevision(Conflict):
    """missing_rev

    The revision that a file is to be put on or removed from is not here. To CouchDB that is `not_found`, with 409.
    """


class NotAcceptable(Refused):
    """There is no answer of the kind the caller accepts."""


TABLE: tuple[tuple[type[SyncError], int, str], ...] = (
    (BadRequest, 400, "bad_request"),
    (IllegalDocId, 400, "illegal_docid"),
    (IllegalDatabaseName, 400, "illegal_database_name"),
    (DatabaseNameTooLong, 400, "database_name_too_long"),
    (InvalidDocument, 400, "doc_validation"),
    (UnreadableQuery, 400, "query_parse_error"),
    (ContentMismatch, 400, "content_md5_mismatch"),
    (Unauthorized, 401, "unauthorized"),
    (Forbidden, 403, "forbidden"),
    (NotFound, 404, "not_found"),
    (DatabaseNotFound, 404, "db_not_found"),
    (LetGo, 404, "let_go"),
    (NotAllowed, 405, "method_not_allowed"),
    (NotAcceptable, 406, "not_acceptable"),
    (Conflict, 409, "conflict"),
    (MissingRevision, 409, "not_found"),
    (FileExists, 412, "file_exists"),
    (MissingStub, 412, "missing_stub"),
    (TooLarge, 413, "too_large"),
    (AttachmentTooLarge, 413, "attachment_too_large"),
    # CouchDB's replicator halves a batch at this status until the one to blame is alone, and goes on without it.
    (TooDeep, 413, "too_deep"),
    (UnsupportedType, 415, "bad_content_type"),
    (RangeNotSatisfiable, 416, "requested_range_not_satisfiable"),
    (Refused, 400, "refused"),
    (NotOffered, 501, "not_implemented"),
    (LinkDown, 502, "bad_gateway"),
    (LinkError, 502, "bad_gateway"),
    (ProtocolError, 502, "bad_gateway"),
    (PeerBusy, 503, "service_unavailable"),
    (LinkTimeout, 504, "gateway_timeout"),
    (DiskFull, 507, "insufficient_storage"),
    (Damaged, 500, "damaged"),
    (StoreLocked, 503, "service_unavailable"),
    (StoreUnreachable, 503, "service_unavailable"),
    (StorageError, 500, "storage_error"),
    (SyncError, 500, "internal_server_error"),
)

_WRITTEN = {kind: (status, word) for kind, status, word in TABLE}

# What a peer says of itself is its trouble, not ours: its full disk is not our full disk. To us
# it is a peer to be asked again later, or one that breaks the protocol.
_HEARD_WORDS: dict[str, type[SyncError]] = {
    **{word: kind for kind, status, word in reversed(TABLE) if status < 500},
    "not_implemented": NotOffered,
    "invalid_since_seq": BadRequest,
    "document_too_large": TooLarge,
    "max_bulk_docs_count_exceeded": TooLarge,
    "timeout": PeerBusy,
    "service unavailable": PeerBusy,
    "service_unavailable": PeerBusy,
    "insufficient_storage": PeerFull,
}
_HEARD_TOGETHER = {(word, status): kind for kind, status, word in reversed(TABLE) if status < 500}
_HEARD_STATUSES: dict[int, type[SyncError]] = {
    **{status: kind for kind, status, _ in reversed(TABLE) if status < 500},
    400: BadRequest,
    404: NotFound,
    408: LinkTimeout,
    410: NotFound,
    414: BadRequest,
    422: BadRequest,
    425: PeerBusy,
    429: PeerBusy,
    501: NotOffered,
    502: PeerBusy,
    503: PeerBusy,
    504: LinkTimeout,
    507: PeerFull,
}


# source  CouchDB, `mango_error:info/2`; all of them answered 400
QUERY_WORDS = frozenset(
    {
        "bad_arg", "bad_field", "invalid_bookmark", "invalid_boolean", "invalid_bulk_docs", "invalid_ddoc_lang",
        "invalid_empty_string", "invalid_field", "invalid_field_name", "invalid_fields", "invalid_index",
        "invalid_index_name", "invalid_key", "invalid_list_index_params", "invalid_non_neg_integer",
        "invalid_operator", "invalid_partitioned_option", "invalid_pos_integer", "invalid_selector",
        "invalid_selector_json", "invalid_sort_dir", "invalid_sort_field", "invalid_sort_json", "invalid_string",
        "missing_required_key", "no_usable_index", "not_supported", "unsupported_mixed_sort",
    }
)  # fmt: skip


def status_of(error: SyncError) -> int:
    """The HTTP status an error is answered with."""
    return _row(error)[0]


def problem_of(error: SyncError) -> dict[str, str]:
    """CouchDB's error object, `{"error": word, "reason": sentence}`."""
    word = error.word if isinstance(error, BadQuery) else _row(error)[1]
    return {"error": word, "reason": error.reason}


def error_from(word: str | None, reason: str, *, status: int | None = None) -> SyncError:
    """The exception for a problem a peer reported; to be raised, or kept in an `Outcome`.

    word    CouchDB's error word, None when the answer had none
    status  of the whole answer; None for one row of a batch
    """
    reason = heard_text(reason)
    if word in QUERY_WORDS:
        return BadQuery(reason or word, word=word)
    kind = _HEARD_TOGETHER.get((word or "", status or 0)) or _HEARD_WORDS.get(word or "")
    if kind is None and status is not None:
        kind = _HEARD_STATUSES.get(status)
    if kind is None:
        kind = ProtocolError if status is None or status >= 500 or status < 400 else Refused
    return kind(reason or heard_text(word or f"status {status}"))


def refusal_from(word: str | None, reason: str, *, status: int | None = None) -> Refused:
    """Like `error_from`, for one row of a batch: whatever it says, the row was refused."""
    error = error_from(word, reason, status=status)
    if isinstance(error, Refused):
        return error
    return Refused(heard_text(f"{word}: {reason}" if word else reason))


def _row(error: SyncError) -> tuple[int, str]:
    for kind in type(error).__mro__:
        if kind in _WRITTEN:
            return _WRITTEN[kind]
    return _WRITTEN[SyncError]
