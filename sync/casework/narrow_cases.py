"""Which cases of a list somebody means, in the words of clients and of forms.

Must not know: routes, how a list is paged through.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from sync.casework.search import cases_called
from sync.node.case_list import NOBODY, Narrow
from sync.node.node import Node
from sync.records.limit_clock import Light
from sync.typed import Value

LIGHTS: Mapping[str, Light] = MappingProxyType({"red": Light.RED, "yellow": Light.YELLOW, "green": Light.GREEN})
HERE = "here"
ME, NO_ONE, MINE = "me", "none", "mine"


class Wish(Value):
    """What a list is to show; "" and None narrow nothing.

    assignee  an account; `ME`; `NO_ONE`, on nobody's desk; `MINE`, both of these
    turn      a level that has to do something, or `HERE`, this node's
    light     of `LIGHTS`;  due_on, a day;  q, whatever somebody typed
    """

    states: Sequence[str] = ()
    station: str = ""
    item: str = ""
    assignee: str = ""
    turn: str = ""
    light: str = ""
    due_on: str = ""
    received_from: date | None = None
    received_to: date | None = None
    q: str = ""


def narrow_cases(node: Node, wish: Wish, *, by: str) -> Narrow:
    """The list's own narrowing of what is wished.

    by  who asks, as events name actors
    """
    return Narrow(
        sid=wish.station,
        item=wish.item,
        states=tuple(wish.states),
        assignees=_assignees(wish.assignee, by),
        turns=_levels(wish.turn, node.identity.level),
        own_sid=node.identity.sid,
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


def mine(by: str) -> tuple[str, ...]:
    """Whose cases somebody has to look after: those given to him, and those nobody was given."""
    return by, NOBODY


def _assignees(wished: str, by: str) -> tuple[str, ...]:
    known = {"": (), ME: (by,), NO_ONE: (NOBODY,), MINE: mine(by)}
    return known.get(wished, (f"acct:{wished}",))
