"""预警通知 at a desk: shown to those it concerns until it ends, is withdrawn, or has been read; nothing forged is."""

import pytest

from sync.custody.alerts import alert_document
from sync.records.alerts import Alert
from sync.records.ids import PUBLIC
from sync.store.ledger.audit import entries_about
from sync.trust.keys import generate
from sync.typed import replace
from sync.values.documents import Document, Edit, Wanted
from tests.unit.edge_node.conftest import SID, START_MS
from tests.unit.forms import form_on, read, send
from tests.unit.sync.node.county import CENTRE_KEY, centre_certificate, certificate, certificate_of_key, give

HOUR_MS = 3_600_000
FLOOD = Alert("0a1b2c3d4e5f", 1, START_MS, "red", "暴雨红色预警", "请转移到村委会。", "", START_MS + HOUR_MS)


@pytest.fixture
def node(station):
    node = station.node
    township = generate()
    known = (centre_certificate(), certificate(node, "t0wn1"))
    give(node, *known, certificate_of_key(township, "t0wn1", "centre", level="township"))
    node.ensure_database(PUBLIC)
    return node


def arrive(node, alert, signer=CENTRE_KEY):
    """It comes down from above."""
    database = node.documents.database(PUBLIC)
    (stored,) = database.read([Wanted(alert.id)])
    parent = stored.revision if isinstance(stored, Document) else None
    (outcome,) = database.write([Edit(alert.id, parent, alert_document(signer, alert))])
    assert outcome.error is None


def test_a_banner_stands_on_every_page_until_this_account_has_read_it(node, sign_in):
    arrive(node, FLOOD)
    wang, zhang = sign_in("wang"), sign_in("zhang")
    for address in ("/", "/cases", "/people"):
        page = read(wang, address)
        assert "红色预警：暴雨红色预警" in page
        assert "请转移到村委会。" in page
    answer = send(wang, (form := form_on(page, "back"))["action"], form["values"])
    assert (answer.status_code, answer.location) == (303, "/people")
    assert "暴雨红色预警" not in read(wang, "/people").partition("<main")[2].replace("data-alerts", "")
    assert "您已阅" in read(wang, "/alerts")
    assert "暴雨红色预警" in read(zhang, "/people")  # who has not read it sees it still
    entries = node.engine.read(lambda reader: entries_about(reader, f"alert:{FLOOD.code}"))
    assert [(one.action, one.actor) for one in entries] == [("alert_read", "acct:wang")]
    (told,) = wang.get("/api/v1/alerts").get_json()["alerts"]
    assert told["read_at"].startswith("2025-09-26T14:04")
    assert zhang.post(f"/api/v1/alerts/{FLOOD.code}/reading", json={}).get_json() == {"read": FLOOD.code}
    assert zhang.post("/api/v1/alerts/nothing/reading", json={}).status_code == 404


def test_it_goes_when_it_ends_or_is_withdrawn_and_an_older_issue_does_not_bring_it_back(node, client, clock, sign_in):
    arrive(node, FLOOD)
    later = replace(FLOOD, code="1" * 12, title="大风", until_ms=START_MS + 3 * HOUR_MS)
    arrive(node, later)
    titles = lambda: [one["title"] for one in client.get("/api/v1/alerts").get_json()["alerts"]]  # noqa: E731
    assert sorted(titles()) == ["大风", "暴雨红色预警"]
    arrive(node, replace(later, issue=2, withdrawn=True))
    assert titles() == ["暴雨红色预警"]
    arrive(node, later)
    assert titles() == ["暴雨红色预警"]
    clock.now_ms += HOUR_MS
    assert "现在没有有效的预警通知" in read(sign_in("wang"), "/alerts")


def test_only_those_see_it_whom_it_concerns_and_the_worst_stands_first(node, client):
    for at, (severity, audience) in enumerate(
        (("notice", SID), ("red", "t0wn1"), ("orange", "other"), ("yellow", ""), ("purple", ""))
    ):
        arrive(node, replace(FLOOD, code=f"{at:012}", severity=severity, audience=audience))
    told = client.get("/api/v1/alerts").get_json()["alerts"]
    assert [one["severity"] for one in told] == ["red", "yellow", "notice", "notice"]


def test_what_the_centre_did_not_sign_is_shown_to_nobody_and_delays_nothing(node, client, caplog):
    arrive(node, replace(FLOOD, code="2" * 12, title="假的"), generate())
    arrive(node, FLOOD)
    page = read(client, "/")
    assert "假的" not in page
    assert "暴雨红色预警" in page
    assert "is not believed" in caplog.text


def test_the_name_of_what_is_not_believed_makes_no_line_of_its_own_in_the_log(node, client, caplog):
    for doc_id in ("alert:\nCRITICAL all is lost", "release:\x1b[2J", "item:\nCRITICAL"):
        node.documents.database(PUBLIC).write([Edit(doc_id, None, b'{"type":"item"}')])
    read(client, "/")
    assert len(caplog.messages) == 3
    assert all(message.isprintable() for message in caplog.messages)


def test_a_warning_stands_on_every_page_for_citizens_too_and_what_is_for_staff_does_not(node, client, clock):
    citizen = client.application.test_client()
    pages = ("/citizen/", "/citizen/progress", "/citizen/items", "/citizen/search?q=低保")
    arrive(node, FLOOD)
    arrive(node, replace(FLOOD, code="2" * 12, severity="notice", title="周五例会"))
    arrive(node, replace(FLOOD, code="3" * 12, title="别处大风", audience="els3w"))
    kiosk = citizen.get("/citizen/?kiosk=on", follow_redirects=True).text
    for page in (kiosk, *(read(citizen, address) for address in pages)):
        assert "红色预警：暴雨红色预警" in page
        assert "请转移到村委会。" in page
        assert [said for said in ("周五例会", "别处大风", "不再显示") if said in page] == []
    clock.now_ms += HOUR_MS
    assert [address for address in pages if "暴雨红色预警" in read(citizen, address)] == []
