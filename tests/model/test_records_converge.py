"""Copies of a case at several nodes, written to, exchanged in part and merged at random, then left in quiet.

Whatever happened: one live leaf with equal bytes everywhere and every event in it, or, where somebody
uses words no node knows, leaves that stand untouched; the guard lets all of it pass; and when it is
quiet no new revision appears.
"""

from copy import copy
from itertools import permutations
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.errors import Refused
from sync.records.case_table_2 import CASE_2
from sync.records.events import event_hash, read_event
from sync.records.fold import LAWS, not_understood
from sync.records.guard import Offerer
from sync.records.log import case_from_document, folded_body
from sync.records.states import Act, Who
from sync.typed import replace
from sync.values.json_text import canonical, parse_object
from tests.model.replica import Replica, carry, merge_all
from tests.model.story import NOON, RECEIPT, Writer, append

DAY = 86_400_000
CASE = "case:k3m7q-aaaqeayeaudaocaj"
INSPECTED = Act("inspected", "踏勘", Who.ANYONE, MappingProxyType({}))
CASE_3 = replace(CASE_2, acts=MappingProxyType({**CASE_2.acts, "inspected": INSPECTED}))
NEWER_LAWS = MappingProxyType({**LAWS, 3: MappingProxyType({"case": CASE_3})})
FUTURE = Act("foreseen", "预知", Who.ANYONE, MappingProxyType({}))
FUTURE_LAWS = MappingProxyType(
    {
        **NEWER_LAWS,
        4: MappingProxyType({"case": replace(CASE_3, acts=MappingProxyType({**CASE_3.acts, "foreseen": FUTURE}))}),
    }
)

PLAIN_ACTS = (
    ("accepted", {}),
    ("review_started", {}),
    ("supplement_asked", {}),
    ("supplemented", {"material:户口簿": "复印件"}),
    ("approved", {"result": "准予"}),
    ("denied", {}),
    ("withdrawn", {}),
    ("returned", {}),
    ("rejected", {}),
    ("completed", {}),
    ("corrected", {"phone": "13800000001"}),
    ("corrected", {"phone": "13800000002"}),
    ("verified", {"phone": "13800000003"}),
    ("reassigned", {"assignee": "acct:a"}),
    ("reassigned", {"assignee": "acct:b"}),
    ("noted", {}),
    ("settled", {"phone": "13800000004"}),
)
NAMES = ("va", "vb", "ta", "ca", "cb")
LEVELS = ("village", "village", "township", "county", "centre")
ANYONE = Offerer("a node above", None, above=True)


