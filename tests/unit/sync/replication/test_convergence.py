"""After any history on several replicas and then quiet, all are equal."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.database import Database
from sync.replication.pace import Limits
from sync.replication.replicate import replicate
from sync.replication.report import Options
from sync.store.memory import MemoryDatabases
from sync.values.documents import Edit
from tests.faults.replication.replicas import contents

REPLICAS = 3
SMALL = Options(limits=Limits(first_documents=2, least_documents=1, most_documents=3, first_bytes=200, least_bytes=100))

writes = st.tuples(st.just("write"), st.integers(0, REPLICAS - 1), st.integers(0, 4), st.booleans())
carries = st.tuples(st.just("carry"), st.integers(0, REPLICAS - 1), st.integers(0, REPLICAS - 1), st.booleans())


@settings(max_examples=150)
@given(st.lists(st.one_of(writes, carries), max_size=25))
def test_replicas_that_wrote_apart_end_equal_and_then_carry_nothing(history: list[tuple[str, int, int, bool]]) -> None:
    replicas = [MemoryDatabases().create(f"replica{number}") for number in range(REPLICAS)]
    for step, (kind, one, other, flag) in enumerate(history):
        if kind == "write":
            write(replicas[one], f"d{other}", step, deleted=flag)
        elif one != other:
            replicate(replicas[one], replicas[other], options=SMALL).checked()
    for _ in range(2):
        for one in range(REPLICAS):
            replicate(replicas[one], replicas[(one + 1) % REPLICAS], options=SMALL).checked()
    first = contents(replicas[0])
    assert all(contents(replica) == first for replica in replicas)
    quiet = [replicate(replicas[one], replicas[(one + 1) % REPLICAS], options=SMALL) for one in range(REPLICAS)]
    assert sum(report.docs_written for report in quiet) == 0


def write(database: Database, doc_id: str, step: int, *, deleted: bool) -> None:
    row = database.look_up([doc_id]).rows[0]
    if deleted and (row.revision is None or row.deleted):
        return
    database.write([Edit(doc_id, row.revision, b'{"step":%d}' % step, deleted=deleted)])
