"""Looking into a volume and taking nothing: its receiver sees all, anybody else that it is one, and its size.

Must not know: how it is shown.
"""

from pathlib import Path
from typing import Any

from sync.bundle.envelope import is_volume
from sync.bundle.refusals import NotForUs
from sync.carrying.importing import Brought, open_volume
from sync.carrying.stick import told_in_words
from sync.carrying.telling import amounts, wishes
from sync.errors import BadRequest, LinkDown, Refused
from sync.node.node import Node
from sync.records.clock import time_text
from sync.store.ledger.volumes import Place, find_taken
from sync.values.conversation import Told
from sync.values.json_text import parse_object
from sync.wire.conversation import Kind, nothing_held, read_items
from sync.wire.exchange import read_statements


def look_outside(path: Path) -> dict[str, Any]:
    """{"file", "volume": whether it is one, "bytes"}: what everybody sees."""
    with told_in_words(), path.open("rb") as file:
        return {"file": path.name, "volume": is_volume(file), "bytes": path.stat().st_size}


def inspect(node: Node, path: Path) -> dict[str, Any]:
    """What a volume is, as far as this node can tell.

    returns  `look_outside` and "sentence"; for one sealed to us also "readable": True, "from", "sid", "set", "volume",
             "last", "whole", "written_at", "taken", "holds": {document type: count}, "statements"
    """
    told = {**look_outside(path), "readable": False, "sentence": ""}
    if not told["volume"]:
        return {**told, "sentence": "不是驿站的传送文件"}
    try:
        return {**told, **_inside(node, path)}
    except NotForUs:
        return {**told, "sentence": "是驿站的传送文件，不是给本节点的，或者已经损坏；看不到内容"}
    except Refused as error:
        return {**told, "sentence": error.reason}


def _inside(node: Node, path: Path) -> dict[str, Any]:
    brought, broken = Brought(), ""
    with told_in_words(), path.open("rb") as file:
        volume, peer = open_volume(node, file)
        try:
            _count(volume.frames(), brought)
        except (BadRequest, LinkDown):
            broken = "；文件不完整，或由更新的版本写出，只有前面一部分可以收下"
        header = volume.header
    taken = node.read(lambda reader: find_taken(reader, Place(peer.writer, header.life, header.number, header.volume)))
    was_taken = taken is not None and taken.whole
    part = f"第 {header.number} 次导出，第 {header.volume} 卷" + (
        f"（共 {header.volume} 卷）" if volume.is_last else ""
    )
    asked, state = wishes(header.wants), "已收下" if was_taken else "尚未收下"
    return {
        "readable": True,
        "from": peer.known.name,
        "sid": peer.known.sid,
        "set": header.number,
        "volume_number": header.volume,
        "last": volume.is_last,
        "whole": volume.is_whole,
        "written_at": time_text(header.at_ms),
        "taken": was_taken,
        "holds": dict(brought.documents),
        "statements": brought.statements,
        "sentence": f"{peer.known.name}，{part}：{amounts(brought)}{asked}{broken}；{state}",
    }


def _count(frames: Any, brought: Brought) -> None:
    def others() -> Any:
        for frame in frames:
            if frame.kind == Kind.STATEMENTS:
                brought.statements += len(read_statements(parse_object(frame.payload).get("statements")))
            else:
                yield frame

    for item in read_items(others(), nothing_held):
        if isinstance(item, Told):
            brought.note(item.document.id)
