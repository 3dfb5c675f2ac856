"""A body that the disk does not give back is given up, and put in again; nothing that stands beside it is touched."""

import random
from contextlib import closing
from pathlib import Path

import pytest

from sync.blobs.reading import read_blob, read_list, unreadable_chunks
from sync.blobs.storing import store_bytes
from sync.errors import Damaged
from sync.records.ids import chunk_id
from sync.store.backup import back_up
from sync.store.connection import FILE_NAME, Opening
from sync.store.doctor.examining import examine
from sync.store.engine import Engine
from sync.store.keys import draw_key
from sync.store.unreadable import give_up
from sync.values.documents import LET_GO, Absent, Document, Wanted

NAME, PAGE = "blobs_k3m7q", 4096


def photo(seed: int) -> bytes:
    return random.Random(seed).randbytes(100_000)


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, list[str], dict[str, Document]]:
    """A directory with three photos, their roots, and their pieces as they were."""
    with closing(Engine.open(tmp_path / "data")) as engine:
        database = engine.databases.create(NAME)
        roots = [store_bytes(database.graft, photo(seed), media_type="image/jpeg").root for seed in range(3)]
        ids = [chunk_id(one) for root in roots for one in read_list(database, root).chunks]
        found = list(database.read([Wanted(one) for one in ids]))
    return tmp_path / "data", roots, {one.id: one for one in found if isinstance(one, Document)}


def flip(directory: Path, within: bytes, at: int) -> None:
    """Change a bit of the file, so many bytes into some text."""
    path = directory / FILE_NAME
    raw = bytearray(path.read_bytes())
    begin = raw.find(within[at : at + 24])
    assert begin > 0
    raw[begin] ^= 4
    path.write_bytes(raw)


def test_what_was_unreadable_is_taken_in_again_and_a_backup_can_be_made(
    kept: tuple[Path, list[str], dict[str, Document]], tmp_path: Path
) -> None:
    directory, roots, pieces = kept
    lost = [next(iter(pieces)), list(pieces)[9]]
    for doc_id, at in zip(lost, (9_000, 21_000), strict=True):
        flip(directory, pieces[doc_id].body, at)
    with closing(Engine.open(directory)) as engine:
        database = engine.database(NAME)
        with pytest.raises(Damaged):
            back_up(directory, tmp_path / "backup")
        database.graft([pieces[one] for one in lost])
        assert any(unreadable_chunks(database, read_list(database, root).chunks) for root in roots)  # no use yet
        assert give_up(engine, NAME, lost) == tuple(lost)
        assert [one.reason for one in database.read([Wanted(one) for one in lost]) if isinstance(one, Absent)] == [
            LET_GO
        ] * 2
        seq = database.info().update_seq
        database.graft([pieces[one] for one in lost])
        assert [b"".join(read_blob(database, root)) for root in roots] == [photo(seed) for seed in range(3)]
        assert database.info().update_seq == seq
        back_up(directory, tmp_path / "backup")
        assert not [one.what for one in examine(directory) if one.is_fault]


def test_nothing_is_wiped_where_a_chain_of_pages_cannot_be_trusted(
    kept: tuple[Path, list[str], dict[str, Document]],
) -> None:
    directory, _, pieces = kept
    doc_id, piece = next(iter(pieces.items()))
    path = directory / FILE_NAME
    raw = bytearray(path.read_bytes())
    page = raw.find(piece.body[12_000:12_024]) // PAGE * PAGE
    raw[page : page + 4] = (2).to_bytes(4, "big")  # the next page of this body is said to be another's
    path.write_bytes(raw)
    with closing(Engine.open(directory)) as engine:
        before = path.read_bytes()
        assert give_up(engine, NAME, [doc_id]) == ()
        assert path.read_bytes() == before


def test_a_row_on_a_damaged_page_stays_for_others_stand_on_it(
    kept: tuple[Path, list[str], dict[str, Document]],
) -> None:
    directory, _, pieces = kept
    doc_id, piece = next(iter(pieces.items()))
    flip(directory, piece.body, 20)  # the beginning of a body stands beside the row
    with closing(Engine.open(directory)) as engine:
        assert give_up(engine, NAME, [doc_id]) == ()
        with pytest.raises(Damaged):
            list(engine.database(NAME).read([Wanted(doc_id)]))


def test_of_an_encrypted_file_nothing_is_given_up(tmp_path: Path) -> None:
    with closing(Engine.open(tmp_path / "data", opening=Opening(key=draw_key()))) as engine:
        database = engine.databases.create(NAME)
        root = store_bytes(database.graft, photo(1), media_type="image/jpeg").root
        doc_id = chunk_id(read_list(database, root).chunks[0])
        assert give_up(engine, NAME, [doc_id]) == ()
        assert b"".join(read_blob(database, root)) == photo(1)
