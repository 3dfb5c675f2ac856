"""代办委托 and 身故: who may give an authority to whom, and what a death ends."""

import pytest

from edge_node.services.found_station import found_station
from fixtures.catalogue import bring_county
from fixtures.county import county
from sync.casework.run_errand import Authority, entrust_case
from sync.errors import Forbidden, Invalid
from sync.node.acts.acting import Doer
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.people.act_on_person import act_on_person
from sync.people.describe_person import describe_person
from sync.people.find_authority import Errand, find_authority
from sync.people.find_person import find_person
from sync.people.give_consent import give_consent, withdraw_consent
from sync.people.keep_household import found_household, join_household, make_head
from sync.people.leave_register import note_death, reinstate_person
from sync.people.merge_people import merge_people
from sync.people.register_person import register_person
from sync.people.relate_people import relate_people
from sync.values.json_text import parse_object
from tests.unit.edge_node.conftest import SID
from tests.unit.edge_node.registering import told

BY = Doer("acct:wang")
CHILD = "990281201801010022"


@pytest.fixture
def node(tmp_path, clock):
    place, code = county().place("石桥村"), str(EnrolmentCode(SID, "01", "7KXW9RTB2C"))
    made = found_station(
        tmp_path / "village", name=place.name, region=place.code, upstream="http://127.0.0.1:1", code=code, clock=clock
    )
    bring_county(made)
    yield made
    made.close()


@pytest.fixture
def person(node):
    return register(node, 0)


def register(node, number):
    return parse_object(register_person(node, told(number), BY).body)["id"]


def item():
    return county().items[0].code


def entrust(node, person, **terms):
    agent = county().people[9]
    errand = {"item": item(), "agent": agent.name, "agent_id_number": agent.id_number, **terms}
    means = errand.pop("means", "signature")
    return give_consent(node, person, "errand", BY, means=means, until="2026-12-31", errand=errand)


def refused(do):
    with pytest.raises(Invalid) as refusal:
        do()
    return [field for field, _ in refusal.value.fields]


def consents(node, person):
    return {one["kind"]: one["state_name"] for one in describe_person(node, person, by="x")["consents"]}


def test_an_authority_is_written_and_one_by_word_of_mouth_of_before_is_shown_as_none(node, person):
    assert refused(lambda: entrust(node, person, means="oral")) == ["means"]
    agent = county().people[9].name
    said = {"at": "2025-09-01T08:00:00.000+08:00", "until": "2026-12-31", "by": "oral", "agent": agent}
    act_on_person(node, person, "consented", lambda tx, record: {f"consent:errand:{item()}": said}, BY)
    assert consents(node, person) == {"errand": "只是口头，不能凭此代办"}
    errand = Errand(item(), agent)
    assert node.read(lambda reader: find_authority(reader, node, person, errand, node.today())) is None
    withdraw_consent(node, person, "errand", BY, item=item())
    entrust(node, person)
    assert consents(node, person) == {"errand": "有效"}


def test_nobody_entrusts_himself_or_a_child(node, person):
    own = county().people[0]
    assert refused(lambda: entrust(node, person, agent=own.name, agent_id_number=own.id_number)) == ["agent_id_number"]
    assert refused(lambda: entrust(node, person, agent_id_number=own.id_number)) == ["agent_id_number"]
    assert refused(lambda: entrust(node, person, agent=f" {own.name} ", agent_id_number="")) == ["agent"]
    assert refused(lambda: entrust(node, person, agent="王小宝", agent_id_number=CHILD)) == ["agent_id_number"]
    entrust(node, person, agent_id_number="")


def test_whoever_died_agrees_to_nothing_and_what_he_had_agreed_to_is_over(node, person):
    other = register(node, 1)
    entrust(node, person)
    give_consent(node, person, "sensitive", BY, means="oral")
    relate_people(node, person, other, BY, kind="spouse", until="2026-12-31")
    note_death(node, person, BY, on="2025-09-20")
    for act in (
        lambda: entrust(node, person),
        lambda: give_consent(node, person, "processing", BY, means="oral"),
        lambda: relate_people(node, person, other, BY, kind="spouse", until="2026-12-31"),
        lambda: relate_people(node, other, person, BY, kind="spouse", until="2026-12-31"),
    ):
        with pytest.raises(Forbidden, match="身故"):
            act()
    assert set(consents(node, person).values()) == {"因身故失效"}
    shown = describe_person(node, person, by="x")
    assert [one["stands"] for one in shown["relations"]] == [False]
    assert shown["log"][-1]["fields"] == ["身故日期 2025-09-20"]
    reinstate_person(node, person, Doer("acct:wang", "误报"))
    assert set(consents(node, person).values()) == {"有效"}
    assert node.read(lambda reader: find_person(reader, node, person)).fields["died_on"] == ""


def test_whoever_died_founds_and_joins_no_household_and_heads_none(node, person):
    other = register(node, 1)
    found_household(node, other, BY)
    note_death(node, person, BY)
    for act in (
        lambda: found_household(node, person, BY),
        lambda: join_household(node, person, other, "child", BY),
        lambda: make_head(node, person, BY),
    ):
        with pytest.raises(Forbidden, match="身故"):
            act()


def test_a_relative_who_died_takes_no_place_and_one_who_was_merged_stays_one(node, person):
    relatives = [register(node, number) for number in range(1, 7)]
    for one in relatives[:5]:
        relate_people(node, person, one, BY, kind="other", until="2026-12-31")
    merge_people(node, relatives[1], relatives[5], BY)
    note_death(node, relatives[0], BY)
    relate_people(node, person, relatives[5], BY, kind="other", until="2026-12-31")
    stands = {one["person"]: one["stands"] for one in describe_person(node, person, by="x")["relations"]}
    assert [stands[one] for one in relatives] == [False, True, True, True, True, True]


@pytest.mark.parametrize("day", ["2025-09-27", "1900-01-01", "20250901", "昨天"])
def test_a_day_of_death_lies_between_birth_and_today(node, person, day):
    assert refused(lambda: note_death(node, person, BY, on=day)) == ["died_on"]


@pytest.mark.parametrize(
    ("terms", "wrong"),
    [
        ({"agent_id_number": CHILD}, ["agent_id_number"]),
        ({"agent_id_number": " "}, ["agent_id_number"]),
        ({"signed": "witness"}, ["witness_name"]),
        ({"signed": "witness", "witness_name": "王 春梅"}, ["witness_name"]),
    ],
)
def test_the_authority_of_a_case_names_an_agent_who_may_be_one_and_another_as_witness(node, terms, wrong):
    whole = {
        "agent_name": "王春梅",
        "agent_id_number": county().people[9].id_number,
        "scope": "代为申请",
        "until": node.today(),
        "signed": "signature",
        **terms,
    }
    assert refused(lambda: entrust_case(node, "case:k3m7q-aaaaaaaaaaaaaaaa", Authority(**whole), BY)) == wrong
