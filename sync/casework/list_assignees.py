"""Who has cases here, told apart: the account at its station, by the person's name and the station's.

Must not know: screens.
"""

from sync.casework.name_people import account_of, called, people_on_roads
from sync.casework.name_stations import station_names
from sync.casework.narrow_cases import account_at
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


def list_assignees(node: Node) -> list[Assignee]:
    """Who has a case that is kept here, by station and name; those whose station nobody knows are left out."""
    rows = node.read(lambda reader: given_cases(reader, limit=_MOST_ROWS))
    people = people_on_roads(node, {sid for _given, _level, sid in rows})
    roads = node.read(lambda reader: {sid: _road(reader, node, sid) for sid in people})
    names = station_names(node)
    found = {
        (account_of(given), roads[sid][level]): called(given, level, people[sid])
        for given, level, sid in rows
        if level in roads[sid]
    }
    listed = [Assignee(account, sid, name, names.get(sid, sid)) for (account, sid), name in found.items()]
    return sorted(listed, key=lambda one: (one.station, one.name, one.account))


def _road(reader: Reader, node: Node, sid: str) -> dict[str, str]:
    """{level: sid} of a station and those above it, this node among them."""
    above = {one.level: one.sid for one in certificates_above(reader, sid)}
    return {**above, node.identity.level: node.identity.sid}
