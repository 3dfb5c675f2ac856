"""Keys: written on paper, typed again, named by a number, kept in a folder."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest, KeyMissing, StorageError
from sync.records.clear_digits import ALPHABET
from sync.store.beside import SystemFiles
from sync.store.key_folder import KeyFolder, key_folder
from sync.store.keys import StoreKey, draw_key, is_key_number, number_in, parse_recovery_code

KEY = draw_key(lambda count: bytes(range(7, 7 + count)))


def test_a_recovery_code_is_read_however_it_is_typed():
    assert len(KEY.code.split("-")) == 7
    assert parse_recovery_code(KEY.code) == KEY
    assert parse_recovery_code(f"  {KEY.code.lower().replace('-', ' ')}\n") == KEY
    assert parse_recovery_code(KEY.code.replace("1", "l").replace("0", "O")) == KEY


@given(place=st.integers(0, 34), other=st.sampled_from(ALPHABET), chance=st.binary(min_size=18, max_size=18))
def test_one_wrong_character_is_told_with_its_group(place, other, chance):
    code = draw_key(lambda count: chance[:count]).code.replace("-", "")
    if code[place] != other:
        with pytest.raises(BadRequest, match=f"第 {place // 5 + 1} 组"):
            parse_recovery_code(code[:place] + other + code[place + 1 :])


def test_groups_in_another_order_and_too_few_of_them_are_told():
    first, second, *rest = KEY.code.split("-")
    with pytest.raises(BadRequest, match="第 1、2 组"):
        parse_recovery_code("".join([second, first, *rest]))
    with pytest.raises(BadRequest, match="您输入了 30 位"):
        parse_recovery_code("-".join([first, *rest]))
    with pytest.raises(BadRequest, match="第 7 组"):
        parse_recovery_code("".join([first, second, *rest])[:-1] + "驿")


def test_a_number_names_a_key_and_shows_nothing_of_it():
    assert number_in(KEY.head) == KEY.number
    assert is_key_number(KEY.number)
    assert {draw_key().number for _ in range(50)}.isdisjoint({KEY.number})
    assert KEY.digits not in repr(KEY)
    assert len({KEY.raw, draw_key().raw}) == 2
    assert len(KEY.raw) == 32
    assert number_in(b"SQLite format 3\0") is None
    assert number_in(KEY.head[:-1] + b"%") is None


def test_a_key_is_kept_for_its_owner_alone_and_found_by_its_number(tmp_path):
    folder = KeyFolder(tmp_path / "not" / "there")
    place = folder.keep(KEY)
    assert folder.find(KEY.number) == KEY
    assert [path.name for path in folder.path.iterdir()] == [f"{KEY.number}.key"]
    if os.name == "posix":
        assert (stat.S_IMODE(place.stat().st_mode), stat.S_IMODE(folder.path.stat().st_mode)) == (0o600, 0o700)


def test_a_key_is_on_disk_when_it_is_kept(tmp_path):
    done = []

    class Watched(SystemFiles):
        def flush(self, path):
            super().flush(path)
            done.append(("flush", path.name))

        def replace(self, source, target):
            super().replace(source, target)
            done.append(("replace", target.name))

    KeyFolder(tmp_path / "config" / "keys").keep(KEY, files=Watched())
    name = f"{KEY.number}.key"
    assert done[-3:] == [("flush", f"{name}.new"), ("replace", name), ("flush", "keys")]
    assert {("flush", "config"), ("flush", tmp_path.name)} <= set(done)  # where the new directories have their names


def test_a_key_that_is_missing_changed_or_not_to_be_written_is_told_with_its_place(tmp_path):
    folder = KeyFolder(tmp_path / "keys")
    with pytest.raises(KeyMissing, match=f"密钥 {KEY.number}，而 {folder.path} 里没有") as missing:
        folder.find(KEY.number)
    assert "恢复码" in missing.value.remedy
    folder.keep(KEY)
    for text in ("", "not a key", StoreKey("0" * 28).code):
        folder.place_of(KEY.number).write_text(text, encoding="utf-8")
        with pytest.raises(KeyMissing, match=f"不是密钥 {KEY.number}"):
            folder.find(KEY.number)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="密钥不能写入"):
        KeyFolder(tmp_path / "file" / "keys").keep(KEY)


def test_keys_are_where_the_setting_says_or_in_the_users_configuration(tmp_path):
    assert key_folder(str(tmp_path), {}).path == tmp_path
    if os.name == "posix":
        assert key_folder("", {"XDG_CONFIG_HOME": str(tmp_path)}).path == tmp_path / "yizhan" / "keys"
