"""Chunks and chunk lists over a real embedded store, and over the oracle."""

import io
import random
from functools import partial

import pytest

from sync.blobs.reading import is_complete, missing_chunks, read_blob, read_list
from sync.blobs.storing import Blob, store_blob, store_bytes
from sync.errors import Damaged, Forbidden, NotFound, StorageError, TooLarge
from sync.records.ids import (
    MAX_CHUNK_BYTES,
    blob_id,
    blob_list,
    blob_root,
    chunk_id,
    content_revision,
    sha256_hex,
)
from sync.revisions.tree import Branch
from sync.store.engine import Engine
from sync.values.changes import START
from sync.values.documents import Document, Outcome, Wanted
from sync.values.json_text import canonical

SIZES = [0, 1, MAX_CHUNK_BYTES - 1, MAX_CHUNK_BYTES, MAX_CHUNK_BYTES + 1, 40 * MAX_CHUNK_BYTES + 7]


@pytest.fixture
def engine(tmp_path):
    with Engine.open(tmp_path) as engine:
        for name in ("blobs_a", "blobs_b"):
            engine.databases.create(name)
        yield engine


@pytest.fixture
def database(engine):
    return engine.database("blobs_a")


def _photo(size, seed=1):
    return random.Random(seed).randbytes(size)


def _put(database, doc_id, digest, body):
    revision = content_revision(digest)
    (outcome,) = database.graft([Document(doc_id, Branch(revision.generation, (revision.digest,)), body)])
    assert outcome.error is None


@pytest.mark.parametrize("size", SIZES)
def test_what_was_stored_is_read_back(database, size):
    photo = _photo(size)
    blob = store_bytes(database.graft, photo, media_type="image/jpeg")
    assert b"".join(read_blob(database, blob.root)) == photo
    assert is_complete(database, blob.root)
    listed = read_list(database, blob.root)
    assert (listed.media_type, listed.size, blob.size) == ("image/jpeg", size, size)
    assert blob.reference() == {"blob": blob.root, "size": size, "type": "image/jpeg"}


def test_two_nodes_cut_a_photo_into_the_same_documents(engine):
    one, other = engine.database("blobs_a"), engine.database("blobs_b")
    photo = _photo(3 * MAX_CHUNK_BYTES)
    blobs = {store_bytes(database.graft, photo, media_type="image/png") for database in (one, other)}
    assert len(blobs) == 1
    pages = [{(change.id, change.leaves) for change in db.changes(START).results} for db in (one, other)]
    assert pages[0] == pages[1]
    assert len(pages[0]) == 4


def test_storing_again_changes_nothing(database):
    photo = _photo(3 * MAX_CHUNK_BYTES)
    store_bytes(database.graft, photo, media_type="image/png")
    before = database.info().update_seq
    store_bytes(database.graft, photo, media_type="image/png")
    assert database.info().update_seq == before


def test_the_chunk_list_is_written_before_the_chunks(database):
    blob = store_bytes(database.graft, _photo(40 * MAX_CHUNK_BYTES), media_type="image/png")
    assert database.changes(START).results[0].id == blob_id(blob.root)


def test_a_photo_is_stored_with_its_record_or_not_at_all(engine, database):
    roots = []

    def work(tx):
        graft = partial(database.graft_in, tx)
        roots.append(store_bytes(graft, _photo(50_000), media_type="image/png").root)
        raise RuntimeError("the record was refused")

    with pytest.raises(RuntimeError):
        engine.write(work)
    assert not is_complete(database, roots[0])
    assert database.info().doc_count == 0


def test_a_blob_is_complete_only_with_its_last_chunk_in_whatever_order_they_come(engine, database):
    blob = store_bytes(database.graft, _photo(5 * MAX_CHUNK_BYTES), media_type="image/png")
    other = engine.database("blobs_b")
    ids = [change.id for change in database.changes(START).results]
    random.Random(7).shuffle(ids)
    for doc_id in ids:
        assert not is_complete(other, blob.root)
        assert [outcome.error for outcome in other.graft(list(database.read([Wanted(doc_id)])))] == [None]
    assert is_complete(other, blob.root)


