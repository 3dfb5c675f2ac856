"""Logs of one case made at random, lawful or not: several people write on copies that meet now and then.

Chance is a seeded `Random`, so that a log can be made again from its seed.
"""

import os
from random import Random

from sync.records.events import event_hash
from tests.model.story import NOON, RECEIPT, Writer

SEED = int(os.environ.get("SEED", "20260"))
HOUR_MS = 3_600_000
LEVELS = ("village", "village", "township", "county", "centre")
ITEMS = (
    {"village_role": "受", "deciding_level": "county", "tolerable": True},
    {"village_role": "代", "deciding_level": "township", "tolerable": False},
    {"village_role": "直", "deciding_level": "village", "on_the_spot": True, "tolerable": False},
    {"village_role": "直", "deciding_level": "county", "on_the_spot": True, "station_may_reject": True},
)
ACTS_1 = (
    ("accepted", {}),
    ("accepted", {}),
    ("review_started", {}),
    ("review_started", {"assignee": "acct:vill"}),
    ("supplement_asked", {"gaps": []}),
    ("supplemented", {"phone": "5"}),
    ("tolerated", {"tolerance_due": "2025-10-10"}),
    ("tolerance_expired", {}),
    ("special_started", {"special_days": 5}),
    ("special_ended", {}),
    ("approved", {"result": "准予"}),
    ("denied", {}),
    ("rejected", {}),
    ("completed", {}),
    ("delivered", {}),
    ("withdrawn", {}),
    ("returned", {}),
    ("terminated", {}),
    ("corrected", {"phone": "1"}),
    ("corrected", {"phone": "2", "parked_edits": "说明", "case_number": "7"}),
    ("corrected", {"received_at": "2001-01-01T00:00:00+08:00"}),
    ("verified", {"phone": "3"}),
    ("reassigned", {"assignee": "acct:vill"}),
    ("reassigned", {"assignee": "acct:town"}),
    ("materials_added", {"materials": [{"name": "户口簿"}]}),
    ("noted", {}),
    ("request_closed", {}),
    ("settled", {"phone": "4"}),
    ("settled", {"status": "in_review"}),
    ("received", {**RECEIPT, "received_at": "2025-09-26T09:00:00+08:00"}),
)


def random_log(chance, acts=ACTS_1, *, steps=14, copies=4):
    """The events (dicts) of one case, causes first: a receipt, then whatever chance brings."""
    names = ("village", "phone", "township", "county", "centre")
    writers = [
        Writer(name, level, skew_ms=chance.randrange(-30, 30) * HOUR_MS, clock=_any(chance, ("heard", "doubtful")))
        for name, level in zip(names, LEVELS, strict=True)
    ]
    receipt = writers[0].does("received", **{**RECEIPT, **_any(chance, ITEMS)})
    held = [{event_hash(receipt): receipt} for _ in range(copies)]
    log = [receipt]
    for step in range(steps):
        at = chance.randrange(copies)
        if chance.random() < 0.3:
            held[at].update(held[chance.randrange(copies)])
            continue
        writer = writers[chance.randrange(len(writers))]
        act, fields = _any(chance, acts)
        event = writer.does(act, list(held[at].values()), now=NOON + step * HOUR_MS, **fields)
        held[at][event_hash(event)] = event
        log.append(event)
    return log


def _any(chance, choices):
    return choices[chance.randrange(len(choices))]


def chances(count, seed=SEED):
    """Seeded chances, one after the other: (seed that repeats it, Random)."""
    for one in range(seed, seed + count):
        yield one, Random(one)
