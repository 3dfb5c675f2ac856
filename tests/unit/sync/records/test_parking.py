"""What is done unseen by whoever had handed a case over waits for an answer, wherever copies meet."""

import itertools

import pytest

from sync.records.events import event_hash, read_event
from sync.records.fold import course, fold
from sync.records.log import case_from_document, folded_body
from sync.revisions.tree import Branch
from sync.values.documents import Document
from tests.model.story import NOON, Writer
from tests.unit.sync.records.test_fold import HOUR, Story

DAY = 24 * HOUR


def folded(*events):
    read = [read_event(event) for event in events]
    results = [fold(2, "case", order) for order in itertools.islice(itertools.permutations(read), 24)]
    assert all(result == results[0] for result in results)
    return results[0].state


def waiting(state):
    return [(one["type"], one["by"]) for one in state.get("parked_edits", ())]


class Handed(Story):
    """A case that the village (acct:vill) received and the township passed on to acct:phon, unseen by the village."""

    def __init__(self, **receipt):
        super().__init__(**receipt)
        (self.passed,) = self.chain(self.township, "passed_on", assignee="acct:phon", now=NOON + HOUR)
        self.log = [self.received, self.passed]


def test_what_the_one_who_had_it_sets_unseen_waits_whole_and_says_so():
    story = Handed()
    late = story.chain(story.village, "corrected", phone="1", now=NOON + DAY)
    state = folded(*story.log, *late)
    assert "phone" not in state
    assert state["assignee"] == "acct:phon"
    assert state["parked_edits"] == [
        {"event": event_hash(late[0]), "type": "corrected", "by": "acct:vill", "at": late[0]["at"]}
    ]
    assert "noted" not in state


def test_what_moves_the_state_waits_too_and_so_does_what_follows_it():
    story = Handed()
    late = story.chain(story.village, "accepted", "review_started")
    state = folded(*story.log, *late)
    assert state["status"] == "received"
    assert waiting(state) == [("accepted", "acct:vill"), ("review_started", "acct:vill")]
    stages = course(2, "case", map(read_event, [*story.log, *late]))
    assert [stage.event.type for stage in stages] == ["received", "passed_on"]


@pytest.mark.parametrize(
    ("act", "fields"),
    [("noted", {}), ("walked", {"step": "办理"}), ("reassigned", {"assignee": "acct:town"}), ("withdrawn", {})],
)
def test_remarks_steps_and_what_the_citizen_wants_never_wait(act, fields):
    story = Handed()
    assert waiting(folded(*story.log, *story.chain(story.village, act, **fields))) == []


def test_a_withdrawal_counts_and_a_case_given_to_two_hands_is_parked_as_ever():
    story = Handed()
    assert folded(*story.log, *story.chain(story.village, "withdrawn"))["status"] == "withdrawn"
    story = Handed()
    state = folded(*story.log, *story.chain(story.village, "passed_on", assignee="acct:town"))
    assert state["parked"] == ["assignee"]
    assert "parked_edits" not in state


def test_others_and_those_who_know_do_not_wait():
    story = Handed()
    by_county = story.chain(story.county, "corrected", phone="1")
    by_the_new_one = story.chain(story.phone, "corrected", address="2")
    by_the_giver = story.chain(Writer("township2", "township"), "corrected", remark="3")  # another device of acct:town
    knowing = story.chain(story.village, "corrected", after=story.log, income="4")
    state = folded(*story.log, *by_county, *by_the_new_one, *by_the_giver, *knowing)
    assert waiting(state) == []
    assert [state[name] for name in ("phone", "address", "remark", "income")] == ["1", "2", "3", "4"]


def test_it_is_the_last_one_the_case_was_given_to_who_waits():
    story = Story()
    log = [story.received, *story.chain(story.village, "reassigned", assignee="acct:coun")]
    passed = story.chain(story.township, "passed_on", after=log, assignee="acct:phon")
    by_the_first = story.chain(story.village, "corrected", after=log, phone="1")
    by_the_last = story.chain(story.county, "corrected", after=log, address="2")
    state = folded(*log, *passed, *by_the_first, *by_the_last)
    assert waiting(state) == [("corrected", "acct:coun")]
    assert state["phone"] == "1"


