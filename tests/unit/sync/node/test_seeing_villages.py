"""What a township says of its villages: what came up, how long nothing did, and nothing it cannot know."""

from collections.abc import Callable

from sync.casework.see_villages import SILENT_DAYS, see_villages
from sync.node.node import Node
from sync.records.clock import time_text
from sync.store.ledger.certificates import Known, put_certificate
from sync.store.ledger.contacts import note_heard
from sync.store.transaction import Transaction

DAY_MS = 86_400_000
TOWNSHIP = "t0wn1"


def certify(node: Node, sid: str, name: str, *, revoked: bool = False) -> None:
    known = Known((sid * 16)[:16], sid, "village", "990281101201", name, TOWNSHIP, bytes(32), 1, revoked)
    node.engine.write(lambda tx: put_certificate(tx, known))


def list_case(node: Node, sid: str, number: int, *, due: str | None) -> None:
    values = (f"case:{sid}-n{number}", sid, time_text(node.clock()), due, due)

    def work(tx: Transaction) -> None:
        tx.execute(
            "INSERT INTO cases (id, sid, receipt_number, received_at, item, item_name, applicant_name, status, photos, "
            "disputes, due, near) VALUES (?, ?, 'r', ?, 'i', 'n', 'a', 'received', 0, 0, ?, ?)",
            values,
        )

    node.engine.write(work)


def test_a_village_is_told_as_far_as_it_came_up(make_node: Callable[..., Node], clock: object) -> None:
    node = make_node(TOWNSHIP, "990281101000")
    for sid, name in (("v1", "甲村"), ("v2", "乙村"), ("v3", "丙村")):
        certify(node, sid, name, revoked=sid == "v3")
    assert [(row["name"], row["last_heard"], row["silent_days"]) for row in see_villages(node)] == [
        ("乙村", None, 0),
        ("甲村", None, 0),
    ]
    node.engine.write(lambda tx: note_heard(tx, "v1", now_ms=node.clock()))
    list_case(node, "v1", 1, due="2025-01-01")
    list_case(node, "v1", 2, due=None)
    clock.now_ms += DAY_MS  # type: ignore[attr-defined]
    list_case(node, "v1", 3, due="2099-01-01")
    row = see_villages(node)[0]
    assert (row["name"], row["last_heard_text"], row["silent_days"]) == ("甲村", "1 天前", 0)
    assert (row["received_today"], row["received_week"], row["red"], row["open"]) == (1, 3, 1, 2)
    assert row["backlog"] == {"events": 0, "photos": 0}
    clock.now_ms += SILENT_DAYS * DAY_MS  # type: ignore[attr-defined]
    node.engine.write(lambda tx: note_heard(tx, "v2", now_ms=node.clock()))
    told = {row["name"]: row for row in see_villages(node)}
    assert list(told) == ["甲村", "乙村"]
    assert (told["甲村"]["silent_days"], told["乙村"]["silent_days"]) == (SILENT_DAYS + 1, 0)
