import itertools

import pytest

from sync.errors import BadRequest
from sync.records.events import event_hash, read_event
from sync.records.fold import fold
from tests.model.story import NOON, RECEIPT, Writer

HOUR = 3_600_000


def folded(*events):
    """The fold, after making sure that the order in which events come makes no difference."""
    read = [read_event(event) for event in events]
    results = [fold(1, "case", order) for order in itertools.islice(itertools.permutations(read), 24)]
    assert all(result == results[0] for result in results)
    return results[0]


class Story:
    """A case received at the village, and writers at three levels."""

    def __init__(self, **receipt):
        self.village = Writer("village")
        self.phone = Writer("phone")
        self.township = Writer("township", "township")
        self.county = Writer("county", "county")
        self.received = self.village.does("received", **{**RECEIPT, **receipt})

    def chain(self, writer, *acts, after=None, now=NOON, **fields):
        """Acts of one writer, each having seen all before."""
        log = list(after or [self.received])
        made = []
        for act in acts:
            event = writer.does(act, log, now=now, **fields)
            log.append(event)
            made.append(event)
        return made


def test_a_case_walks_from_receipt_to_archive():
    story = Story()
    log = [story.received, *story.chain(story.village, "accepted", "review_started")]
    log += story.chain(story.county, "approved", "completed", after=log)
    log += story.chain(story.village, "delivered", after=log)
    log += story.chain(story.county, "archived", after=log)
    state = folded(*log).state
    assert state["status"] == "archived"
    assert state["applicant_name"] == "测试人"
    assert "noted" not in state


def test_the_clock_pauses_for_a_supplement_and_when_a_promise_expires():
    story = Story()
    log = [story.received, *story.chain(story.village, "accepted", "review_started")]
    assert folded(*log).state["clock"] == "running"
    log += story.chain(story.county, "supplement_asked", after=log)
    assert folded(*log).state["clock"] == "paused"
    tolerated = [story.received, *story.chain(story.phone, "tolerated")]
    assert folded(*tolerated).state["clock"] == "running"
    tolerated += story.chain(story.phone, "tolerance_expired", after=tolerated)
    assert folded(*tolerated).state["clock"] == "paused"


def test_a_decision_beats_a_withdrawal_nobody_had_seen_and_the_withdrawal_becomes_a_request():
    story = Story()
    decided = story.chain(story.county, "accepted", "review_started", "approved", now=NOON + HOUR)
    withdrawn = story.chain(story.village, "withdrawn")
    result = folded(story.received, *decided, *withdrawn)
    assert result.state["status"] == "approved"
    assert result.state["requests"] == [{"event": event_hash(withdrawn[0]), "type": "withdrawn"}]
    assert result.disputes == []


def test_a_withdrawal_stands_when_nothing_was_decided():
    story = Story()
    handled = story.chain(story.county, "accepted", "review_started", now=NOON + HOUR)
    result = folded(story.received, *handled, *story.chain(story.village, "withdrawn"))
    assert result.state["status"] == "withdrawn"


def test_a_request_is_closed_by_whoever_has_seen_it():
    story = Story()
    decided = story.chain(story.county, "accepted", "review_started", "approved")
    log = [story.received, *decided, *story.chain(story.village, "withdrawn")]
    log += story.chain(story.county, "request_closed", after=log)
    assert "requests" not in folded(*log).state


def test_what_led_to_a_decision_stands_before_what_nobody_in_it_had_seen():
    story = Story()
    asked = story.chain(story.township, "supplement_asked", now=NOON)  # earlier by every clock
    decided = story.chain(story.county, "accepted", "review_started", "denied", now=NOON + HOUR)
    result = folded(story.received, *asked, *decided)
    assert result.state["status"] == "denied"
    assert [one["why"] for one in result.state["noted"]] == ["decided"]
    assert result.disputes == []


def test_a_second_decision_on_a_decided_case_changes_nothing_that_was_told_before():
    story = Story()
    asked = story.chain(story.township, "supplement_asked", now=NOON)
    decided = story.chain(story.county, "accepted", "review_started", "denied", now=NOON + HOUR)
    log = [story.received, *asked, *decided]
    again = story.chain(story.county, "approved", after=log, now=NOON + 2 * HOUR)
    assert folded(*log, *again).state["status"] == "denied"


