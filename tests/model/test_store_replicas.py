"""Three replicas, one in memory and two in files, edited apart and brought together in any order: all end equal.

Nobody's acknowledged write is lost: it lies on some path of every replica's tree.
"""

from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.database import Database
from sync.store.engine import Engine
from sync.store.memory import MemoryDatabases
from sync.values.changes import START
from sync.values.documents import Attachment, Document, Edit, Wanted

IDS = ["a", "b"]
REPLICAS = range(3)

_edit = st.tuples(
    st.just("edit"),
    st.sampled_from(REPLICAS),
    st.sampled_from(IDS),
    st.integers(0, 3),
    st.integers(0, 3),
    st.booleans(),
)
_push = st.tuples(st.just("push"), st.sampled_from(list(permutations(REPLICAS, 2))))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(_edit, _edit, _push), min_size=1, max_size=25))
def test_replicas_edited_apart_end_equal_and_nothing_acknowledged_is_lost(history):
    with TemporaryDirectory() as directory, Engine.open(Path(directory)) as engine:
        replicas: list[Database] = [
            engine.databases.create("here"),
            MemoryDatabases().create("there"),
            engine.databases.create("yonder"),
        ]
        acknowledged = []
        for step, *details in history:
            if step == "push":
                source, target = details[0]
                _push_all(replicas[source], replicas[target])
            else:
                acknowledged += _edit_one(replicas, *details)
        for _ in REPLICAS:  # news crosses three replicas in at most two rounds
            for source, target in permutations(REPLICAS, 2):
                _push_all(replicas[source], replicas[target])
        _assert_equal_and_quiet(replicas)
        for doc_id, revision in acknowledged:
            for replica in replicas:
                assert replica.tree(doc_id).branch_of(revision) is not None


def _edit_one(replicas: list[Database], at: int, doc_id: str, pick: int, n: int, deleted: bool):
    """Edit some leaf; half of the writers bring a photo, which the next edit keeps as a stub."""
    db = replicas[at]
    tree = db.tree(doc_id)
    parent = tree.leaves()[pick % len(tree.leaves())] if tree else None
    files: tuple[Attachment, ...] = ()
    if parent is not None:
        (before,) = db.read([Wanted(doc_id, (parent,))])
        files = before.attachments if isinstance(before, Document) else ()
    if not files and n % 2:
        files = (Attachment("photo", "image/jpeg", f"md5-{n}", 3, 0, b"%03d" % n),)
    body = b'{"n":%d,"at":%d}' % (n, at % 2)  # replicas 0 and 2 often make the very same edit
    (outcome,) = db.write([Edit(doc_id, parent, body, deleted, files)])
    assert outcome.error is None
    return [(doc_id, outcome.revision)]


def _push_all(source: Database, target: Database) -> None:
    changes = source.changes(START)
    lacking = target.missing({change.id: change.leaves for change in changes.results})
    wanted = [
        Wanted(doc_id, missing.revisions, attachments=True, atts_since=missing.possible_ancestors)
        for doc_id, missing in lacking.items()
    ]
    outcomes = target.graft([found for found in source.read(wanted) if isinstance(found, Document)])
    assert [outcome.error for outcome in outcomes] == [None] * len(outcomes)


def _assert_equal_and_quiet(replicas: list[Database]) -> None:
    sequences = [replica.info().update_seq for replica in replicas]
    for doc_id in IDS:
        trees = [replica.tree(doc_id) for replica in replicas]
        assert trees[0] == trees[1] == trees[2]
        for asked in (Wanted(doc_id), Wanted(doc_id, (), attachments=True)):
            copies = [list(replica.read([asked])) for replica in replicas]
            assert copies[0] == copies[1] == copies[2]
    for source, target in permutations(replicas, 2):
        _push_all(source, target)
    assert [replica.info().update_seq for replica in replicas] == sequences
