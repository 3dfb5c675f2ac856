"""Killed while a directory is encrypted: the old file or the new one is there, with its key, and the same life."""

import os
import shutil

import pytest

from sync.node.identity import describe
from sync.node.node import Node
from sync.store.beside import SystemFiles
from sync.store.connection import FILE_NAME
from sync.store.doctor.examining import examine
from sync.store.encrypting import encrypt
from sync.store.key_folder import KeyFolder
from sync.store.keys import StoreKey, draw_key
from sync.store.ledger.lives import all_lives
from sync.store.unlocking import key_number_of
from sync.values.documents import Edit, Wanted

BODY = b'{"who":"an old man"}'


class Dying(SystemFiles):
    """The system's files, until the process is gone before the nth thing it does to one."""

    def __init__(self, after: int) -> None:
        self._left = after

    def _live(self) -> None:
        if self._left == 0:
            os._exit(9)
        self._left -= 1

    def flush(self, path):
        self._live()
        super().flush(path)

    def replace(self, source, target):
        self._live()
        super().replace(source, target)

    def remove(self, path):
        self._live()
        super().remove(path)


def _dies(directory, key: StoreKey, keys: KeyFolder, after: int) -> bool:
    child = os.fork()
    if child == 0:
        encrypt(directory, key, keys, files=Dying(after))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_wherever_encrypting_is_killed_the_directory_opens_and_it_can_be_done_again(tmp_path):
    keys, moments, numbers = KeyFolder(tmp_path / "keys"), 0, set()
    told = {"name": "石桥村", "region": "990281101201", "upstream": "http://127.0.0.1:1"}
    with Node.found(tmp_path / "node", lambda tx: describe(tx, **told)) as node:
        node.ensure_database("station").write([Edit("case:1", None, BODY)])
    Node.open(tmp_path / "node").close()
    key = draw_key()
    while _dies(tmp_path / "node", key, keys, moments):
        numbers.add(key_number_of(tmp_path / "node" / FILE_NAME))
        assert list(examine(tmp_path / "node", keys=keys)) == []
        with Node.open(tmp_path / "node", keys=keys) as node:
            assert [each.body for each in node.databases.open("station").read([Wanted("case:1")])] == [BODY]
            assert [life.reason for life in node.read(all_lives)] == ["init"]
        moments += 1
    assert moments > 8
    assert numbers == {None, key.number}
    assert sorted(path.name for path in (tmp_path / "node").iterdir()) == ["opening", "yizhan.lock", FILE_NAME]
    shutil.rmtree(tmp_path / "node")
