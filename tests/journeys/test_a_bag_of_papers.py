"""材料交接单: a bag with one paper too few goes from the village to the township, and both ends know what lacks."""

from typing import Any

import pytest

from fixtures.county import county
from sync.errors import Forbidden, NotFound
from sync.node.acts.acting import Doer
from sync.node.acts.recording import Act, record
from sync.node.node import Node
from sync.papers.find_bag import look_up_bag
from sync.papers.move_bag import find_later, give_back, hand_over, pack_bag, take_bag, void_bag
from sync.papers.offer_papers import offer_papers
from sync.papers.place_papers import place_papers
from sync.papers.read_bag import read_bag
from sync.records.clock import Quality, time_text
from sync.records.powers import context_of_item
from sync.typed import asdict, replace
from sync.values.json_text import parse_object
from tests.journeys.road import Road

WANG, LI = Doer("acct:wang"), Doer("acct:li")
PAPERS = [{"name": "身份证", "kind": "copy", "copies": 1}, {"name": "户口簿", "kind": "original", "copies": 1}]


def take(node: Node, tail: str, **more: Any) -> str:
    item = county().item("高龄津贴")
    fields: dict[str, Any] = {
        "receipt_number": tail,
        "received_at": time_text(node.clock()),
        "item": item.code,
        "item_version": item.version,
        "item_name": item.name,
        "applicant_name": "王秀兰",
        "materials": PAPERS,
        **asdict(context_of_item(item)),
        **more,
    }
    act = Act(f"case:{node.identity.sid}-{tail}", "received", fields, WANG.by, node.clock(), Quality.CONFIRMED)
    return node.write(lambda tx: record(tx, node.documents, node.identity, act)).id


def everywhere(road: Road, case: str) -> set[tuple[str, ...]]:
    """Where the papers of a case are, as each node says."""
    return {placed(node, case) for node in (road.village, road.township, road.centre)}


def placed(node: Node, case: str) -> tuple[str, ...]:
    return tuple(one["where"] for one in place_papers(node, case))


def state(node: Node, bag: str) -> tuple[str, list[int]]:
    told = read_bag(node, bag, by="acct:zhou")
    return told["state"], told["missing"]


def test_a_paper_that_lacks_is_named_at_both_ends_and_comes_later(road: Road) -> None:
    road.run()
    case = take(road.village, "aaqeayeaudaocaja")
    road.run()
    assert everywhere(road, case) == {("station", "station")}

    # The cable is cut: the bag leaves without its list.
    keys = [paper.key for paper in offer_papers(road.village).papers]
    packed = parse_object(pack_bag(road.village, keys, WANG).body)
    hand_over(road.village, packed["id"], giver="王春梅", carrier="赵师傅", doer=WANG)
    code = read_bag(road.village, packed["id"], by="acct:wang")["code"]
    found = look_up_bag(road.township, code)
    assert (found.id, found.known, found.number) == ("", True, packed["bag_number"])
    with pytest.raises(NotFound):
        take_bag(road.township, packed["id"], found=[1], taker="李审核", bringer="赵师傅", doer=LI)
    assert {one["where"] for one in place_papers(road.township, case)} == {"station"}

    # The list comes behind it; one paper is not in the bag.
    road.run()
    assert look_up_bag(road.township, code).id == packed["id"]
    assert everywhere(road, case) == {("on_the_way", "on_the_way")}
    more = "身份证复印件一份，不知是谁的"
    take_bag(road.township, packed["id"], found=[1], taker="李审核", bringer="赵师傅", surplus=more, doer=LI)
    assert [one["where"] for one in place_papers(road.village, case)] == ["on_the_way", "on_the_way"]
    road.run()
    assert everywhere(road, case) == {("township", "missing")}
    for node in (road.village, road.township, road.centre):
        assert state(node, packed["id"]) == ("short", [2])
        assert read_bag(node, packed["id"], by="acct:zhou")["surplus"] == more
    assert read_bag(road.village, packed["id"], by="acct:wang")["log"][-1]["names"] == "李审核、赵师傅"
    assert offer_papers(road.village).papers == ()

    # It turns up, and all of it goes back; then the village may pack it anew.
    find_later(road.township, packed["id"], found=[2], finder="李审核", doer=LI)
    road.run()
    assert everywhere(road, case) == {("township", "township")}
    back = Doer("acct:li", "户口簿原件退还本人")
    with pytest.raises(Forbidden):
        give_back(road.village, packed["id"], returner="王春梅", carrier="赵师傅", doer=back)
    give_back(road.township, packed["id"], returner="李审核", carrier="赵师傅", doer=back)
    road.run()
    assert everywhere(road, case) == {("given_back", "given_back")}
    assert read_bag(road.village, packed["id"], by="acct:wang")["surplus"] == more
    # That it has come nobody signs for but who packs it anew; a list made void shows that it had.
    offered = offer_papers(road.village).papers
    assert [(paper.key, paper.returning) for paper in offered] == [(key, packed["short_number"]) for key in keys]
    again = parse_object(pack_bag(road.village, keys[:1], WANG).body)["id"]
    assert placed(road.village, case) == ("packed", "given_back")
    void_bag(road.village, again, WANG)
    assert placed(road.village, case) == ("station", "given_back")
    assert [bool(paper.returning) for paper in offer_papers(road.village).papers] == [False, True]


