"""What peers do that our own server does not; what all databases promise is in tests/contract."""

import time
from collections.abc import Iterator

import pytest

from sync.errors import Forbidden, LinkTimeout, NotFound, ProtocolError
from sync.remote.database import RemoteDatabase, RemoteDatabases
from sync.remote.transport import Transport
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.values.changes import Row, Span
from sync.values.contents import Passing
from sync.values.documents import Absent, Attachment, Document, Edit, Wanted
from sync.values.json_text import dump, parse
from sync.wire.arriving import digest_of
from sync.wire.problems import AttachmentTooLarge
from tests.unit.sync.parts import related
from tests.unit.sync.remote.conftest import Heard, Said, Scripted

FIRST = Revision(1, "a")
OTHER = Revision(1, "b")


@pytest.fixture
def database(scripted: Scripted) -> Iterator[RemoteDatabase]:
    opened = RemoteDatabase(Transport(scripted.url, timeout_seconds=2), "db")
    yield opened
    opened.close()


def told(doc_id: str, revision: Revision = FIRST) -> dict[str, object]:
    generation, digest = revision
    return {"_id": doc_id, "_rev": str(revision), "_revisions": {"start": generation, "ids": [digest]}, "n": 1}


def test_documents_are_fetched_many_to_a_request_and_come_in_the_order_asked(
    scripted: Scripted, database: RemoteDatabase
) -> None:
    # PouchDB answers grouped by id, and in an order of its own.
    scripted.say({"results": [{"id": d, "docs": [{"ok": told(d)}]} for d in ("y", "x")]})
    read = list(database.read([Wanted("x", (FIRST,), latest=True), Wanted("y", (FIRST,), latest=True)]))
    assert [document.id for document in read] == ["x", "y"]
    assert len(scripted.heard) == 1
    assert scripted.heard[0].target == "/db/_bulk_get?revs=true&latest=true"


def test_a_leaf_that_two_revisions_lead_to_comes_once(scripted: Scripted, database: RemoteDatabase) -> None:
    scripted.say({"results": [{"id": "x", "docs": [{"ok": told("x")}]}] * 2})
    assert len(list(database.read([Wanted("x", (FIRST, OTHER), latest=True)]))) == 1


def test_a_revision_that_is_missing_is_told_in_either_dialect(scripted: Scripted, database: RemoteDatabase) -> None:
    row = {"error": {"id": "x", "rev": "1-a", "error": "not_found", "reason": "missing"}}
    scripted.say({"results": [{"id": "x", "docs": [row, {"missing": "1-b"}]}]})
    found = list(database.read([Wanted("x", (FIRST, OTHER))]))
    assert found == [Absent("x", FIRST, "missing"), Absent("x", OTHER, "missing")]


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_a_server_without_bulk_get_is_asked_for_one_document_after_the_other(
    scripted: Scripted, database: RemoteDatabase, status: int
) -> None:
    def answering(heard: Heard) -> Said:
        if "_bulk_get" in heard.target:
            return Said(status, b'{"error":"not_found","reason":"missing"}')
        return Said(body=dump([{"ok": told(heard.target[4:5])}, {"missing": "1-b"}]))

    scripted.answering = answering
    wanted = [Wanted("x", (FIRST, OTHER), latest=True, attachments=True), Wanted("y", (FIRST,))]
    read = list(database.read(wanted))
    assert [each.id for each in read] == ["x", "x", "y", "y"]
    assert read[1] == Absent("x", OTHER, "missing")
    asked = [heard.target for heard in scripted.heard]
    assert sum("_bulk_get" in target for target in asked) == 1, "it is remembered"
    assert "open_revs=%5B%221-a%22%2C%221-b%22%5D" in asked[1]
    assert "latest=true" in asked[1]


def attached(doc_id: str, revision: Revision, **lengths: int) -> dict[str, object]:
    """A document with stubs of files that long, all as old as the revision."""
    stubs = {
        name: {"stub": True, "length": length, "digest": "md5-x", "revpos": revision.generation}
        for name, length in lengths.items()
    }
    return told(doc_id, revision) | {"_attachments": stubs}


