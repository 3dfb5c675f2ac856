"""Contents larger than memory may hold: in pieces, once, whole or not at all, and in nobody's way."""

import os
from collections.abc import Iterator
from hashlib import blake2b

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.errors import Conflict, Damaged, LinkDown
from sync.store.connection import FILE_NAME, Opening, close, open_writer
from sync.store.contents import Stored
from sync.store.engine import Engine
from sync.store.migrations import STEPS, migrate
from sync.values.contents import PIECE_BYTES, Content, Passing, bytes_of
from sync.values.documents import Attachment, Edit, Wanted
from sync.wire.arriving import digest_of
from tests.faults.store.checking import assert_sound

FILM = os.urandom(9 * PIECE_BYTES + 1234)
STUB = Attachment("film", "video/mp4", "", 0, 0)


@pytest.fixture
def engine(tmp_path):
    with Engine.open(tmp_path) as opened:
        opened.databases.create("station")
        yield opened


def film(data: Content | bytes = FILM) -> Attachment:
    return Attachment("film", "video/mp4", "", 0, 0, data)


def passing(data: bytes, *, breaks_off_at: int | None = None, at_once: int = 10_000) -> Passing:
    """An upload: bits of any size, which may end before their time."""

    def bits() -> Iterator[bytes]:
        for at in range(0, len(data), at_once):
            if breaks_off_at is not None and at >= breaks_off_at:
                raise LinkDown("the request broke off")
            yield data[at : at + at_once]

    return Passing(bits())


def put(engine, doc_id: str, data: Content | bytes, parent=None):
    return engine.database("station").write([Edit(doc_id, parent, attachments=(film(data),))])[0]


def there(engine, doc_id: str) -> Attachment:
    (document,) = engine.database("station").read([Wanted(doc_id, attachments=True)])
    return document.attachments[0]


def rows(engine) -> tuple[int, int, int]:
    """How many contents, pieces and loose runs there are."""
    one = "SELECT (SELECT count(*) FROM contents), (SELECT count(*) FROM pieces), (SELECT count(*) FROM loose)"
    return engine.read(lambda reader: reader.execute(one))[0]


def swept(engine) -> tuple[int, int, int]:
    """The same when everything that was posted is done."""
    while engine.write(lambda tx: tx.one("SELECT 1 FROM loose WHERE NOT staged")):
        pass
    return rows(engine)


@pytest.mark.parametrize("data", [passing(FILM), FILM, passing(FILM, at_once=700_000)], ids=["passing", "bytes", "big"])
def test_a_large_content_is_kept_in_pieces_and_read_back_whole(engine, data) -> None:
    assert put(engine, "a", data).error is None
    file = there(engine, "a")
    assert isinstance(file.data, Stored)
    assert (file.length, file.digest, bytes_of(file.data)) == (len(FILM), digest_of(FILM), FILM)
    assert rows(engine) == (1, 9, 0)
    assert max(len(piece) for piece in file.data.pieces()) == PIECE_BYTES
    assert_sound(engine)


@pytest.mark.parametrize("length", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES])
def test_contents_about_the_size_of_a_piece_are_what_they_were(engine, length: int) -> None:
    assert put(engine, "a", passing(FILM[:length])).error is None
    file = there(engine, "a")
    assert (file.length, bytes_of(file.data)) == (length, FILM[:length])
    assert isinstance(file.data, bytes) == (length <= PIECE_BYTES)


@pytest.fixture
def kept(engine):
    put(engine, "a", FILM)
    return there(engine, "a").data


@given(ends=st.lists(st.integers(0, len(FILM) + 10), min_size=2, max_size=2))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_any_part_of_a_large_content_can_be_read(kept, ends: list[int]) -> None:
    start, stop = sorted(ends)
    assert b"".join(kept.pieces(start, stop)) == FILM[start:stop]


def test_an_equal_content_is_kept_once_however_it_came(engine) -> None:
    for doc_id in ("a", "b"):
        put(engine, doc_id, passing(FILM))
    assert swept(engine) == (1, 9, 0)
    assert bytes_of(there(engine, "b").data) == FILM


def test_an_edit_beside_a_large_content_and_a_copy_of_it_do_not_read_it_again(engine) -> None:
    first = put(engine, "a", FILM).revision
    copied = there(engine, "a").data
    engine.database("station").write([Edit("a", first, b'{"n":2}', attachments=(STUB,))])
    before = rows(engine)
    assert put(engine, "b", copied).error is None
    assert rows(engine) == before == (1, 9, 0)
    assert bytes_of(there(engine, "b").data) == FILM


@pytest.mark.parametrize("at", [0, 100, PIECE_BYTES, 5 * PIECE_BYTES, len(FILM) - 2000])
def test_an_upload_that_breaks_off_leaves_no_document_and_no_pieces(engine, at: int) -> None:
    with pytest.raises(LinkDown):
        put(engine, "a", passing(FILM, breaks_off_at=at, at_once=1000))
    assert engine.database("station").info().doc_count == 0
    assert swept(engine) == (0, 0, 0)
    assert_sound(engine)


