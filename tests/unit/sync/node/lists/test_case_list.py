"""Pages of a list neither repeat nor lose a row, in both orders, however it is narrowed."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.node.lists.case_index import COLUMNS
from sync.node.lists.case_list import DUE, ORDERS, RECEIVED, Narrow, list_cases
from sync.node.node import Node
from sync.records.limit_clock import Light
from sync.store.transaction import Transaction

TODAY = "2025-10-05"
_DAYS = st.sampled_from(["2025-10-01", "2025-10-04", "2025-10-05", "2025-10-06", "2025-10-09", "?"])
_ROW = st.tuples(
    st.sampled_from(["k3m7q", "a1b2c"]),
    st.sampled_from(["2025-09-26T09:00:00+08:00", "2025-09-26T17:00:00+08:00", "2025-09-28T09:00:00+08:00"]),
    st.sampled_from(["received", "accepted", "in_review"]),
    st.sampled_from(["", "acct:wang"]),
    st.none() | st.tuples(_DAYS, _DAYS).map(sorted),
)
_NARROW = st.builds(
    Narrow,
    sid=st.sampled_from(["", "k3m7q"]),
    states=st.sampled_from([(), ("received",), ("received", "in_review")]),
    assignees=st.sampled_from([(), ("acct:wang",), ("acct:wang", "")]),
    light=st.none() | st.sampled_from(list(Light)),
    today=st.just(TODAY),
    received_from=st.sampled_from(["", "2025-09-27"]),
    received_to=st.sampled_from(["", "2025-09-26"]),
)


def fits(row: dict[str, str | None], narrow: Narrow) -> bool:
    """The same said slowly."""
    due, near = row["due"], row["near"]
    light = None
    if due is not None and due != "?":
        light = Light.RED if due < TODAY else Light.YELLOW if str(near) <= TODAY else Light.GREEN
    day = str(row["received_at"])[:10]
    return (
        narrow.sid in ("", row["sid"])
        and (not narrow.states or row["status"] in narrow.states)
        and (not narrow.assignees or row["assignee"] in narrow.assignees)
        and (narrow.light is None or narrow.light is light)
        and (not narrow.received_from or day >= narrow.received_from)
        and (not narrow.received_to or day <= narrow.received_to)
    )


@pytest.fixture
def node(make_node: Callable[..., Node]) -> Node:
    return make_node("k3m7q")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(_ROW, max_size=25), narrow=_NARROW, order=st.sampled_from(ORDERS), limit=st.integers(1, 7))
def test_pages_of_a_random_list_neither_repeat_nor_lose_a_row(
    node: Node, rows: list[tuple[object, ...]], narrow: Narrow, order: str, limit: int
) -> None:
    names = COLUMNS.split(", ")
    told = []
    for number, (sid, received_at, status, assignee, days) in enumerate(rows):
        due, near = days if days is not None else (None, None)
        if due == "?" or near == "?":
            due = near = "?"
        else:
            due, near = near, due  # near comes first
        one = dict.fromkeys(names, "") | {"id": f"case:{sid}-n{number}", "sid": sid, "received_at": received_at}
        one |= dict.fromkeys(("photos", "disputes", "parked"), 0)
        told.append(one | {"status": status, "assignee": assignee, "due": due, "near": near})

    def fill(tx: Transaction) -> None:
        tx.execute("DELETE FROM cases")
        for one in told:
            marks = ", ".join("?" * len(names))
            tx.execute(f"INSERT INTO cases ({COLUMNS}) VALUES ({marks})", tuple(one[name] for name in names))

    node.engine.write(fill)
    found, cursor = [], ""
    while True:
        page = node.read(lambda reader, at=cursor: list_cases(reader, narrow, order=order, cursor=at, limit=limit))
        found += page.rows
        cursor = page.next
        if not cursor:
            break
    expected = [one for one in told if fits(one, narrow)]
    keys = ("received_at", "receipt_number", "id") if order == RECEIVED else ("due", "received_at", "id")
    # No order leaves a row out: behind what is due stands what has no clock.
    expected.sort(key=lambda one: tuple(str(one[key] or "~") for key in keys), reverse=order != DUE)
    assert [row.id for row in found] == [one["id"] for one in expected]
