"""The second law for cases: the new acts, who may do them and where, and that the first law does not notice."""

import itertools

import pytest

from sync.errors import BadRequest, Forbidden
from sync.records.case_number import is_case_number
from sync.records.case_table import CASE_1
from sync.records.case_table_2 import CASE_2, SEVEN_STEPS
from sync.records.events import LEVELS, event_hash, read_event
from sync.records.fold import course, fold, reserved_names
from sync.records.log import case_from_document, form_problem
from sync.records.states import Clock, Context, NotAllowed, Why, next_state, open_acts
from sync.revisions.tree import Branch
from sync.values.documents import Document
from sync.values.json_text import canonical, parse_object
from tests.model.story import NOON, RECEIPT, Writer, append
from tests.unit.sync.records.test_fold import HOUR, Story

NUMBER = "11150624999900011T4150511001000202507310001"
OTHER_NUMBER = NUMBER[:-1] + "2"
ON_THE_SPOT = Context(village_role="直", deciding_level="county", on_the_spot=True)
COUNTY_ITEM = Context(village_role="受", deciding_level="county")


def folded(*events):
    read = [read_event(event) for event in events]
    results = [fold(2, "case", order) for order in itertools.islice(itertools.permutations(read), 24)]
    assert all(result == results[0] for result in results)
    return results[0]


def after(state, act, level, context=COUNTY_ITEM, **fields):
    result = next_state(CASE_2, state, act, level=level, context=context, fields=fields)
    return result.why if isinstance(result, NotAllowed) else result


def document(body):
    return Document("case:k3m7q-aaaqeayeaudaocaj", Branch(1, ("a" * 32,)), body)


def test_the_second_law_adds_acts_and_changes_none():
    assert {name: CASE_2.acts[name] for name in CASE_1.acts} == dict(CASE_1.acts)
    assert set(CASE_2.acts) - set(CASE_1.acts) == {
        "numbered",
        "finished",
        "entrusted",
        "walked",
        "checked",
        "forwarded",
        "passed_on",
        "parked_taken",
        "parked_left",
    }
    assert (CASE_2.states, CASE_2.fixed, CASE_2.earliest, CASE_2.money) == (
        CASE_1.states,
        CASE_1.fixed,
        CASE_1.earliest,
        CASE_1.money,
    )


@pytest.mark.parametrize(
    ("state", "act", "level", "context", "expected"),
    [
        ("received", "numbered", "centre", COUNTY_ITEM, "received"),
        ("archived", "numbered", "centre", COUNTY_ITEM, "archived"),
        ("accepted", "numbered", "county", COUNTY_ITEM, Why.LEVEL),
        ("accepted", "finished", "village", ON_THE_SPOT, "completed"),
        ("accepted", "finished", "village", COUNTY_ITEM, Why.LEVEL),
        ("accepted", "finished", "county", COUNTY_ITEM, Why.LEVEL),
        ("accepted", "finished", "village", Context("受", "county", on_the_spot=True), Why.LEVEL),
        ("accepted", "finished", "county", Context("受", "county", on_the_spot=True), "completed"),
        ("accepted", "finished", "township", Context("代", "township", on_the_spot=True), "completed"),
        ("received", "finished", "village", ON_THE_SPOT, Why.STATE),
        ("in_review", "finished", "village", ON_THE_SPOT, Why.STATE),
        ("received", "entrusted", "village", COUNTY_ITEM, "received"),
        ("delivered", "walked", "village", COUNTY_ITEM, "delivered"),
        ("accepted", "checked", "village", COUNTY_ITEM, "accepted"),
        ("tolerance", "checked", "township", COUNTY_ITEM, "tolerance"),
        ("in_review", "checked", "county", COUNTY_ITEM, "in_review"),
        ("special", "checked", "county", COUNTY_ITEM, "special"),
        ("received", "checked", "county", COUNTY_ITEM, Why.STATE),
        ("approved", "checked", "county", COUNTY_ITEM, Why.STATE),
        ("accepted", "forwarded", "township", COUNTY_ITEM, "accepted"),
        ("in_review", "forwarded", "township", COUNTY_ITEM, "in_review"),
        ("in_review", "forwarded", "village", COUNTY_ITEM, Why.LEVEL),
        ("special", "forwarded", "township", COUNTY_ITEM, Why.STATE),
        ("completed", "passed_on", "village", COUNTY_ITEM, "completed"),
        ("completed", "parked_taken", "village", COUNTY_ITEM, "completed"),
        (None, "walked", "village", COUNTY_ITEM, Why.STATE),
        (None, "checked", "village", COUNTY_ITEM, Why.STATE),
    ],
)
def test_who_may_do_the_new_acts_and_where(state, act, level, context, expected):
    assert after(state, act, level, context) == expected


