"""告警: what cannot be true and yet was signed or written, in words for whoever looks after the node.

Must not know: how it is shown, who may settle it.
"""

from typing import Any

from sync.casework.name_stations import owner_of, station_names
from sync.errors import NotFound
from sync.node.node import Node
from sync.records.clock import time_text
from sync.store.ledger.alarms import Alarm, find_alarm, open_alarms, settled_alarms
from sync.store.transaction import Reader
from sync.values.cursors import read_cursor, read_number, write_cursor

_MOST = 100
_COPIED = "可能有人复制了数据目录，或同一备份恢复了两次：请确认只有一台设备在用，停用另一台"
# {kind: (what was seen, what to do)}
_WORDS = {
    "two-events": ("同一编号下出现了两个不同的步骤", _COPIED),
    "broken-link": ("步骤前后衔接不上", _COPIED),
    "two-heads": ("签名与本机所存的步骤不符", _COPIED),
    "two-receipts": ("同一期签收凭据有两种内容", _COPIED),
    "two-lives": ("同一密钥在两处使用", _COPIED),
    "false-signature": (
        "签名核对不上，没有采信：内容在路上被改过，或有人冒用了这台设备的名义",
        "请与该站点联系，检查它和中间经过的设备、U 盘；一再出现的，请中心停用这台设备的证书",
    ),
    "turned-back": (
        "本机数据曾被换回较早的状态，或另有副本在运行；本机已另起一段，须输入新的注册码才能发放收件号",
        "请查明是否还原过整机快照；以后请用 yizhan restore 恢复备份",
    ),
}
_OTHERWISE = ("出现了本机版本还不认识的矛盾", "请升级本机后再看")


def list_alarms(node: Node, *, settled: bool = False, cursor: str = "", limit: int = _MOST) -> dict[str, Any]:
    """A page of what nobody has settled, or of what somebody has, newest first.

    cursor   from the page before; "" for the first
    returns  {"alarms": [{"alarm", "kind", "at", "station", "what", "advice", "writer", "life", "number", "source",
             "known", "offered", "settled_at", "settled_by", "why"}], "next": cursor or None}
    raises   BadRequest on a cursor that is none
    """
    names, place = station_names(node), {"before": read_number(*read_cursor(cursor, 1))} if cursor else {}
    find = settled_alarms if settled else open_alarms

    def work(reader: Reader) -> list[dict[str, Any]]:
        return [_row(reader, one, names) for one in find(reader, **place, limit=limit + 1)]

    rows = node.read(work)
    more = len(rows) > limit
    return {"alarms": rows[:limit], "next": write_cursor(str(rows[limit - 1]["alarm"])) if more else None}


def show_alarm(node: Node, alarm: int) -> dict[str, Any]:
    """One of them, as `list_alarms` tells it. Raises NotFound."""
    names = station_names(node)

    def work(reader: Reader) -> dict[str, Any]:
        found = find_alarm(reader, alarm)
        if found is None:
            raise NotFound("没有这条告警")
        return _row(reader, found, names)

    return node.read(work)


def _row(reader: Reader, one: Alarm, names: dict[str, str]) -> dict[str, Any]:
    what, advice = _WORDS.get(one.kind, _OTHERWISE)
    return {
        "alarm": one.alarm,
        "kind": one.kind,
        "at": time_text(one.at_ms),
        "station": owner_of(reader, one.writer, names),
        "what": what,
        "advice": advice,
        "writer": one.writer,
        "life": one.life,
        "number": one.number,
        "source": one.source,
        "known": one.known,
        "offered": one.offered,
        "settled_at": None if one.settled_ms is None else time_text(one.settled_ms),
        "settled_by": one.settled_by,
        "why": one.why,
    }
