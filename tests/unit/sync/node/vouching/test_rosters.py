"""Whoever acted at another station is called by name, as the node where he signs in says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sync.casework.name_people import people_on_road, people_on_roads
from sync.custody.rosters import MOST_PEOPLE, ROSTER, listed, make_roster, read_roster
from sync.custody.stating import state
from sync.node.node import Node
from sync.node.vouching.holding import account_for
from sync.node.vouching.statements import statements_for_child, statements_for_parent
from sync.store.ledger.accounts import Account, add_account, set_disabled, set_display_name
from sync.store.ledger.custody import last_arrival, statements_of
from sync.trust.keys import generate
from sync.values.statements import Signed
from tests.homes import Address
from tests.journeys.sticks import Sticks, down, up
from tests.unit.sync.node.county import CENTRE_KEY, centre_certificate, certificate_of_key, give, introduce, known

Make = Callable[..., Node]


@pytest.fixture
def address(in_files: Address) -> Address:
    return in_files


def hire(node: Node, account: str, name: str) -> None:
    node.write(lambda tx: add_account(tx, Account(account, name, "agent", "hash")))
    say(node)


def say(node: Node) -> None:
    """As it does before every exchange."""
    account_for(node, [node.identity.sid])


def rosters(node: Node, writer: str) -> list[Signed]:
    return [one.signed for one in node.read(lambda reader: statements_of(reader, ROSTER, (writer,)))]


def told_up(node: Node) -> list[Signed]:
    told, _ = node.read(lambda reader: statements_for_parent(reader, node.identity, sent=0))
    return [one for one in told if one.kind == ROSTER]


def told_down(node: Node, child: Node) -> list[Signed]:
    peer, life = known(node, child), node.identity.life
    told, _ = node.read(lambda reader: statements_for_child(reader, peer, heard="", life=life))
    return [one for one in told if one.kind == ROSTER]


def test_village_and_township_know_each_other_s_people_by_name(township: Node, village: Node) -> None:
    hire(village, "wang", "王芳")
    hire(township, "wang", "王建国")
    give(township, *told_up(village))
    give(village, *told_down(township, village))
    both = {("village", "wang"): "王芳", ("township", "wang"): "王建国"}
    assert people_on_road(township, "k3m7q") == both
    assert people_on_road(village, "k3m7q") == both
    assert people_on_road(township, "t0wn1") == {("township", "wang"): "王建国"}


def test_several_roads_are_read_at_one_look_and_own_accounts_need_no_roster(make_node: Make, township: Node) -> None:
    first, second = make_node("k4444", "990281101202"), make_node("k5555", "990281101203")
    for village in (first, second):
        introduce(township, village)
        hire(village, "wang", f"王{village.identity.sid}")
        give(township, *told_up(village))
    township.write(lambda tx: add_account(tx, Account("zhang", "张建国", "reviewer", "hash")))  # it said nothing yet
    zhang = {("township", "zhang"): "张建国"}
    assert people_on_roads(township, ["k4444", "k5555"]) == {
        "k4444": {("village", "wang"): "王k4444", **zhang},
        "k5555": {("village", "wang"): "王k5555", **zhang},
    }
    assert people_on_roads(township, []) == {}


def test_it_is_said_again_only_when_a_name_changed(township: Node, village: Node) -> None:
    say(village)
    assert rosters(village, village.identity.writer) == []  # nobody signs in there yet
    hire(village, "wang", "王芳")
    at_rest = village.read(last_arrival)
    say(village)
    village.write(lambda tx: set_disabled(tx, "wang", True))  # what he did bears his name all the same
    say(village)
    assert village.read(last_arrival) == at_rest
    village.write(lambda tx: set_display_name(tx, "wang", "王小芳"))
    say(village)
    (signed,) = rosters(village, village.identity.writer)
    assert read_roster(signed.payload).issue == 2
    assert read_roster(signed.payload).people == (("wang", "王小芳"),)


def test_the_later_issue_stands_in_any_order(township: Node, village: Node) -> None:
    pair = village.identity.keys
    first, second = (make_roster(pair, "k3m7q", issue, [("wang", name)]) for issue, name in ((1, "王"), (2, "王芳")))
    give(township, second, first)
    assert people_on_road(township, "k3m7q") == {("village", "wang"): "王芳"}


def test_a_restored_node_goes_on_above_what_it_said_before(township: Node, village: Node) -> None:
    hire(village, "wang", "王芳")
    pair = village.identity.keys
    give(village, make_roster(pair, "k3m7q", 9, [("li", "李强")]))  # as it hears it back from above
    say(village)
    (signed,) = rosters(village, village.identity.writer)
    assert read_roster(signed.payload).issue == 10


def test_a_sister_village_hears_nothing_of_it(make_node: Make, township: Node, village: Node) -> None:
    sister = make_node("k4444", "990281101202")
    introduce(township, sister)
    hire(village, "wang", "王芳")
    hire(township, "zhang", "张建国")
    give(township, *told_up(village))
    assert {one.signer for one in told_down(township, sister)} == {township.identity.writer}


def test_it_goes_by_stick_both_ways(township: Node, village: Node, tmp_path: Path) -> None:
    hire(village, "wang", "王芳")
    hire(township, "zhang", "张建国")
    sticks = Sticks(tmp_path)
    assert sticks.carry(village, up(village, "t0wn1"), township) == ["taken"]
    assert sticks.carry(township, down(township, village), village) == ["taken"]
    both = {("village", "wang"): "王芳", ("township", "zhang"): "张建国"}
    assert people_on_road(township, "k3m7q") == people_on_road(village, "k3m7q") == both


def test_of_two_computers_a_station_has_had_both_are_asked_and_the_last_heard_counts(
    township: Node, village: Node
) -> None:
    new = generate()
    give(township, certificate_of_key(new, "k3m7q", "t0wn1"))
    give(township, make_roster(village.identity.keys, "k3m7q", 1, [("li", "李强"), ("wang", "王芳")]))
    give(township, make_roster(new, "k3m7q", 1, [("wang", "王小芳")]))
    assert people_on_road(township, "k3m7q") == {("village", "li"): "李强", ("village", "wang"): "王小芳"}


def test_whoever_has_no_name_is_not_listed_and_no_more_than_there_is_room_for() -> None:
    assert listed([("wang", ""), ("li", "李\n强"), ("zhao", "赵" * 65), ("chen", "陈")]) == (("chen", "陈"),)
    assert len(listed((f"a{number:03}", "某人") for number in range(MOST_PEOPLE + 5))) == MOST_PEOPLE


@pytest.mark.parametrize("who", ["the township", "a stranger", "the centre"])
def test_nobody_says_what_people_of_another_station_are_called(township: Node, village: Node, who: str) -> None:
    give(township, centre_certificate())
    pair = {"the township": township.identity.keys, "a stranger": generate(), "the centre": CENTRE_KEY}[who]
    assert give(township, make_roster(pair, "k3m7q", 1, [("wang", "某人")])).kept == ()
    assert people_on_road(township, "k3m7q") == {}


MEMBERS = {"station": "k3m7q", "issue": 1, "people": [["li", "李强"], ["wang", "王芳"]]}
MALFORMED = {
    "a station that is none": {"station": "../x"},
    "an issue that is none": {"issue": 0},
    "people that are no list": {"people": {"wang": "王芳"}},
    "somebody without a name": {"people": [["wang"]]},
    "an empty name": {"people": [["wang", ""]]},
    "a name with an escape": {"people": [["wang", "\x1b[2J"]]},
    "a name that is a number": {"people": [["wang", 5]]},
    "somebody twice": {"people": [["wang", "王"], ["wang", "王芳"]]},
    "another order": {"people": [["wang", "王芳"], ["li", "李强"]]},
    "more than there is room for": {"people": [[f"a{number:03}", "某人"] for number in range(MOST_PEOPLE + 1)]},
    "a member that none has": {"x": 1},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_roster_is_refused_and_delays_nothing(township: Node, village: Node, name: str) -> None:
    pair = village.identity.keys
    wrong = state(pair, ROSTER, {"writer": pair.writer, **MEMBERS, **MALFORMED[name]})
    good = make_roster(pair, "k3m7q", 2, [("wang", "王芳")])
    taken = give(township, wrong, good)
    assert (taken.kept, len(taken.refused)) == ((good,), 1)


def test_one_that_somebody_else_signed_is_refused(township: Node, village: Node) -> None:
    forged = state(CENTRE_KEY, ROSTER, {"writer": village.identity.writer, **MEMBERS})
    assert give(township, forged).kept == ()
