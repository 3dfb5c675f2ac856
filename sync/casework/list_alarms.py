"""告警: what cannot be true and yet was signed or written, in words for whoever looks after the node.

Must not know: how it is shown, who may settle it.
"""

from typing import Any

from sync.casework.name_stations import owner_of, station_names
from sync.node.node import Node
from sync.records.clock import time_text
from sync.store.ledger.alarms import Alarm, open_alarms
from sync.store.transaction import Reader

_MOST = 100
_COPIED = "可能有人复制了数据目录，或同一备份恢复了两次：请确认只有一台设备在用，停用另一台"
# {kind: (what was seen, what to do)}
_WORDS = {
    "two-events": ("同一编号下出现了两个不同的步骤", _COPIED),
    "broken-link": ("步骤前后衔接不上", _COPIED),
    "two-heads": ("签名与本机所存的步骤不符", _COPIED),
    "two-receipts": ("同一期签收凭据有两种内容", _COPIED),
    "two-lives": ("同一密钥在两处使用", _COPIED),
    "turned-back": (
        "本机数据曾被换回较早的状态，或另有副本在运行；本机已另起一段，须输入新的注册码才能发放收件号",
        "请查明是否还原过整机快照；以后请用 yizhan restore 恢复备份",
    ),
}
_OTHERWISE = ("出现了本机版本还不认识的矛盾", "请升级本机后再看")


def list_alarms(node: Node) -> dict[str, Any]:
    """What nobody has settled, newest first, at most a hundred.

    returns  {"alarms": [{"alarm", "kind", "at", "station", "what", "advice", "writer", "life", "number", "source"}]}
    """
    names = station_names(node)
    return {"alarms": node.read(lambda reader: [_row(reader, one, names) for one in open_alarms(reader, limit=_MOST)])}


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
    }
