"""Files larger than one likes to hold: whole on every database, sent once, and read as often as one likes."""

import random
from collections.abc import Iterator

import pytest

from sync.errors import LinkDown
from sync.values.contents import Passing, bytes_of
from sync.values.documents import Attachment, Document, Wanted
from sync.wire.problems import MissingStub
from tests.contract.documents import content_digest, doc, edit, file, graft, read, rev, stub, written

FILM = random.Random(7).randbytes(3 << 20)


def passing(content: bytes, *, breaks_off_at: int | None = None) -> Attachment:
    """A film that comes from elsewhere, a bit at a time."""

    def bits() -> Iterator[bytes]:
        for at in range(0, len(content), 50_000):
            if breaks_off_at is not None and at > breaks_off_at:
                raise LinkDown("the request broke off")
            yield content[at : at + 50_000]

    return Attachment("film", "video/mp4", "", 0, 0, Passing(bits()))


def films(db, doc_id: str = "a", **options) -> dict[str, bytes | None]:
    """Contents of the winner's files by name; None for a stub."""
    (found,) = read(db, doc_id, attachments=True, **options)
    return {each.name: None if each.data is None else bytes_of(each.data) for each in found.attachments}


@pytest.mark.parametrize("how", ["at hand", "passing by"])
def test_a_large_content_is_whole_however_it_came(db, how):
    brought = file("film", FILM, content_type="video/mp4") if how == "at hand" else passing(FILM)
    written(db.write([edit("a", files=[brought], n=1)]))
    assert films(db) == {"film": FILM}
    (known,) = read(db, "a")[0].attachments
    assert (known.length, known.digest, known.revpos) == (len(FILM), content_digest(FILM), 1)


def test_a_replicas_copy_brings_a_large_content_beside_small_ones(db):
    copy = doc("a", "2-b", "1-a", files=[file("small", b"s", revpos=1), file("film", FILM, revpos=2)])
    graft(db, doc("z", "1-z"), copy, doc("y", "1-y"))
    assert films(db) == {"small": b"s", "film": FILM}
    assert {each.id for each in db.read([Wanted("y"), Wanted("z")]) if isinstance(each, Document)} == {"y", "z"}


def test_a_large_content_can_be_read_again_and_in_part(db):
    written(db.write([edit("a", files=[passing(FILM)])]))
    data = read(db, "a", attachments=True)[0].attachments[0].data
    whole = bytes_of(data)
    if not isinstance(data, bytes):
        assert (bytes_of(data), b"".join(data.pieces(2_000_000, 2_000_100))) == (whole, FILM[2_000_000:2_000_100])
    assert whole == FILM


def test_a_stub_keeps_a_large_content_and_those_who_have_it_are_told_so(db):
    (first,) = written(db.write([edit("a", files=[passing(FILM)])]))
    (second,) = written(db.write([edit("a", first, files=[stub("film"), file("new", b"n")])]))
    assert films(db, atts_since=(first,)) == {"film": None, "new": b"n"}
    assert films(db, atts_since=(second,)) == {"film": None, "new": None}
    assert films(db) == {"film": FILM, "new": b"n"}


def test_a_copy_read_from_one_database_is_written_to_another(db, other_db):
    written(db.write([edit("a", files=[passing(FILM), file("small", b"s")])]))
    (found,) = read(db, "a", attachments=True)
    graft(other_db, found)
    assert films(other_db) == {"film": FILM, "small": b"s"}


def test_an_upload_that_breaks_off_writes_nothing(db):
    with pytest.raises(LinkDown):
        db.write([edit("a", files=[passing(FILM, breaks_off_at=2_000_000)])])
    assert db.info().doc_count == 0
    written(db.write([edit("a", files=[passing(FILM)])]))
    assert films(db) == {"film": FILM}


def test_a_large_document_that_is_refused_does_not_keep_its_neighbours_out(db):
    written(db.write([edit("a")]))
    outcomes = db.write([edit("x"), edit("a", rev("7-z"), files=[passing(FILM)]), edit("y")])
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert db.info().doc_count == 3


def test_a_stub_of_another_generation_is_not_the_parents_file(engine, db):
    engine.needs("whole batches for stubs")
    (first,) = written(db.write([edit("a", files=[file("f", b"1")])]))
    (outcome,) = db.write([edit("a", first, files=[stub("f", revpos=7)])])
    assert isinstance(outcome.error, MissingStub)


def test_contents_may_be_asked_for_by_name(db):
    written(db.write([edit("a", files=[passing(FILM), file("one", b"1"), file("two", b"22")])]))
    assert films(db, names=("two",)) == {"film": None, "one": None, "two": b"22"}
    assert films(db, names=("film", "none")) == {"film": FILM, "one": None, "two": None}
