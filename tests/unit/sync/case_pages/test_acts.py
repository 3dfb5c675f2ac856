"""Buttons follow the state table, and never offer what a role may not do."""

import pytest

from sync.case_pages.acts import BUTTONS, button_named, offers
from sync.errors import BadRequest
from sync.records.case_table_2 import CASE_2
from sync.records.states import Context, open_acts


def labels(state, *, level, may_decide=True, **context):
    acts = open_acts(CASE_2, state, level=level, context=Context(**context))
    return [offer.label for offer in offers([{"type": act.type} for act in acts], may_decide=may_decide)]


@pytest.mark.parametrize(
    ("state", "level", "expected"),
    [
        ("received", "village", ["受理", "撤回"]),
        ("accepted", "township", ["进入审查", "撤回"]),
        ("in_review", "village", ["撤回"]),
        ("in_review", "township", ["撤回"]),
        ("received", "centre", ["受理", "不予受理", "撤回"]),
        ("in_review", "centre", ["准予", "不予", "撤回"]),
        ("supplement_before", "township", ["退件", "撤回"]),
        ("approved", "centre", ["办结"]),
        ("completed", "centre", []),
    ],
)
def test_a_state_offers_what_the_level_may_do(state, level, expected):
    assert labels(state, level=level, village_role="受", deciding_level="county") == expected


def test_a_township_decides_what_is_its_own():
    assert "准予" in labels("in_review", level="township", deciding_level="township")


def test_who_may_not_decide_is_offered_no_decision():
    shown = labels("in_review", level="centre", may_decide=False)
    assert "准予" not in shown
    assert "不予" not in shown


def test_every_button_writes_events_the_table_knows():
    assert {event for button in BUTTONS for event in button.events} <= set(CASE_2.acts)
    assert len({button.name for button in BUTTONS}) == len(BUTTONS)


def test_what_nobody_offers_is_no_button():
    with pytest.raises(BadRequest):
        button_named("delete")
