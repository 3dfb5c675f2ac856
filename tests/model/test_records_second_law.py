"""Random people do random things to copies of a case by the second law; what must hold whatever happened.

`SEED=… pytest tests/model/test_records_second_law.py` repeats a run that failed from the seed it printed.
"""

from collections import Counter

from sync.errors import Refused
from sync.records.case_table_2 import CASE_2
from sync.records.effects import WAITS, effects
from sync.records.events import event_hash, read_event
from sync.records.fold import course, fold
from sync.records.log import case_from_document, folded_body
from sync.records.past import as_left_by
from sync.revisions.tree import Branch
from sync.values.documents import Document
from sync.values.json_text import dump_sorted, parse_object
from tests.model.histories import ACTS_1, SEED, chances, random_log
from tests.model.story import NOON, RECEIPT, Writer, append

NUMBER = "11150624999900011T415051100100020250731000"
ACTS_2 = (
    *ACTS_1,
    *(("passed_on", {"assignee": f"acct:{name}"}) for name in ("vill", "phon", "town", "coun")),
    *(("numbered", {"case_number": f"{NUMBER}{serial}"}) for serial in (1, 2, 3)),
    ("finished", {}),
    ("entrusted", {"authority": {"until": "2026-01-01"}}),
    ("walked", {"step": "办理"}),
    ("checked", {"opinion": "属实"}),
    ("forwarded", {"forwarded_to": "centre"}),
    ("parked_taken", {"phone": "9"}),
    ("parked_left", {}),
)
# Histories of these are decided as often as not.
BUSY = 5 * (("accepted", {}), ("review_started", {}), ("approved", {}), ("denied", {}), ("completed", {})) + tuple(
    one for one in ACTS_2 if one[0] in ("passed_on", "corrected", "supplement_asked", "rejected", "finished", "checked")
)
DECIDED = {"approved", "denied", "rejected", "completed", "delivered", "reviewed", "archived"}
COUNT = 160


def folded(events):
    return fold(2, "case", events)


def bytes_of(result):
    return dump_sorted([result.state, result.disputes])


def pasts(events):
    """{hash: hashes of all the event had seen}, told slowly and plainly."""
    past = {}
    for event in events:
        past[event.hash] = set(event.seen).union(*(past[one] for one in event.seen))
    return past


def logs(acts=ACTS_2):
    """Logs with enough handing over in them to be worth reading, each with the seed it can be made of again."""
    for one, chance in chances(COUNT, SEED):
        yield one, chance, [read_event(event) for event in random_log(chance, acts, steps=22)]


def test_the_machine_never_leaves_its_table_and_no_event_is_lost():
    for seed, _, events in logs():
        state = folded(events).state
        assert state["status"] in CASE_2.states, f"SEED={seed}"
        for stage in course(2, "case", events):
            assert stage.status in CASE_2.states, f"SEED={seed}"
            assert CASE_2.acts[stage.event.type], f"SEED={seed}"
        body = parse_object(folded_body(2, "case", events))
        assert {event_hash(one) for one in body["events"]} == {event.hash for event in events}, f"SEED={seed}"


def test_copies_that_arrive_in_any_order_and_grouping_fold_alike():
    for seed, chance, events in logs():
        whole = bytes_of(folded(events))
        for _ in range(3):
            shuffled = list(events)
            chance.shuffle(shuffled)
            assert bytes_of(folded(shuffled)) == whole, f"SEED={seed}"
        past = pasts(events)
        left, right = ({*past[one.hash], one.hash} for one in (events[-1], chance.choice(events)))
        grouped = {one.hash: one for side in (left, right) for one in events if one.hash in side}
        rest = [one for one in events if one.hash not in grouped]
        assert bytes_of(folded([*grouped.values(), *rest])) == whole, f"SEED={seed}"


def test_every_event_had_effect_or_is_named_once():
    for seed, _, events in logs():
        state = folded(events).state
        told = [stage.event.hash for stage in course(2, "case", events)]
        parked = [one["event"] for one in state.get("parked_edits", ())]
        noted = {one["event"] for one in state.get("noted", ())}
        requests = {one["event"] for one in state.get("requests", ())}
        assert len(set(parked)) == len(parked), f"SEED={seed}"
        assert set(parked).isdisjoint((*told, *noted, *requests)), f"SEED={seed}"
        answered = {event.hash for event in events} - {*told, *parked, *noted, *requests}
        answers = any(event.type in ("parked_taken", "parked_left", "request_closed") for event in events)
        assert not answered or answers, f"SEED={seed}"


def test_what_waits_is_what_somebody_did_who_had_handed_the_case_over_unseen():
    seen_waiting = 0
    for seed, _, events in logs():
        past, by_hash = pasts(events), {event.hash: event for event in events}
        passings = [event for event in events if event.type == "passed_on"]
        for row in folded(events).state.get("parked_edits", ()):
            seen_waiting += 1
            edit = by_hash[row["event"]]
            apart = [one for one in passings if one.hash not in past[edit.hash] and edit.hash not in past[one.hash]]
            giving = [one for one in apart if edit.by not in (one.by, one.set["assignee"])]
            had_it = [one for one in giving if edit.by in holders(one, events, past)]
            assert had_it, f"SEED={seed}"
            assert not CASE_2.acts[edit.type].decides, f"SEED={seed}"
            assert edit.type not in ("withdrawn", "received"), f"SEED={seed}"
            for answer in events:
                if answer.type in ("parked_taken", "parked_left") and edit.hash in past[answer.hash]:
                    assert not any(one.hash in past[answer.hash] for one in had_it), f"SEED={seed}"
    assert seen_waiting > COUNT // 8


