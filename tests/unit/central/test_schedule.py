"""The centre's jobs run at the start, end with it, and report what they cannot do."""

import logging
import threading

from central.jobs.schedule import confirm_clock, scheduled
from central.settings import read
from sync.node.acts.answer_once import KEPT_MS
from sync.node.own_clock import read_clock
from sync.records.clock import Quality
from sync.store.ledger.requests import Kept, keep_answer, kept_answer
from tests.unit.central.conftest import START_MS
from tests.waiting import until

DAY_MS = 24 * 3_600_000


def test_at_the_start_the_clock_is_confirmed_and_old_answers_are_swept(node, clock):
    node.write(lambda tx: keep_answer(tx, "zhou", "k1", Kept(b"", 201, "x", b"{}"), now_ms=START_MS))
    clock.now_ms = START_MS + KEPT_MS + DAY_MS
    with scheduled(node, read({})):
        until(lambda: node.read(lambda reader: kept_answer(reader, "zhou", "k1")) is None)
        until(lambda: node.read(lambda r: read_clock(r, clock.now_ms)).quality is Quality.CONFIRMED)
    assert not [thread for thread in threading.enumerate() if "APScheduler" in thread.name]


def test_a_clock_in_the_past_is_told_to_the_operator(node, clock, caplog):
    clock.now_ms = START_MS - DAY_MS
    with caplog.at_level(logging.WARNING):
        confirm_clock(node)
    assert "clock" in caplog.text
