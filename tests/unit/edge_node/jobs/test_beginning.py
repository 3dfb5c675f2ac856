"""How a station's calls begin: by what it knows of its last contact, and by its settings."""

import pytest

from edge_node.jobs.beginning import first_step_of, pace_of
from edge_node.jobs.pacing import Action, place_of
from edge_node.settings import read
from edge_node.station import Station
from sync.node.sharing import UPSTREAM
from sync.store.ledger.contacts import Failure, note_contact, note_failure
from sync.typed import replace

DAY_MS = 86_400_000


def silent_seconds(station: Station, now: float) -> float:
    lost_at = first_step_of(station).state.lost_at
    assert lost_at is not None
    return now - lost_at


def test_who_never_reached_anybody_calls_at_once(station: Station) -> None:
    assert first_step_of(station).action is Action.RUN
    station.node.write(lambda tx: note_failure(tx, UPSTREAM, Failure("nobody there"), now_ms=station.node.clock()))
    assert (first_step_of(station).action, first_step_of(station).delay_seconds) == (Action.RUN, 0.0)


@pytest.mark.parametrize(("ago_ms", "seconds"), [(0, 0), (90_000, 90), (3 * DAY_MS, 3 * 86_400), (-DAY_MS, 86_400)])
def test_silence_counts_from_the_last_contact_and_one_in_the_future_is_a_long_one(
    station: Station, monkeypatch: pytest.MonkeyPatch, ago_ms: int, seconds: float
) -> None:
    monkeypatch.setattr("time.monotonic", lambda: 1e6)
    station.node.write(lambda tx: note_contact(tx, UPSTREAM, now_ms=station.node.clock() - ago_ms))
    assert silent_seconds(station, 1e6) == seconds


def test_the_least_that_may_be_set_is_a_pace(station: Station) -> None:
    least = {
        "YIZHAN_SYNC_INTERVAL_SECONDS": "1",
        "YIZHAN_LONGEST_WAIT_SECONDS": "1",
        "YIZHAN_TOLD_AFTER_SECONDS": "0",
    }
    pace = pace_of(replace(station, settings=read(least)))
    assert (pace.interval_seconds, pace.longest_wait_seconds, pace.told_after_seconds) == (1, 1, 0)
    assert pace.place == place_of("k3m7q")
