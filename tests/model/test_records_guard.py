"""What honest nodes write passes the guard; the same with anything changed in it does not.

The histories are those of the convergence model. A forger is given every advantage: he folds the
state anew, lists events in their order, and may re-link the whole log behind what he changed.
"""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sync.errors import SyncError
from sync.records.events import event_hash, heads, new_event, read_event
from sync.records.fold import LAWS
from sync.records.guard import Accept, Offerer, SetAside, Standing, judge
from sync.records.log import folded_body
from sync.revisions.tree import Branch
from sync.values.documents import Document
from sync.values.json_text import dump, parse_object
from tests.model.story import Writer
from tests.model.test_records_converge import CASE, SKEWS, USUAL, World, steps

HOME = "station_k3m7q"
BRIEFLY = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def honest_case(skews, history):
    """The world after a history, and a copy of the case in it."""
    world = World([LAWS] * 3, skews)
    for step in history:
        world.step(*step)
    return world, world.nodes[0].live(CASE)[0]


def standing(world):
    return {w.name: Standing("k3m7q" if w.level == "village" else "other", w.level) for w in world.writers}


def offered_on(stored, events):
    """A document on top of the stored one with these events, folded as it ought to be; None when they have a hole."""
    try:
        body = folded_body(1, "case", map(read_event, events))
    except SyncError:
        return None
    return Document(CASE, Branch(stored.path.generation + 1, ("f" * 32, *stored.path.digests)), body)


def verdict(world, stored, offered, *, database=HOME, writers=None):
    offerer = Offerer("x", standing(world) if writers is None else writers)
    return judge(stored, offered, offerer, database=database)


def relinked(events, place, changed):
    """The log with one event replaced and everything behind it made to follow: the best a forger can do."""
    renamed, log = {}, []
    for at, event in enumerate(events):
        copy = dict(changed if at == place else event)
        copy["seen"] = sorted(renamed.get(one, one) for one in copy["seen"])
        copy["previous"] = renamed.get(copy["previous"], copy["previous"])
        renamed[event_hash(event)] = event_hash(copy)
        log.append(copy)
    return log


HISTORY = (SKEWS, steps(*USUAL))
PLACE = st.integers(0, 100)


@BRIEFLY
@given(*HISTORY)
def test_every_leaf_an_honest_node_holds_passes_a_guard_that_holds_nothing(skews, history):
    world, _ = honest_case(skews, history)
    for node in world.nodes:
        for leaf in node.live(CASE):
            assert verdict(world, [], leaf) == Accept()


@BRIEFLY
@given(*HISTORY, PLACE)
def test_a_log_with_an_event_less_is_refused(skews, history, place):
    world, stored = honest_case(skews, history)
    events = parse_object(stored.body)["events"]
    assume(len(events) > 1)
    del events[place % len(events)]
    offered = offered_on(stored, events)
    assert offered is None or isinstance(verdict(world, [stored], offered), SetAside)


CHANGES = st.sampled_from(
    (
        ("by", "acct:other"),
        ("note", "改过"),
        ("at", "2020-01-01T00:00:00+08:00"),
        ("clock", "confirmed"),
        ("order", "0" * 16),
        ("set", {"phone": "000", "received_at": "2001-01-01T00:00:00+08:00"}),
        ("type", "noted"),
        ("life", "0" * 16),
        ("number", 77),
    )
)


@BRIEFLY
@given(*HISTORY, PLACE, CHANGES, st.booleans())
def test_a_log_with_an_event_changed_is_refused_even_when_all_behind_it_is_made_to_fit(
    skews, history, place, change, links
):
    world, stored = honest_case(skews, history)
    events = parse_object(stored.body)["events"]
    place %= len(events)
    changed = {**events[place], change[0]: change[1]}
    assume(event_hash(changed) != event_hash(events[place]))
    try:
        forged = relinked(events, place, changed) if links else [*events[:place], changed, *events[place + 1 :]]
        offered = offered_on(stored, forged)
    except SyncError:
        return
    assert offered is None or isinstance(verdict(world, [stored], offered), SetAside)


def with_one_more(world, stored, writer, act="noted", **changes):
    events = parse_object(stored.body)["events"]
    event = writer.does(act, events)
    return offered_on(stored, [*events, {**event, **changes}])


@BRIEFLY
@given(*HISTORY)
def test_one_more_event_passes_and_a_strangers_does_not(skews, history):
    world, stored = honest_case(skews, history)
    honest = next(w for w in world.writers if w.name == world.writers[0].name)
    assert verdict(world, [stored], with_one_more(world, stored, honest)) == Accept()
    stranger = with_one_more(world, stored, Writer("zz"))
    assert isinstance(verdict(world, [stored], stranger), SetAside)


@BRIEFLY
@given(*HISTORY)
def test_a_village_that_acts_above_its_level_is_refused_however_it_calls_itself(skews, history):
    world, stored = honest_case(skews, history)
    events = parse_object(stored.body)["events"]
    village = world.writers[0]
    for act, level in (("approved", "village"), ("approved", "county"), ("noted", "centre"), ("denied", "township")):
        event = new_event(
            act,
            {},
            writer=village.name,
            life=village.life,
            number=village.number + 1,
            previous=village.previous,
            seen=heads(map(read_event, events)),
            order="f" * 16,
            at="2025-09-26T15:04:05+08:00",
            clock="heard",
            by="acct:x",
            level=level,
        )
        assert isinstance(verdict(world, [stored], offered_on(stored, [*events, event.json])), SetAside)


@BRIEFLY
@given(*HISTORY, st.sampled_from(("station_other", "blobs_k3m7q", "voice_k3m7q", "public", "staff_k3m7q", "x")))
def test_a_lawful_case_in_the_wrong_database_is_refused(skews, history, database):
    world, leaf = honest_case(skews, history)
    assert isinstance(verdict(world, [], leaf, database=database), SetAside)


@BRIEFLY
@given(*HISTORY, st.sampled_from(("state", "event", "body")))
def test_a_float_is_refused_wherever_it_hides(skews, history, where):
    world, leaf = honest_case(skews, history)
    body = parse_object(leaf.body)
    if where == "state":
        body["state"]["received_at"] = 1.0
    elif where == "event":
        body["events"][-1]["number"] = float(body["events"][-1]["number"])
    else:
        body["fold"] = 1.0
    assert isinstance(verdict(world, [], Document(CASE, leaf.path, dump(body))), SetAside)


@BRIEFLY
@given(*HISTORY)
def test_a_record_is_never_buried_whole(skews, history):
    world, leaf = honest_case(skews, history)
    path = Branch(leaf.path.generation + 1, ("e" * 32, *leaf.path.digests), True)
    assert isinstance(verdict(world, [leaf], Document(CASE, path)), SetAside)