def test_the_buttons_at_an_accepted_case_know_the_new_acts():
    spot = {act.type for act in open_acts(CASE_2, "accepted", level="village", context=ON_THE_SPOT)}
    assert {"finished", "checked", "walked", "passed_on"} <= spot
    assert spot.isdisjoint({"numbered", "forwarded"})


@pytest.mark.parametrize(
    ("act", "level", "fields", "problem"),
    [
        ("numbered", "centre", {}, "numbered sets case_number"),
        ("numbered", "centre", {"case_number": NUMBER}, ""),
        ("numbered", "centre", {"case_number": NUMBER[1:]}, "case_number of numbered has not its shape"),
        ("numbered", "centre", {"case_number": 7}, "case_number of numbered has not its shape"),
        ("entrusted", "village", {"authority": {"until": "2026-01-01"}}, ""),
        ("entrusted", "village", {"authority": "yes"}, "authority of entrusted has not its shape"),
        ("entrusted", "village", {}, "entrusted sets authority"),
        ("walked", "village", {"step": "回访"}, ""),
        ("walked", "village", {"step": "散步"}, "step of walked has not its shape"),
        ("walked", "village", {"step": ["回访"]}, "step of walked has not its shape"),
        ("checked", "village", {"opinion": "属实"}, ""),
        ("checked", "village", {"opinion": " "}, "opinion of checked has not its shape"),
        ("forwarded", "township", {"forwarded_to": "county"}, ""),
        ("forwarded", "township", {"forwarded_to": "township"}, "forwarded_to of forwarded has not its shape"),
        ("forwarded", "centre", {"forwarded_to": "moon"}, "forwarded_to of forwarded has not its shape"),
        ("forwarded", "township", {"forwarded_to": {}}, "forwarded_to of forwarded has not its shape"),
        ("passed_on", "village", {"assignee": "acct:li"}, ""),
        ("passed_on", "village", {"assignee": ""}, "assignee of passed_on has not its shape"),
        ("passed_on", "village", {}, "passed_on sets assignee"),
    ],
)
def test_a_new_act_says_what_it_must(act, level, fields, problem):
    assert form_problem(CASE_2, read_event(Writer("w", level).does(act, **fields))) == problem


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        (NUMBER, True),
        (NUMBER + "1", False),
        (NUMBER.lower(), False),
        (NUMBER[:31] + "202502300001", False),
        (NUMBER[:-4] + "0000", False),
        (None, False),
        (NUMBER + "\n", False),
    ],
)
def test_a_case_number_has_43_characters_and_a_real_day(number, is_one):
    assert is_case_number(number) is is_one


def test_a_case_stays_in_the_first_language_until_a_new_act_comes():
    village, centre = Writer("village"), Writer("centre", "centre")
    received = village.does("received", **RECEIPT)
    first = document(append(None, received))
    assert parse_object(first.body)["fold"] == 1
    accepted = village.does("accepted", [received])
    second = document(append(first, accepted))
    assert parse_object(second.body)["fold"] == 1
    third = document(append(second, centre.does("numbered", [received, accepted], case_number=NUMBER)))
    case = case_from_document(third)
    assert (case.fold, case.status, case.fields["case_number"]) == (2, "accepted", NUMBER)


def test_a_number_is_given_once():
    story, centre = Story(), Writer("centre", "centre")
    (first,) = story.chain(centre, "numbered", case_number=NUMBER)
    (second,) = story.chain(centre, "numbered", after=[story.received, first], case_number=OTHER_NUMBER, remark="x")
    result = folded(story.received, first, second)
    assert result.state["case_number"] == NUMBER
    assert "remark" not in result.state
    assert result.state["noted"] == [{"event": event_hash(second), "type": "numbered", "why": "repeat"}]
    with pytest.raises(Forbidden, match="不能重复"):
        append(document(append(document(append(None, story.received)), first)), second)


def test_of_two_numbers_given_unseen_the_first_written_stands_even_when_a_decision_knew_only_the_other():
    story = Story()
    here, there = Writer("centra", "centre"), Writer("centrb", "centre")
    (first,) = story.chain(here, "numbered", case_number=NUMBER, now=NOON)
    (second,) = story.chain(there, "numbered", case_number=OTHER_NUMBER, now=NOON + HOUR)
    result = folded(story.received, first, second)
    assert (result.state["case_number"], result.disputes) == (NUMBER, [])
    rejected = story.chain(there, "rejected", after=[story.received, second])
    result = folded(story.received, first, second, *rejected)
    assert (result.state["status"], result.state["case_number"]) == ("rejected", NUMBER)
    stages = [stage.event.hash for stage in course(2, "case", map(read_event, [story.received, first, second]))]
    assert stages == [event_hash(story.received), event_hash(first)]