class World:
    """Nodes that each hold a copy of one case, a writer at each, and all that was ever written."""

    def __init__(self, laws, skews):
        self.laws = laws
        self.nodes = [Replica("station_k3m7q") for _ in laws]
        self.writers = [
            Writer(name, level, skew_ms=skew * DAY // 4, clock="doubtful" if abs(skew) > 8 else "heard")
            for name, level, skew in zip(NAMES, LEVELS, skews, strict=False)
        ]
        self.written = {}
        self.write(0, "received", RECEIPT)
        for node in range(1, len(laws)):
            self.exchange(0, node)

    def write(self, at, act, fields, *, laws=None):
        """One user's action at one node, on the winner it sees; nothing when its state forbids the action."""
        winner = (self.nodes[at].live(CASE) or [None])[0]
        seen = [] if winner is None else parse_object(winner.body)["events"]
        writer = copy(self.writers[at])
        event = writer.does(act, seen, now=NOON + 1000 * len(self.written), **fields)
        try:
            body = append(winner, event, laws=laws or self.laws[at])
        except Refused:
            return
        self.writers[at] = writer
        self.written[event_hash(event)] = event
        self.nodes[at].write_child(CASE, winner, f"{len(self.written):032x}", body)

    def exchange(self, source, target, pick=None):
        carry(self.nodes[source], self.nodes[target], [CASE], offerer=ANYONE, laws=self.laws[target], pick=pick)

    def merge(self, at):
        merge_all(self.nodes[at], [CASE], self.laws[at])

    def step(self, kind, one, other, dice):
        nodes = len(self.nodes)
        if kind == "write":
            self.write(one % nodes, *PLAIN_ACTS[dice % len(PLAIN_ACTS)])
        elif kind == "exchange":
            self.exchange(one % nodes, other % nodes)
        elif kind == "cut":
            self.exchange(one % nodes, other % nodes, pick=lambda missing: missing[dice % 2 :: 2])
        elif kind == "merge":
            self.merge(one % nodes)
        else:
            self.write(one % nodes, kind, {}, laws=FUTURE_LAWS)

    def quiet(self):
        """Exchange and merge until nothing moves any more."""
        for _ in range(40):
            before = [node.writes for node in self.nodes]
            for one in range(len(self.nodes)):
                for other in range(len(self.nodes)):
                    if one != other:
                        self.exchange(one, other)
                self.merge(one)
            if before == [node.writes for node in self.nodes]:
                return
        raise AssertionError("the nodes never come to rest")


def check(world):
    """What must hold after quiet."""
    live = world.nodes[0].live(CASE)
    held = {(leaf.revision, leaf.body) for leaf in live}
    for node in world.nodes:
        assert {(leaf.revision, leaf.body) for leaf in node.live(CASE)} == held
        assert all("bury" in reason for reason in node.refused.values())
    events = {event_hash(event) for leaf in live for event in parse_object(leaf.body)["events"]}
    assert events == set(world.written)
    version = max(parse_object(leaf.body)["fold"] for leaf in live)
    types = [event["type"] for event in world.written.values()]
    if any(not not_understood(version, "case", types, laws) for laws in world.laws):
        (leaf,) = live
        assert leaf.body == canonical(parse_object(leaf.body))
        every = [read_event(event) for event in world.written.values()]
        assert leaf.body == folded_body(version, "case", every, NEWER_LAWS)
    before = [dict(node.trees) for node in world.nodes]
    for one in reversed(range(len(world.nodes))):
        for other in range(len(world.nodes)):
            world.exchange(one, other)
            world.merge(other)
    assert [node.trees for node in world.nodes] == before


def steps(*kinds, most=22):
    """Histories: writing is frequent, exchanging partial, merging rare enough for conflicts to pile up."""
    one = st.tuples(st.sampled_from(kinds), st.integers(0, 4), st.integers(0, 4), st.integers(0, 50))
    return st.lists(one, min_size=4, max_size=most)


SKEWS = st.lists(st.integers(-12, 12), min_size=5, max_size=5)  # quarters of a day
USUAL = ("write", "write", "write", "exchange", "cut", "merge")
QUIETLY = [HealthCheck.too_slow]


@settings(max_examples=450, suppress_health_check=QUIETLY)
@given(st.integers(3, 4), SKEWS, steps(*USUAL))
def test_copies_that_were_merged_anywhere_become_one_and_stay_one(nodes, skews, history):
    world = World([LAWS] * nodes, skews)
    for step in history:
        world.step(*step)
    world.quiet()
    check(world)


@settings(max_examples=250, suppress_health_check=QUIETLY)
@given(st.lists(st.booleans(), min_size=3, max_size=4), SKEWS, steps(*USUAL, "inspected"))
def test_nodes_of_different_versions_come_to_rest_and_whoever_knows_the_words_merges(newer, skews, history):
    world = World([NEWER_LAWS if one else LAWS for one in newer], skews)
    for step in history:
        world.step(*step)
    world.quiet()
    check(world)


@settings(max_examples=200, suppress_health_check=QUIETLY)
@given(st.integers(3, 4), SKEWS, steps(*USUAL, "foreseen"))
def test_words_nobody_knows_leave_the_leaves_standing_byte_for_byte(nodes, skews, history):
    world = World([NEWER_LAWS] * nodes, skews)
    for step in history:
        world.step(*step)
    world.quiet()
    check(world)


def test_a_burial_that_overtook_its_merge_is_taken_where_nobody_can_merge():
    world = World([LAWS, NEWER_LAWS, LAWS], [0] * 5)
    world.write(0, "accepted", {})
    world.write(1, "inspected", {}, laws=NEWER_LAWS)
    world.exchange(0, 1)
    world.merge(1)
    world.exchange(1, 0, pick=lambda missing: [leaf for leaf in missing if leaf.deleted])
    assert list(world.nodes[0].refused.values()) != []
    world.quiet()
    check(world)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_leaves_that_each_node_knows_only_two_of_become_one(order):
    world = World([LAWS] * 3, [0] * 5)
    for at in range(3):
        world.write(at, "corrected", {"phone": str(at)})
    alone = [node.live(CASE)[0] for node in world.nodes]
    for at in range(3):
        world.nodes[at].graft([alone[(at + 1) % 3]])
    for at in order:
        world.merge(at)
    world.quiet()
    check(world)
    (leaf,) = world.nodes[0].live(CASE)
    (dispute,) = case_from_document(leaf).disputes
    assert {row["value"] for row in dispute["values"]} == {"0", "1", "2"}


def test_two_nodes_that_merge_the_same_leaves_write_the_same_document():
    world = World([LAWS] * 3, [0] * 5)
    world.write(0, "corrected", {"phone": "1"})
    world.write(1, "accepted", {})
    for source, target in ((0, 1), (1, 0)):
        world.exchange(source, target)
    assert len(world.nodes[0].live(CASE)) == 2
    world.merge(0)
    world.merge(1)
    assert world.nodes[0].leaves(CASE) == world.nodes[1].leaves(CASE)
    assert len(world.nodes[0].live(CASE)) == 1
