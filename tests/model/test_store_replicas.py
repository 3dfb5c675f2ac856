"""Replicas edited apart and brought together over bad roads, dying on the way: all end equal, nothing written is lost.

SEED=12345 pytest tests/model     another history; the seed in use is printed
"""

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.values.documents import Edit
from tests.model.network import Network, seeds
from tests.model.replicas import ServedReplica, embedded, oracle, served

STEPS = 60
KILLS = 3
BATCHES = 400


@pytest.mark.parametrize("seed", seeds())
@pytest.mark.parametrize("revs_limit", [1000, 3])
def test_replicas_that_are_parted_and_die_end_equal_and_lose_nothing(
    tmp_path: Path, seed: int, revs_limit: int
) -> None:
    with (
        embedded("here", tmp_path / "here", revs_limit=revs_limit) as here,
        embedded("there", tmp_path / "there", revs_limit=revs_limit) as there,
    ):
        network = Network([oracle(revs_limit=revs_limit), here, there], seed, revs_limit=revs_limit, files=True)
        network.live(STEPS)
        network.come_to_rest()
        network.assert_equal_and_whole()


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[ServedReplica]:
    with served("killed", tmp_path / "killed") as replica:
        yield replica


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("seed", seeds()[:1])
def test_a_server_that_is_killed_while_it_writes_has_all_it_answered_for(
    killed: ServedReplica, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    with embedded("here", tmp_path / "here", revs_limit=1000) as here:
        network = Network([oracle(revs_limit=1000), here, killed], seed, revs_limit=1000)
        for kill in range(KILLS):
            network.live(15)
            batches = [[_edit(f"{kill}.{batch}.{n}") for n in range(5)] for batch in range(BATCHES)]
            answered = killed.kill_amid(batches, after_seconds=dice.uniform(0.01, 0.15))
            assert len(answered) < BATCHES, "it died too late to be caught at work"
            network.take_in(killed, batches[len(answered)], None)
            for batch, outcomes in zip(batches, answered, strict=False):
                network.take_in(killed, batch, outcomes)
        network.come_to_rest()
        network.assert_equal_and_whole()


def _edit(doc_id: str) -> Edit:
    return Edit(doc_id, None, b'{"about":"%s","text":"%s"}' % (doc_id.encode(), b"y" * 1000))
