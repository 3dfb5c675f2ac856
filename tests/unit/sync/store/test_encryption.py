"""A store with a key: nothing of it is to be read without; with it everything is as in any other."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from sync.errors import Damaged, FileExists, Forbidden, KeyMissing, NotFound, StorageError
from sync.node.identity import describe
from sync.node.node import Node
from sync.store.backup import back_up, reading, restore
from sync.store.connection import FILE_NAME, Opening, copy_encrypted, open_frozen
from sync.store.doctor.examining import examine
from sync.store.encrypting import encrypt
from sync.store.engine import Engine
from sync.store.key_folder import KeyFolder
from sync.store.keys import draw_key
from sync.store.ledger.lives import all_lives
from sync.store.unlocking import key_number_of
from sync.values.documents import Attachment, Edit, Wanted

SECRET = b"an old man of stone bridge village"


@pytest.fixture
def keys(tmp_path):
    return KeyFolder(tmp_path / "keys")


@pytest.fixture
def key(keys):
    drawn = draw_key()
    keys.keep(drawn)
    return drawn


def _write(engine: Engine) -> None:
    scan = Attachment("scan", "image/jpeg", "md5-x", len(SECRET) * 200, 1, SECRET * 200)
    engine.databases.create("station").write([Edit("case:1", None, b'{"who":"%s"}' % SECRET, attachments=(scan,))])


def _read(engine: Engine) -> bytes:
    (document,) = engine.database("station").read([Wanted("case:1")])
    return document.body


def _shown(directory: Path) -> list[str]:
    """The files of a directory in which the secret is to be read."""
    return [path.name for path in directory.rglob("*") if path.is_file() and SECRET in path.read_bytes()]


def _found(directory: Path, keys: KeyFolder | None) -> Node:
    told = {"name": "石桥村", "region": "990281101201", "upstream": "http://127.0.0.1:1"}
    return Node.found(directory, lambda tx: describe(tx, **told), keys=keys)


def test_neither_file_nor_log_nor_backup_shows_what_was_written(tmp_path, keys, key):
    for name, opening in (("plain", Opening()), ("encrypted", Opening(key=key))):
        with Engine.open(tmp_path / name, opening=opening, keys=keys) as engine:
            _write(engine)
            back_up(tmp_path / name, tmp_path / name / "backup", keys=keys)
            while_open = _shown(tmp_path / name)
        assert bool(while_open) == (name == "plain"), while_open
        assert bool(_shown(tmp_path / name)) == (name == "plain")
    assert key_number_of(tmp_path / "encrypted" / "backup") == key.number


def test_a_store_is_opened_with_the_key_its_file_names(tmp_path, keys, key):
    with Engine.open(tmp_path / "node", opening=Opening(key=key)) as engine:
        _write(engine)
    another = draw_key()
    keys.keep(another)
    for opening in (Opening(), Opening(key=another)):
        with Engine.open(tmp_path / "node", opening=opening, keys=keys) as engine:
            assert SECRET in _read(engine)
    with Engine.open(tmp_path / "plain", keys=keys) as engine:
        assert key_number_of(engine.directory / FILE_NAME) is None


def test_a_missing_key_is_told_by_its_number_and_is_no_damage(tmp_path, key):
    with Engine.open(tmp_path / "node", opening=Opening(key=key)) as engine:
        _write(engine)
    back_up(tmp_path / "node", tmp_path / "backup", keys=KeyFolder(tmp_path / "keys"))
    before = (tmp_path / "node" / FILE_NAME).read_bytes()
    elsewhere = KeyFolder(tmp_path / "elsewhere")
    for attempt in (
        lambda keys: Engine.open(tmp_path / "node", keys=keys),
        lambda keys: Node.open(tmp_path / "node", keys=keys),
        lambda keys: back_up(tmp_path / "node", tmp_path / "other", keys=keys),
        lambda keys: restore(tmp_path / "backup", tmp_path / "new", now_ms=1, keys=keys),
        lambda keys: list(examine(tmp_path / "node", keys=keys)),
        lambda keys: reading(tmp_path / "backup", keys).__enter__(),
    ):
        for keys in (elsewhere, None):
            with pytest.raises(KeyMissing, match=key.number):
                attempt(keys)
    assert (tmp_path / "node" / FILE_NAME).read_bytes() == before
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "other").exists()


def test_a_file_that_another_key_would_open_is_not_read_as_anything(tmp_path, keys, key):
    """Somebody wrote the number of our key at the head of another file: each page says that it is none of ours."""
    with Engine.open(tmp_path / "node", opening=Opening(key=draw_key())) as engine:
        _write(engine)
    file = tmp_path / "node" / FILE_NAME
    file.write_bytes(key.head + file.read_bytes()[16:])
    with pytest.raises(Damaged):
        Engine.open(tmp_path / "node", keys=keys)


def test_a_backup_is_restored_with_the_key_it_names(tmp_path, keys, key):
    with Engine.open(tmp_path / "node", opening=Opening(key=key)) as engine:
        _write(engine)
    back_up(tmp_path / "node", tmp_path / "backup", keys=keys)
    restore(tmp_path / "backup", tmp_path / "new", now_ms=1, keys=keys)
    assert key_number_of(tmp_path / "new" / FILE_NAME) == key.number
    with Engine.open(tmp_path / "new", keys=keys) as engine:
        assert SECRET in _read(engine)
    assert list(examine(tmp_path / "new", keys=keys)) == []


def test_a_new_node_has_its_key_on_disk_before_its_file_and_draws_no_second_one(tmp_path, keys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Exception, match="密钥不能写入"):
        _found(tmp_path / "node", KeyFolder(tmp_path / "file" / "keys"))
    assert not (tmp_path / "node").exists()
    _found(tmp_path / "node", keys).close()
    with pytest.raises(FileExists, match="已经初始化过"):
        _found(tmp_path / "node", keys)
    (kept,) = keys.path.iterdir()
    assert key_number_of(tmp_path / "node" / FILE_NAME) == kept.stem


def test_keys_are_not_put_into_the_directory_they_open(tmp_path):
    inside = KeyFolder(tmp_path / "node" / "keys")
    with pytest.raises(Forbidden, match="在数据目录里面"):
        _found(tmp_path / "node", inside)
    assert not (tmp_path / "node").exists()
    _found(tmp_path / "node", None).close()
    with pytest.raises(Forbidden):
        encrypt(tmp_path / "node", draw_key(), inside)


def test_what_sqlite_complains_of_does_not_show_the_key(tmp_path, key):
    with Engine.open(tmp_path / "node") as engine:
        _write(engine)
    source = open_frozen(tmp_path / "node" / FILE_NAME, Opening())
    with closing(source), pytest.raises(StorageError) as told:
        copy_encrypted(source, tmp_path / "nowhere" / "copy", key)
    assert "nowhere" in str(told.value)
    assert key.raw.hex() not in str(told.value)


def test_a_directory_nobody_founded_gets_no_store_in_the_clear_from_being_looked_at(tmp_path, keys):
    (tmp_path / "node").mkdir()
    with pytest.raises(NotFound):
        Node.open(tmp_path / "node", keys=keys)
    _found(tmp_path / "node", keys).close()
    Engine.open(tmp_path / "server").close()
    with pytest.raises(FileExists, match="未加密"):
        _found(tmp_path / "server", keys)


def test_a_node_in_the_clear_is_encrypted_and_given_another_key_and_lives_on(tmp_path, keys):
    with _found(tmp_path / "node", None) as node:
        _write(node.engine)
    Node.open(tmp_path / "node").close()
    for _ in range(2):
        key = draw_key()
        encrypt(tmp_path / "node", key, keys)
        assert _shown(tmp_path / "node") == []
        assert key_number_of(tmp_path / "node" / FILE_NAME) == key.number
        with Node.open(tmp_path / "node", keys=keys) as node:
            assert SECRET in _read(node.engine)
            assert [life.reason for life in node.read(all_lives)] == ["init"]
        assert list(examine(tmp_path / "node", keys=keys)) == []


def test_a_copy_that_is_encrypted_is_still_a_copy(tmp_path, keys):
    _found(tmp_path / "node", None).close()
    shutil.copytree(tmp_path / "node", tmp_path / "copy")
    encrypt(tmp_path / "copy", draw_key(), keys)
    with Node.open(tmp_path / "copy", keys=keys) as node:
        assert [life.reason for life in node.read(all_lives)] == ["init", "copy"]
