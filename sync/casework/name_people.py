"""What those are called who did something to a record, as far as this node knows.

An event names its account, which stays; what the person behind it is called says the node where that account is, in
its roster: village and township may each have a `zhang`. On the road of one record there is one station of each level,
so a name is looked up by the level the event was written at; whoever is on no roster that came here is told by the
account. Who signs in at this node is called as its accounts say, which its roster may not have said yet.

Must not know: who may sign in, pages.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from sync.custody.rosters import ROSTER, read_roster
from sync.messages import _
from sync.node.node import Node
from sync.records.case_assignee import Desk
from sync.store.ledger.accounts import all_accounts
from sync.store.ledger.certificates import Known, certificates_above
from sync.store.ledger.custody import newest_statement
from sync.store.transaction import Reader

# {(level, account): what the person is called}
People = Mapping[tuple[str, str], str]
STRANGERS: People = MappingProxyType({})
_ACCOUNT = "acct:"
_JOB = "job:"  # how those are named who are none: what a node does by itself
_Heard = tuple[int, tuple[tuple[str, str], ...]]  # a roster: when it came, and who is on it


def people_on_road(node: Node, sid: str) -> People:
    """What those are called who sign in at a station and at those above it, as their rosters say, and here."""
    return people_on_roads(node, (sid,))[sid]


def people_on_roads(node: Node, sids: Iterable[str]) -> dict[str, People]:
    """The same of several stations at one look, {sid: People}; a roster they share is read once."""
    asked, level = frozenset(sids), node.identity.level

    def look(reader: Reader) -> dict[str, People]:
        return people_along(reader, level, {sid: certificates_above(reader, sid) for sid in asked})

    return node.read(look)


def people_along(reader: Reader, level: str, roads: Mapping[str, Sequence[Known]]) -> dict[str, People]:
    """The same for who has read who is on each road, {sid: its own certificates and those above it}.

    level  of this node
    """
    here = {(level, one.name): one.display_name for one in all_accounts(reader)} if roads else {}
    rosters: dict[str, _Heard | None] = {}

    def roster_of(known: Known) -> _Heard | None:
        if known.writer not in rosters:
            kept = newest_statement(reader, ROSTER, known.writer, subject=known.sid)
            rosters[known.writer] = (kept.arrival, read_roster(kept.signed.payload).people) if kept else None
        return rosters[known.writer]

    def on_road(road: Sequence[Known]) -> People:
        told = [(heard, one.level) for one in road if (heard := roster_of(one))]
        # Of two computers that a station has had, what was heard last counts.
        said = {(there, account): name for (_at, people), there in sorted(told) for account, name in people}
        return {**said, **here}

    return {sid: on_road(road) for sid, road in roads.items()}


def account_of(actor: str) -> str:
    """The account of an actor as events name it; one that is no account as it stands."""
    return actor.removeprefix(_ACCOUNT)


def actor_of(account: str) -> str:
    """The actor of an account, as events name it; a node's own job as it stands."""
    return account if account.startswith(_JOB) else f"{_ACCOUNT}{account}"


def called(actor: str, level: str, people: People) -> str:
    """What somebody is called who acted at a level, or was named there; the account where that is not known."""
    account = account_of(actor)
    return people.get((level, account), account)


def who_did(account: str, people: People, level: str) -> str:
    """What a log calls who did something at a level, as far as that is known here; a node's own job is nobody."""
    if account.startswith(_JOB):
        return _("done by the system")
    return called(account, level, people)


def assignee_called(desk: Desk, people: People) -> str:
    """What the one is called who has a case: as the node calls him that he belongs to; "" where nobody has it."""
    return called(desk.assignee, desk.level, people) if desk.assignee else ""
