"""How far a case has come, from receipts alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.custody.materials import MAX_MATERIALS, materials_of
from sync.custody.receipts import Holding, Receipt
from sync.custody.standing import Fact, Heard, Hop, Status, standing
from sync.typed import replace

AGENT, CLERK, LEADER, STRANGER = "a" * 16, "b" * 16, "c" * 16, "d" * 16
LIFE = "0" * 16
HOPS = (
    Hop("v", "village", "石桥村", (AGENT,)),
    Hop("t", "township", "柳河镇", (CLERK,)),
    Hop("z", "centre", "青溪县", (LEADER,)),
)


def _hash(writer, number):
    return (writer[:1] * 31).encode() + bytes([number])


def _fact(number, *materials, writer=AGENT, sid="v"):
    return Fact(writer, LIFE, number, _hash(writer, number), sid, materials)


def _heard(holder, *holds, at=5, fallen_from=None, station="v"):
    receipt = Receipt(holder, LIFE, 1, 1, station, "durable", "2026-03-02T09:00:00+08:00", holds)
    return Heard(receipt, at, fallen_from)


def _holding(counter, *, missing=(), lacks=(), writer=AGENT):
    return Holding(writer, LIFE, counter, _hash(writer, counter), missing, lacks)


def _statuses(facts, heard):
    return tuple(one.status for one in standing(HOPS, facts, heard))


def test_without_any_receipt_the_case_is_nowhere():
    assert _statuses([_fact(1)], []) == (Status.NOT_YET,) * 3
    assert all(one.heard_ms is None for one in standing(HOPS, [_fact(1)], []))


def test_each_hop_is_named_by_its_own_receipt_only():
    facts = [_fact(1), _fact(2)]
    assert _statuses(facts, [_heard(AGENT, _holding(2)), _heard(LEADER, _holding(2))]) == (
        Status.HELD,
        Status.NOT_YET,
        Status.HELD,
    )


def test_a_receipt_of_somebody_who_is_no_hop_says_nothing():
    assert _statuses([_fact(1)], [_heard(STRANGER, _holding(1))]) == (Status.NOT_YET,) * 3


@pytest.mark.parametrize(
    "holding",
    [
        _holding(1),
        _holding(5, missing=((2, 2),)),
        _holding(5, missing=((1, 4),)),
        replace(_holding(3), head=_hash(STRANGER, 3)),
        _holding(5, writer=STRANGER),
        replace(_holding(5), life="1" * 16),
    ],
)
def test_every_event_must_be_covered(holding):
    facts = [_fact(1), _fact(2), _fact(3)]
    (shown,) = standing(HOPS[:1], facts, [_heard(AGENT, holding)])
    assert shown.status is Status.NOT_YET
    assert shown.events == 3
    assert shown.events_held < 3


def test_an_event_that_nobody_can_place_is_asked_of_every_hop():
    facts = [_fact(1), _fact(1, writer=STRANGER, sid="")]
    assert _statuses(facts, [_heard(AGENT, _holding(1))])[0] is Status.NOT_YET
    assert _statuses(facts, [_heard(AGENT, _holding(1), _holding(1, writer=STRANGER))])[0] is Status.HELD


def test_what_the_centre_decided_does_not_undo_the_hops_below_it():
    facts = [_fact(1), _fact(1, writer=LEADER, sid="z")]
    assert _statuses(facts, [_heard(one, _holding(1)) for one in (AGENT, CLERK, LEADER)]) == (Status.HELD,) * 3


def test_what_the_township_added_is_asked_of_the_centre_and_not_of_the_village():
    facts = [_fact(1), _fact(1, writer=CLERK, sid="t")]
    heard = [_heard(one, _holding(1)) for one in (AGENT, CLERK, LEADER)]
    assert _statuses(facts, heard) == (Status.HELD, Status.HELD, Status.NOT_YET)
    added = _heard(LEADER, _holding(1, writer=CLERK), station="t")
    assert _statuses(facts, [*heard, added]) == (Status.HELD,) * 3


def test_the_first_hop_is_asked_for_its_own_events():
    assert _statuses([_fact(1)], [_heard(CLERK, _holding(1))]) == (Status.NOT_YET, Status.HELD, Status.NOT_YET)


def test_photos_count_one_by_one():
    facts = [_fact(1, "r1", "r2"), _fact(2, "r2", "r3")]
    (shown,) = standing(HOPS[:1], facts, [_heard(AGENT, _holding(2, lacks=((1, 0), (2, 1))))])
    assert (shown.status, shown.materials_held, shown.materials) == (Status.PARTLY, 1, 3)
    (whole,) = standing(HOPS[:1], facts, [_heard(AGENT, _holding(2))])
    assert (whole.status, whole.materials_held, whole.materials) == (Status.HELD, 3, 3)


def test_photos_of_an_event_that_is_not_held_are_not_held():
    (shown,) = standing(HOPS[:1], [_fact(1, "r1"), _fact(2, "r2")], [_heard(AGENT, _holding(1))])
    assert (shown.status, shown.materials_held, shown.materials) == (Status.NOT_YET, 1, 2)


def test_lacking_in_one_receipt_and_whole_in_another_is_whole():
    safe = replace(_heard(AGENT, _holding(1)).receipt, grade="safe")
    heard = [_heard(AGENT, _holding(1, lacks=((1, 0),))), Heard(safe, 7)]
    (shown,) = standing(HOPS[:1], [_fact(1, "r1")], heard)
    assert (shown.status, shown.heard_ms) == (Status.HELD, 7)


def test_a_backup_made_later_makes_nothing_arrive_later():
    durable = _heard(AGENT, _holding(1))
    safe = Heard(replace(durable.receipt, grade="safe"), durable.heard_ms + 7)
    (shown,) = standing(HOPS[:1], [_fact(1, "r1")], [durable, safe])
    assert (shown.heard_ms, shown.safe_ms) == (durable.heard_ms, safe.heard_ms)
    (unsafe,) = standing(HOPS[:1], [_fact(1, "r1"), _fact(2)], [_heard(AGENT, _holding(2)), safe])
    assert (unsafe.status, unsafe.safe_ms) == (Status.HELD, None)


def test_a_restored_holder_steps_the_screen_back_and_says_so():
    facts = [_fact(1), _fact(4)]
    former = _heard(CLERK, _holding(5)).receipt
    fallen = _heard(CLERK, _holding(2), fallen_from=former)
    shown = standing(HOPS, facts, [fallen])[1]
    assert (shown.status, shown.fell_back, shown.events_held) == (Status.NOT_YET, True, 1)
    # Of a case it has not lost anything of, nothing is said.
    assert not standing(HOPS, [_fact(1)], [fallen])[1].fell_back


def test_a_lost_photo_is_said_too():
    former = _heard(CLERK, _holding(1, lacks=((1, 0),))).receipt
    fallen = _heard(CLERK, _holding(1, lacks=((1, 1),)), fallen_from=former)
    shown = standing(HOPS, [_fact(1, "r1", "r2")], [fallen])[1]
    assert (shown.status, shown.fell_back) == (Status.PARTLY, True)


def test_a_case_without_events_is_held_by_nobody():
    assert _statuses([], [_heard(AGENT, _holding(1))]) == (Status.NOT_YET,) * 3


@given(st.sets(st.integers(1, 9), min_size=1), st.sets(st.integers(1, 9), min_size=1))
def test_more_held_never_shows_less(held, more):
    facts = [_fact(number) for number in range(1, 10)]
    before, after = (standing(HOPS[:1], facts, [_heard(AGENT, _of(numbers))])[0] for numbers in (held, held | more))
    assert before.events_held == len(held)
    assert after.events_held >= before.events_held
    assert (after.status is Status.HELD) == (len(held | more) == 9)


def _of(numbers):
    top = max(numbers)
    return _holding(top, missing=tuple((n, n) for n in range(1, top) if n not in numbers))


@pytest.mark.parametrize(
    ("fields", "roots"),
    [
        ({}, ()),
        ({"photo": {"blob": "1" * 64, "size": 1, "type": "image/png"}}, ("1" * 64,)),
        (
            {"b": [{"blob": "2" * 64}, {"x": {"blob": "3" * 64}}], "a": {"blob": "1" * 64}},
            ("1" * 64, "2" * 64, "3" * 64),
        ),
        ({"a": {"blob": "1" * 64}, "b": {"blob": "1" * 64}}, ("1" * 64, "1" * 64)),
        ({"a": {"blob": "not a root"}, "b": {"blob": 5}, "c": "1" * 64}, ()),
    ],
)
def test_materials_are_found_however_deep_and_in_one_order(fields, roots):
    assert materials_of(fields) == roots
    assert materials_of(dict(reversed(fields.items()))) == roots


def test_an_event_that_names_endlessly_many_blobs_is_cut_short():
    assert len(materials_of({"all": [{"blob": f"{n:064x}"} for n in range(1000)]})) == MAX_MATERIALS