def test_a_sheet_that_cases_of_a_bundle_share_is_carried_once_and_found_from_each(road: Road) -> None:
    road.run()
    tails = ("aaqeayeaudaocaja", "aaqeayeaudaocajb")
    sid = road.village.identity.sid
    kin = [{"id": f"case:{sid}-{tail}", "item_name": "", "receipt_number": tail} for tail in tails]
    cases = [take(road.village, tail, bundle_number=tails[0], bundle_cases=kin) for tail in tails]
    offered = offer_papers(road.village).papers
    keys = [paper.key for paper in offered if not paper.offered_with]
    assert (len(offered), len(keys)) == (4, 2)
    bag = parse_object(pack_bag(road.village, keys, WANG).body)
    assert (bag["papers"], offer_papers(road.village).papers) == (2, ())
    hand_over(road.village, bag["id"], giver="王春梅", carrier="赵师傅", doer=WANG)
    road.run()
    for case in cases:
        assert everywhere(road, case) == {("on_the_way", "on_the_way")}
    take_bag(road.township, bag["id"], found=[1], taker="李审核", bringer="赵师傅", doer=LI)
    road.run()
    for case in cases:
        assert everywhere(road, case) == {("township", "missing")}
    for node in (road.village, road.township, road.centre):
        papers = read_bag(node, bag["id"], by="acct:zhou")["papers"]
        assert [len(paper["shared_with"]) for paper in papers] == [1, 1]
    back = Doer("acct:li", "两件都退回")
    give_back(road.township, bag["id"], returner="李审核", carrier="赵师傅", doer=back)
    road.run()
    for case in cases:
        assert everywhere(road, case) == {("given_back", "given_back")}
    again = offer_papers(road.village).papers
    assert {paper.returning for paper in again} == {bag["short_number"]}
    assert [replace(paper, returning="") for paper in again] == list(offered)


def test_a_case_that_was_withdrawn_on_the_way_is_marked_on_the_list_of_its_bag(road: Road) -> None:
    road.run()
    cases = [take(road.village, tail) for tail in ("aaqeayeaudaocaja", "aaqeayeaudaocajb")]
    keys = [paper.key for paper in offer_papers(road.village).papers]
    bag = parse_object(pack_bag(road.village, keys, WANG).body)["id"]
    road.run()
    act = Act(cases[1], "withdrawn", {}, WANG.by, road.village.clock(), Quality.HEARD, note="不办了")
    road.village.write(lambda tx: record(tx, road.village.documents, road.village.identity, act))
    road.run()
    for node in (road.village, road.township, road.centre):
        papers = read_bag(node, bag, by="acct:zhou")["papers"]
        assert {(one["case"], one["stopped"]) for one in papers} == {(cases[0], ""), (cases[1], "撤回")}


def test_what_is_surplus_is_said_by_whoever_took_the_bag_and_by_nobody_else(road: Road) -> None:
    road.run()
    take(road.village, "aaqeayeaudaocaja")
    keys = [paper.key for paper in offer_papers(road.village).papers]
    bag = parse_object(pack_bag(road.village, keys, WANG).body)["id"]
    handed = {"giver_name": "王春梅", "carrier_name": "赵师傅", "surplus": "村里写的"}
    now = road.village.clock()
    road.village.write(
        lambda tx: record(
            tx,
            road.village.documents,
            road.village.identity,
            Act(bag, "handed", handed, WANG.by, now, Quality.HEARD),
        )
    )
    road.run()
    assert read_bag(road.township, bag, by="acct:li")["surplus"] == ""
    more = "户口簿一本，990281194103150025"
    take_bag(road.township, bag, found=[1, 2], taker="李审核", bringer="赵师傅", surplus=more, doer=LI)
    road.run()
    told = read_bag(road.village, bag, by="acct:wang")
    assert (told["state"], told["surplus"]) == ("taken", "户口簿一本，990***********0025")


def test_what_was_signed_for_is_at_the_township_whatever_a_later_slip_says_that_was_made_unseen(
    road: Road,
) -> None:
    road.run()
    case = take(road.village, "aaqeayeaudaocaja")
    keys = [paper.key for paper in offer_papers(road.village).papers]
    first = parse_object(pack_bag(road.village, keys, WANG).body)["id"]
    road.run()
    # The cable is cut: the village makes the slip void and packs anew; the bag with the first slip has arrived.
    void_bag(road.village, first, WANG)
    second = parse_object(pack_bag(road.village, keys, WANG).body)["id"]
    hand_over(road.village, second, giver="王春梅", carrier="赵师傅", doer=WANG)
    take_bag(road.township, first, found=[1, 2], taker="李审核", bringer="赵师傅", doer=LI)
    road.run()
    assert everywhere(road, case) == {("township", "township")}
    for node in (road.village, road.township, road.centre):
        assert (state(node, first)[0], state(node, second)[0]) == ("taken", "handed")
        told = read_bag(node, first, by="acct:zhou")
        assert told["void_unseen"]
        short = told["short_number"]
        assert [one["counted_with"] for one in told["papers"]] == ["", ""]
        told = read_bag(node, second, by="acct:zhou")
        assert not told["void_unseen"]
        assert [one["counted_with"] for one in told["papers"]] == [short, short]
    take_bag(road.township, second, found=[], taker="李审核", bringer="赵师傅", doer=LI)
    road.run()
    assert everywhere(road, case) == {("township", "township")}
    give_back(road.township, first, returner="李审核", carrier="赵师傅", doer=Doer("acct:li", "退回"))
    road.run()
    assert everywhere(road, case) == {("missing", "missing")}