def test_nobody_but_the_numbering_sets_a_number():
    story = Story()
    forged = story.chain(story.village, "corrected", case_number=NUMBER)
    settled = story.chain(story.county, "settled", case_number=NUMBER)
    state = folded(story.received, *forged, *settled).state
    assert "case_number" not in state
    assert [one["why"] for one in state["noted"]] == ["field", "field"]
    # Lawful under the first law, so it may be carried on; there it is a field like any other.
    assert form_problem(CASE_2, read_event(forged[0])) == ""
    assert fold(1, "case", map(read_event, [story.received, *forged])).state["case_number"] == NUMBER


def test_a_name_the_second_fold_gives_is_a_field_like_any_other_in_the_first():
    said = {**RECEIPT, "parked_edits": "说明"}
    received = Writer("village").does("received", **said)
    first = case_from_document(document(append(None, received)))
    assert (first.fold, first.fields["parked_edits"], first.parked_edits) == (1, "说明", ())
    state = folded(received).state
    assert "parked_edits" not in state
    assert state["noted"][0]["why"] == "field"
    assert "parked_edits" not in reserved_names(1, "case")
    assert "parked_edits" in reserved_names(2, "case")
    assert reserved_names(99, "case") == reserved_names(2, "case")
    assert reserved_names(2, "harvest") == reserved_names(1, "case")


def test_what_is_done_while_the_citizen_waits_stands_before_a_request_nobody_there_had_seen():
    story = Story(village_role="直", on_the_spot=True)
    asked = story.chain(story.township, "supplement_asked", now=NOON)
    done = story.chain(story.village, "accepted", "finished", now=NOON + HOUR)
    withdrawn = story.chain(story.phone, "withdrawn")
    result = folded(story.received, *asked, *done, *withdrawn)
    assert result.state["status"] == "completed"
    assert [one["event"] for one in result.state["requests"]] == [event_hash(withdrawn[0])]
    assert result.disputes == []


def test_steps_and_opinions_stand_in_the_log_and_contradict_nobody():
    story = Story()
    log = [story.received, *story.chain(story.village, "accepted")]
    here = story.chain(story.village, "checked", after=log, opinion="属实")
    there = story.chain(story.township, "checked", after=log, opinion="不属实")
    walked = story.chain(story.phone, "walked", after=log, step="受理", place="家中")
    result = folded(*log, *here, *there, *walked)
    assert result.disputes == []
    assert {"opinion", "step"}.isdisjoint(result.state)
    assert (result.state["place"], result.state["status"]) == ("家中", "accepted")
    assert SEVEN_STEPS[0] == "委托"


def test_an_opinion_does_not_set_a_paused_clock_going():
    story = Story()
    log = [story.received, *story.chain(story.phone, "tolerated")]
    log += story.chain(story.phone, "tolerance_expired", after=log)
    log += story.chain(story.phone, "checked", after=log, opinion="未补齐")
    assert (folded(*log).state["status"], folded(*log).state["clock"]) == ("tolerance", "paused")


def test_an_opinion_about_what_had_moved_on_unseen_is_noted_and_disputes_no_status():
    story = Story()
    log = [story.received, *story.chain(story.village, "accepted", "review_started")]
    asked = story.chain(story.county, "supplement_asked", after=log, now=NOON)
    checked = story.chain(story.township, "checked", after=log, now=NOON + HOUR, opinion="属实")
    result = folded(*log, *asked, *checked)
    assert (result.state["status"], result.disputes) == ("supplement", [])
    assert result.state["noted"] == [{"event": event_hash(checked[0]), "type": "checked", "why": "overtaken"}]
    decided = story.chain(story.county, "approved", after=log, now=NOON)
    assert folded(*log, *decided, *checked).state["noted"][0]["why"] == "decided"


def test_the_course_names_every_stage_and_nothing_that_had_no_effect():
    story = Story()
    log = [story.received, *story.chain(story.village, "accepted", "approved", "noted", "review_started")]
    stages = course(2, "case", map(read_event, reversed(log)))
    assert [(stage.event.type, stage.status, stage.clock) for stage in stages] == [
        ("received", "received", Clock.ANSWER),
        ("accepted", "accepted", Clock.RUNNING),
        ("noted", "accepted", Clock.RUNNING),
        ("review_started", "in_review", Clock.RUNNING),
    ]
    with pytest.raises(BadRequest):
        course(99, "case", [read_event(story.received)])


@pytest.mark.parametrize("level", LEVELS)
def test_only_the_centre_numbers(level):
    assert after("received", "numbered", level) == ("received" if level == "centre" else Why.LEVEL)


def test_a_body_of_the_second_language_is_canonical():
    centre = Writer("centre", "centre")
    received = Writer("village").does("received", **RECEIPT)
    body = append(document(append(None, received)), centre.does("numbered", [received], case_number=NUMBER))
    assert body == canonical(parse_object(body))
