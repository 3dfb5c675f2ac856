import pytest

from sync.errors import BadRequest, Forbidden
from sync.records.events import event_hash
from sync.records.log import case_from_document, lowest_version
from sync.revisions.tree import Branch
from sync.values.documents import Document
from sync.values.json_text import canonical, parse_object
from tests.model.story import RECEIPT, Writer, append


def a_case(body, generation=1):
    return Document("case:k3m7q-x", Branch(generation, ("a" * 32,)), body)


def opened():
    village = Writer("village")
    event = village.does("received", **RECEIPT)
    return village, event, a_case(append(None, event))


def test_a_new_record_is_one_event_and_what_it_amounts_to():
    _, event, document = opened()
    assert parse_object(document.body) == {
        "type": "case",
        "fold": 1,
        "events": [event],
        "state": {**RECEIPT, "status": "received", "clock": "answer"},
        "disputes": [],
    }
    assert document.body == canonical(parse_object(document.body))


def test_a_record_grows_by_an_event_that_has_seen_its_heads():
    village, event, document = opened()
    longer = a_case(append(document, village.does("accepted", [event])), 2)
    case = case_from_document(longer)
    assert (case.status, case.clock) == ("accepted", "running")
    assert case.fields == RECEIPT
    assert [one.type for one in case.events] == ["received", "accepted"]
    assert case.heads == (case.events[1].hash,)
    assert case.understood


def test_an_event_that_did_not_see_the_record_as_it_stands_is_not_appended():
    village, _, document = opened()
    with pytest.raises(BadRequest):
        append(document, village.does("accepted"))


@pytest.mark.parametrize(("act", "fields"), [("approved", {}), ("delivered", {}), ("settled", {"status": "approved"})])
def test_what_the_state_or_the_level_forbids_is_not_written(act, fields):
    village, event, document = opened()
    with pytest.raises(Forbidden):
        append(document, village.does(act, [event], **fields))


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("corrected", {"received_at": "2025-09-26T15:04:05+08:00"}),
        ("corrected", {"status": "approved"}),
        ("noted", {"requests": []}),
        ("reassigned", {}),
        ("teleported", {}),
    ],
)
def test_an_event_that_sets_what_it_must_not_or_lacks_what_it_must_is_refused(act, fields):
    village, event, document = opened()
    with pytest.raises(BadRequest):
        append(document, village.does(act, [event], **fields))


def test_a_receipt_without_a_real_time_of_receipt_is_refused():
    village = Writer("village")
    for fields in ({}, {"received_at": "today"}):
        with pytest.raises(BadRequest):
            append(None, village.does("received", **fields))


def test_a_withdrawal_after_the_decision_is_written_and_stands_as_a_request():
    village, event, document = opened()
    county = Writer("county", "county")
    log = [event]
    for writer, act in (
        (village, "accepted"),
        (village, "review_started"),
        (county, "approved"),
        (village, "withdrawn"),
    ):
        log.append(writer.does(act, log))
        document = a_case(append(document, log[-1]))
    case = case_from_document(document)
    assert case.status == "approved"
    assert case.requests == ({"event": event_hash(log[-1]), "type": "withdrawn"},)


def test_a_record_in_a_newer_language_is_shown_and_not_appended_to():
    village, event, document = opened()
    body = {**parse_object(document.body), "fold": 9}
    newer = a_case(canonical(body))
    case = case_from_document(newer)
    assert (case.status, case.understood) == ("received", False)
    with pytest.raises(BadRequest):
        append(newer, village.does("accepted", [event]))


def test_the_lowest_version_that_knows_the_events_is_used():
    assert lowest_version(1, "case", []) == 1
    with pytest.raises(BadRequest):
        lowest_version(3, "case", [])


@pytest.mark.parametrize("body", [b"{}", b'{"type":"case","fold":1,"events":[],"state":{},"disputes":[]}'])
def test_what_is_no_record_is_not_read_as_one(body):
    with pytest.raises(BadRequest):
        case_from_document(a_case(body))
