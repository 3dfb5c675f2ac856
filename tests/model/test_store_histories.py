"""The embedded store and the oracle in memory live through one random history and must answer alike, byte for byte.

Ids, revisions and files come from so small a choice that histories collide all the time: stale
parents, leaps over unknown generations, stubs of what was compacted away, limits of two revisions.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.store.database import EmbeddedDatabase
from sync.store.engine import Engine
from sync.store.memory import MemoryDatabase, MemoryDatabases
from sync.values.changes import START, Span
from sync.values.documents import Attachment, Document, Edit, Wanted
from tests.faults.store.checking import assert_sound

NAME = "station"
IDS = ["007", "1e5", "村/王", "_design/x"]
DIGESTS = "abcd"
BOGUS = Revision(3, "nowhere")


@dataclass(frozen=True)
class EditPlan:
    """An edit whose parent is picked when its turn comes, from what the document has by then."""

    doc_id: str
    pick: int
    body: bytes
    deleted: bool
    files: tuple[Attachment, ...]

    def edit(self, db: MemoryDatabase) -> Edit:
        tree = db.tree(self.doc_id)
        known = [revision for branch in tree.branches for revision in branch.revisions()] if tree else []
        leaves = list(tree.leaves()) if tree else []
        choices = [None, *leaves, *leaves, *known, BOGUS]
        return Edit(self.doc_id, choices[self.pick % len(choices)], self.body, self.deleted, self.files)


def _content(data: bytes) -> Attachment:
    return Attachment("scan", "image/jpeg", f"md5-{data.hex()}", len(data), 0, data)


_ids = st.sampled_from(IDS)
_bodies = st.builds(lambda n: b'{"n":%d}' % n, st.integers(0, 5))
_files = st.one_of(
    st.just(()),
    st.tuples(st.builds(_content, st.binary(max_size=2))),
    st.tuples(st.builds(lambda at: Attachment("scan", "image/jpeg", "", 0, at), st.integers(0, 3))),
)
_paths = st.integers(1, 5).flatmap(
    lambda generation: st.builds(
        Branch,
        st.just(generation),
        st.lists(st.sampled_from(DIGESTS), min_size=1, max_size=generation).map(tuple),
        st.booleans(),
    )
)
_edits = st.builds(EditPlan, _ids, st.integers(0, 20), _bodies, st.booleans(), _files)
_copies = st.builds(Document, _ids, _paths, _bodies, _files)
_steps = st.one_of(
    st.tuples(st.just("write"), st.lists(_edits, min_size=1, max_size=4)),
    st.tuples(st.just("graft"), st.lists(_copies, min_size=1, max_size=5)),
    st.tuples(st.just("local"), st.sampled_from(["x", "007"])),
    st.tuples(st.just("forget"), st.sampled_from(["x", "007"])),
    st.tuples(st.just("limit"), st.sampled_from([1, 2, 3, 1000])),
    st.tuples(st.just("purge"), st.lists(st.tuples(_ids, st.integers(0, 20)), min_size=1, max_size=3)),
    st.tuples(st.sampled_from(["compact", "reopen", "anew"]), st.none()),
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_steps, min_size=1, max_size=20))
def test_store_and_oracle_live_through_the_same_history_alike(history):
    with TemporaryDirectory() as directory:
        engine = Engine.open(directory)
        try:
            ((epoch,),) = engine.read(lambda reader: reader.execute("SELECT epoch FROM store"))
            oracle = MemoryDatabases(epoch=epoch)
            engine.databases.create(NAME)
            oracle.create(NAME)
            for step, argument in history:
                if step == "reopen":
                    engine.close()
                    engine = Engine.open(directory)
                elif step == "anew":
                    for databases in (engine.databases, oracle):
                        databases.destroy(NAME)
                        databases.create(NAME)
                else:
                    _take(step, argument, engine.database(NAME), oracle.open(NAME))
                _assert_alike(engine.database(NAME), oracle.open(NAME))
            assert_sound(engine)
        finally:
            engine.close()


def _take(step: str, argument, store: EmbeddedDatabase, oracle: MemoryDatabase) -> None:
    if step == "write":
        edits = [plan.edit(oracle) for plan in argument]
        _assert_same_outcomes(store.write(edits), oracle.write(edits))
    elif step == "graft":
        _assert_same_outcomes(store.graft(argument), oracle.graft(argument))
    elif step == "purge":
        asked = {doc_id: _some_revisions(doc_id, pick, oracle) for doc_id, pick in argument}
        assert store.purge(asked) == oracle.purge(asked)
        assert store.purged_infos() == oracle.purged_infos()
    elif step == "local":
        assert store.write_local(argument, b'{"n":1}') == oracle.write_local(argument, b'{"n":1}')
    elif step == "forget":
        assert store.delete_local(argument) == oracle.delete_local(argument)
    else:
        for database in (store, oracle):
            database.set_revs_limit(argument) if step == "limit" else database.compact()


def _some_revisions(doc_id: str, pick: int, oracle: MemoryDatabase) -> list[Revision]:
    """A leaf or two, an ancestor, or what was never here."""
    tree = oracle.tree(doc_id)
    known = [revision for branch in tree.branches for revision in branch.revisions()] if tree else []
    leaves = list(tree.leaves()) if tree else []
    choices = [*leaves, *known, BOGUS]
    return [choices[pick % len(choices)], choices[pick // 3 % len(choices)]]


def _assert_same_outcomes(ours, expected) -> None:
    assert [(o.id, o.revision, type(o.error)) for o in ours] == [(o.id, o.revision, type(o.error)) for o in expected]


def _assert_alike(store: EmbeddedDatabase, oracle: MemoryDatabase) -> None:
    assert _numbers(store) == _numbers(oracle)
    everything = oracle.changes(START)
    assert store.changes(START) == everything
    assert store.changes(START, descending=True, limit=2) == oracle.changes(START, descending=True, limit=2)
    assert store.changes(START, doc_ids=IDS[:2], limit=1) == oracle.changes(START, doc_ids=IDS[:2], limit=1)
    for change in everything.results:
        assert store.changes(change.seq, limit=1) == oracle.changes(change.seq, limit=1)
    for span in (Span(), Span(start="1", descending=True), Span(start="1e5", skip=1, limit=1), Span(end="_design/x")):
        assert store.list(span) == oracle.list(span)
    assert store.look_up(IDS) == oracle.look_up(IDS)
    offered = {doc_id: [Revision(n, digest) for n in (1, 2, 3) for digest in DIGESTS] for doc_id in IDS}
    assert store.missing(offered) == oracle.missing(offered)
    for local_id in ("x", "007"):
        assert store.read_local(local_id) == oracle.read_local(local_id)
    wanted = [each for doc_id in IDS for each in _questions(doc_id, oracle)]
    assert list(store.read(wanted)) == list(oracle.read(wanted))


def _numbers(database: EmbeddedDatabase | MemoryDatabase):
    info = database.info()
    return info.update_seq, info.purge_seq, info.doc_count, info.doc_del_count, database.revs_limit()


def _questions(doc_id: str, oracle: MemoryDatabase) -> list[Wanted]:
    tree = oracle.tree(doc_id)
    known = tuple({revision for branch in tree.branches for revision in branch.revisions()}) if tree else ()
    return [
        Wanted(doc_id),
        Wanted(doc_id, (), attachments=True),
        Wanted(doc_id, (*known, BOGUS), attachments=True, atts_since=known[:1]),
        Wanted(doc_id, (*known, BOGUS), latest=True),
    ]


def test_the_directory_a_history_leaves_is_one_file(tmp_path: Path):
    with Engine.open(tmp_path) as engine:
        engine.databases.create(NAME).write([Edit("a", None)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["yizhan.lock", "yizhan.sqlite"]