def test_two_decisions_unseen_by_each_other_are_a_written_dispute_until_it_is_settled():
    story = Story()
    centre = Writer("centre", "centre")
    log = [story.received, *story.chain(story.village, "accepted", "review_started")]
    yes = story.chain(story.county, "approved", after=log, now=NOON + HOUR)
    no = story.chain(centre, "denied", after=log, now=NOON + 2 * HOUR)
    log += [*yes, *no]
    result = folded(*log)
    assert result.state["status"] == "approved"
    (dispute,) = result.disputes
    assert dispute["field"] == "status"
    assert {row["value"]: row["event"] for row in dispute["values"]} == {
        "approved": event_hash(yes[0]),
        "denied": event_hash(no[0]),
    }
    assert dispute["chosen"] == event_hash(yes[0])
    handled = story.chain(story.county, "completed", after=log)
    assert len(folded(*log, *handled).disputes) == 1
    settled = story.chain(story.county, "settled", after=log, status="denied")
    result = folded(*log, *settled)
    assert result.state["status"] == "denied"
    assert result.disputes == []


def test_the_same_act_twice_unseen_is_no_dispute():
    story = Story()
    result = folded(story.received, *story.chain(story.village, "accepted"), *story.chain(story.township, "accepted"))
    assert result.state["status"] == "accepted"
    assert [one["why"] for one in result.state["noted"]] == ["repeat"]
    assert result.disputes == []


def test_a_supplement_and_a_return_unseen_by_each_other_reopen_the_case():
    story = Story()
    log = [story.received, *story.chain(story.village, "accepted", "review_started")]
    log += story.chain(story.county, "supplement_asked", after=log)
    returned = story.chain(story.county, "returned", after=log, now=NOON)
    handed_in = story.chain(story.village, "supplemented", after=log, now=NOON + HOUR)
    result = folded(*log, *returned, *handed_in)
    assert result.state["status"] == "in_review"
    assert result.state["noted"] == [{"event": event_hash(returned[0]), "type": "returned", "why": "overtaken"}]


def test_a_phone_number_changed_at_two_places_is_a_written_dispute():
    story = Story()
    here = story.chain(story.village, "corrected", phone="1")
    there = story.chain(story.township, "corrected", phone="2", now=NOON + HOUR)
    result = folded(story.received, *here, *there)
    assert result.state["phone"] == "2"
    (dispute,) = result.disputes
    assert dispute == {
        "field": "phone",
        "values": [
            {"value": "1", "event": event_hash(here[0]), "writer": story.village.name},
            {"value": "2", "event": event_hash(there[0]), "writer": story.township.name},
        ],
        "chosen": event_hash(there[0]),
    }
    settled = story.chain(story.village, "corrected", after=[story.received, *here, *there], phone="1")
    result = folded(story.received, *here, *there, *settled)
    assert result.state["phone"] == "1"
    assert result.disputes == []


def test_the_same_value_from_two_places_is_no_dispute():
    story = Story()
    here = story.chain(story.village, "corrected", phone="1")
    there = story.chain(story.township, "corrected", phone="1")
    assert folded(story.received, *here, *there).disputes == []


def test_verified_beats_unverified_and_of_two_verified_the_latest_wins():
    story = Story()
    checked = story.chain(story.village, "verified", phone="1", now=NOON)
    typed = story.chain(story.township, "corrected", phone="2", now=NOON + HOUR)
    result = folded(story.received, *checked, *typed)
    assert (result.state["phone"], result.state["verified"], result.disputes) == ("1", ["phone"], [])
    later = story.chain(story.county, "verified", phone="3", now=NOON + HOUR)
    result = folded(story.received, *checked, *typed, *later)
    assert (result.state["phone"], result.disputes) == ("3", [])


def test_the_earliest_receipt_stands_whoever_synchronises_first():
    story = Story(received_at="2025-09-26T15:04:05+08:00")
    other = story.phone.does("received", now=NOON + HOUR, **{**RECEIPT, "received_at": "2025-09-26T09:00:00+08:00"})
    result = folded(story.received, other)
    assert result.state["received_at"] == "2025-09-26T09:00:00+08:00"
    assert result.disputes == []


