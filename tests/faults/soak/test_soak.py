"""Ten seconds of what `make soak` does for ten minutes.

SEED=12345 pytest tests/faults/soak     the clients do the same again, as far as clients can
"""

import os
import random
from pathlib import Path

import pytest

from fixtures.soak.report import all_faults, show
from fixtures.soak.run import HERE, THERE, soak

SECONDS = 10.0
REPLICATORS = 2


@pytest.mark.long
def test_thirty_two_clients_find_no_fault_with_a_server(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED", random.randrange(1 << 24)))
    print(f"SEED={seed}")
    assert sum(HERE.values()) + sum(THERE.values()) + REPLICATORS == 32
    outcome = soak(tmp_path, seconds=SECONDS, seed=seed)
    show(outcome)
    assert all_faults(outcome) == []
    assert outcome.documents > 100
    idle = [name for name, facts in outcome.facts.items() if not facts.times]
    assert [name for name in idle if not name.startswith("longpoll")] == []