def test_small_contents_come_many_to_a_request_and_large_ones_by_themselves(
    scripted: Scripted, database: RemoteDatabase
) -> None:
    def answering(heard: Heard) -> Said:
        if "_bulk_get" not in heard.target:
            return Said(body=b"large")
        docs = {
            "a": attached("a", FIRST, one=4),
            "b": attached("b", FIRST, film=2 << 20),
            "c": attached("c", FIRST, two=4),
        }
        if "attachments" in heard.target:
            for name in ("a", "c"):
                for stub in docs[name]["_attachments"].values():  # type: ignore[attr-defined]
                    stub |= {"data": "dGV4dA==", "stub": False}
        asked = [each["id"] for each in parse(heard.body)["docs"]]
        return Said(body=dump({"results": [{"id": each, "docs": [{"ok": docs[each]}]} for each in asked]}))

    scripted.answering = answering
    found = list(database.read([Wanted(each, (FIRST,), latest=True, attachments=True) for each in "abc"]))
    assert [each.id for each in found] == ["a", "b", "c"]
    assert [each.attachments[0].data for each in (found[0], found[2])] == [b"text", b"text"]
    assert [parse(heard.body)["docs"] for heard in scripted.heard] == [
        [{"id": each, "rev": "1-a"} for each in "abc"],
        [{"id": each, "rev": "1-a"} for each in "ac"],
    ]
    film = found[1].attachments[0].data
    for start, stop in ((0, None), (1, 4)):  # as often as somebody reads it
        assert b"".join(film.pieces(start, stop)) == b"large"[start:stop]
    assert [heard.target for heard in scripted.heard[2:]] == ["/db/b/film?rev=1-a"] * 2


def test_contents_that_are_here_already_are_not_asked_for(scripted: Scripted, database: RemoteDatabase) -> None:
    newer = attached("x", Revision(2, "b"), new=1 << 30)
    newer["_revisions"] = {"start": 2, "ids": ["b", "a"]}
    newer["_attachments"]["old"] = {"stub": True, "length": 1 << 30, "digest": "md5-y", "revpos": 1}  # type: ignore[index]
    scripted.say({"results": [{"id": "x", "docs": [{"ok": newer}]}]})
    wanted = Wanted("x", (Revision(2, "b"),), attachments=True, atts_since=(FIRST,))
    (found,) = database.read([wanted])
    assert {file.name: file.data is None for file in found.attachments} == {"new": False, "old": True}
    assert len(scripted.heard) == 1


def test_a_large_content_goes_behind_its_document_and_what_refuses_it_is_its_outcome(
    scripted: Scripted, database: RemoteDatabase
) -> None:
    film = Attachment("film", "video/mp4", "", 0, 1, Passing(iter([b"x" * 1000] * 2000)))
    documents = [Document(each, Branch(1, ("a",)), b"{}", (film,) if each == "b" else ()) for each in "abc"]

    def answering(heard: Heard) -> Said:
        if heard.method == "PUT":
            return Said(413, b'{"error":"attachment_too_large","reason":"film"}')
        return Said(201, b"[]")

    scripted.answering = answering
    outcomes = database.graft(documents)
    assert [outcome.revision for outcome in outcomes] == [FIRST, None, FIRST]
    assert isinstance(outcomes[1].error, AttachmentTooLarge)
    assert [(heard.method, heard.target) for heard in scripted.heard] == [
        ("POST", "/db/_bulk_docs"),
        ("PUT", "/db/b?new_edits=false"),
        ("POST", "/db/_bulk_docs"),
    ]
    put = scripted.heard[1]
    fields, contents = related(put.sent, put.headers["Content-Type"], at_once=1 << 16)
    assert contents == {"film": b"x" * 2_000_000}
    told_of = fields["_attachments"]["film"]
    assert (told_of["length"], told_of["digest"]) == (2_000_000, digest_of(b"x" * 2_000_000))


def test_a_document_that_breaks_our_rules_keeps_no_other_back(scripted: Scripted, database: RemoteDatabase) -> None:
    strange = attached("b", FIRST, one=4)
    strange["_attachments"][""] = strange["_attachments"]["one"]  # type: ignore[index]
    docs = {"a": attached("a", FIRST), "b": strange, "c": attached("c", FIRST)}
    scripted.say({"results": [{"id": each, "docs": [{"ok": docs[each]}]} for each in "abc"]})
    a, b, c = database.read([Wanted(each, (FIRST,), latest=True, attachments=True) for each in "abc"])
    assert (a.id, c.id) == ("a", "c")
    assert b == Absent("b", FIRST, "it cannot be taken as it is: Attachment name must not be empty")