def test_a_document_that_is_refused_leaves_no_pieces(engine) -> None:
    put(engine, "a", b"small")
    assert isinstance(put(engine, "a", passing(FILM)).error, Conflict)
    assert swept(engine) == (1, 0, 0)


def test_what_the_process_before_was_still_uploading_is_swept_at_the_start(engine, tmp_path) -> None:
    content = passing(FILM, breaks_off_at=6 * PIECE_BYTES)
    with pytest.raises(LinkDown):
        put(engine, "a", content)
    swept(engine)
    # As a process leaves it that was killed in between: pieces on disk, and nobody to say so.
    engine.write(lambda tx: tx.execute("INSERT INTO loose VALUES (99, 1)"))
    engine.write(
        lambda tx: tx.execute_many("INSERT INTO pieces VALUES (?, 99, ?, ?)", [(n, n, b"x") for n in range(40)])
    )
    engine.close()
    with Engine.open(tmp_path) as again:
        assert swept(again) == (0, 0, 0)


def test_others_write_and_read_while_a_large_content_arrives(engine) -> None:
    def slowly() -> Iterator[bytes]:
        for number in range(0, len(FILM), PIECE_BYTES):
            assert put(engine, f"other:{number}", b"x").error is None
            assert engine.database("station").info().doc_count
            yield FILM[number : number + PIECE_BYTES]

    assert put(engine, "a", Passing(slowly())).error is None
    assert bytes_of(there(engine, "a").data) == FILM


def test_a_download_goes_on_when_its_content_is_replaced_and_compacted_away(engine) -> None:
    first = put(engine, "a", FILM).revision
    content = there(engine, "a").data
    download = content.pieces()
    begun = next(download)
    engine.database("station").write([Edit("a", first, b"{}")])
    engine.database("station").compact()
    assert rows(engine) == (0, 9, 1)
    assert begun + b"".join(download) == FILM
    assert swept(engine) == (0, 0, 0)
    with pytest.raises(Damaged):
        list(content.pieces())


def test_compaction_and_destruction_give_the_space_back(engine, tmp_path) -> None:
    def pages() -> int:
        return int(engine.read(lambda reader: reader.execute("PRAGMA page_count"))[0][0])

    empty = pages()
    first = put(engine, "a", FILM).revision
    engine.database("station").write([Edit("a", first, b"{}")])
    assert pages() > empty + len(FILM) // 4096
    engine.database("station").compact()
    assert rows(engine) == (0, 0, 0)
    assert pages() < empty + 20
    put(engine, "b", FILM)
    engine.databases.destroy("station")
    unswept = "SELECT 1 FROM databases UNION ALL SELECT 1 FROM loose"
    while engine.write(lambda tx: tx.one(unswept) or tx.one("PRAGMA freelist_count") != (0,)):
        pass
    assert rows(engine) == (0, 0, 0)
    assert pages() < empty + 20


def test_a_store_of_before_opens_and_its_contents_are_read_from_any_place(tmp_path) -> None:
    before = tuple(step for step in STEPS if step.name != "documents-3-pieces")
    connection = open_writer(tmp_path / FILE_NAME, Opening())
    migrate(connection, before)
    _write_as_before(connection)
    close(connection)
    with Engine.open(tmp_path) as engine:
        file = there(engine, "old")
        assert isinstance(file.data, Stored)
        assert (bytes_of(file.data), b"".join(file.data.pieces(100, 300))) == (FILM, FILM[100:300])
        put(engine, "new", passing(FILM))
        assert swept(engine) == (1, 0, 0)
        assert_sound(engine)


def _write_as_before(connection: apsw.Connection) -> None:
    connection.execute("INSERT INTO databases (name, instance, update_seq, doc_count) VALUES ('station', '1', 1, 1)")
    connection.execute("UPDATE store SET update_seq = 1")
    weight = len(FILM) + 2
    connection.execute("UPDATE databases SET active_bytes = ?, stored_bytes = ?", (weight, weight))
    connection.execute("INSERT INTO documents VALUES (1, 1, 'old', 1, 0, ?, '[[1,0,\"a\"]]')", (weight,))
    connection.execute("INSERT INTO revisions VALUES (1, 1, 1, 'a', 0, 1, ?)", (b"{}",))
    hashed = blake2b(FILM, digest_size=32).digest()
    connection.execute("INSERT INTO contents (hash, data) VALUES (?, ?)", (hashed, FILM))
    told = ("film", "video/mp4", digest_of(FILM), len(FILM))
    connection.execute("INSERT INTO attachments VALUES (1, ?, ?, ?, ?, 1, 1)", told)
