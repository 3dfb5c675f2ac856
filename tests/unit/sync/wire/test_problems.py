import pytest

from sync.errors import (
    BadRequest,
    Conflict,
    Damaged,
    DiskFull,
    FileExists,
    Forbidden,
    Invalid,
    LinkDown,
    LinkTimeout,
    NotFound,
    NotOffered,
    PeerBusy,
    ProtocolError,
    Refused,
    StorageError,
    StoreLocked,
    SyncError,
    TooLarge,
    Unauthorized,
)
from sync.wire.exchange import read_aside
from sync.wire.problems import TABLE, IllegalDocId, InvalidDocument, error_from, problem_of, refusal_from, status_of


def every_error(kind: type[SyncError] = SyncError) -> list[type[SyncError]]:
    return [kind, *(deeper for direct in kind.__subclasses__() for deeper in every_error(direct))]


@pytest.mark.parametrize(
    ("error", "status", "word"),
    [
        (BadRequest(), 400, "bad_request"),
        (Invalid(), 400, "bad_request"),
        (IllegalDocId(), 400, "illegal_docid"),
        (InvalidDocument(), 400, "doc_validation"),
        (Unauthorized(), 401, "unauthorized"),
        (Forbidden(), 403, "forbidden"),
        (NotFound(), 404, "not_found"),
        (Conflict(), 409, "conflict"),
        (FileExists(), 412, "file_exists"),
        (TooLarge(), 413, "too_large"),
        (NotOffered(), 501, "not_implemented"),
        (PeerBusy(), 503, "service_unavailable"),
        (DiskFull(), 507, "insufficient_storage"),
        (StoreLocked(), 503, "service_unavailable"),
        (StorageError(), 500, "storage_error"),
        (Damaged(), 500, "damaged"),
    ],
)
def test_errors_are_written_as_couchdb_writes_them(error: SyncError, status: int, word: str) -> None:
    assert status_of(error) == status
    assert problem_of(error) == {"error": word, "reason": error.reason}


def test_the_sentences_clients_compare_are_couchdbs() -> None:
    assert Conflict().reason == "Document update conflict."
    assert FileExists().reason == "The database could not be created, the file already exists."


def test_every_error_in_the_tree_has_a_status() -> None:
    for kind in every_error():
        assert 400 <= status_of(kind("why")) < 600, kind


@pytest.mark.parametrize(("kind", "status", "word"), [row for row in TABLE if row[1] < 500 and row[0] is not Refused])
def test_a_refusal_comes_back_as_what_it_was(kind: type[SyncError], status: int, word: str) -> None:
    assert type(error_from(word, "why", status=status)) is kind
    by_word = next(row[0] for row in TABLE if row[2] == word)  # a row of a batch has no status of its own
    assert type(error_from(word, "why")) is by_word


@pytest.mark.parametrize(
    ("word", "status", "kind"),
    [
        (None, 404, NotFound),
        ("no_db_file", 404, NotFound),
        (None, 412, FileExists),
        ("missing_stub", 412, FileExists),
        ("illegal_docid", 400, BadRequest),
        ("something new", 418, Refused),
        ("not_implemented", 501, NotOffered),
        ("timeout", 500, PeerBusy),
        ("service unavailable", 503, PeerBusy),
        (None, 429, PeerBusy),
        (None, 502, PeerBusy),
        (None, 504, LinkTimeout),
        (None, 500, ProtocolError),
        ("internal_server_error", 500, ProtocolError),
        (None, 302, ProtocolError),
    ],
)
def test_what_a_peer_answers_becomes_one_of_our_errors(word: str | None, status: int, kind: type[SyncError]) -> None:
    error = error_from(word, "why", status=status)
    assert isinstance(error, kind)
    assert error.reason == "why"


@pytest.mark.parametrize("ours", [DiskFull, Damaged, LinkDown])
def test_trouble_a_peer_has_with_its_own_disk_is_never_taken_for_ours(ours: type[SyncError]) -> None:
    told = problem_of(ours("why"))
    heard = error_from(told["error"], told["reason"], status=status_of(ours("why")))
    assert isinstance(heard, PeerBusy | ProtocolError)


def test_one_row_of_a_batch_is_refused_whatever_it_says() -> None:
    assert type(refusal_from("conflict", "Document update conflict.")) is Conflict
    assert type(refusal_from("forbidden", "no")) is Forbidden
    assert type(refusal_from("internal_server_error", "oops")) is Refused
    assert refusal_from(None, "").reason


def test_what_a_peer_says_is_one_line_that_no_terminal_obeys_and_has_an_end() -> None:
    told = "\x1b[2J满了\n\u202e" + "x" * 100_000
    for error in (error_from("forbidden", told), error_from(told, "", status=500), refusal_from(told, "no")):
        assert error.reason.isprintable()
        assert len(error.reason) <= 1000
    assert error_from("forbidden", told).reason.startswith(" [2J满了  xxx")
    aside = [["station_a", "case:1", "1-a", told]]
    assert read_aside(aside)[0].reason == error_from("forbidden", told).reason
