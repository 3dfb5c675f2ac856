"""A stick: volumes on it are whole, and what goes wrong with it is said in words."""

import errno
import os
import re
from pathlib import Path

import pytest

from sync.carrying.stick import Stick, digest_of, shown_name, told_in_words, volumes_in
from sync.errors import DiskFull, Forbidden, NotFound, StorageError
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
    assert stick.digests == [digest_of(path)]


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