def test_a_doubtful_time_never_wins_the_receipt_without_a_dispute():
    story = Story()
    early = {**RECEIPT, "received_at": "2001-01-01T00:00:00+08:00"}
    doubtful = story.phone.does("received", clock="doubtful", **early)
    result = folded(story.received, doubtful)
    assert result.state["received_at"] == RECEIPT["received_at"]
    assert [dispute["field"] for dispute in result.disputes] == ["received_at"]
    alone = folded(doubtful)
    assert alone.state["received_at"] == "2001-01-01T00:00:00+08:00"
    assert [dispute["field"] for dispute in alone.disputes] == ["received_at"]
    settled = story.township.does("settled", [doubtful], received_at="2025-09-20T08:00:00+08:00")
    result = folded(doubtful, settled)
    assert result.state["received_at"] == "2025-09-20T08:00:00+08:00"
    assert result.disputes == []


def test_no_later_event_moves_the_receipt_or_gives_itself_power():
    story = Story()
    forged = story.chain(story.village, "corrected", deciding_level="village", received_at="2000-01-01T00:00:00+08:00")
    result = folded(story.received, *forged)
    assert result.state["received_at"] == RECEIPT["received_at"]
    assert result.state["deciding_level"] == "county"
    assert [one["why"] for one in result.state["noted"]] == ["field"]


def test_a_case_given_to_two_hands_at_once_is_parked():
    story = Story()
    left = story.chain(story.village, "reassigned", assignee="acct:li")
    right = story.chain(story.township, "reassigned", assignee="acct:wang")
    result = folded(story.received, *left, *right)
    assert "assignee" not in result.state
    assert result.state["parked"] == ["assignee"]
    assert result.disputes[0]["chosen"] == ""


def test_an_act_beyond_the_level_is_kept_and_has_no_effect():
    story = Story()
    result = folded(story.received, *story.chain(story.village, "accepted", "review_started", "approved", fee=5))
    assert result.state["status"] == "in_review"
    assert result.state["noted"][0]["why"] == "level"


def test_status_follows_the_causes_even_when_every_clock_is_wrong():
    story = Story()
    story.county.skew_ms = -400 * 24 * HOUR
    log = [story.received, *story.chain(story.village, "accepted", "review_started")]
    log += story.chain(story.county, "denied", after=log)
    assert folded(*log).state["status"] == "denied"


def test_disputed_lines_name_each_lines_last_word_only():
    story = Story()
    asked = story.chain(story.village, "supplement_asked", now=NOON)
    taken = story.chain(story.township, "accepted", "review_started", now=NOON + HOUR)
    result = folded(story.received, *asked, *taken)
    (dispute,) = result.disputes
    assert [row["value"] for row in dispute["values"]] == ["supplement_before", "in_review"]
    moved_on = story.chain(story.village, "supplemented", after=[story.received, *asked, *taken])
    assert folded(story.received, *asked, *taken, *moved_on).disputes == []


def test_a_log_with_a_hole_or_in_a_newer_language_is_not_folded():
    story = Story()
    (noted,) = story.chain(story.village, "noted")
    with pytest.raises(BadRequest):
        fold(1, "case", [read_event(noted)])
    with pytest.raises(BadRequest):
        fold(3, "case", [read_event(story.received)])
    with pytest.raises(BadRequest):
        fold(1, "harvest", [read_event(story.received)])
    with pytest.raises(BadRequest):
        fold(1, "case", [read_event(story.received), read_event(story.village.does("teleported", [story.received]))])


def test_three_hundred_events_in_dispute_are_folded_in_reasonable_time():
    story = Story()
    rivals = [Writer(f"w{chr(97 + index // 26)}{chr(97 + index % 26)}") for index in range(300)]
    acts = ["supplement_asked" if index % 2 else "accepted" for index in range(300)]
    events = [writer.does(act, [story.received]) for writer, act in zip(rivals, acts, strict=True)]
    result = fold(1, "case", [read_event(event) for event in [story.received, *events]])
    assert result.state["status"] in ("accepted", "supplement_before")
    assert result.disputes
