"""Which cases of a list somebody means, in the words of clients and of forms.

Must not know: routes, how a list is paged through.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from sync.casework.name_people import actor_of
from sync.casework.search import cases_called
from sync.node.lists.case_list import NOBODY, Narrow
from sync.node.node import Node
from sync.records.events import LEVELS
from sync.records.limit_clock import Light
from sync.store.ledger.accounts import all_accounts
from sync.store.ledger.certificates import certificates_below
from sync.store.transaction import Reader
from sync.typed import Value, replace

LIGHTS: Mapping[str, Light] = MappingProxyType({"red": Light.RED, "yellow": Light.YELLOW, "green": Light.GREEN})
HERE = "here"
ME, NO_ONE, MINE = "me", "none", "mine"
_AT = "@"  # no account has one
_NOWHERE = "nowhere"  # the level of a station that is not known here


class Wish(Value):
    """What a list is to show; "" and None narrow nothing.

    assignee  an account, whoever has one of that name; `<account>@<sid>`, that of one station; `ME`; `NO_ONE`, on
              nobody's desk; `MINE`, both of these. Of what is to be done `HERE` that is nobody's which nobody who
              works here has: what somebody of another level was given, or who has no account any more, is not lost
    turn      a level that has to do something, or `HERE`, this node's
    disputed  only those in dispute;  parked, those in which edits wait
    light, of `LIGHTS`;  due_on, a day;  q, whatever somebody typed
    """

    states: Sequence[str] = ()
    station: str = ""
    item: str = ""
    assignee: str = ""
    turn: str = ""
    disputed: bool = False
    parked: bool = False
    light: str = ""
    due_on: str = ""
    received_from: date | None = None
    received_to: date | None = None
    q: str = ""


def narrow_cases(node: Node, wish: Wish, *, by: str) -> Narrow:
    """The list's own narrowing of what is wished.

    by  who asks, as events name actors
    """
    return replace(
        _given(node, wish, by),
        sid=wish.station,
        item=wish.item,
        states=tuple(wish.states),
        turns=_levels(wish.turn, node.identity.level),
        own_sid=node.identity.sid,
        disputed=wish.disputed,
        parked=wish.parked,
        light=LIGHTS.get(wish.light),
        due_on=wish.due_on,
        received_from=wish.received_from.isoformat() if wish.received_from else "",
        received_to=wish.received_to.isoformat() if wish.received_to else "",
        among=cases_called(node, wish.q) if wish.q.strip() else None,
    )


def _levels(wished: str, own: str) -> tuple[str, ...]:
    if wished != HERE:
        return (wished,) if wished else ()
    return levels_of(own)


def levels_of(own: str) -> tuple[str, ...]:
    """The levels that a node of this one works for: the centre for the county, too, which has no node of its own."""
    return ("county", "centre") if own == "centre" else (own,)


def at_work(reader: Reader, *, but: str = "") -> tuple[str, ...]:
    """Who has an account here that is not closed, as events name actors.

    but  one of them who is left out
    """
    actors = (actor_of(one.name) for one in all_accounts(reader) if not one.disabled)
    return tuple(one for one in actors if one != but)


def account_at(account: str, sid: str) -> str:
    """The account of one station, as a wish names it: two stations may each have a `zhang`."""
    return f"{account}{_AT}{sid}"


def _given(node: Node, wish: Wish, by: str) -> Narrow:
    """Narrowed by whom the cases were given to, and by nothing else."""
    own, wished = node.identity, wish.assignee
    if wish.turn == HERE and wished in (NO_ONE, MINE):
        but = by if wished == MINE else ""
        return Narrow(others=node.read(lambda reader: at_work(reader, but=but)), others_at=own.level)
    known = {"": (), ME: (by,), NO_ONE: (NOBODY,), MINE: (by, NOBODY)}
    if wished in known:
        return Narrow(assignees=known[wished], assigned_at=own.level if wished in (ME, MINE) else "")
    account, at, sid = wished.rpartition(_AT)
    if not at:
        return Narrow(assignees=(f"acct:{wished}",))
    if sid == own.sid:
        return Narrow(assignees=(f"acct:{account}",), assigned_at=own.level)
    below = node.read(lambda reader: certificates_below(reader, sid))
    level = next((one.level for one in below if one.sid == sid), _NOWHERE)
    sids = () if level == LEVELS[-1] else tuple(sorted({sid, *(one.sid for one in below)}))
    return Narrow(assignees=(f"acct:{account}",), assigned_at=level, assigned_in=sids)
