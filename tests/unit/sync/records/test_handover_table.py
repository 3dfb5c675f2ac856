"""The law of 材料交接单: the village packs and hands over, those above say what arrived, and nobody else may."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.records.bag_number import format_bag_number, is_bag_number, short_bag_number
from sync.records.events import read_event
from sync.records.fold import fold
from sync.records.guard import Accept, Offerer, SetAside, Standing, judge
from sync.records.handover_table import HANDOVER_2
from sync.records.log import folded_body, form_problem
from sync.records.receipt_number import parse_receipt_number, plain_number
from sync.records.states import Context, NotAllowed, ever_has_power, next_state
from sync.revisions.tree import Branch
from sync.values.documents import Document
from tests.model.story import Writer

BAG = "handover:k3m7q-aaaqeayeaudaocaj"
CASE = "case:k3m7q-aaaqeayeaudaocaj"
NUMBER = format_bag_number("990281101201", date(2025, 10, 10), "01", 3)
PAPER = {"case": CASE, "receipt_number": "R1", "material": "身份证", "kind": "copy", "copies": 1}
PACKED = {"bag_number": NUMBER, "papers": [PAPER, {**PAPER, "material": "户口簿"}]}
HANDED = {"giver_name": "王春梅", "carrier_name": "赵师傅"}
SIGNED = {"taker_name": "李审核", "bringer_name": "赵师傅"}
SHORT = {**SIGNED, "missing": [2]}
WHOLE = {**SIGNED, "missing": []}


def after(state, act, level, **fields):
    result = next_state(HANDOVER_2, state, act, level=level, context=Context(), fields=fields)
    return result.why if isinstance(result, NotAllowed) else result


@pytest.mark.parametrize(
    ("state", "act", "level", "leads"),
    [
        (None, "packed", "village", "packed"),
        ("packed", "handed", "village", "handed"),
        ("packed", "taken", "township", "taken"),
        ("handed", "taken_short", "township", "short"),
        ("short", "found_some", "township", "short"),
        ("short", "found_later", "township", "complete"),
        ("complete", "given_back", "township", "given_back"),
        ("packed", "voided", "village", "void"),
        ("handed", "voided", "village", "state"),
        ("taken", "taken", "township", "state"),
        ("handed", "taken", "village", "level"),
        ("short", "found_later", "village", "level"),
        ("taken", "given_back", "village", "level"),
    ],
)
def test_the_table_leads_where_the_paper_goes(state, act, level, leads):
    assert after(state, act, level) == leads


def problem(kind, fields, level="township"):
    return form_problem(HANDOVER_2, read_event(Writer("a", level).does(kind, **fields)))


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("packed", {**PACKED, "deciding_level": "village"}),
        ("packed", {**PACKED, "missing": []}),
        ("packed", {**PACKED, "papers": []}),
        ("packed", {**PACKED, "papers": [{**PAPER, "case": "person:k3m7q-aaaqeayeaudaocaj"}]}),
        ("packed", {**PACKED, "papers": [{**PAPER, "applicant": "王秀英"}]}),
        ("packed", {**PACKED, "papers": [{**PAPER, "copies": True}]}),
        ("packed", {**PACKED, "bag_number": NUMBER[:-1] + ("A" if NUMBER[-1] != "A" else "B")}),
        ("handed", {**HANDED, "missing": []}),
        ("handed", {"giver_name": "王春梅", "carrier_name": " "}),
        ("handed", {**HANDED, "papers": [PAPER]}),
        ("taken", SHORT),
        ("taken_short", WHOLE),
        ("taken_short", {**SHORT, "missing": [2, 1]}),
        ("taken_short", {**SHORT, "missing": [True]}),
        ("taken", {"missing": []}),
    ],
)
def test_what_has_not_its_shape_is_refused(kind, fields):
    assert problem(kind, fields)


@pytest.mark.parametrize("kind", ["taken", "taken_short", "found_some", "found_later", "given_back"])
def test_no_field_gives_a_village_the_power_to_receive_its_own_bag(kind):
    assert not ever_has_power(HANDOVER_2.acts[kind], level="village", context=Context(), fields={})


def document(generation, *events):
    body = folded_body(2, "handover", map(read_event, events))
    return Document(BAG, Branch(generation, tuple("cba"[-generation:][n] * 32 for n in range(generation))), body)


def test_the_guard_takes_a_packing_from_the_village_and_no_taking():
    village = Writer("a")
    packed = village.does("packed", **PACKED)
    stored = document(1, packed)
    offerer = Offerer("village", {village.name: Standing("k3m7q", "village")})
    assert isinstance(judge([], stored, offerer, database="station_k3m7q"), Accept)
    assert isinstance(judge([], stored, offerer, database="voice_k3m7q"), SetAside)
    handed = document(2, packed, village.does("handed", [packed], **HANDED))
    assert isinstance(judge([stored], handed, offerer, database="station_k3m7q"), Accept)
    # It calls itself the township; and it says what arrived at its own level.
    for level, why in (("township", "may not act as township"), ("village", "beyond the village")):
        village = Writer("a")
        packed = village.does("packed", **PACKED)
        forged = document(2, packed, village.does("taken", [packed], level=level, **WHOLE))
        verdict = judge([document(1, packed)], forged, offerer, database="station_k3m7q")
        assert isinstance(verdict, SetAside)
        assert why in verdict.reason


@given(st.permutations(range(3)))
def test_what_was_taken_is_not_undone_by_a_list_made_void_unseen(order):
    village, township = Writer("a"), Writer("b", "township")
    packed = village.does("packed", **PACKED)
    events = [packed, village.does("voided", [packed]), township.does("taken_short", [packed], **SHORT)]
    state = fold(2, "handover", [read_event(events[place]) for place in order]).state
    assert (state["status"], state["missing"]) == ("short", [2])
    assert [one["why"] for one in state["noted"]] == ["overtaken"]


def test_a_bag_taken_before_its_handing_over_was_told_stays_taken():
    village, township = Writer("a"), Writer("b", "township")
    packed = village.does("packed", **PACKED)
    events = [packed, township.does("taken", [packed], **WHOLE), village.does("handed", [packed], **HANDED)]
    folded = fold(2, "handover", map(read_event, events))
    assert (folded.state["status"], folded.disputes) == ("taken", [])
    assert [one["why"] for one in folded.state["noted"]] == ["decided"]


def test_a_number_reads_as_it_was_written_and_is_never_a_receipt_number():
    assert is_bag_number(NUMBER)
    assert plain_number(f" {NUMBER[:7]} {NUMBER[7:]} ".lower()) == NUMBER
    assert short_bag_number(NUMBER) == f"01-0003-{NUMBER[-1]}"
    for wrong in (NUMBER[:-1], NUMBER[1:], "J" + NUMBER, ""):
        assert not is_bag_number(plain_number(wrong))
    with pytest.raises(BadRequest):
        parse_receipt_number(NUMBER)
