"""Reading costs no memory that stays: a node answers for months."""

import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import apsw

from sync.store.engine import Engine
from sync.store.transaction import Reader, Row

READS = 2000
BYTES_PER_READ = 50  # a leaked cursor was 200


def test_reading_single_rows_leaves_nothing_behind(tmp_path: Path) -> None:
    def read(reader: Reader) -> None:
        for number in range(READS):
            assert reader.one("SELECT ?", (number,)) == (number,)
            assert reader.one("SELECT 1 WHERE 0") is None

    with Engine.open(tmp_path) as engine:
        engine.read(read)
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            engine.read(read)
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert after - before < READS * BYTES_PER_READ


def test_reading_row_by_row_leaves_nothing_behind_and_holds_nothing(tmp_path: Path) -> None:
    """Whether to the end or not; and who still holds rows when the work is over has no more of them."""

    def read(reader: Reader) -> Iterator[Row]:
        rows = reader.iterate("SELECT value FROM json_each('[1,2,3]')")
        assert next(rows) == (1,)
        assert len(list(reader.iterate("SELECT value FROM json_each('[1,2,3]')"))) == 3
        return rows

    def let_go(reader: Reader) -> None:
        read(reader)

    with Engine.open(tmp_path) as engine:
        assert list(engine.read(read)) == []
        gc.collect()
        before = sum(type(each) is apsw.Cursor for each in gc.get_objects())
        for _ in range(100):
            engine.read(let_go)
        gc.collect()
        assert sum(type(each) is apsw.Cursor for each in gc.get_objects()) <= before
        engine.write(lambda tx: tx.execute("CREATE TABLE something (one INTEGER)"))
        assert engine.read(lambda reader: reader.execute("SELECT * FROM something")) == []
