"""Looking into a volume and taking nothing: its receiver sees all, anybody else that it is one, and its size.

Must not know: how it is shown.
"""

import os
from pathlib import Path
from typing import Any

from sync.bundle.envelope import is_volume
from sync.bundle.reading import Volume
from sync.bundle.refusals import NotForUs
from sync.carrying.addressing import Counterpart
from sync.carrying.importing import Brought, open_volume
from sync.carrying.stick import opened_file, shown_name
from sync.carrying.telling import amounts, wishes
from sync.errors import BadRequest, LinkDown, Refused
from sync.messages import _, pgettext
from sync.node.node import Node
from sync.records.clock import time_text
from sync.store.ledger.volumes import Place, find_taken
from sync.values.conversation import Told
from sync.values.json_text import parse_object
from sync.wire.conversation import Kind, nothing_held, read_items
from sync.wire.exchange import read_statements


def look_outside(path: Path) -> dict[str, Any]:
    """{"file", "volume": whether it is one, "bytes"}: what everybody sees."""
    with opened_file(path) as file:
        return {"file": shown_name(path), "volume": is_volume(file), "bytes": os.fstat(file.fileno()).st_size}


def inspect(node: Node, path: Path) -> dict[str, Any]:
    """What a volume is, as far as this node can tell.

    returns  `look_outside` and "sentence"; for one sealed to us also "readable": True, "from", "sid", "set", "volume",
             "last", "whole", "written_at", "taken", "holds": {document type: count}, "statements"
    """
    told = {**look_outside(path), "readable": False, "sentence": ""}
    if not told["volume"]:
        return {**told, "sentence": _("It is no volume of ours")}
    try:
        return {**told, **_inside(node, path)}
    except NotForUs:
        return {
            **told,
            "sentence": _(
                "It is a volume of ours and not for this node, or it is damaged; its contents cannot be seen"
            ),
        }
    except Refused as error:
        return {**told, "sentence": error.reason}


def _inside(node: Node, path: Path) -> dict[str, Any]:
    brought, broken = Brought(), ""
    with opened_file(path) as file:
        volume, peer = open_volume(node, file)
        try:
            _count(volume.frames(), brought)
        except (BadRequest, LinkDown):
            broken = _("the file is not whole or was written by a newer version; only the part in front can be taken")
        header = volume.header
    taken = node.read(lambda reader: find_taken(reader, Place(peer.writer, header.life, header.number, header.volume)))
    was_taken = taken is not None and taken.whole
    state = _("taken") if was_taken else _("not taken yet")
    sentences = (_what(peer, volume, brought), wishes(header.wants), broken, state)
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
        "sentence": pgettext("between sentences", "; ").join(filter(None, sentences)),
    }


def _what(peer: Counterpart, volume: Volume, brought: Brought) -> str:
    """Which volume it is, and what it brings."""
    header = volume.header
    values = {"peer": peer.known.name, "set": header.number, "volume": header.volume, "brought": amounts(brought)}
    if volume.is_last:
        return _("%(peer)s, export %(set)s, volume %(volume)s of %(volume)s: %(brought)s", **values)
    return _("%(peer)s, export %(set)s, volume %(volume)s: %(brought)s", **values)


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
