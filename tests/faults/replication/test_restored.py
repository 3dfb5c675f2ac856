"""A store that was backed up under load, lost, and restored: what peers remember of it is never believed.

Before it was lost it gave sequences that the restored one gives again, to other changes. A peer's checkpoint at
such a sequence would pass those over.
"""

import threading
from pathlib import Path

from sync.errors import StorageError
from sync.replication.replicate import replicate
from sync.replication.report import Options
from sync.store.backup import back_up, restore
from sync.store.doctor.examining import examine
from sync.store.engine import Engine
from sync.values.documents import Document, Edit, Wanted
from tests.faults.replication.replicas import contents
from tests.faults.store.checking import assert_sound

BODY = b'{"text":"%s"}' % (b"x" * 400)


def _write(engine: Engine, *ids: str) -> None:
    assert not any(outcome.error for outcome in engine.database("station").write([Edit(i, None, BODY) for i in ids]))


def _both_ways(here: Engine, peer: Engine) -> None:
    for source, target, names in ((here, peer, ("here", "peer")), (peer, here, ("peer", "here"))):
        replicate(source.database("station"), target.database("station"), options=Options(*names)).checked()


def test_what_a_restored_store_lost_comes_back_and_what_it_writes_anew_is_not_passed_over(tmp_path):
    with Engine.open(tmp_path / "peer") as peer:
        peer.databases.create("station")
        with Engine.open(tmp_path / "lost") as here:
            here.databases.create("station")
            _write(here, *(f"before-{n}" for n in range(20)))
            _both_ways(here, peer)
            back_up(tmp_path / "lost", tmp_path / "backup")
            _write(here, *(f"later-{n}" for n in range(30)))
            _both_ways(here, peer)
            last = here.database("station").info().update_seq
        restore(tmp_path / "backup", tmp_path / "again", now_ms=1)
        with Engine.open(tmp_path / "again") as here:
            # As many as were lost, so that they get the very sequences the peer remembers.
            _write(here, *(f"anew-{n}" for n in range(30)))
            assert here.database("station").info().update_seq.partition("-")[0] == last.partition("-")[0]
            assert here.database("station").info().update_seq != last
            _both_ways(here, peer)
            found = contents(here.database("station"))
            assert len(found) == 80
            assert found == contents(peer.database("station"))


def test_backups_taken_while_many_write_are_each_of_one_moment(tmp_path):
    """Each writer writes 1, 2, 3 …: a backup has them up to some number, without a gap, and is sound."""
    acknowledged = [0] * 4
    stop = threading.Event()
    with Engine.open(tmp_path / "live") as engine:
        engine.databases.create("station")

        def write(writer: int) -> None:
            while not stop.is_set():
                _write(engine, f"{writer}:{acknowledged[writer] + 1}")
                acknowledged[writer] += 1

        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for each in writers:
            each.start()
        floors = []
        try:
            for number in range(4):
                floors.append(list(acknowledged))
                back_up(tmp_path / "live", tmp_path / f"backup{number}")
        finally:
            stop.set()
            for each in writers:
                each.join(30)
        ceiling = list(acknowledged)
    for number, floor in enumerate(floors):
        _assert_of_one_moment(tmp_path, number, floor, ceiling)


def _assert_of_one_moment(tmp_path: Path, number: int, floor: list[int], ceiling: list[int]) -> None:
    directory = tmp_path / f"again{number}"
    restore(tmp_path / f"backup{number}", directory, now_ms=1)
    assert [finding.what for finding in examine(directory) if finding.is_fault] == []
    with Engine.open(directory) as engine:
        assert_sound(engine)
        for writer in range(4):
            wanted = [Wanted(f"{writer}:{n + 1}") for n in range(ceiling[writer])]
            there = [isinstance(each, Document) for each in engine.database("station").read(wanted)]
            assert there == sorted(there, reverse=True)  # no gap
            assert floor[writer] <= sum(there)  # nothing acknowledged before it began is lacking


def test_a_damaged_store_is_not_backed_up_as_if_it_were_whole(tmp_path):
    with Engine.open(tmp_path / "live") as engine:
        engine.databases.create("station")
        _write(engine, *(f"{n}" for n in range(50)))
    file = tmp_path / "live" / "yizhan.sqlite"
    content = bytearray(file.read_bytes())
    content[content.index(b"x" * 100) + 3] ^= 1
    file.write_bytes(content)
    try:
        back_up(tmp_path / "live", tmp_path / "backup")
    except StorageError:
        assert sorted(path.name for path in tmp_path.iterdir()) == ["live"]
    else:
        raise AssertionError("a damaged page went into the backup")
