"""What stations bring appears in the centre's one list, and is signed for, without anybody asking."""

import time

from central.fan_in.following import following
from sync.custody.receipts import RECEIPT
from sync.node.lists.case_list import list_cases
from sync.node.sharing import home_databases
from sync.store.ledger.custody import statements_of
from sync.values.changes import START
from sync.values.documents import Document, Wanted
from tests.unit.central.stations import take_in
from tests.waiting import until


def deliver(station, node):
    """Documents arrive, and nobody tells the centre to look."""
    for name in home_databases([station.identity.sid]):
        source = station.documents.database(name)
        wanted = [Wanted(change.id, ()) for change in source.changes(START).results]
        node.documents.database(name).graft([one for one in source.read(wanted) if isinstance(one, Document)])


def listed(node):
    return {row.id for row in node.read(list_cases).rows}


def signed(node):
    return len(node.read(lambda reader: statements_of(reader, RECEIPT, [node.identity.writer])))


def test_what_arrives_is_listed_and_signed_for(node, enrolled):
    station = enrolled()
    case = take_in(station)
    with following(node):
        deliver(station, node)
        until(lambda: case in listed(node) and signed(node) == 1)


def test_what_arrived_while_nobody_followed_is_caught_up_with(node, enrolled):
    station = enrolled()
    cases = {take_in(station) for _ in range(3)}
    deliver(station, node)
    assert not listed(node)
    with following(node):
        until(lambda: cases <= listed(node))


def test_nothing_follows_any_more_once_it_ended(node, enrolled):
    station = enrolled()
    with following(node):
        pass
    take_in(station)
    deliver(station, node)
    time.sleep(0.1)
    assert not listed(node)
