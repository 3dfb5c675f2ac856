"""No case without owner: whatever its state, whoever was given it, somebody who works finds it in his to-do."""

from collections.abc import Callable
from itertools import product

import pytest

from sync.casework.count_due import count_to_do
from sync.casework.narrow_cases import HERE, MINE, NO_ONE, Wish, narrow_cases
from sync.node.lists.case_index import COLUMNS
from sync.node.lists.case_list import list_cases as listed
from sync.node.node import Node
from sync.records.case_table_2 import CASE_2
from sync.records.case_turn import turn_of
from sync.records.events import LEVELS
from sync.records.states import CONTEXT_FIELDS
from sync.store.ledger.accounts import Account, add_account
from sync.store.transaction import Transaction
from sync.web.roles import Role
from tests.homes import Address

ROLES = ("直", "受", "代")
CONTEXTS = [
    dict(zip(CONTEXT_FIELDS, (role, level, spot, False, False), strict=True)) | more
    for role, level, spot in product(ROLES, LEVELS, (False, True))
    for more in ({}, {"forwarded_to": "county"})
]
# Who has it: nobody, somebody who works at a level, somebody who does so no more.
PEOPLE = ("acct:wang", "acct:li", "acct:gone")
DESKS = [("", ""), ("acct:wang", ""), *product(PEOPLE, ("village", "township", "centre"))]


@pytest.fixture
def address(in_files: Address) -> Address:
    return in_files


@pytest.fixture
def nodes(make_node: Callable[..., Node]) -> list[Node]:
    made = [make_node("k3m7q"), make_node("t0wn1", "990281101000"), make_node("centre", centre=True)]
    for node in made:

        def employ(tx: Transaction) -> None:
            for name in ("wang", "li", "gone"):
                add_account(tx, Account(name, name, Role.AGENT, "", disabled=name == "gone"))

        node.engine.write(employ)
    return made


def test_every_case_that_is_somebodys_turn_is_somebodys_to_do(nodes: list[Node]) -> None:
    told = {}
    cases = product(CASE_2.states, CONTEXTS, DESKS, (False, True))
    for number, (status, fields, (assignee, level), is_given_back) in enumerate(cases):
        turn = turn_of(status, fields, assigned_at=level, is_given_back=is_given_back)
        if turn:
            told[f"case:k3m7q-n{number}"] = (status, assignee, level, turn)
    names = COLUMNS.split(", ")

    def fill(tx: Transaction) -> None:
        for doc_id, (status, assignee, level, turn) in told.items():
            row = dict.fromkeys(names, "") | {"id": doc_id, "sid": "k3m7q", "due": None}
            row |= dict.fromkeys(("photos", "disputes", "parked"), 0)
            row |= {"status": status, "assignee": assignee, "assigned_at": level, "turn": turn}
            tx.execute(f"INSERT INTO cases ({COLUMNS}) VALUES ({', '.join('?' * len(names))})", tuple(row.values()))

    found: dict[str, int] = dict.fromkeys(told, 0)
    for node in nodes:
        node.engine.write(fill)
        for person in ("acct:wang", "acct:li"):
            mine = ids(node, Wish(turn=HERE, assignee=MINE), person)
            if node.identity.level != "centre":  # it works for the county, too, and has no such figures
                assert sum(count_to_do(node, by=person).values()) == len(mine)
            for doc_id in mine:
                found[doc_id] += 1
        free = ids(node, Wish(turn=HERE, assignee=NO_ONE), "acct:wang")
        for doc_id in free:
            _status, assignee, level, _turn = told[doc_id]
            assert assignee in ("", "acct:gone") or level not in ("", node.identity.level)
    lost = [told[doc_id] for doc_id, times in found.items() if not times]
    assert not lost, lost[:5]


def ids(node: Node, wish: Wish, person: str) -> list[str]:
    narrow, found, cursor = narrow_cases(node, wish, by=person), [], ""
    while True:
        page = node.read(lambda reader, at=cursor: listed(reader, narrow, cursor=at, limit=200))
        found += [row.id for row in page.rows]
        cursor = page.next
        if not cursor:
            return found


@pytest.mark.parametrize(
    ("status", "fields", "assigned_at", "turn"),
    [
        ("received", {"village_role": "受", "deciding_level": "county"}, "township", "township"),
        ("received", {"village_role": "代", "deciding_level": "county"}, "village", "township"),
        ("in_review", {"village_role": "受", "deciding_level": "county"}, "centre", "centre"),
        ("supplement", {"village_role": "受", "deciding_level": "county"}, "township", "village"),
        ("completed", {"village_role": "受", "deciding_level": "county"}, "township", "village"),
        ("withdrawn", {"village_role": "受", "deciding_level": "county"}, "township", ""),
    ],
)
def test_whoever_above_was_given_a_case_has_the_turn_but_where_the_citizen_comes_to_the_station(
    status: str, fields: dict[str, object], assigned_at: str, turn: str
) -> None:
    assert turn_of(status, fields, assigned_at=assigned_at) == turn
