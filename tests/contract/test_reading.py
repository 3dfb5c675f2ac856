"""Reading: winners, leaves, named revisions, the latest of them; files as contents or stubs."""

import pytest

from sync.errors import FileExists
from sync.values.contents import bytes_of
from sync.values.documents import Absent, Wanted
from tests.contract.documents import content_digest, delete, doc, edit, file, graft, put, read, rev, stub, written

SCAN = bytes(range(256)) * 40
PHOTO = b"photo"


def test_documents_come_in_the_order_asked(db):
    graft(db, doc("a", "1-a"), doc("b", "1-b"))
    found = list(db.read([Wanted("b"), Wanted("no"), Wanted("a"), Wanted("b")]))
    assert [each.id for each in found] == ["b", "no", "a", "b"]
    assert found[1] == Absent("no", None, "missing")


def test_a_revision_asked_for_twice_is_given_twice(db):
    graft(db, doc("a", "1-a"), doc("a", "1-b"), doc("b", "1-b"))
    asked = [
        Wanted("a", (rev("1-a"),)),
        Wanted("b", (rev("1-b"),)),
        Wanted("a", (rev("1-a"),)),
        Wanted("a", (rev("1-b"),)),
    ]
    assert [(each.id, str(each.revision)) for each in db.read(asked)] == [
        ("a", "1-a"),
        ("b", "1-b"),
        ("a", "1-a"),
        ("a", "1-b"),
    ]


def test_nothing_asked_nothing_given(db):
    assert list(db.read([])) == []


def test_many_documents_are_read_without_loss(db):
    graft(db, *(doc(f"{n:04}", "1-a", text="x" * 4000) for n in range(700)))
    found = list(db.read([Wanted(f"{n:04}") for n in range(700)]))
    assert [each.id for each in found] == [f"{n:04}" for n in range(700)]
    assert all(len(each.fields()["text"]) == 4000 for each in found)


def test_every_leaf_is_given_winner_first_tombstones_included(db):
    graft(db, doc("a", "2-b", "1-a", n="b"), doc("a", "2-c", "1-a", n="c"), doc("a", "3-d", "2-d", deleted=True))
    found = list(db.read([Wanted("a", ())]))
    assert sorted(str(each.revision) for each in found) == ["2-b", "2-c", "3-d"]
    assert {str(each.revision): each.deleted for each in found} == {"2-b": False, "2-c": False, "3-d": True}


def test_every_leaf_of_an_unknown_document_is_one_absence(db):
    assert [(each.id, each.reason) for each in db.read([Wanted("a", ())])] == [("a", "missing")]


def test_of_many_leaves_each_is_given_as_it_was_written(db):
    graft(db, *(doc("a", f"2-{n:02}", f"1-{n % 3}", deleted=n % 5 == 0, n=n) for n in range(20)))
    given = {str(each.revision): (each.deleted, each.fields()) for each in db.read([Wanted("a", ())])}
    assert given == {f"2-{n:02}": (n % 5 == 0, {"n": n}) for n in range(20)}
    asked = [f"2-{n:02}" for n in range(19, -1, -1)]
    assert [str(each.revision) for each in read(db, "a", *asked)] == asked
    assert [str(each.revision) for each in read(db, "a", *asked, *asked, latest=True)] == asked
    first = read(db, "a", *asked[:9], "1-0", "9-unheard")
    assert [str(each.revision) for each in first] == [*asked[:9], "1-0", "9-unheard"]
    assert [isinstance(each, Absent) for each in first] == [False] * 9 + [True] * 2
    descended = read(db, "a", *asked[:9], "1-0", "9-unheard", latest=True)
    through = {f"2-{n:02}" for n in range(0, 20, 3)} - set(asked[:9])
    assert {str(each.revision) for each in descended[9:-1]} == through
    assert descended[-1] == Absent("a", rev("9-unheard"), "missing")


def test_a_named_revision_comes_with_the_path_behind_it(db):
    first = put(db, "a", n=1)
    second = put(db, "a", first, n=2)
    put(db, "a", second, n=3)
    (found,) = read(db, "a", str(second))
    assert list(found.path.revisions()) == [second, first]
    assert found.fields() == {"n": 2}


def test_a_revision_nobody_has_is_absent_by_name(db):
    put(db, "a")
    assert read(db, "a", "9-zzz") == [Absent("a", rev("9-zzz"), "missing")]
    assert read(db, "b", "9-zzz") == [Absent("b", rev("9-zzz"), "missing")]


def test_an_ancestor_known_by_name_alone_is_absent(db):
    graft(db, doc("a", "2-b", "1-a"))
    assert read(db, "a", "1-a") == [Absent("a", rev("1-a"), "missing")]


def test_the_latest_of_a_revision_are_the_leaves_that_descend_from_it(db):
    graft(db, doc("a", "3-c", "2-b", "1-a"), doc("a", "2-x", "1-a"), doc("a", "1-q"))
    assert {str(each.revision) for each in read(db, "a", "1-a", latest=True)} == {"3-c", "2-x"}
    assert [str(each.revision) for each in read(db, "a", "2-b", latest=True)] == ["3-c"]
    assert read(db, "a", "7-z", latest=True) == [Absent("a", rev("7-z"), "missing")]


def test_a_latest_leaf_is_given_once(db):
    graft(db, doc("a", "3-c", "2-b", "1-a"))
    assert [str(each.revision) for each in read(db, "a", "1-a", "2-b", latest=True)] == ["3-c"]


def test_compaction_keeps_leaves_and_forgets_what_they_replaced(engine, db):
    engine.needs("no compaction")
    first = put(db, "a", n=1)
    second = put(db, "a", first, n=2)
    graft(db, doc("a", "2-0", str(first), n="conflict"))
    db.compact()
    assert read(db, "a")[0].fields() == {"n": 2}
    assert read(db, "a", "2-0")[0].fields() == {"n": "conflict"}
    assert read(db, "a", str(first)) == [Absent("a", first, "missing")]
    assert db.missing({"a": [first, second]}) == {}


