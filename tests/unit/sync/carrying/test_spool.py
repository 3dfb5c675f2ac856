"""What is carried for others: each once, and within bounds."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.carrying.spool import FOLDER, Bounds, Spool
from sync.carrying.stick import Stick, digest_of
from sync.errors import BadRequest, TooLarge
from sync.node.identity import describe
from sync.node.node import Node
from sync.store.connection import FILE_NAME, Opening, close, open_writer
from sync.store.engine import Engine
from sync.store.ledger.carried import UPWARD, Carried, all_carried
from sync.store.migrations import STEPS, migrate


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    place = {"name": "柳河镇", "region": "990281101000", "upstream": "http://127.0.0.1:1"}
    with Node.found(tmp_path / "node", lambda tx: describe(tx, **place)) as node:
        yield node


@pytest.fixture
def volume(tmp_path: Path):
    def make(number: int, size: int = 1000) -> Path:
        path = tmp_path / f"{number}.yzb"
        path.write_bytes(number.to_bytes(4, "big") * (size // 4))
        return path

    return make


def kept(node: Node) -> list[str]:
    return sorted(path.name for path in (node.engine.directory / FOLDER).iterdir())


def contents(directory: Path) -> list[bytes]:
    return sorted(path.read_bytes()[:4] for path in directory.iterdir())


def numbers(*these: int) -> list[bytes]:
    return [number.to_bytes(4, "big") for number in these]


def test_a_volume_is_kept_once_whatever_it_is_called(node, volume, tmp_path):
    spool = Spool(node)
    assert spool.keep(volume(1))
    other = tmp_path / "another-name.yzb"
    other.write_bytes(volume(1).read_bytes())
    assert not spool.keep(other)
    assert len(kept(node)) == 1


def handed(spool: Spool, directory: Path, stations: list[str], *, again: bool = False) -> int:
    """How many volumes go on an empty stick for these stations."""
    directory.mkdir()
    return spool.hand_on(Stick(directory), stations, again=again)


def test_it_is_handed_on_once_each_way_and_again_when_that_is_asked_for(node, volume, tmp_path):
    spool = Spool(node)
    spool.keep(volume(1))
    assert [handed(spool, tmp_path / way, [UPWARD]) for way in ("up", "up again")] == [1, 0]
    assert handed(spool, tmp_path / "down", ["k3m7q"]) == 1
    assert handed(spool, tmp_path / "everything", ["k3m7q"], again=True) == 1
    assert not spool.keep(volume(1))


def test_what_went_on_a_stick_for_one_village_goes_on_that_for_another_too(node, volume, tmp_path):
    """Nobody but the receiver sees whose it is."""
    spool = Spool(node)
    spool.keep(volume(1))
    sticks = {"one": ["k3m7q"], "one again": ["k3m7q"], "other": ["w8zxw"], "both": ["k3m7q", "w8zxw"]}
    assert [handed(spool, tmp_path / name, stations) for name, stations in sticks.items()] == [1, 0, 1, 0]
    spool.keep(volume(2))
    assert handed(spool, tmp_path / "all", ["k3m7q", "w8zxw", "zz3p2"]) == 2


def test_a_store_of_before_knows_what_went_up_and_lets_go_down_once_more(tmp_path):
    connection = open_writer(tmp_path / FILE_NAME, Opening())
    migrate(connection, [step for step in STEPS if step.name != "ledger-10-handed"])
    for digest, ways in (("a", "1, 0"), ("b", "0, 1")):
        connection.execute(
            f"INSERT INTO volumes_carried (digest, bytes, handed_up, handed_down) VALUES ('{digest}', 1, {ways})"
        )
    close(connection)
    with Engine.open(tmp_path) as engine:
        assert engine.read(all_carried) == (Carried("a", 1, frozenset([UPWARD])), Carried("b", 1, frozenset()))


@pytest.mark.parametrize("bounds", [Bounds(volumes=3), Bounds(bytes=3_500)])
def test_what_was_handed_on_makes_room_first_and_then_the_oldest(node, volume, tmp_path, bounds):
    spool = Spool(node, bounds)
    spool.keep(volume(1))
    (tmp_path / "usb").mkdir()
    spool.keep(volume(2))
    spool.hand_on(Stick(tmp_path / "usb"), [UPWARD])
    spool.keep(volume(3))
    spool.keep(volume(4))
    spool.keep(volume(5))
    assert contents(node.engine.directory / FOLDER) == numbers(3, 4, 5)
    spool.keep(volume(6))
    assert contents(node.engine.directory / FOLDER) == numbers(4, 5, 6)


def test_one_that_alone_is_too_much_is_refused_and_moves_nothing(node, volume):
    spool = Spool(node, Bounds(bytes=3_500))
    spool.keep(volume(1))
    with pytest.raises(TooLarge):
        spool.keep(volume(2, size=4_000))
    assert contents(node.engine.directory / FOLDER) == numbers(1)


def test_what_a_crash_left_behind_is_removed(node, volume):
    spool = Spool(node)
    spool.keep(volume(1))
    (node.engine.directory / FOLDER / "half.new").write_bytes(b"half")
    (node.engine.directory / FOLDER / f"{'0' * 64}.yzb").write_bytes(b"named, and not noted")
    spool.keep(volume(2))
    assert contents(node.engine.directory / FOLDER) == numbers(1, 2)


def test_a_file_somebody_removed_is_forgotten(node, volume, tmp_path):
    spool = Spool(node)
    spool.keep(volume(1))
    (node.engine.directory / FOLDER / kept(node)[0]).unlink()
    (tmp_path / "usb").mkdir()
    assert spool.hand_on(Stick(tmp_path / "usb"), [UPWARD]) == 0
    assert spool.keep(volume(1))


def test_one_that_changes_while_it_is_read_is_not_kept_and_leaves_nothing(node, volume, monkeypatch):
    source = volume(1)

    def swapped(path: Path, *, most_bytes: int) -> str:
        told = digest_of(path, most_bytes=most_bytes)
        path.write_bytes(b"another volume altogether")
        return told

    monkeypatch.setattr("sync.carrying.spool.digest_of", swapped)
    with pytest.raises(BadRequest, match="不完整"):
        Spool(node).keep(source)
    assert kept(node) == []


def test_one_that_grows_beyond_what_it_was_is_refused(node, volume, monkeypatch):
    source = volume(1)
    with source.open("ab") as growing:

        class Growing(io.BytesIO):
            def fileno(self) -> int:
                return growing.fileno()

        @contextmanager
        def opened(path: Path) -> Iterator[io.BytesIO]:
            yield Growing(path.read_bytes() + b"more")

        spool = Spool(node)
        monkeypatch.setattr(spool, "digest", lambda path: digest_of(path, most_bytes=10_000))
        monkeypatch.setattr("sync.carrying.spool.opened_file", opened)
        with pytest.raises(TooLarge):
            spool.keep(source)
    assert kept(node) == []
