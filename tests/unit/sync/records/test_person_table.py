"""The law for people: what each act does, what each must say, and who goes on knowing nothing of it."""

import itertools
from types import MappingProxyType

import pytest

from sync.errors import Forbidden
from sync.records.case_table_2 import CASE_2
from sync.records.events import event_hash, read_event
from sync.records.fold import LAWS, fold
from sync.records.guard import ACCEPT, Offerer, SetAside, Standing, judge
from sync.records.log import form_problem, record_from_document
from sync.records.merge import LeavesStand, Merged, merge
from sync.records.person_table import PERSON_2
from sync.revisions.tree import Branch
from sync.values.documents import Document
from sync.values.json_text import parse_object
from tests.model.story import NOON, Writer, append

PERSON = "person:k3m7q-aaaqeayeaudaocaj"
OTHER = "person:k3m7q-bbbqeayeaudaocaj"
TOLD = {"name": "测试人", "cert_kind": "id_card", "cert_number": "990281193707202610"}
HOUSEHOLD = "a" * 16
HOUR = 3_600_000
# Nodes of the version before this one: they know both laws for cases and none for people.
OLDER = MappingProxyType({1: LAWS[1], 2: MappingProxyType({"case": CASE_2})})
DOOR = Offerer("below", {("village" + "a" * 16)[:16]: Standing("k3m7q", "village")})


def person(*events, revision="a"):
    document = None
    for number, event in enumerate(events, 1):
        body = append(document, event, record_type="person")
        document = Document(PERSON, Branch(number, tuple(revision * 32 for _ in range(number))), body)
    return document


def folded(*events):
    read = [read_event(event) for event in events]
    results = [fold(2, "person", order) for order in itertools.permutations(read)]
    assert all(result == results[0] for result in results)
    return results[0]


def apart(*acts):
    """A registration, and acts that nobody who did them knew of, an hour after each other."""
    first = Writer("village").does("registered", **TOLD)
    names = ("township", "phone", "county")
    after = [
        Writer(names[place]).does(act, [first], now=NOON + (place + 1) * HOUR, **fields)
        for place, (act, fields) in enumerate(acts)
    ]
    return first, *after


def test_a_person_is_folded_by_the_second_version_from_the_first_event_on():
    record = record_from_document(person(Writer("village").does("registered", **TOLD)))
    assert (record.type, record.fold, record.status, record.fields) == ("person", 2, "registered", TOLD)


def test_the_states_a_person_goes_through_and_back():
    village = Writer("village")
    events = [village.does("registered", **TOLD)]
    for act, status in (
        ("moved", "moved"),
        ("died", "deceased"),
        ("reinstated", "registered"),
        ("voided", "void"),
        ("reinstated", "registered"),
    ):
        events.append(village.does(act, events))
        record = record_from_document(person(*events))
        assert record.status == status, act
    with pytest.raises(Forbidden, match="恢复在册"):
        person(*events, village.does("reinstated", events))


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        (("died", {}), ("moved", {}), "deceased"),
        (("merged", {"merged_into": OTHER}), ("died", {}), "merged"),
        (("merged", {"merged_into": OTHER}), ("moved", {}), "merged"),
        (("voided", {}), ("merged", {"merged_into": OTHER}), "merged"),
        (("corrected", {"phone": "15400000001"}), ("died", {}), "deceased"),
        (("died", {}), ("died", {}), "deceased"),
    ],
)
def test_of_what_is_done_unseen_the_later_in_life_stands_and_nobody_is_asked(one, other, status):
    result = folded(*apart(one, other))
    assert (result.state["status"], result.disputes) == (status, [])


def test_somebody_merged_twice_unseen_keeps_both_and_says_so():
    result = folded(*apart(("merged", {"merged_into": OTHER}), ("merged", {"merged_into": PERSON})))
    assert result.state["status"] == "merged"
    (dispute,) = result.disputes
    assert {one["value"] for one in dispute["values"]} == {OTHER, PERSON}


def test_the_telephone_that_was_verified_last_stands():
    acts = (("verified", {"phone": "2"}), ("corrected", {"phone": "3"}), ("verified", {"phone": "1"}))
    result = folded(*apart(*acts))
    assert (result.state["phone"], result.state["verified"], result.disputes) == ("1", ["phone"], [])


def test_a_doubtful_time_never_decides_a_bank_account_without_a_dispute():
    first = Writer("village").does("registered", **TOLD)
    sure = Writer("township").does("verified", [first], bank_account="1" * 16, now=NOON + HOUR)
    unsure = Writer("phone", clock="doubtful").does("verified", [first], bank_account="2" * 16, now=NOON + 2 * HOUR)
    other = Writer("county", clock="doubtful").does("verified", [first], bank_account="3" * 16, now=NOON + 3 * HOUR)
    result = folded(first, sure, unsure)
    assert (result.state["bank_account"], result.disputes) == ("1" * 16, [])
    result = folded(first, unsure, other)
    assert (result.state["bank_account"], len(result.disputes)) == ("3" * 16, 1)
    corrected = Writer("county").does("corrected", [first], bank_account="4" * 16, now=NOON + 3 * HOUR)
    both = Writer("phone").does("corrected", [first], bank_account="5" * 16, now=NOON + HOUR)
    assert len(folded(first, corrected, both).disputes) == 1