def test_a_file_is_a_stub_until_its_content_is_asked_for(engine, db):
    written(db.write([edit("a", files=[file("scan.jpg", SCAN, content_type="image/jpeg")])]))
    (told,) = read(db, "a")[0].attachments
    assert (told.name, told.content_type, told.length, told.revpos) == ("scan.jpg", "image/jpeg", len(SCAN), 1)
    assert told.data is None
    (given,) = read(db, "a", attachments=True)[0].attachments
    assert given.data == SCAN
    assert given.digest == told.digest


def test_a_files_digest_is_that_of_its_content(engine, db):
    engine.needs("own attachment digests")
    written(db.write([edit("a", files=[file("scan.jpg", SCAN)])]))
    assert read(db, "a")[0].attachments[0].digest == content_digest(SCAN)


def test_a_stub_keeps_the_file_and_a_left_out_one_is_gone(db):
    first = written(db.write([edit("a", files=[file("scan", SCAN), file("photo", PHOTO)])]))[0]
    second = written(db.write([edit("a", first, files=[stub("scan")], n=2)]))[0]
    (kept,) = read(db, "a", attachments=True)[0].attachments
    assert (kept.name, kept.revpos, kept.data) == ("scan", 1, SCAN)
    written(db.write([edit("a", second, n=3)]))
    assert read(db, "a")[0].attachments == ()


def test_a_new_content_under_an_old_name_belongs_to_its_own_generation(db):
    first = written(db.write([edit("a", files=[file("scan", SCAN)])]))[0]
    written(db.write([edit("a", first, files=[file("scan", PHOTO)])]))
    (kept,) = read(db, "a", attachments=True)[0].attachments
    assert (kept.revpos, kept.data) == (2, PHOTO)
    (old,) = read(db, "a", str(first), attachments=True)[0].attachments
    assert old.data == SCAN


def test_an_unknown_stub_is_refused_and_stores_nothing(engine, db):
    engine.needs("whole batches for stubs")
    first = put(db, "a", n=1)
    (outcome,) = db.write([edit("a", first, files=[stub("scan")])])
    assert isinstance(outcome.error, FileExists)  # 412, as CouchDB answers
    assert db.tree("a").leaves() == (first,)
    (outcome,) = db.write([edit("b", files=[stub("scan")])])
    assert isinstance(outcome.error, FileExists)
    assert db.tree("b") is None


def test_a_stub_does_not_reach_into_another_document(engine, db):
    engine.needs("whole batches for stubs")
    written(db.write([edit("a", files=[file("scan", SCAN)])]))
    (outcome,) = db.write([edit("b", files=[stub("scan", revpos=1, digest=content_digest(SCAN))])])
    assert isinstance(outcome.error, FileExists)


def test_a_replicas_stub_is_found_behind_it(db):
    graft(db, doc("a", "1-a", files=[file("scan", SCAN, revpos=1)]))
    graft(db, doc("a", "3-c", "2-b", "1-a", files=[stub("scan", revpos=1), file("photo", PHOTO, revpos=3)]))
    found = {each.name: each for each in read(db, "a", attachments=True)[0].attachments}
    assert found["scan"].data == SCAN
    assert found["photo"].data == PHOTO
    assert (found["scan"].revpos, found["photo"].revpos) == (1, 3)


def test_a_replicas_stub_without_its_content_here_is_refused_alone(engine, db):
    engine.needs("whole batches for stubs")
    outcomes = db.graft([doc("a", "2-b", "1-a", files=[stub("scan", revpos=1)]), doc("b", "1-a")])
    assert isinstance(outcomes[0].error, FileExists)
    assert outcomes[1].error is None
    assert db.tree("a") is None


def test_only_files_newer_than_what_the_asker_holds_are_sent(db):
    graft(db, doc("a", "1-a", files=[file("scan", SCAN, revpos=1)]))
    graft(db, doc("a", "2-b", "1-a", files=[stub("scan", revpos=1), file("photo", PHOTO, revpos=2)]))
    (found,) = read(db, "a", "2-b", attachments=True, atts_since=(rev("1-a"), rev("9-unheard")))
    assert {each.name: each.data for each in found.attachments} == {"scan": None, "photo": PHOTO}
    (found,) = read(db, "a", "2-b", attachments=True, atts_since=(rev("9-unheard"),))
    assert {each.name: each.data for each in found.attachments} == {"scan": SCAN, "photo": PHOTO}


def test_conflicting_copies_keep_their_own_files(db):
    graft(
        db,
        doc("a", "2-b", "1-a", files=[file("scan", SCAN, revpos=2)]),
        doc("a", "2-c", "1-a", files=[file("scan", PHOTO, revpos=2)]),
    )
    assert read(db, "a", "2-b", attachments=True)[0].attachments[0].data == SCAN
    assert read(db, "a", "2-c", attachments=True)[0].attachments[0].data == PHOTO


@pytest.mark.parametrize("content", [b"", b"\x00", "村".encode(), b"\xff\xfe" * 70_000])
def test_any_bytes_are_a_content(db, content):
    written(db.write([edit("a", files=[file("f", content)])]))
    (there,) = read(db, "a", attachments=True)[0].attachments
    assert (there.length, bytes_of(there.data)) == (len(content), content)


def test_a_deleted_document_reads_as_deleted_and_its_leaf_by_name(db):
    gone = delete(db, "a", put(db, "a"))
    assert read(db, "a") == [Absent("a", None, "deleted")]
    assert read(db, "a", str(gone))[0].deleted
