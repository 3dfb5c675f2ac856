"""The list as a queue: every case stands at its day, whatever the order in which case and calendar came."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from fixtures.catalogue import bring_county
from fixtures.county import county, text
from sync.casework.count_due import count_due
from sync.casework.list_cases import list_cases
from sync.node.acts.recording import Act, record
from sync.node.lists.case_due import recount_due
from sync.node.lists.case_list import DUE, Narrow
from sync.node.node import Node
from sync.records.case_due import light_on
from sync.records.clock import Quality, time_text
from sync.records.limit_clock import Light
from sync.records.published import read_file
from sync.store.ledger.case_queue import NOT_KNOWN
from sync.store.ledger.shelf import shelve
from sync.store.ledger.unindexed import unindexed

CASE = "case:k3m7q-abcdefgh"
DAY_MS = 86_400_000
COLOURS = {"red": Light.RED, "yellow": Light.YELLOW, "green": Light.GREEN}


def write(node: Node, event_type: str, *, case: str = CASE, **fields: object) -> None:
    act = Act(case, event_type, fields, "acct:wang", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.documents, node.identity, act))


def receive(node: Node, case: str = CASE, **fields: object) -> None:
    item = county().item("高龄津贴")
    told = {"item": item.code, "item_version": 1, "village_role": "直", "deciding_level": "village", "tolerable": True}
    told |= {"receipt_number": case[-8:], "received_at": time_text(node.clock()), "promise": "10W"}
    write(node, "received", case=case, **{**told, **fields})


def row(node: Node) -> tuple[str | None, str | None, str]:
    ((due, near, assignee),) = node.engine.read(
        lambda reader: reader.execute("SELECT due, near, assignee FROM cases WHERE id = ?", (CASE,))
    )
    return due, near, assignee


@pytest.fixture
def node(make_node: Callable[..., Node]) -> Node:
    made = make_node("k3m7q")
    bring_county(made)
    return made


def test_the_answer_is_due_first_then_what_was_promised_then_nothing(node: Node) -> None:
    receive(node)
    answer, near, _ = row(node)
    assert answer is not None
    assert near is not None
    assert near < answer
    write(node, "accepted")
    promised = row(node)[0]
    assert promised is not None
    assert promised > answer
    write(node, "review_started")
    write(node, "approved")
    assert row(node)[:2] == (None, None)
    assert [one["due"] for one in list_cases(node, order=DUE)["cases"]] == [None]


def test_the_day_set_for_a_supplement_counts_while_clocks_stand_still(node: Node) -> None:
    receive(node)
    write(node, "supplement_asked", supplement_due="2025-10-20")
    assert row(node)[:2] == ("2025-10-20", "2025-10-19")
    (listed,) = list_cases(node, order=DUE)["cases"]
    assert (listed["due"], listed["time"]["light"]) == ("2025-10-20", "green")
    assert "补正还有" in listed["time"]["sentence"]


def test_a_calendar_that_comes_late_gives_every_open_case_its_day(make_node: Callable[..., Node]) -> None:
    node = make_node("k3m7q")
    receive(node, item="elsewhere")
    assert row(node)[0] == NOT_KNOWN
    assert (count_due(node).unknown, list_cases(node, order=DUE)["cases"][0]["due"]) == (1, None)
    bring_county(node)
    recount_due(node)
    assert date.fromisoformat(str(row(node)[0])).year >= 2025
    assert count_due(node).unknown == 0
    assert node.engine.read(lambda reader: unindexed(reader, "due", limit=9)) == ()


def test_only_a_calendar_makes_days_be_counted_anew_and_only_of_open_cases(node: Node) -> None:
    receive(node)
    receive(node, "case:k3m7q-withdrawn")
    write(node, "withdrawn", case="case:k3m7q-withdrawn")
    item, calendar = read_file(text("items.json")).entries[0], read_file(text("calendar.json")).entries[0]
    node.engine.write(lambda tx: shelve(tx, [(item, 0)]))
    assert node.engine.read(lambda reader: unindexed(reader, "due", limit=9)) == ()
    node.engine.write(lambda tx: shelve(tx, [(calendar, 0)]))
    assert node.engine.read(lambda reader: unindexed(reader, "due", limit=9)) == (CASE,)


def test_the_light_of_the_index_is_the_light_of_the_clock_on_every_day(node: Node, clock: object) -> None:
    """Red, yellow, green by two days that were written down are what the clock itself says, day by day."""
    receive(node)
    write(node, "accepted")
    due, near, _ = row(node)
    start = node.today().isoformat()
    for passed in range(24):
        clock.now_ms += DAY_MS  # type: ignore[attr-defined]
        (listed,) = list_cases(node, order=DUE)["cases"]
        today = date.fromisoformat(start) + timedelta(days=passed + 1)
        light = light_on(today, day=date.fromisoformat(str(due)), near=date.fromisoformat(str(near)))
        assert COLOURS[listed["time"]["light"]] is light, today
        lights = count_due(node)
        assert (lights.red, lights.yellow, lights.green) == tuple(int(light is one) for one in Light)[::-1]
        assert lights.today == (today.isoformat() == due)
        found = list_cases(node, Narrow(light=light), order=DUE)["cases"]
        assert [one["id"] for one in found] == [CASE]


def test_an_answer_nobody_gave_stays_red_though_the_case_counts_as_accepted(node: Node, clock: object) -> None:
    receive(node)
    clock.now_ms += 30 * DAY_MS  # type: ignore[attr-defined]
    (listed,) = list_cases(node, Narrow(light=Light.RED), order=DUE)["cases"]
    assert listed["time"]["light"] == "red"
    assert listed["time"]["sentence"].startswith("答复超期")


def test_a_case_passed_on_is_on_the_other_desk(node: Node) -> None:
    receive(node)
    assert row(node)[2] == "acct:wang"  # who received it
    write(node, "passed_on", assignee="acct:li")
    assert [one["assignee"] for one in list_cases(node, Narrow(assignees=("acct:li",)))["cases"]] == ["li"]
    assert list_cases(node, Narrow(assignees=("acct:wang", "")))["cases"] == []
