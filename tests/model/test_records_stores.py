"""The same story on the databases themselves: the memory oracle and the embedded engine, behind guards.

Three stations' databases exchange by what `changes`, `missing` and `read` say, cut at random; then
quiet; then the oracle and the engine must hold the same leaves, byte for byte, and rest.
"""

import random

import pytest

from sync.errors import Refused
from sync.records.events import event_hash
from sync.records.guard import Offerer
from sync.records.guarded import GuardedDatabase
from sync.records.log import case_from_document
from sync.records.merge import merge_conflicts
from sync.store.engine import Engine
from sync.store.memory import MemoryDatabases
from sync.values.changes import START
from sync.values.documents import Document, Edit, Wanted
from tests.model.story import RECEIPT, Writer, append
from tests.model.test_records_converge import PLAIN_ACTS

HOME = "station_k3m7q"
CASES = ("case:k3m7q-one", "case:k3m7q-two")
SEEDS = range(12)


def replicate(source, target, *, cut=None):
    """Everything the target lacks, in one batch; only the first `cut` documents when it is given."""
    refused = []
    guarded = GuardedDatabase(target, Offerer("peer", None), lambda name, doc, why: refused.append(why))
    offered = {change.id: change.leaves for change in source.changes(START).results}
    wanted = [Wanted(doc_id, lack.revisions) for doc_id, lack in target.missing(offered).items()]
    documents = [found for found in source.read(wanted) if isinstance(found, Document)][:cut]
    if documents:
        guarded.graft(documents)
    assert all("bury" in why for why in refused)


def write(database, writer, doc_id, act, fields, written):
    (found,) = database.read([Wanted(doc_id)])
    stored = found if isinstance(found, Document) else None
    log = [event.json for event in case_from_document(stored).events] if stored else []
    before = (writer.number, writer.previous)
    event = writer.does(act, log, **fields)
    try:
        body = append(stored, event)
    except Refused:
        writer.number, writer.previous = before
        return
    (outcome,) = database.write([Edit(doc_id, stored.revision if stored else None, body)])
    assert outcome.error is None
    written.add((doc_id, event_hash(event)))


def held(database):
    """Every live leaf with its bytes."""
    found = database.read([Wanted(doc_id, ()) for doc_id in CASES])
    return {(leaf.id, leaf.revision, leaf.body) for leaf in found if isinstance(leaf, Document) and not leaf.deleted}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    opened = Engine.open(tmp_path_factory.mktemp("store"))
    yield opened
    opened.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_oracle_and_the_engine_come_to_the_same_records_and_to_rest(engine, seed):
    dice = random.Random(seed)
    engine.databases.create(HOME)
    databases = [MemoryDatabases().create(HOME), engine.database(HOME), MemoryDatabases().create(HOME)]
    writers = [Writer("va"), Writer("ta", "township"), Writer("ca", "county")]
    written = set()
    for doc_id in CASES:
        write(databases[0], writers[0], doc_id, "received", RECEIPT, written)
    for other in databases[1:]:
        replicate(databases[0], other)
    for _ in range(40):
        at, other = dice.sample(range(3), 2)
        match dice.choice(("write", "write", "replicate", "cut", "merge")):
            case "write":
                write(databases[at], writers[at], dice.choice(CASES), *dice.choice(PLAIN_ACTS), written)
            case "replicate":
                replicate(databases[at], databases[other])
            case "cut":
                replicate(databases[at], databases[other], cut=1)
            case "merge":
                merge_conflicts(databases[at], CASES)
    rest(databases)
    assert held(databases[0]) == held(databases[1]) == held(databases[2])
    leaves = list(databases[1].read([Wanted(doc_id) for doc_id in CASES]))
    assert len(held(databases[1])) == len(CASES)
    assert {(leaf.id, event.hash) for leaf in leaves for event in case_from_document(leaf).events} == written
    engine.databases.destroy(HOME)


def rest(databases):
    for _ in range(20):
        before = [database.info().update_seq for database in databases]
        for source in databases:
            for target in databases:
                if source is not target:
                    replicate(source, target)
        for database in databases:
            merge_conflicts(database, CASES)
        if before == [database.info().update_seq for database in databases]:
            return
    raise AssertionError("the databases never come to rest")
