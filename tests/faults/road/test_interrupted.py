"""A transfer that breaks off leaves nothing half behind: whole chunks, which the next one goes on from, and no more."""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fixtures.link_weak import WeakLink
from sync.blobs.reading import is_complete
from sync.blobs.storing import store_bytes
from sync.errors import LinkError
from sync.node.node import Node
from sync.node.road.upward import Upward
from sync.records.ids import MAX_CHUNK_BYTES, blobs_database
from sync.store.ledger.settings import put_settings
from tests.journeys.road import Road

_PHOTO_BYTES = 400_000
_MOST_CUTS = 60


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        road = Road(tmp_path, stack)
        road.run()
        yield road


def loose(node: Node) -> int:
    """Pieces of uploads that no document took over."""
    (row,) = node.engine.look(lambda reader: reader.execute("SELECT count(*) FROM loose"))
    return int(row[0])


@pytest.mark.parametrize("cut_after", [23_457, 41_111, 90_001])
def test_what_a_cut_leaves_behind_is_whole_chunks_and_at_most_one_is_sent_again(road: Road, cut_after: int) -> None:
    sid = road.village.identity.sid
    content = random.Random(cut_after).randbytes(_PHOTO_BYTES)
    chunks = [content[at : at + MAX_CHUNK_BYTES] for at in range(0, len(content), MAX_CHUNK_BYTES)]
    blobs = road.village.documents.database(blobs_database(sid))
    root = store_bytes(blobs.graft, content, media_type="image/jpeg").root
    above = road.township.documents.database(blobs_database(sid))
    link = WeakLink(f"127.0.0.1:{road.township_port}", rate_kbit=2_000, cut_after_bytes=cut_after)
    with link:
        road.village.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": f"http://127.0.0.1:{link.port}"}))
        upward, before = Upward(road.village, timeout_seconds=5), 0
        for _ in range(_MOST_CUTS):
            try:
                upward.run()
            except LinkError:
                time.sleep(0.1)  # what had arrived is written
            documents = above.info().doc_count
            assert documents >= before, "something that had been kept is gone"
            before = documents
            assert loose(road.township) == 0
            if is_complete(above, root):
                break
        upward.close()
    assert is_complete(above, root)
    assert above.info().doc_count == len(chunks) + 1  # and the list of them: nothing else is left of all the cuts
    # Of what a cut repeats, one chunk was under way in the frames and the rest in the link's and the kernel's buffers.
    assert link.bytes_up <= _PHOTO_BYTES * 1.05 + link.cuts * (MAX_CHUNK_BYTES + 64 * 1024)