def test_two_relations_and_two_consents_do_not_contradict_each_other():
    acts = (
        ("related", {f"relation:{OTHER}": {"kind": "child"}}),
        ("consented", {"consent:processing": {"by": "oral"}}),
        ("consented", {"consent:errand:QX-1": {"by": "oral"}}),
    )
    result = folded(*apart(*acts))
    assert result.disputes == []
    assert {f"relation:{OTHER}", "consent:processing", "consent:errand:QX-1"} <= set(result.state)


@pytest.mark.parametrize(
    ("act", "fields", "problem"),
    [
        ("registered", {"name": "张"}, "registered sets cert_kind"),
        ("registered", {**TOLD, "name": " "}, "name of registered has not its shape"),
        ("registered", {**TOLD, "cert_kind": "No!"}, "cert_kind of registered has not its shape"),
        ("registered", {**TOLD, "cert_kind": "a_kind_of_tomorrow"}, ""),
        ("corrected", {"phone": 138}, "phone of corrected has not its shape"),
        ("corrected", {"birthday": "1937-7-20"}, "birthday of corrected has not its shape"),
        ("corrected", {"household": HOUSEHOLD}, "household of corrected is not corrected's to set"),
        ("joined_household", {"household": HOUSEHOLD, "household_role": "head"}, ""),
        ("joined_household", {"household": "home", "household_role": "head"}, "household of joined_household is not"),
        ("joined_household", {"household": HOUSEHOLD}, "joined_household sets household_role"),
        ("left_household", {"household": "", "household_role": ""}, ""),
        ("related", {f"relation:{OTHER}": {"kind": "child"}}, ""),
        ("related", {"relation:case:k3m7q-x": {}}, "relation: of related is not"),
        ("corrected", {f"relation:{OTHER}": None}, "relation: of corrected is not"),
        ("unrelated", {f"relation:{OTHER}": None}, ""),
        ("consented", {"consent:errand:QX-MZ-0024": {"until": "2027-01-01"}}, ""),
        ("consented", {"consent:processing": "yes"}, "consent: of consented is not"),
        ("consent_withdrawn", {"consent:A": {}}, "consent: of consent_withdrawn is not"),
        ("merged", {}, "merged sets merged_into"),
        ("merged", {"merged_into": "case:k3m7q-x"}, "merged_into of merged is not"),
        ("corrected", {"merged_into": ""}, "merged_into of corrected is not"),
        ("noted", {"remark_of_tomorrow": "x"}, ""),
    ],
)
def test_an_act_says_what_it_must(act, fields, problem):
    told = form_problem(PERSON_2, read_event(Writer("village").does(act, **fields)))
    assert told.startswith(problem)
    assert bool(told) is bool(problem)


def test_the_guard_lets_a_person_in_where_he_belongs_and_nowhere_else():
    offered = person(Writer("village").does("registered", **TOLD))
    assert judge([], offered, DOOR, database="station_k3m7q") == ACCEPT
    assert isinstance(judge([], offered, DOOR, database="voice_k3m7q"), SetAside)
    forged = Document(PERSON, Branch(1, ("b" * 32,)), offered.body.replace("测试人".encode(), "别的人".encode(), 1))
    assert isinstance(judge([], forged, DOOR, database="station_k3m7q"), SetAside)


def test_a_node_that_knows_no_people_takes_them_and_leaves_every_byte():
    village, township = Writer("village"), Writer("township")
    first = village.does("registered", **TOLD)
    one = person(first, village.does("corrected", [first], phone="15400000001"), revision="b")
    other = person(first, township.does("corrected", [first], phone="15400000002", now=NOON + HOUR), revision="c")
    above = Offerer("above", None, above=True)
    for leaf in (one, other):
        assert judge([], leaf, above, database="station_k3m7q", laws=OLDER) == ACCEPT
    standing = merge([one, other], OLDER)
    assert isinstance(standing, LeavesStand)
    assert "record type person" in standing.reason
    assert not record_from_document(one, OLDER).understood
    # Whoever knows them merges the very bytes that stood, and the older node takes what was made.
    merged = merge([one, other])
    assert isinstance(merged, Merged)
    events = parse_object(merged.document.body)["events"]
    assert {event_hash(event) for event in events} == {
        event_hash(event) for leaf in (one, other) for event in parse_object(leaf.body)["events"]
    }
    assert judge([one, other], merged.document, above, database="station_k3m7q", laws=OLDER) == ACCEPT
