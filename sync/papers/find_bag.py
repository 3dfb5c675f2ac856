"""A 材料交接单 this node keeps: by its id, by its number, or by whatever a scanner typed of its QR code.

Must not know: who asks.
"""

import re

from sync.errors import NotFound
from sync.messages import _
from sync.node.acts.find_record import find_record
from sync.node.lists.handover_index import HANDOVER
from sync.node.node import Node
from sync.records.bag_number import is_bag_number
from sync.records.log import Record
from sync.records.receipt_number import plain_number, readings_of
from sync.store.ledger.bags import bags_numbered
from sync.store.transaction import Reader
from sync.typed import Value

_ID = re.compile(r"handover:[a-z0-9]{1,16}-[a-z2-7]{16}")
_SIGN = "袋"  # data: before its number on lists and on paper, for a case may have the same
_SHORTEST_NUMBER = 5  # serial and check character


class Found(Value):
    """What was asked for: `id` of the one bag that is here, or "".

    known   whether it was a whole number or code, which stands on a list though the list may not be here yet
    number  the bag's number where one was typed whole;  several, how many fit
    """

    id: str = ""
    known: bool = False
    number: str = ""
    several: int = 0


def find_bag(reader: Reader, node: Node, bag_id: str) -> Record:
    """The bag as it stands; raises NotFound, in the same words whether it is elsewhere or nowhere."""
    return find_record(reader, node, bag_id, record_type=HANDOVER, missing=_("There is no such bag slip"))


def look_up_bag(node: Node, typed: str) -> Found:
    """Which bag somebody means.

    typed  what the QR code holds (number and id), a number, or its end as it is read aloud (01-0003-K); with 0 for O
           or 1 for I where no other number is written so
    """
    text = typed.strip().removeprefix(_SIGN)
    named = _ID.search(text.lower())
    readings = readings_of(plain_number(text[: named.start()] if named else text))
    number = next(filter(is_bag_number, readings), "")
    ids: tuple[str, ...] = ()
    if named:
        bag_id = named[0]
        ids = (bag_id,) if node.read(lambda reader: _is_here(reader, node, bag_id)) else ()
    elif readings[0].isascii() and readings[0].isalnum() and _SHORTEST_NUMBER <= len(readings[0]) <= 40:
        ids = node.read(lambda reader: next(filter(None, (bags_numbered(reader, one) for one in readings)), ()))
    if len(ids) == 1:
        return Found(ids[0], True, number, 1)
    return Found("", bool(number or named), number, len(ids))


def _is_here(reader: Reader, node: Node, bag_id: str) -> bool:
    try:
        find_bag(reader, node, bag_id)
    except NotFound:
        return False
    return True
