"""Reading costs no memory that stays: a node answers for months."""

import gc
import tracemalloc
from pathlib import Path

from sync.store.engine import Engine
from sync.store.transaction import Reader

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
