"""Lives, the node's key, and the fingerprint of a directory."""

import os
import shutil

import pytest

from sync.errors import Conflict, NotFound
from sync.store.ledger import lives, writers
from sync.store.ledger.fingerprint import fingerprint_of, same_place
from sync.trust import keys

HERE, ELSEWHERE = "machine:1:1", "machine:2:1"


def test_a_directory_without_init_has_neither_key_nor_life(empty):
    for question in (lives.node_key, lives.current_life, writers.own_position):
        with pytest.raises(NotFound):
            empty.read(question)
    with pytest.raises(NotFound):
        empty.write(lambda tx: lives.settle_life(tx, fingerprint=HERE, now_ms=1))


def test_a_directory_is_founded_once(engine):
    assert engine.read(lives.node_key) == keys.load(bytes(range(32)))
    with pytest.raises(Conflict):
        engine.write(lambda tx: lives.found_node(tx, keys.generate(), fingerprint=HERE, now_ms=2))
    assert len(engine.read(lives.all_lives)) == 1


def test_opening_in_the_same_place_goes_on_with_the_same_life(engine):
    before = engine.read(lives.current_life)
    assert engine.write(lambda tx: lives.settle_life(tx, fingerprint=HERE, now_ms=9)) == before


def test_a_copy_begins_a_new_life_that_knows_where_it_came_from(engine):
    first = engine.read(lives.current_life)
    engine.write(lambda tx: writers.append_own(tx, 1, b"\1" * 32))
    copy = engine.write(lambda tx: lives.settle_life(tx, fingerprint=ELSEWHERE, now_ms=9))
    assert (copy.reason, copy.parent, copy.parent_counter, copy.parent_head) == ("copy", first.life, 1, b"\1" * 32)
    assert copy.life != first.life
    assert copy.epoch == first.epoch + 1
    assert engine.read(writers.own_position) == writers.Position(copy.life, 0, None)
    assert engine.read(lives.all_lives) == (first, copy)
    # In its new place it stays who it now is.
    assert engine.write(lambda tx: lives.settle_life(tx, fingerprint=ELSEWHERE, now_ms=10)) == copy


def test_a_life_steps_over_an_epoch_another_life_was_heard_to_use(engine):
    engine.write(lambda tx: lives.raise_epoch(tx, 4))
    assert engine.read(lives.current_life).epoch == 5
    engine.write(lambda tx: lives.raise_epoch(tx, 2))
    assert engine.read(lives.current_life).epoch == 5


def test_a_copied_file_has_another_fingerprint_and_a_moved_one_keeps_its_own(tmp_path):
    original = tmp_path / "original"
    original.write_bytes(b"x")
    before = fingerprint_of(original)
    shutil.copy2(original, tmp_path / "copy")
    assert not same_place(before, fingerprint_of(tmp_path / "copy"))
    os.rename(original, tmp_path / "moved")
    assert same_place(before, fingerprint_of(tmp_path / "moved"))


def test_writing_to_a_file_does_not_change_its_fingerprint(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"x")
    before = fingerprint_of(file)
    file.write_bytes(b"much longer than before")
    os.chmod(file, 0o600)
    os.utime(file, (1, 1))
    assert fingerprint_of(file) == before


def test_a_file_made_anew_is_told_from_the_old_one_even_if_it_gets_its_inode(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"x")
    before = fingerprint_of(file)
    if before.endswith(":"):
        pytest.skip("this file system does not tell a file's birth")
    shutil.copy2(file, tmp_path / "backup")
    file.unlink()
    shutil.copy2(tmp_path / "backup", file)
    assert not same_place(before, fingerprint_of(file))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("m:1:5", "m:1:5", True),
        ("m:1:5", "m:1:6", False),
        ("m:1:5", "m:2:5", False),
        ("m:1:5", "n:1:5", False),
        ("m:1:5", "m:1:", True),
        ("m:1:", "m:2:", False),
    ],
)
def test_a_birth_that_one_side_does_not_know_decides_nothing(one, other, same):
    assert same_place(one, other) is same
    assert same_place(other, one) is same