def test_who_had_it_two_hands_ago_and_saw_neither_waits():
    story = Handed()
    log = [*story.log, *story.chain(story.phone, "passed_on", after=story.log, assignee="acct:coun")]
    late = story.chain(story.village, "corrected", phone="1", now=NOON + DAY)
    assert waiting(folded(*log, *late)) == [("corrected", "acct:vill")]


def test_whom_a_waiting_edit_names_has_not_got_the_case():
    story = Handed()
    log = [*story.log, *story.chain(story.village, "corrected", assignee="acct:coun")]
    passed = story.chain(Writer("centre", "centre"), "passed_on", after=log, assignee="acct:new")
    by_the_named = story.chain(story.county, "corrected", after=log, phone="1")
    by_the_true_one = story.chain(story.phone, "corrected", after=log, address="2")
    state = folded(*log, *passed, *by_the_named, *by_the_true_one)
    assert waiting(state) == [("corrected", "acct:vill"), ("corrected", "acct:phon")]


@pytest.mark.parametrize("answer", ["parked_taken", "parked_left"])
def test_an_answer_of_whoever_saw_both_ends_the_waiting(answer):
    story = Handed()
    late = story.chain(story.village, "corrected", phone="1")
    log = [*story.log, *late]
    fields = {"phone": "1"} if answer == "parked_taken" else {}
    state = folded(*log, *story.chain(story.phone, answer, after=log, **fields))
    assert "parked_edits" not in state
    assert state.get("phone") == fields.get("phone")


def test_an_answer_that_had_not_seen_an_edit_leaves_it_waiting():
    story = Handed()
    seen = story.chain(story.village, "corrected", phone="1")
    unseen = story.chain(story.village, "corrected", after=[story.received, *seen], address="2")
    answered = story.chain(story.phone, "parked_left", after=[*story.log, *seen])
    state = folded(*story.log, *seen, *unseen, *answered)
    assert [one["event"] for one in state["parked_edits"]] == [event_hash(unseen[0])]


def test_an_answer_given_before_the_case_was_known_to_be_handed_over_answers_nothing():
    story = Handed()
    late = story.chain(story.village, "corrected", phone="1")
    ignorant = story.chain(story.county, "parked_left", after=[story.received, *late])
    assert len(waiting(folded(*story.log, *late, *ignorant))) == 1


def test_what_led_to_a_decision_counts_even_when_it_was_done_unseen():
    story = Handed()
    led = story.chain(story.village, "accepted", "review_started", phone="1")
    decided = story.chain(story.county, "denied", after=[story.received, *led])
    state = folded(*story.log, *led, *decided)
    assert (state["status"], state["phone"]) == ("denied", "1")
    assert waiting(state) == []


def test_a_decision_that_knew_of_the_handing_over_leaves_the_edit_waiting():
    story = Handed()
    late = story.chain(story.village, "corrected", phone="1")
    log = [*story.log, *late]
    log += story.chain(story.county, "rejected", after=log)
    state = folded(*log)
    assert state["status"] == "rejected"
    assert waiting(state) == [("corrected", "acct:vill")]


def test_an_act_beyond_the_level_is_noted_and_waits_for_nobody():
    story = Handed()
    state = folded(*story.log, *story.chain(story.village, "special_started"))
    assert waiting(state) == []
    assert state["noted"][0]["why"] == "level"


def test_a_record_names_what_waits():
    story = Handed()
    late = story.chain(story.village, "corrected", phone="1")
    body = folded_body(2, "case", map(read_event, [*story.log, *late]))
    case = case_from_document(Document("case:k3m7q-aaaqeayeaudaocaj", Branch(1, ("a" * 32,)), body))
    assert [one["by"] for one in case.parked_edits] == ["acct:vill"]
    assert "parked_edits" not in case.fields


def test_an_assignee_that_is_no_account_breaks_nothing():
    story = Story()
    for wrong in ([], {}, 7, ""):
        passed = story.chain(story.township, "passed_on", assignee=wrong)
        late = story.chain(story.village, "corrected", phone="1")
        assert len(waiting(folded(story.received, *passed, *late))) == 1


def test_three_hundred_handings_over_are_folded_in_reasonable_time():
    story = Story()
    log = [story.received]
    for index in range(300):
        log += story.chain(story.township, "passed_on", after=log[-1:], assignee=f"acct:{index % 7}")
    late = [story.village.does("corrected", [story.received], phone=str(index)) for index in range(300)]
    result = fold(2, "case", [read_event(event) for event in [*log, *late]])
    assert len(result.state["parked_edits"]) == 300
