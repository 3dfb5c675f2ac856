"""Copies of a case folded by the first law at one node and by the second at another meet, and become one.

The convergence model with the words of both laws: guard, merge and documents, not the fold alone.
"""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.records.fold import LAWS
from sync.records.guard import Accept, Offerer, Standing, judge
from sync.values.json_text import parse_object
from tests.model.test_records_converge import CASE, PLAIN_ACTS, SKEWS, World, check, steps
from tests.model.test_records_second_law import ACTS_2

ACTS = (*PLAIN_ACTS, *(one for one in ACTS_2 if one[0] != "received"))
KINDS = ("anything", "anything", "anything", "exchange", "cut", "merge")


class WiderWorld(World):
    """A world whose people know the words of the second law."""

    def step(self, kind, one, other, dice):
        if kind == "anything":
            self.write(one % len(self.nodes), *ACTS[dice % len(ACTS)])
        else:
            super().step(kind, one, other, dice)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(3, 4), SKEWS, steps(*KINDS))
def test_copies_of_both_laws_become_one_and_pass_every_guard(nodes, skews, history):
    world = WiderWorld([LAWS] * nodes, skews)
    for step in history:
        world.step(*step)
    world.quiet()
    check(world)
    writers = {w.name: Standing("k3m7q" if w.level == "village" else "other", w.level) for w in world.writers}
    (leaf,) = world.nodes[0].live(CASE)
    assert judge([], leaf, Offerer("x", writers), database="station_k3m7q") == Accept()


def test_a_field_that_was_lawful_under_the_first_law_does_not_bar_the_merged_case_from_a_guard():
    world = WiderWorld([LAWS] * 2, [0] * 5)
    world.writers[1].level = "centre"
    world.write(0, "corrected", {"parked_edits": "说明", "case_number": "7"})
    world.write(1, "numbered", {"case_number": "11150624999900011T4150511001000202507310001"})
    assert [parse_object(node.live(CASE)[0].body)["fold"] for node in world.nodes] == [1, 2]
    world.quiet()
    (leaf,) = world.nodes[0].live(CASE)
    state = parse_object(leaf.body)["state"]
    assert state["case_number"].endswith("0001")
    assert "parked_edits" not in state
    assert judge([], leaf, Offerer("above", None, above=True), database="station_k3m7q") == Accept()
