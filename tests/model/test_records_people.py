"""Random people do random things to copies of one record of a person; what must hold whatever happened.

`SEED=… pytest tests/model/test_records_people.py` repeats a run that failed from the seed it printed.
"""

from sync.records.events import event_hash, read_event
from sync.records.fold import course, fold
from sync.records.log import folded_body, form_problem
from sync.records.person_table import PERSON_2
from sync.values.json_text import dump_sorted, parse_object
from tests.model.histories import SEED, chances
from tests.model.story import NOON, Writer

OTHERS = tuple(f"person:k3m7q-{letter * 16}" for letter in "abc")
TOLD = {"name": "测试人", "cert_kind": "id_card", "cert_number": "990281193707202610"}
ACTS = (
    *(("corrected", {"phone": number}) for number in ("1", "2")),
    *(("verified", {"phone": number}) for number in ("3", "4")),
    *(("corrected", {"bank_account": number * 16}) for number in "12"),
    *(("verified", {"bank_account": number * 16}) for number in "34"),
    *(("related", {f"relation:{other}": {"kind": "child"}}) for other in OTHERS),
    *(("unrelated", {f"relation:{other}": None}) for other in OTHERS),
    *(("consented", {f"consent:{kind}": {"by": "oral"}}) for kind in ("processing", "errand:QX-1")),
    ("consent_withdrawn", {"consent:processing": {"withdrawn_at": "2025-09-26T15:04:05+08:00"}}),
    *(("joined_household", {"household": letter * 16, "household_role": "child"}) for letter in "ab"),
    ("left_household", {"household": "", "household_role": ""}),
    *(("merged", {"merged_into": other}) for other in OTHERS),
    ("reinstated", {"merged_into": ""}),
    *((act, {}) for act in ("moved", "died", "voided", "noted", "reinstated")),
)
COUNT = 60
HOUR = 3_600_000


def logs():
    """(seed, chance, events) of people written to on three copies that meet now and then."""
    for seed, chance in chances(COUNT, SEED):
        writers = [
            Writer(name, skew_ms=chance.randrange(-30, 30) * HOUR, clock=chance.choice(("heard", "doubtful")))
            for name in ("village", "phone", "township")
        ]
        first = writers[0].does("registered", **TOLD)
        held = [{event_hash(first): first} for _ in range(3)]
        log = [first]
        for step in range(16):
            at = chance.randrange(3)
            if chance.random() < 0.3:
                held[at].update(held[chance.randrange(3)])
                continue
            act, fields = chance.choice(ACTS)
            event = chance.choice(writers).does(act, list(held[at].values()), now=NOON + step * HOUR, **fields)
            held[at][event_hash(event)] = event
            log.append(event)
        yield seed, chance, [read_event(event) for event in log]


def test_nothing_that_was_written_is_lost_and_the_machine_keeps_to_its_table():
    for seed, _, events in logs():
        body = parse_object(folded_body(2, "person", events))
        assert {event_hash(one) for one in body["events"]} == {event.hash for event in events}, f"SEED={seed}"
        assert body["state"]["status"] in PERSON_2.states, f"SEED={seed}"
        assert all(stage.status in PERSON_2.states for stage in course(2, "person", events)), f"SEED={seed}"
        assert not any(form_problem(PERSON_2, event) for event in events), f"SEED={seed}"


def test_copies_that_arrive_in_any_order_fold_alike():
    for seed, chance, events in logs():
        whole = dump_sorted([fold(2, "person", events).state, fold(2, "person", events).disputes])
        for _ in range(3):
            chance.shuffle(events)
            again = fold(2, "person", events)
            assert dump_sorted([again.state, again.disputes]) == whole, f"SEED={seed}"


def test_two_values_of_one_field_that_nobody_ordered_are_shown_or_disputed_never_dropped():
    """Told slowly: the last values of a field are those that nobody who set it later had seen."""
    disputed = 0
    for seed, _, events in logs():
        result = fold(2, "person", events)
        counted = {stage.event.hash for stage in course(2, "person", events)}
        repeated = {one["event"] for one in result.state.get("noted", ()) if one["why"] == "repeat"}
        past = {}
        for event in events:
            past[event.hash] = set(event.seen).union(*(past[one] for one in event.seen))
        for field in ("household", "merged_into", "bank_account", f"relation:{OTHERS[0]}", "consent:processing"):
            setting = [e for e in events if field in e.set and e.hash in counted | repeated]
            last = [e for e in setting if not any(e.hash in past[later.hash] for later in setting)]
            values = {dump_sorted(e.set[field]) for e in last}
            if not values:
                assert field not in result.state, f"SEED={seed}"
                continue
            assert dump_sorted(result.state[field]) in values, f"SEED={seed}"
            verified = [e for e in last if e.type == "verified" and e.clock != "doubtful"]
            if len(values) > 1 and not verified:
                (dispute,) = [one for one in result.disputes if one["field"] == field]
                assert {dump_sorted(one["value"]) for one in dispute["values"]} == values, f"SEED={seed}"
                disputed += 1
    assert disputed > COUNT // 4


def test_whoever_died_or_was_merged_is_not_brought_back_by_what_others_wrote_unseen():
    for seed, _, events in logs():
        back = [event for event in events if event.type in ("reinstated", "voided")]
        for act, status in (("merged", ("merged",)), ("died", ("deceased", "merged"))):
            if any(event.type == act for event in events) and not back:
                assert fold(2, "person", events).state["status"] in status, f"SEED={seed}"
