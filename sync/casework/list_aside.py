"""未能收下的文件: what was refused at this node's door and is kept aside, in words a person can use.

Nothing of what is in them is told: only whoever may read the station's cases may, and this list is read by others, too.

Must not know: how it is shown, who may settle it.
"""

from typing import Any

from sync.casework.name_stations import owner_of, station_names
from sync.errors import NotFound
from sync.messages import N_, _, is_readable
from sync.node.node import Node
from sync.node.sharing import UPSTREAM
from sync.records.clock import time_text
from sync.records.ids import parse_database
from sync.store.ledger.set_aside import Glance, glance_aside, glance_at, glance_settled
from sync.store.transaction import Reader
from sync.values.cursors import read_cursor, read_number, write_cursor

PAGE = 50
_KINDS = {
    "station": N_("cases"),
    "blobs": N_("photos of materials"),
    "public": N_("catalogue of items"),
    "voice": N_("reviews and complaints"),
    "staff": N_("Account"),
}
_PERSON = N_("People")
_COPIED = N_("Tell the centre at once, and make sure that the data of that device was not copied or restored twice")
_ASK = N_("Call the station that brought it and find out who sent it, and with which program")
_TRY = N_("Have both sides updated first, then press “Take once more”; where it still fails tell the centre")
_AGAIN = N_("The other side sends it again; where it never comes have them check their disk")
# What the guard and the wire say to developers, by a piece of it; what that means to others, and what they may do.
_PLAIN = (
    (
        "two events under one number",
        N_("The records of one device contradict each other; somebody may have copied its data"),
        _COPIED,
    ),
    ("bury events", N_("The other side wanted to delete a case; it was not done"), _ASK),
    ("not deleted", N_("The other side wanted to delete a case; it was not done"), _ASK),
    ("written from above only", N_("Those below may not change this; it was not done"), _ASK),
    ("does not belong", N_("Sent to the wrong place, it does not belong to this station"), _ASK),
    ("no such documents", N_("Contents of an unknown kind"), _TRY),
    ("only records", N_("Contents of an unknown kind"), _TRY),
    ("at most", N_("Too large to be kept"), _TRY),
    (
        "level",
        N_("Beyond what the other side may do"),
        N_("Have it done by a level that may; once the item says otherwise it can be taken once more"),
    ),
    (
        "not certified",
        N_("Not written by a device known here"),
        N_("Have the centre check the certificate of this device; once that is here it can be taken once more"),
    ),
    ("not what the id says", N_("Damaged on its way"), _AGAIN),
    ("chunk", N_("A photo that is not whole"), _AGAIN),
)
_OTHERWISE = (N_("Not as it has to be, it was not taken"), _TRY)


def list_aside(node: Node, *, settled: bool = False, cursor: str = "", limit: int = PAGE) -> dict[str, Any]:
    """A page of what waits for someone, or of what somebody dealt with, oldest first.

    cursor   from the page before; "" for the first
    returns  {"items": [{"item", "at", "kind", "station", "brought_by", "size", "reason", "advice", "detail", "again",
             "settled_at", "settled_by", "why"}], "next": cursor or None}; `reason` and `advice` are for people,
             `detail` for whoever maintains the node; `again`, when it will be offered to the node above once more,
             None for never
    raises   BadRequest on a cursor that is none
    """
    names, after = station_names(node), read_number(*read_cursor(cursor, 1)) if cursor else 0
    glance = glance_settled if settled else glance_aside

    def work(reader: Reader) -> list[dict[str, Any]]:
        return [_row(reader, one, names) for one in glance(reader, after=after, limit=limit + 1)]

    rows = node.read(work)
    more = len(rows) > limit
    return {"items": rows[:limit], "next": write_cursor(str(rows[limit - 1]["item"])) if more else None}


def show_aside(node: Node, item: int) -> dict[str, Any]:
    """One of them, as `list_aside` tells it. Raises NotFound."""
    names = station_names(node)

    def work(reader: Reader) -> dict[str, Any]:
        found = glance_at(reader, item)
        if found is None:
            raise NotFound(_("There is no such file"))
        return _row(reader, found, names)

    return node.read(work)


def plain_reason(reason: str) -> tuple[str, str]:
    """A reason as a person at a desk can use it, and what may be done."""
    if is_readable(reason):
        return reason, _(_TRY)
    plain, advice = next(((plain, advice) for piece, plain, advice in _PLAIN if piece in reason), _OTHERWISE)
    return _(plain), _(advice)


def _row(reader: Reader, one: Glance, names: dict[str, str]) -> dict[str, Any]:
    parsed = parse_database(one.database)
    sid = "" if parsed is None else parsed.sid
    reason, advice = plain_reason(one.reason)
    return {
        "item": one.item,
        "at": time_text(one.at_ms),
        "kind": _kind_of(one, parsed.kind if parsed else ""),
        "station": names.get(sid, sid),
        "brought_by": _from(reader, one.offered_by, names),
        "size": one.size,
        "reason": reason,
        "advice": advice,
        "detail": one.reason,
        "again": None if one.next_ms is None else time_text(one.next_ms),
        "settled_at": None if one.settled_ms is None else time_text(one.settled_ms),
        "settled_by": one.settled_by,
        "why": one.why,
    }


def _kind_of(one: Glance, kind: str) -> str:
    if one.id.startswith("person:"):
        return _(_PERSON)
    return _(_KINDS[kind]) if kind in _KINDS else one.database


def _from(reader: Reader, offered_by: str, names: dict[str, str]) -> str:
    if offered_by == UPSTREAM:
        return _("Above")
    return owner_of(reader, offered_by, names)
