"""未能收下的文件: what was refused at this node's door and is kept aside, in words a person can use.

Nothing of what is in them is told: only whoever may read the station's cases may, and this list is read by others, too.

Must not know: how it is shown, who may settle it.
"""

from typing import Any

from sync.casework.name_stations import owner_of, station_names
from sync.node.node import Node
from sync.node.sharing import UPSTREAM
from sync.records.clock import time_text
from sync.records.ids import parse_database
from sync.store.ledger.set_aside import Glance, glance_aside
from sync.store.transaction import Reader

PAGE = 50
_KINDS = {"station": "办件", "blobs": "材料照片", "public": "事项目录", "voice": "评价投诉", "staff": "账号"}
_PERSON = "人员"
# What the guard and the wire say to developers, by a piece of it, and what that means to others.
_PLAIN = (
    ("two events under one number", "同一台设备的记录对不上，可能有人复制过数据，请立即告诉中心"),
    ("bury events", "对方要删除办件，没有照办"),
    ("not deleted", "对方要删除办件，没有照办"),
    ("written from above only", "下级不能改这些内容，没有照办"),
    ("does not belong", "送错了地方，不是这个站点的内容"),
    ("no such documents", "不认识的内容"),
    ("only records", "不认识的内容"),
    ("at most", "太大，放不下"),
    ("level", "超出了对方的办理权限"),
    ("not certified", "不是本站认识的设备写的"),
    ("not what the id says", "内容在路上损坏了"),
    ("chunk", "照片内容不完整"),
)
_OTHERWISE = "内容不符合要求，没有收下"


def list_aside(node: Node, *, after: int = 0) -> dict[str, Any]:
    """A page of what waits for someone, oldest first.

    returns  {"items": [{"item", "at", "kind", "station", "from", "size", "reason", "detail", "again"}],
             "next": where the next page begins, 0 for none}; `reason` is for people, `detail` for whoever maintains
             the node; `again`, when it will be offered to the node above once more, None for never
    """
    names = station_names(node)

    def work(reader: Reader) -> list[dict[str, Any]]:
        found = glance_aside(reader, after=after, limit=PAGE + 1)
        return [_row(reader, one, names) for one in found]

    rows = node.read(work)
    return {"items": rows[:PAGE], "next": rows[PAGE - 1]["item"] if len(rows) > PAGE else 0}


def plain_reason(reason: str) -> str:
    """A reason as a person at a desk can use it."""
    if any("\u4e00" <= character <= "\u9fff" for character in reason):
        return reason
    return next((plain for piece, plain in _PLAIN if piece in reason), _OTHERWISE)


def _row(reader: Reader, one: Glance, names: dict[str, str]) -> dict[str, Any]:
    parsed = parse_database(one.database)
    sid = "" if parsed is None else parsed.sid
    return {
        "item": one.item,
        "at": time_text(one.at_ms),
        "kind": _PERSON if one.id.startswith("person:") else _KINDS.get(parsed.kind if parsed else "", one.database),
        "station": names.get(sid, sid),
        "from": _from(reader, one.offered_by, names),
        "size": one.size,
        "reason": plain_reason(one.reason),
        "detail": one.reason,
        "again": None if one.next_ms is None else time_text(one.next_ms),
    }


def _from(reader: Reader, offered_by: str, names: dict[str, str]) -> str:
    if offered_by == UPSTREAM:
        return "上级"
    return owner_of(reader, offered_by, names)