def test_what_is_missing_is_named(database):
    photo = _photo(3 * MAX_CHUNK_BYTES)

    def list_alone(documents):
        return database.graft([document for document in documents if document.id.startswith("blob:")])

    blob = store_bytes(list_alone, photo, media_type="image/png")
    pieces = [photo[start : start + MAX_CHUNK_BYTES] for start in range(0, len(photo), MAX_CHUNK_BYTES)]
    assert missing_chunks(database, blob.root) == tuple(sha256_hex(piece) for piece in pieces)
    with pytest.raises(NotFound):
        list(read_blob(database, blob.root))


def test_a_blob_nobody_sent_is_not_found(database):
    root = "0" * 64
    assert not is_complete(database, root)
    for read in (read_blob, read_list, missing_chunks):
        with pytest.raises(NotFound):
            read(database, root)


@pytest.mark.parametrize("body", [b'{"data":"AAAA"}', b'{"data":"*"}', b'{"data":1}', b"{}"])
def test_a_chunk_that_is_not_what_its_name_says_is_found_on_reading(database, body):
    photo = _photo(2 * MAX_CHUNK_BYTES)
    last = sha256_hex(photo[MAX_CHUNK_BYTES:])

    def without_last(documents):
        return database.graft([document for document in documents if document.id != chunk_id(last)])

    blob = store_bytes(without_last, photo, media_type="image/png")
    _put(database, chunk_id(last), last, body)
    assert not is_complete(database, blob.root)
    given = read_blob(database, blob.root)
    assert next(given) == photo[:MAX_CHUNK_BYTES]
    with pytest.raises(Damaged):
        next(given)


@pytest.mark.parametrize(
    "body",
    [
        b'{"chunks":[],"size":1,"type":"image/png"}',
        b'{"chunks":[],"size":0,"type":"image/gif"}',
        b"{}",
        b'{"chunks":5}',
    ],
)
def test_a_chunk_list_that_is_not_what_the_root_says_is_damaged(database, body):
    root = Blob("1" * 64, 0, "image/png").root
    _put(database, blob_id(root), root, body)
    assert not is_complete(database, root)
    with pytest.raises(Damaged):
        read_blob(database, root)


def test_a_list_whose_size_its_chunks_do_not_have_is_damaged(database):
    # Both chunks are whole, so the list passes every check but the count of bytes.
    blob = store_bytes(database.graft, _photo(20_000), media_type="a/b")
    listed = read_list(database, blob.root)
    body = blob_list("a/b", 19_999, listed.chunks)
    root = blob_root(body)
    _put(database, blob_id(root), root, canonical(body))
    assert not is_complete(database, root)
    with pytest.raises(Damaged):
        list(read_blob(database, root))


class _Restless(io.BytesIO):
    """A file somebody writes to, or cuts off, while it is being stored."""

    def __init__(self, content, then):
        super().__init__(content)
        self._then = then

    def seek(self, *args):
        self.getbuffer()[: len(self._then)] = self._then
        self.truncate(len(self._then))
        return super().seek(*args)


@pytest.mark.parametrize("then", [b"", _photo(20_000, seed=2), _photo(20_000)[:-1], _photo(100)])
def test_a_file_that_changes_while_it_is_stored_is_refused(database, then):
    with pytest.raises(StorageError):
        store_blob(database.graft, _Restless(_photo(20_000), then), media_type="image/png")


def test_a_refused_chunk_is_an_error_not_a_hole(database):
    def refuse(documents):
        return [Outcome(document.id, None, Forbidden("no")) for document in documents]

    with pytest.raises(Forbidden):
        store_bytes(refuse, b"x", media_type="image/png")


class _Endless(io.RawIOBase):
    """Zeros without end."""

    def tell(self):
        return 0

    def read(self, size=-1):
        return bytes(size)


def test_a_file_without_end_is_refused_before_anything_is_stored(database):
    with pytest.raises(TooLarge):
        store_blob(database.graft, _Endless(), media_type="image/png")
    assert database.info().doc_count == 0


def test_a_large_file_passes_through_a_few_chunks_at_a_time(database):
    sizes = []

    def graft(documents):
        sizes.append(sum(len(document.body) for document in documents))
        return [Outcome(document.id, document.revision) for document in documents]

    store_bytes(graft, _photo(4_000_000), media_type="image/png")
    assert max(sizes) < 800_000
    assert len(sizes) > 4
