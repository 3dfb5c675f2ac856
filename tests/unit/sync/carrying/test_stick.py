"""A stick: volumes on it are whole, and what goes wrong with it is said in words."""

import errno
import os
import re
from pathlib import Path

import pytest

from sync.carrying import stick as stick_of
from sync.carrying.stick import Stick, digest_of, opened_file, shown_name, told_in_words, volumes_in
from sync.errors import BadRequest, DiskFull, Forbidden, NotFound, StorageError, TooLarge
from sync.store.beside import SystemFiles


class Faulty(SystemFiles):
    """A stick whose names cannot be put on it."""

    def __init__(self, number: int, *, when: str) -> None:
        self._number, self._when = number, when

    def flush(self, path: Path) -> None:
        """Fails."""
        if self._when == "flush":
            raise OSError(self._number, os.strerror(self._number))

    def replace(self, source: Path, target: Path) -> None:
        """Fails."""
        if self._when == "replace":
            raise OSError(self._number, os.strerror(self._number))
        super().replace(source, target)


def write(stick: Stick, content: bytes = b"content") -> None:
    with stick.volume() as file:
        file.write(content)


def test_a_volume_appears_whole_under_a_name_of_chance(tmp_path):
    stick = Stick(tmp_path)
    with stick.volume() as file:
        file.write(b"con")
        assert volumes_in(tmp_path) == []
        file.write(b"tent")
    (path,) = volumes_in(tmp_path)
    assert path.read_bytes() == b"content"
    assert re.fullmatch(r"[0-9a-f]{32}\.yzb", path.name)
    assert stick.names == [path.name]
    assert stick.digests == [digest_of(path, most_bytes=1 << 20)]


def test_what_fails_in_the_middle_leaves_nothing(tmp_path):
    stick = Stick(tmp_path)

    def begin_and_fail() -> None:
        with stick.volume() as file:
            file.write(b"con")
            raise ValueError("the node failed")

    with pytest.raises(ValueError, match="the node failed"):
        begin_and_fail()
    assert list(tmp_path.iterdir()) == []
    assert stick.names == []


@pytest.mark.parametrize("when", ["flush", "replace"])
@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, DiskFull, "写满"),
        (errno.EROFS, Forbidden, "不允许读写"),
        (errno.EIO, StorageError, "读写出错"),
        (errno.ENODEV, StorageError, "读写出错"),
    ],
)
def test_a_stick_that_fails_is_told_in_words(tmp_path, when, number, kind, words):
    stick = Stick(tmp_path, files=Faulty(number, when=when))
    with pytest.raises(kind, match=words):
        write(stick)
    assert stick.names == []
    if when == "replace":
        assert list(tmp_path.iterdir()) == []


def test_a_drive_that_flushes_no_directories_will_do(tmp_path):
    write(Stick(tmp_path, files=Faulty(errno.EINVAL, when="flush")))
    assert len(volumes_in(tmp_path)) == 1


def test_what_a_killed_export_left_is_removed_the_next_day_and_other_files_never(tmp_path):
    old, new = tmp_path / f"{'a' * 32}.part", tmp_path / f"{'b' * 32}.part"
    mine = tmp_path / "论文.part"
    for path in (old, new, mine):
        path.write_bytes(b"x")
    for path in (old, mine):
        os.utime(path, (1, 1))
    write(Stick(tmp_path))
    assert {path.name for path in tmp_path.iterdir() if path.suffix == ".part"} == {new.name, mine.name}


def test_a_stick_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(NotFound, match="没有目录"):
        Stick(tmp_path / "usb")
    with pytest.raises(NotFound, match="没有目录"):
        volumes_in(tmp_path / "usb")


def test_a_copy_gets_a_name_of_its_own(tmp_path):
    source = tmp_path / "source.yzb"
    source.write_bytes(os.urandom(3_000_000))
    stick = Stick(tmp_path)
    name = stick.put(source)
    assert name != source.name
    assert (tmp_path / name).read_bytes() == source.read_bytes()


def test_an_error_of_our_own_goes_through_as_it_is():
    with pytest.raises(NotFound), told_in_words():
        raise NotFound("x")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("八月.yzb", "八月.yzb"),
        ("\x1b[2J\x07a\n.yzb", "\ufffd[2J\ufffda\ufffd.yzb"),
        ("\u202egpj.yzb", "\ufffdgpj.yzb"),
        ("\udcff.yzb", "\ufffd.yzb"),
    ],
)
def test_a_name_is_shown_without_what_a_terminal_obeys_or_no_text_holds(name, shown):
    assert shown_name(Path("stick") / name) == shown


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes by name here")
def test_what_is_no_file_is_neither_waited_for_nor_read(tmp_path):
    pipe = tmp_path / "pipe.yzb"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), Path("/dev/tty")):
        with pytest.raises((BadRequest, StorageError)), opened_file(path) as file:
            file.read(1)
    assert volumes_in(tmp_path) == []


def test_a_link_on_a_stick_is_no_volume_of_it(tmp_path):
    (tmp_path / "ours").write_bytes(b"YZVOL\0\0\1 of another node")
    stick = tmp_path / "usb"
    stick.mkdir()
    (stick / "a.yzb").symlink_to(tmp_path / "ours")
    (stick / "b.yzb").write_bytes(b"YZVOL\0\0\1")
    assert volumes_in(stick) == [stick / "b.yzb"]


def test_of_more_volumes_than_anybody_brings_none_is_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(stick_of, "MOST_VOLUMES", 3)
    for number in range(4):
        assert len(volumes_in(tmp_path)) == number
        (tmp_path / f"{number}.yzb").write_bytes(b"")
    with pytest.raises(BadRequest, match="超过 3 个") as refused:
        volumes_in(tmp_path)
    assert "另一个目录" in refused.value.remedy


def test_a_file_larger_than_is_wanted_is_not_read_to_its_end(tmp_path):
    hole = tmp_path / "hole.yzb"
    hole.write_bytes(b"YZVOL\0\0\1")
    os.truncate(hole, 1 << 40)  # which takes no room, and hours to be read
    with pytest.raises(TooLarge):
        digest_of(hole, most_bytes=2 << 30)
