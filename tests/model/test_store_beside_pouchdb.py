"""PouchDBs, the oracle and two embedded stores live through one history: the same trees, winners and conflicts in all.

PouchDB is somebody else's reading of CouchDB's rules, so what both sides get wrong alike is left to CouchDB alone.

    SEED=12345 pytest tests/model     another history; the seed in use is printed
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.model.network import Network, Replica, seeds
from tests.model.pouch import PouchDatabase, PouchDB, pouchdb
from tests.model.replicas import embedded, oracle

pytestmark = pytest.mark.node
STEPS = 60


@pytest.fixture(scope="module")
def pouch() -> Iterator[PouchDB]:
    with pouchdb() as running:
        yield running


@pytest.mark.parametrize("seed", seeds())
@pytest.mark.parametrize("revs_limit", [1000, 3])
def test_after_any_history_pouchdb_and_we_hold_the_same_trees_and_winners(
    pouch: PouchDB, tmp_path: Path, seed: int, revs_limit: int
) -> None:
    with ExitStack() as opened:
        pouches = [opened.enter_context(pouch.database(revs_limit=revs_limit)) for _ in range(2)]
        network = Network(
            [
                oracle(revs_limit=revs_limit),
                opened.enter_context(embedded("here", tmp_path / "here", revs_limit=revs_limit)),
                opened.enter_context(embedded("there", tmp_path / "there", revs_limit=revs_limit)),
                *(Replica(database.name, database, forgets_alike=False) for database in pouches),
            ],
            seed,
            revs_limit=revs_limit,
        )
        network.live(STEPS)
        network.come_to_rest()
        network.assert_equal_and_whole()
        _assert_shown_alike(network, pouches)


def _assert_shown_alike(network: Network, pouches: list[PouchDatabase]) -> None:
    """What PouchDB shows an application is our winner, and its `_conflicts` are ours."""
    for doc_id in network.genealogy.births:
        tree = network.replicas[0].database.tree(doc_id)
        assert tree is not None
        for database in pouches:
            shown = database.shown(doc_id)
            if tree.deleted:
                assert shown is None
            else:
                assert shown is not None
                assert (shown[0], sorted(shown[1:])) == (tree.winner.leaf, sorted(tree.conflicts()))
