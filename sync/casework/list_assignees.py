"""Who has cases here, told apart: the account at its station, by the person's name and the station's.

Must not know: screens.
"""

from sync.casework.name_people import account_of, called, people_along
from sync.casework.name_stations import station_names
from sync.casework.narrow_cases import account_at
from sync.node.identity import Identity
from sync.node.node import Node
from sync.store.ledger.case_queue import given_cases
from sync.store.ledger.certificates import certificates_above
from sync.store.transaction import Reader
from sync.typed import Value

_MOST_ROWS = 2000  # of accounts and the stations whose cases they have


class Assignee(Value):
    """Somebody who has cases.

    wish   as a list is narrowed by him (`narrow_cases`);  name, what he is called;  station, the name of his
    """

    account: str
    sid: str
    name: str
    station: str

    @property
    def wish(self) -> str:
        """As a list is narrowed by him."""
        return account_at(self.account, self.sid)


def list_assignees(node: Node, *, sid: str = "") -> list[Assignee]:
    """Who has a case that is kept here, by station and name; those whose station nobody knows are left out.

    sid  of the cases of one station alone; "" for all
    """
    found, names = node.read(lambda reader: _found(reader, node.identity, sid)), station_names(node)
    listed = [Assignee(account, sid, name, names.get(sid, sid)) for (account, sid), name in found.items()]
    return sorted(listed, key=lambda one: (one.station, one.name, one.account))


def _found(reader: Reader, here: Identity, only: str) -> dict[tuple[str, str], str]:
    """{(account, its station): what the person is called}."""
    rows = given_cases(reader, sid=only, limit=_MOST_ROWS)
    roads = {sid: certificates_above(reader, sid) for sid in {sid for _given, _level, sid in rows}}
    people = people_along(reader, here.level, roads)
    nodes = {sid: {**{one.level: one.sid for one in road}, here.level: here.sid} for sid, road in roads.items()}
    return {
        (account_of(given), nodes[sid][level]): called(given, level, people[sid])
        for given, level, sid in rows
        if level in nodes[sid]
    }
