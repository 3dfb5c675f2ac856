"""What those are called who did something to a record, as far as this node knows.

An event names its account, which stays; what the person behind it is called says the node where that account is, in
its roster: village and township may each have a `zhang`. On the road of one record there is one station of each level,
so a name is looked up by the level the event was written at; whoever is on no roster that came here is told by the
account.

Must not know: where accounts are kept, pages.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sync.custody.rosters import ROSTER, read_roster
from sync.node.node import Node
from sync.records.events import Event
from sync.store.ledger.certificates import certificates_above
from sync.store.ledger.custody import newest_statement
from sync.store.transaction import Reader

# {(level, account): what the person is called}
People = Mapping[tuple[str, str], str]
STRANGERS: People = MappingProxyType({})
_ACCOUNT = "acct:"


def people_on_road(node: Node, sid: str) -> People:
    """What those are called who sign in at a station and at those above it, as their rosters say."""

    def read(reader: Reader) -> People:
        told: list[tuple[int, str, bytes]] = []
        for known in certificates_above(reader, sid):
            kept = newest_statement(reader, ROSTER, known.writer, subject=known.sid)
            if kept is not None:
                told.append((kept.arrival, known.level, kept.signed.payload))
        # Of two computers that a station has had, what was heard last counts.
        return {
            (level, account): name
            for _arrival, level, payload in sorted(told)
            for account, name in read_roster(payload).people
        }

    return node.read(read)


def account_of(actor: str) -> str:
    """The account of an actor as events name it; one that is no account as it stands."""
    return actor.removeprefix(_ACCOUNT)


def called(actor: str, level: str, people: People) -> str:
    """What somebody is called who acted at a level, or was named there; the account where that is not known."""
    account = account_of(actor)
    return people.get((level, account), account)


def level_assigned(events: Iterable[Event], assignee: str) -> str:
    """The level at which a case was given to somebody: an account is that of the node where it was named; "" if nobody
    named it."""
    return next((one.level for one in reversed(tuple(events)) if one.set.get("assignee") == assignee), "")
