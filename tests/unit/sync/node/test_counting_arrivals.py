"""How many cases have arrived, counted for all at once, is never more than what each case's own custody says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.casework.count_arrived import count_arrived
from sync.casework.trace_custody import trace_custody
from sync.custody.receipts import DURABLE, Holding, Receipt, make_receipt
from sync.node.acts.recording import Act, record
from sync.node.identity import describe, take_sid
from sync.node.node import Node
from sync.node.sharing import ensure_homes
from sync.node.vouching.holding import account_for
from sync.records.clock import Quality, time_text
from sync.store.ledger.numbers import assign_device
from sync.store.ledger.writers import held_hash, own_position
from sync.store.transaction import Transaction
from sync.trust.keys import load
from tests.unit.sync.node.county import centre_certificate, certificate, certificate_of_key, give

TOWNSHIP = load(bytes([7] * 32))
# Which case each of the station's events belongs to: most are returned to later.
STORY = ("a", "b", "a", "c", "d", "b", "e", "a", "f", "d")


def told(tx: Transaction) -> None:
    describe(tx, name="石桥村", region="990281101201", upstream="http://127.0.0.1:1")
    take_sid(tx, "k3m7q")
    assign_device(tx, "01")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with Node.found(tmp_path / "village", told) as node:
        ensure_homes(node, "k3m7q")
        above = certificate_of_key(TOWNSHIP, "t0wn1", "centre", level="township")
        give(node, centre_certificate(), above, certificate(node, "t0wn1"))
        for number, name in enumerate(STORY):
            done = STORY[:number].count(name)
            fields = {
                "receipt_number": name,
                "received_at": time_text(node.clock()),
                "item_name": "高龄津贴",
                "village_role": "受",
                "deciding_level": "county",
            }
            act = Act(
                f"case:k3m7q-{name}",
                ("received", "accepted", "withdrawn")[done],
                {} if done else fields,
                "acct:wang",
                node.clock(),
                Quality.CONFIRMED,
            )
            node.write(lambda tx, act=act: record(tx, node.documents, node.identity, act))
        account_for(node, ["k3m7q"])
        yield node


def sign(node: Node, issue: int, counter: int, gaps: tuple[tuple[int, int], ...]) -> None:
    """The township says what it holds of the village's events."""
    position = node.read(own_position)
    writer = node.identity.writer
    head = node.read(lambda reader: held_hash(reader, writer, position.life, counter))
    holds = (Holding(writer, position.life, counter, head, gaps),) if head else ()
    said = Receipt(TOWNSHIP.writer, "f" * 16, 1, issue, "k3m7q", DURABLE, time_text(node.clock()), holds)
    give(node, make_receipt(TOWNSHIP, said))


def by_case(node: Node) -> int:
    """How many cases the township holds, asked of each."""
    hops = [trace_custody(node, f"case:k3m7q-{name}")["hops"][1] for name in sorted(set(STORY))]
    return sum(hop["state"] != "none" for hop in hops)


def counted(node: Node) -> int:
    return next(hop["cases"] for hop in count_arrived(node) if hop["level"] == "township")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counter=st.integers(0, len(STORY)), gap=st.tuples(st.integers(1, 9), st.integers(0, 3)))
def test_the_count_is_that_of_the_cases_and_behind_a_gap_it_is_never_more(
    node: Node, counter: int, gap: tuple[int, int]
) -> None:
    issue = getattr(node, "issues", 0) + 1
    node.issues = issue + 1  # type: ignore[attr-defined]
    sign(node, issue, counter, ())
    assert counted(node) == by_case(node)
    first, last = gap[0], gap[0] + gap[1]
    if last < counter:
        sign(node, issue + 1, counter, ((first, last),))
        assert counted(node) <= by_case(node)
