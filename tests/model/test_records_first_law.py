"""Version 1 is published: what it made of a log it makes for ever, whatever comes beside it."""

import hashlib

from sync.records.events import read_event
from sync.records.fold import fold
from sync.values.json_text import dump_sorted
from tests.model.histories import chances, random_log

# Taken before there was a version 2. It is never to be changed: nodes in the field have written these very bytes.
FOLDED_BY_VERSION_1 = "b983b0096892435ee70023fbd133fbb41e5eb6a2404d0128bbff5b5c318cfa08"


def test_what_version_1_made_of_a_thousand_logs_it_makes_still():
    digest = hashlib.sha256()
    for _, chance in chances(1000, seed=1):
        folded = fold(1, "case", [read_event(event) for event in random_log(chance)])
        digest.update(dump_sorted([folded.state, folded.disputes]))
    assert digest.hexdigest() == FOLDED_BY_VERSION_1
