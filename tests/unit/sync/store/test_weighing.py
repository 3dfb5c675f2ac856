"""What changed after a sequence is weighed as it is kept, whatever was written and however often."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.store.engine import Engine
from sync.values.changes import START
from sync.values.documents import Edit


@settings(max_examples=40, deadline=None)
@given(writes=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300)), max_size=12), cut=st.integers(0, 12))
def test_a_weight_is_that_of_the_newest_bodies_behind_a_sequence(writes: list[tuple[int, int]], cut: int) -> None:
    with tempfile.TemporaryDirectory() as directory, Engine.open(Path(directory)) as engine:
        engine.databases.create("station_a")
        database = engine.database("station_a")
        revisions, sizes, changed, since = {}, {}, set(), START
        for number, (which, size) in enumerate(writes):
            if number == cut:
                since, changed = database.info().update_seq, set()
            doc_id, body = f"case:{which}", b'{"a":"' + b"x" * size + b'"}'
            (outcome,) = database.write([Edit(doc_id, revisions.get(doc_id), body)])
            revisions[doc_id], sizes[doc_id] = outcome.revision, len(body)
            changed.add(doc_id)
        assert database.weigh_after(since) == (len(changed), sum(sizes[doc_id] for doc_id in changed))
        even = {doc_id for doc_id in changed if doc_id == "case:2"}
        assert database.weigh_after(since, counted="case:2")[0] == len(even)
