"""需要留意 through the API: listed, read by right, settled with a reason, offered again; and all counts agree."""

import pytest

from sync.node.node import Node
from sync.node.setting_aside import set_aside
from sync.node.sharing import UPSTREAM
from sync.records.ids import PUBLIC
from sync.revisions.tree import Branch
from sync.store.ledger.alarms import Alarm, raise_alarm
from sync.store.ledger.audit import entries_about
from sync.store.ledger.set_aside import items_aside
from sync.values.documents import Document
from tests.unit.edge_node.api.test_bad_input import refused
from tests.unit.edge_node.conftest import SID, START_MS

ALARMS, ASIDE = "/api/v1/alarms", "/api/v1/set-aside"
HOME = f"station_{SID}"
WHY = {"reason": "旧电脑已停用"}


def alarm_at(node: Node, number: int = 7) -> int:
    alarm = Alarm("two-heads", node.identity.writer, "l1", number, "aa", "bb", "wx", START_MS)
    node.engine.write(lambda tx: raise_alarm(tx, alarm))
    return number


def aside_at(node: Node, database: str, doc_id: str, body: bytes = b"{}", *, by: str = UPSTREAM, **more: int) -> int:
    node.ensure_database(database)
    set_aside(node, database, Document(doc_id, Branch(1, ("a" * 32,)), body), reason="who?", offered_by=by, **more)
    return node.read(items_aside)[-1].item


def audited(node: Node, subject: str) -> list[str]:
    return [entry.action for entry in node.engine.read(lambda reader: entries_about(reader, subject))]


@pytest.fixture
def head(sign_in):
    return sign_in("zhang")


def test_an_alarm_is_listed_and_settled_by_who_may_with_a_reason_that_is_kept(station, sign_in, head):
    alarm_at(station.node)
    wang = sign_in("wang")
    (alarm,) = wang.get(ALARMS).get_json()["alarms"]
    assert (alarm["number"], alarm["known"], alarm["offered"], alarm["settled_at"]) == (7, "aa", "bb", None)
    assert alarm["advice"].startswith("可能有人复制了数据目录")
    place = f"{ALARMS}/{alarm['alarm']}"
    assert wang.get(place).get_json() == alarm
    refused(wang.post(f"{place}/settling", json=WHY), 403)
    refused(head.post(f"{place}/settling", json={"reason": " "}), 422)
    assert head.get("/api/v1/status").get_json()["alarms"] == 1
    assert head.post(f"{place}/settling", json=WHY).get_json() == {"settled": alarm["alarm"]}
    assert head.get(ALARMS).get_json()["alarms"] == []
    (settled,) = head.get(f"{ALARMS}?settled=true").get_json()["alarms"]
    assert (settled["settled_by"], settled["why"]) == ("acct:zhang", "旧电脑已停用")
    assert audited(station.node, f"alarm:{alarm['alarm']}") == ["alarm_settled"]
    assert head.get("/api/v1/status").get_json()["alarms"] == 0


def test_more_than_a_hundred_alarms_are_counted_and_come_in_pages(station, head):
    for number in range(1, 104):
        alarm_at(station.node, number)
    assert head.get("/api/v1/status").get_json()["alarms"] == 103
    found, cursor = [], ""
    while cursor is not None:
        page = head.get(ALARMS, query_string={"limit": 50, "cursor": cursor}).get_json()
        found += [one["number"] for one in page["alarms"]]
        cursor = page["next"]
    assert found == list(range(103, 0, -1))


def test_the_bytes_of_what_was_set_aside_are_for_who_decides_and_reading_them_is_noted(station, sign_in, head):
    item = aside_at(station.node, HOME, "case:x", b'{"name":"somebody"}')
    root = sign_in("root")
    (listed,) = root.get(ASIDE).get_json()["items"]
    assert listed == root.get(f"{ASIDE}/{item}").get_json()
    assert "somebody" not in str(listed)
    for name in ("root", "wang"):
        refused(sign_in(name).get(f"{ASIDE}/{item}/document"), 403)
    answer = head.get(f"{ASIDE}/{item}/document")
    assert b'"somebody"' in answer.data
    assert "attachment" in answer.headers["Content-Disposition"]
    assert audited(station.node, f"aside:{item}") == ["aside_read"]


def test_what_was_set_aside_is_offered_again_and_taken_when_nothing_is_wrong_any_more(station, head):
    node = station.node
    item = aside_at(node, PUBLIC, "note:1", b'{"type":"note"}')
    assert head.post(f"{ASIDE}/{item}/offering", json={}).get_json()["outcome"] == "taken"
    assert node.documents.database(PUBLIC).tree("note:1") is not None
    (settled,) = head.get(f"{ASIDE}?settled=true").get_json()["items"]
    assert settled["settled_by"] == "acct:zhang"
    refused(head.post(f"{ASIDE}/{item}/offering", json={}), 409)
    assert audited(node, f"aside:{item}") == ["aside_offered"]


def test_what_is_still_wrong_stays_aside_and_writes_nothing(station, head):
    node = station.node
    item = aside_at(node, HOME, "case:x")
    before = node.databases.open(HOME).info().update_seq
    unsure = aside_at(node, HOME, "case:y", by="nobody-we-know")
    assert head.post(f"{ASIDE}/{item}/offering", json={}).get_json()["outcome"] == "refused"
    assert head.post(f"{ASIDE}/{unsure}/offering", json={}).status_code == 409  # whoever brought it is not trusted
    assert node.databases.open(HOME).info().update_seq == before
    assert [one["item"] for one in head.get(ASIDE).get_json()["items"]] == [item, unsure]


def test_what_the_node_above_refused_is_due_at_once(station, head, clock):
    node = station.node
    later = clock.now_ms + 3_600_000
    item = aside_at(node, HOME, "case:x", by=node.identity.writer, next_ms=later)
    assert head.post(f"{ASIDE}/{item}/offering", json={}).get_json()["outcome"] == "due"
    (waiting,) = node.read(items_aside)
    assert waiting.next_ms == clock.now_ms


def test_a_number_that_none_has_is_not_found_however_large(head):
    for number in (99, 1 << 80):
        for path in (f"{ALARMS}/{number}", f"{ASIDE}/{number}", f"{ASIDE}/{number}/document"):
            refused(head.get(path), 404)
        for path in (f"{ALARMS}/{number}/settling", f"{ASIDE}/{number}/settling", f"{ASIDE}/{number}/offering"):
            refused(head.post(path, json=WHY), 404)
