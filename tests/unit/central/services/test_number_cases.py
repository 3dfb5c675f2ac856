"""办件编号: given once by the centre, and never twice."""

import pytest

from central.services.number_cases import number_cases
from fixtures.catalogue import publish_county
from fixtures.county import county
from sync.casework.locate_case import locate_case
from sync.node.acts.current import current
from sync.node.lists.case_index import unnumbered_items
from sync.records.case_number import is_case_number
from sync.records.log import record_from_document
from sync.store.ledger.lives import begin_life_here
from tests.unit.central.stations import carry, take_in

_DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def station(node, enrolled):
    publish_county(node)
    return enrolled()


def number_of(node, doc_id):
    return record_from_document(node.read(lambda reader: current(reader, node.documents, doc_id))).fields.get(
        "case_number", ""
    )


def arrived(station, node):
    item = county().items[0]
    doc_id = take_in(station, item=item.code, item_version=item.version)
    carry(station, node)
    return doc_id


def test_a_case_that_arrived_gets_a_number_made_of_its_item_the_day_and_a_serial(station, node):
    first, second = arrived(station, node), arrived(station, node)
    assert number_cases(node) == 2
    numbers = [number_of(node, one) for one in (first, second)]
    assert all(is_case_number(one) for one in numbers)
    assert sorted(one[-4:] for one in numbers) == ["0001", "0002"]
    assert {one[:31] for one in numbers} == {county().items[0].task_code}
    assert number_cases(node) == 0
    assert node.read(unnumbered_items) == ()
    assert locate_case(node, numbers[0])["id"] == first


def test_a_restored_centre_gives_no_number_of_a_day_it_may_have_given_before(station, node, clock):
    arrived(station, node)
    node.rewrite_identity(lambda tx: begin_life_here(tx, "restore", now_ms=clock()))
    assert number_cases(node) == 0
    clock.now_ms += _DAY_MS
    assert number_cases(node) == 1


def test_a_case_whose_item_has_no_task_code_keeps_its_receipt_number_alone(station, node):
    doc_id = take_in(station, item="elsewhere", item_version=1)
    carry(station, node)
    assert number_cases(node) == 0
    assert number_of(node, doc_id) == ""
