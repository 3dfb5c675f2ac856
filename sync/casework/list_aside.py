"""未能收下的文件: what was refused at this node's door and is kept aside, in words a person can use.

Nothing of what is in them is told: only whoever may read the station's cases may, and this list is read by others, too.

Must not know: how it is shown, who may settle it.
"""

from typing import Any

from sync.casework.name_stations import owner_of, station_names
from sync.errors import NotFound
from sync.node.node import Node
from sync.node.sharing import UPSTREAM
from sync.records.clock import time_text
from sync.records.ids import parse_database
from sync.store.ledger.set_aside import Glance, glance_aside, glance_at, glance_settled
from sync.store.transaction import Reader
from sync.values.cursors import read_cursor, read_number, write_cursor

PAGE = 50
_KINDS = {"station": "办件", "blobs": "材料照片", "public": "事项目录", "voice": "评价投诉", "staff": "账号"}
_PERSON = "人员"
_COPIED = "请马上告诉中心，并确认那台设备的数据没有被复制或恢复过两次"
_ASK = "请与送来的站点联系，弄清是谁、用什么程序送的"
_TRY = "请先让双方都升级到最新版本，再按“再收一次”；仍不行的请告诉中心"
# What the guard and the wire say to developers, by a piece of it; what that means to others, and what they may do.
_PLAIN = (
    ("two events under one number", "同一台设备的记录对不上，可能有人复制过数据", _COPIED),
    ("bury events", "对方要删除办件，没有照办", _ASK),
    ("not deleted", "对方要删除办件，没有照办", _ASK),
    ("written from above only", "下级不能改这些内容，没有照办", _ASK),
    ("does not belong", "送错了地方，不是这个站点的内容", _ASK),
    ("no such documents", "不认识的内容", _TRY),
    ("only records", "不认识的内容", _TRY),
    ("at most", "太大，放不下", _TRY),
    ("level", "超出了对方的办理权限", "请让有权的一级来办；事项的权限改了以后，可以再收一次"),
    ("not certified", "不是本站认识的设备写的", "请中心核对这台设备的证书；证书到了以后，可以再收一次"),
    ("not what the id says", "内容在路上损坏了", "对方会再送来；一直不来的，请对方检查硬盘"),
    ("chunk", "照片内容不完整", "对方会再送来；一直不来的，请对方检查硬盘"),
)
_OTHERWISE = ("内容不符合要求，没有收下", _TRY)


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
            raise NotFound("没有这份文件")
        return _row(reader, found, names)

    return node.read(work)


def plain_reason(reason: str) -> tuple[str, str]:
    """A reason as a person at a desk can use it, and what may be done."""
    if any("\u4e00" <= character <= "\u9fff" for character in reason):
        return reason, _TRY
    return next(((plain, advice) for piece, plain, advice in _PLAIN if piece in reason), _OTHERWISE)


def _row(reader: Reader, one: Glance, names: dict[str, str]) -> dict[str, Any]:
    parsed = parse_database(one.database)
    sid = "" if parsed is None else parsed.sid
    reason, advice = plain_reason(one.reason)
    return {
        "item": one.item,
        "at": time_text(one.at_ms),
        "kind": _PERSON if one.id.startswith("person:") else _KINDS.get(parsed.kind if parsed else "", one.database),
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


def _from(reader: Reader, offered_by: str, names: dict[str, str]) -> str:
    if offered_by == UPSTREAM:
        return "上级"
    return owner_of(reader, offered_by, names)