def holders(passing, events, past):
    """Whoever was named or had received the case in what the passing had seen: no fewer than the law says."""
    known = [one for one in events if one.hash in past[passing.hash]]
    return {one.by for one in known if one.type == "received"} | {one.set.get("assignee") for one in known}


def test_whoever_has_seen_everything_never_waits_and_changes_nothing_told_before():
    for seed, _, events in logs():
        before = folded(events)
        last = Writer("zeta", "centre").does("noted", [one.json for one in events], now=NOON + 10**10)
        after = folded([*events, read_event(last)])
        assert bytes_of(after) == bytes_of(before), f"SEED={seed}"
        again = Writer("vill", "village").does("corrected", [one.json for one in events], address="村口")
        state = folded([*events, read_event(again)]).state
        assert state["address"] == "村口", f"SEED={seed}"
        assert state.get("parked_edits") == before.state.get("parked_edits"), f"SEED={seed}"


def test_a_decision_is_never_undone_by_an_edit_that_comes_late():
    late_acts = [one for one in ACTS_2 if not CASE_2.acts[one[0]].decides and one[0] not in ("completed", "delivered")]
    held = 0
    for seed, chance, events in logs(BUSY):
        before = folded(events)
        if before.state["status"] not in DECIDED or any(one["field"] == "status" for one in before.disputes):
            continue
        held += 1
        past = pasts(events)
        for _ in range(4):
            last = chance.choice(events).hash
            known = [one.json for one in events if one.hash == last or one.hash in past[last]]
            for name, level, act, fields in (
                ("vill", "village", *chance.choice(late_acts)),
                ("late", "township", *chance.choice(late_acts)),
                ("town", "township", "passed_on", {"assignee": "acct:new"}),
            ):
                late = Writer(name + "q", level).does(act, known, now=NOON - 10**9, **fields)
                state = folded([*events, read_event(late)]).state
                # What is done once it is decided may move on or have to wait; the decision itself stands.
                assert state["status"] in DECIDED | moves_on(act, before.state["status"]), f"SEED={seed} {late}"
                if act != "passed_on" and last != events[-1].hash and not moves_on(act, before.state["status"]):
                    assert state["status"] == before.state["status"], f"SEED={seed} {late}"
    assert held > COUNT // 8


def moves_on(act, status):
    """Where the table itself leads from a decided case."""
    return {target for source, target in CASE_2.acts[act].moves.items() if source == status}


def test_the_earliest_believed_receipt_and_the_first_number_stand():
    for seed, _, events in logs():
        state = folded(events).state
        idle = {one["event"] for one in state.get("noted", ()) if one["why"] != "repeat"}
        receipts = [one for one in events if one.type == "received" and one.hash not in idle]
        believed = [one.set["received_at"] for one in receipts if one.clock != "doubtful"]
        every = [one.set["received_at"] for one in receipts]
        assert state["received_at"] == min(believed or every), f"SEED={seed}"
        past = pasts(events)
        numbers = [one for one in events if one.type == "numbered" and one.level == "centre"]
        causally_first = [one for one in numbers if not any(other.hash in past[one.hash] for other in numbers)]
        expected = min(causally_first, key=lambda one: one.key).set["case_number"] if numbers else None
        assert state.get("case_number") == expected, f"SEED={seed}"


def test_whatever_may_be_appended_has_effect_and_waits_for_nobody():
    for seed, chance in chances(60, SEED):
        stored, log = None, []
        for step in range(16):
            name, level = chance.choice(
                (("vill", "village"), ("town", "township"), ("coun", "county"), ("cent", "centre"))
            )
            act, fields = chance.choice(ACTS_2) if log else ("received", RECEIPT)
            event = Writer(name + "abcdefghijklmnop"[step], level).does(act, log, now=NOON + step * 1000, **fields)
            try:
                body = append(stored, event)
            except Refused:
                continue
            log.append(event)
            stored = Document("case:k3m7q-aaaqeayeaudaocaj", Branch(1, ("a" * 32,)), body)
            case = case_from_document(stored)
            assert event_hash(event) not in {one["event"] for one in case.noted}, f"SEED={seed}"
            assert (case.parked_edits, case.disputes) == ((), ()), f"SEED={seed}"
        assert len(log) > 1, f"SEED={seed}"


def test_whatever_does_not_count_says_what_became_of_it_and_nothing_else_does():
    told = Counter()
    for seed, _, events in logs((*BUSY, *ACTS_2)):
        body = folded_body(2, "case", events)
        case = case_from_document(Document(RECEIPT, Branch(1, ("a" * 32,)), body))
        became = effects(case)
        counted = {stage.event.hash for stage in course(2, "case", events)}
        assert became.keys() == {event.hash for event in events} - counted, f"SEED={seed}"
        assert {one for one, what in became.items() if what == WAITS} == {
            edit["event"] for edit in case.parked_edits
        }, f"SEED={seed}"
        told.update(became.values())
        last = events[-1]
        assert {event.hash for event in as_left_by(case, last.hash).events} == pasts(events)[last.hash] | {last.hash}
    assert {"idle", "repeat", "waits", "disputed"} <= told.keys(), told
