"""A heap of files: what is missing of a set is told, whatever its volumes say of themselves."""

import pytest

from sync.carrying.gathering import _gaps
from sync.store.ledger.volumes import Taken

WHOLE, CUT = (Taken(whole, last=False, marks={}, at_ms=1) for whole in (True, False))


@pytest.mark.parametrize(
    ("came", "gaps"),
    [
        ({1: WHOLE, 2: WHOLE}, []),
        ({1: WHOLE, 3: WHOLE}, ["2"]),
        ({1: CUT, 2: WHOLE, 5: CUT}, ["1", "3-5"]),
        ({0: WHOLE}, []),
        ({2**53 - 1: WHOLE}, [f"1-{2**53 - 2}"]),
        (dict.fromkeys(range(0, 1000, 2), WHOLE), [*(str(number) for number in range(1, 41, 2)), "…"]),
    ],
)
def test_volumes_that_are_missing_are_told_in_as_many_words_as_somebody_reads(came, gaps):
    assert _gaps(came) == gaps
