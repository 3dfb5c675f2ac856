"""Whose turn it is, by state and by what the item lets whom do."""

import pytest

from sync.records.case_table_2 import CASE_2
from sync.records.case_turn import turn_of
from sync.records.events import LEVELS
from sync.records.states import context_of, open_acts

VILLAGE = {"village_role": "直", "deciding_level": "village"}
ACCEPTS = {"village_role": "受", "deciding_level": "township"}
CARRIES = {"village_role": "代", "deciding_level": "township"}
COUNTY = {"village_role": "受", "deciding_level": "county"}


@pytest.mark.parametrize(
    ("status", "fields", "turn"),
    [
        ("received", ACCEPTS, "village"),
        ("received", CARRIES, "township"),
        ("accepted", VILLAGE, "village"),
        ("accepted", ACCEPTS, "township"),
        ("in_review", ACCEPTS, "township"),
        ("in_review", COUNTY, "township"),
        ("in_review", {**COUNTY, "forwarded_to": "county"}, "county"),
        ("in_review", {**COUNTY, "forwarded_to": "the moon"}, "township"),
        ("accepted", {**COUNTY, "village_role": "直", "on_the_spot": True}, "village"),
        ("supplement", COUNTY, "village"),
        ("tolerance", COUNTY, "village"),
        ("approved", COUNTY, "county"),
        ("completed", COUNTY, "village"),
        ("withdrawn", COUNTY, ""),
        ("archived", COUNTY, ""),
        ("of a later version", COUNTY, ""),
    ],
)
def test_the_turn_is_of_whoever_has_to_act(status: str, fields: dict[str, object], turn: str) -> None:
    assert turn_of(status, fields) == turn


@pytest.mark.parametrize("assigned_at", ["", "village", "township", "centre"])
@pytest.mark.parametrize("fields", [VILLAGE, ACCEPTS, CARRIES, COUNTY])
@pytest.mark.parametrize("status", list(CASE_2.states))
def test_whoever_has_the_turn_may_do_something(status: str, fields: dict[str, object], assigned_at: str) -> None:
    turn = turn_of(status, fields, assigned_at=assigned_at)
    assert not turn or turn in LEVELS
    if turn:
        acts = open_acts(CASE_2, status, level=turn, context=context_of(fields))
        assert any(act.moves or act.type == "forwarded" for act in acts)