@pytest.mark.parametrize("levels", [300, 2000])
def test_a_document_nested_too_deeply_keeps_no_other_back(
    scripted: Scripted, database: RemoteDatabase, levels: int
) -> None:
    ids = "abcdefgh"

    def leaf(doc_id: str) -> bytes:
        nested = b"[" * levels + b"]" * levels if doc_id == "f" else b"1"
        return b'{"ok":{"_id":"%c","_rev":"1-a","n":%b}}' % (ord(doc_id), nested)

    def answering(heard: Heard) -> Said:
        if "_bulk_get" not in heard.target:
            return Said(body=b"[" + leaf("f") + b"]")
        asked = [each["id"] for each in parse(heard.body)["docs"]]
        rows = (b'{"id":"%c","docs":[%b]}' % (ord(each), leaf(each)) for each in asked)
        return Said(body=b'{"results":[' + b",".join(rows) + b"]}")

    scripted.answering = answering
    found = list(database.read([Wanted(each, (FIRST,), latest=True) for each in ids]))
    assert [each.id for each in found] == list(ids)
    (deep,) = (each for each in found if isinstance(each, Absent))
    assert (deep.id, deep.revision) == ("f", FIRST)
    assert "nested deeper" in deep.reason
    assert len(scripted.heard) == (1 if levels == 300 else 8)


def test_a_winner_that_we_do_not_take_keeps_no_other_row_back(scripted: Scripted, database: RemoteDatabase) -> None:
    rows = [
        {"id": each, "key": each, "value": {"rev": rev}} for each, rev in (("a", "1-a"), ("b", "0-b"), ("c", "2-c"))
    ]
    scripted.say({"total_rows": 3, "offset": 0, "rows": rows})
    expected = [Row("a", FIRST), Row("b", None), Row("c", Revision(2, "c"))]
    assert list(database.list(Span()).rows) == expected
    assert list(database.look_up(["a", "b", "c"]).rows) == expected


def test_leaves_of_a_document_nested_too_deeply_keep_no_others_back(
    scripted: Scripted, database: RemoteDatabase
) -> None:
    def answering(heard: Heard) -> Said:
        asked = [each["id"] for each in parse(heard.body)["docs"]]
        bodies = {each: b"[" * 2000 + b"]" * 2000 if each == "f" else b"1" for each in asked}
        rows = (
            b'{"id":"%c","docs":[{"ok":{"_id":"%c","_rev":"1-a","n":%b}}]}' % (ord(each), ord(each), body)
            for each, body in bodies.items()
        )
        return Said(body=b'{"results":[' + b",".join(rows) + b"]}")

    scripted.answering = answering
    found = database.leaves("abcdefgh")
    assert {each: len(leaves) for each, leaves in found.items()} == {each: int(each != "f") for each in "abcdefgh"}


def test_a_database_that_vanished_is_not_taken_for_missing_documents(
    scripted: Scripted, database: RemoteDatabase
) -> None:
    scripted.say({"error": "not_found", "reason": "Database does not exist."}, status=404)
    with pytest.raises(NotFound):
        list(database.read([Wanted("x", (FIRST,))]))
    with pytest.raises(NotFound):
        database.read_local("log")


def test_what_was_refused_is_told_by_id_and_revision_or_by_id_alone(
    scripted: Scripted, database: RemoteDatabase
) -> None:
    # new_edits=false: CouchDB tells of failures only, some versions without the revision.
    scripted.say(
        [
            {"id": "x", "rev": "1-b", "error": "forbidden", "reason": "no"},
            {"id": "y", "error": "bad_request", "reason": "never"},
        ]
    )
    documents = [Document("x", Branch(1, ("a",))), Document("x", Branch(1, ("b",))), Document("y", Branch(1, ("a",)))]
    outcomes = database.graft(documents)
    assert [outcome.revision for outcome in outcomes] == [FIRST, None, None]
    assert isinstance(outcomes[1].error, Forbidden)
    sent = parse(scripted.heard[0].body)
    assert sent["new_edits"] is False
    assert sent["docs"][0]["_revisions"] == {"start": 1, "ids": ["a"]}
    assert scripted.heard[0].headers["X-Couch-Full-Commit"] == "true"


def test_edits_are_answered_row_by_row(scripted: Scripted, database: RemoteDatabase) -> None:
    scripted.say([{"ok": True, "id": "x", "rev": "1-a"}, {"id": "y", "error": "conflict", "reason": "no"}])
    assert [outcome.revision for outcome in database.write([Edit("x", None), Edit("y", None)])] == [FIRST, None]
    scripted.say([])
    with pytest.raises(ProtocolError):
        database.write([Edit("x", None)])


