"""A station signs what no station of ours writes: days at the ends of all calendars, values of shapes nobody foresaw.

It is a record all the same, and nothing that comes behind it waits.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from fixtures.catalogue import publish_county
from sync.node.acts import recording
from sync.node.acts.recording import Act, record
from sync.node.lists import tending
from sync.node.lists.case_list import list_cases
from sync.node.node import Node
from sync.records.clock import Quality, time_text
from sync.records.published import is_published
from sync.revisions.tree import Branch
from sync.store.transaction import Transaction
from sync.values.documents import Document, Wanted
from sync.values.json_text import dump
from tests.journeys.road import Road, status, take

TOLERATED: dict[str, Any] = {"tolerance_materials": ["身份证"]}


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        road = Road(tmp_path, stack)
        road.run()
        yield road


def sign(node: Node, tail: str, *steps: tuple[str, dict[str, Any]]) -> str:
    """A case as a station of another make writes it: nothing is listed, nothing is looked at."""
    doc_id = f"case:{node.identity.sid}-{tail}"
    first = {
        "receipt_number": tail,
        "received_at": time_text(node.clock()),
        "village_role": "直",
        "deciding_level": "village",
        "tolerable": True,
    }

    def work(tx: Transaction) -> None:
        for event_type, fields in (("received", first), *steps):
            act = Act(doc_id, event_type, fields, "acct:wang", node.clock(), Quality.CONFIRMED)
            record(tx, node.documents, node.identity, act)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(recording, "list_record", lambda *given, **more: None)
        node.write(work)
    return doc_id


@pytest.mark.parametrize(
    "steps",
    [
        [("supplement_asked", {"gaps": [], "supplement_due": "0001-01-01"})],
        [("tolerated", {**TOLERATED, "tolerance_due": "9999-12-31"})],
        [("tolerated", {**TOLERATED, "tolerance_due": "0001-01-01"})],
        [
            ("tolerated", {**TOLERATED, "tolerance_due": "2030-01-01"}),
            ("supplemented", {"materials": [{"name": {}}]}),
        ],
    ],
    ids=["supplement of year 1", "tolerance of year 9999", "tolerance of year 1", "a paper of no name"],
)
def test_a_case_with_days_and_papers_of_no_sense_delays_nobody(road: Road, steps: list[tuple[str, dict]]) -> None:
    odd = sign(road.village, "odd", *steps)
    innocent = take(road.village, "innocent")
    road.run()
    assert [status(node, odd) != "absent" for node in (road.township, road.centre)] == [True, True]
    assert status(road.centre, innocent) == "received"
    listed = {row.id for row in road.centre.read(lambda reader: list_cases(reader, limit=10)).rows}
    assert listed == {odd, innocent}


def test_a_record_that_cannot_be_listed_keeps_no_other_out_of_the_list(
    road: Road, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    odd, innocent = sign(road.village, "odd"), take(road.village, "innocent")
    index_record = tending.index_record

    def unforeseen(tx: Transaction, document: Document, *, now_ms: int) -> None:
        if document.id == odd:
            raise TypeError("unhashable type")
        index_record(tx, document, now_ms=now_ms)

    monkeypatch.setattr(tending, "index_record", unforeseen)
    road.run()
    assert {row.id for row in road.centre.read(lambda reader: list_cases(reader, limit=10)).rows} == {innocent}
    assert (status(road.centre, odd), status(road.centre, innocent)) == ("received", "received")
    assert f"{odd} cannot be listed" in caplog.text


def test_an_unsigned_entry_of_the_shelf_that_lacks_a_member_changes_nothing(road: Road) -> None:
    """A broken township serves the places of the county, and all else, with a member missing."""
    publish_county(road.centre)
    road.run()
    public = road.township.documents.database("public")
    entries = {one.id.partition(":")[0]: one for one in _documents(road.township) if is_published(one.id)}
    assert len(entries) == 4
    broken = [
        Document(one.id, Branch(1, (f"{number}{len(one.id):031x}",)), dump(_without(one, name)))
        for one in entries.values()
        for number, name in enumerate(one.fields())
    ]
    assert all(outcome.error is None for outcome in public.graft(broken))
    before = road.village.catalogue.items().keys()
    for _ in range(2):
        road.village_up.run()
    assert road.village.catalogue.items().keys() == before
    assert road.village.catalogue.calendar().years
    doc_id = take(road.village, "goes-on")
    road.run()
    assert status(road.centre, doc_id) == "received"


def _documents(node: Node) -> list[Document]:
    public = node.documents.database("public")
    ids = [Wanted(change.id) for change in public.changes("0").results]
    return [one for one in public.read(ids) if isinstance(one, Document)]


def _without(document: Document, name: str) -> dict[str, Any]:
    return {member: value for member, value in document.fields().items() if member != name}
