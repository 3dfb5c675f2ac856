"""What those are called who did something to a record, as far as this node knows.

An event names its account, which stays; what the person behind it is called, only the node knows where that account is:
village and township may each have a `zhang`. So a name is looked up by the level the event was written at, and whoever
acted elsewhere is told by the account.

Must not know: where accounts are kept, pages.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sync.records.events import Event

# {(level, account): what the person is called}
People = Mapping[tuple[str, str], str]
STRANGERS: People = MappingProxyType({})
_ACCOUNT = "acct:"


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