def test_nothing_to_write_costs_no_request(scripted: Scripted, database: RemoteDatabase) -> None:
    assert database.write([]) == []
    assert database.graft([]) == []
    assert scripted.heard == []


def test_a_checkpoint_is_written_in_one_request_when_its_revision_is_known(
    scripted: Scripted, database: RemoteDatabase
) -> None:
    scripted.say({"ok": True, "id": "_local/log", "rev": "0-1"}, status=201)
    database.write_local("log", b'{"n":1}')
    database.write_local("log", b'{"n":2}')
    assert [parse(heard.body) for heard in scripted.heard] == [{"n": 1}, {"_rev": "0-1", "n": 2}]


def test_a_checkpoint_that_others_wrote_is_read_and_replaced(scripted: Scripted, database: RemoteDatabase) -> None:
    def answering(heard: Heard) -> Said:
        if heard.method == "GET":
            return Said(body=b'{"_id":"_local/log","_rev":"0-7","n":1}')
        if parse(heard.body).get("_rev") != "0-7":
            return Said(409, b'{"error":"conflict","reason":"Document update conflict."}')
        return Said(201, b'{"ok":true,"rev":"0-8"}')

    scripted.answering = answering
    assert database.write_local("log", b'{"n":2}') == Revision(0, "8")


@pytest.mark.parametrize("reason", ["missing", "deleted"])
def test_no_local_document_is_none(scripted: Scripted, database: RemoteDatabase, reason: str) -> None:
    scripted.say({"error": "not_found", "reason": reason}, status=404)
    assert database.read_local("log") is None
    assert database.delete_local("log") is False


def test_sequences_of_any_shape_are_handed_back_as_they_came(scripted: Scripted, database: RemoteDatabase) -> None:
    row = {"seq": [7, "opaque"], "id": "x", "changes": [{"rev": "1-a"}]}
    scripted.say({"results": [row], "last_seq": 7})
    changes = database.changes("5-g1AAA/+", limit=3)
    assert (changes.results[0].seq, changes.last_seq, changes.pending) == ('[7,"opaque"]', "7", None)
    assert scripted.heard[0].target == "/db/_changes?style=all_docs&since=5-g1AAA%2F%2B&limit=3"


def test_a_feed_that_ends_early_is_asked_again_until_the_time_is_up(
    scripted: Scripted, database: RemoteDatabase
) -> None:
    scripted.answering = lambda heard: time.sleep(0.03) or Said(body=b'{"results":[],"last_seq":"1"}')
    begun = time.monotonic()
    assert database.await_change("1", timeout_seconds=0.1) is False
    assert 0.1 <= time.monotonic() - begun < 5
    assert len(scripted.heard) > 1


def test_a_feed_that_never_ends_is_let_go(
    scripted: Scripted, database: RemoteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.remote.database._GRACE_SECONDS", 0.1)
    scripted.answering = lambda heard: Said(body=b"\n", headers={"Content-Length": "100"})
    begun = time.monotonic()
    assert database.await_change("1", timeout_seconds=0.1) is False
    assert time.monotonic() - begun < 5


def test_a_feed_that_does_not_even_begin_is_a_timeout(
    scripted: Scripted, database: RemoteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.remote.database._GRACE_SECONDS", 0.1)
    scripted.answering = lambda heard: time.sleep(0.5) or Said()
    with pytest.raises(LinkTimeout):
        database.await_change("1", timeout_seconds=0.1)


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"null", b'{"results":7}', b'{"results":[7]}', b"<html>", b'{"a":'])
def test_an_answer_that_makes_no_sense_breaks_the_protocol_and_is_kept(
    scripted: Scripted, database: RemoteDatabase, body: bytes
) -> None:
    scripted.answering = lambda heard: Said(body=body)
    asking = [
        database.info,
        lambda: database.changes("0"),
        lambda: list(database.read([Wanted("x", (FIRST,))])),
        lambda: list(database.read([Wanted("x")])),
        lambda: database.write([Edit("x", None)]),
        lambda: database.look_up(["x"]),
        lambda: database.read_local("x"),
        lambda: database.write_local("x", b"{}"),
    ]
    for ask in asking:
        with pytest.raises(ProtocolError):
            ask()


def test_the_names_of_databases_that_are_no_list_break_the_protocol(scripted: Scripted) -> None:
    databases = RemoteDatabases(Transport(scripted.url))
    for body in (b"{}", b"<html>"):
        scripted.answering = lambda heard, body=body: Said(body=body)
        with pytest.raises(ProtocolError):
            databases.names()
    databases.close()
