"""Receipts: a holder says which events of a station's writers it holds, and which photos it lacks.

It names events, never sequences, so it means the same on every hop and by any road. One statement
per holder, station and grade; the newest replaces the others.

    {"version": 1, "holder": …, "life": …, "epoch": 1, "issue": 7, "station": "k3m7q", "grade": "durable",
     "at": "2025-09-26T15:04:05+08:00",
     "holds": [{"writer": …, "life": …, "counter": 20, "head": …, "except": [[7, 9]], "lacks": [[12, 0]]}]}

Newer is the higher `epoch`, then the higher `issue`. A life counts its issues; a restored or copied
holder lives on in a higher epoch, so its receipt replaces what it signed before it lost something.

Must not know: how the facts were gathered.
"""

from itertools import pairwise
from typing import Any

from sync.custody.shapes import count_of, life_of, read_payload, text_of, whole_number, writer_of
from sync.custody.stating import require_own, require_signed, state
from sync.errors import BadRequest
from sync.records.clock import is_time_text
from sync.records.ids import is_sid
from sync.trust.chain import digest_text, read_digest
from sync.trust.keys import KeyPair
from sync.typed import Value
from sync.values.statements import Signed

RECEIPT = "receipt"
DURABLE, SAFE = "durable", "safe"
_MEMBERS = frozenset(("holder", "life", "epoch", "issue", "station", "grade", "at", "holds"))
_HOLDING = frozenset(("writer", "life", "counter", "head", "except", "lacks"))

Ranges = tuple[tuple[int, int], ...]


class Holding(Value):
    """What is held of one writer's life.

    counter  the highest number held; head, that event's hash (32 bytes)
    missing  ranges (first, last) of numbers below the counter that are not held
    lacks    (number, material): blobs of held events that are not complete, by position among the event's blobs
    """

    writer: str
    life: str
    counter: int
    head: bytes
    missing: Ranges = ()
    lacks: tuple[tuple[int, int], ...] = ()

    def holds(self, number: int) -> bool:
        """Whether the event of this number is held."""
        return 1 <= number <= self.counter and not any(first <= number <= last for first, last in self.missing)

    def held_ranges(self) -> Ranges:
        """The numbers held, as ranges."""
        edges = [0, *(edge for gap in self.missing for edge in gap), self.counter + 1]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return tuple((before + 1, after - 1) for before, after in pairs if before + 1 < after)


class Receipt(Value):
    """What a holder says.

    holder   its writer id;  life and epoch, the life it signed in;  issue, from 1 in each life
    station  sid of the station whose writers it speaks of
    grade    `durable`: on its disk;  `safe`: also in its backup or on a second machine
    at       what the holder's clock showed; it orders nothing
    """

    holder: str
    life: str
    epoch: int
    issue: int
    station: str
    grade: str
    at: str
    holds: tuple[Holding, ...]

    @property
    def order(self) -> tuple[int, int]:
        """The greater is the newer."""
        return (self.epoch, self.issue)

    def holding(self, writer: str, life: str) -> Holding | None:
        """What it says of one writer's life; None when it says nothing."""
        return next((one for one in self.holds if (one.writer, one.life) == (writer, life)), None)


def make_receipt(pair: KeyPair, receipt: Receipt) -> Signed:
    """Sign a receipt; its holder must be the owner of the key."""
    members = {
        "holder": pair.writer,
        "life": receipt.life,
        "epoch": receipt.epoch,
        "issue": receipt.issue,
        "station": receipt.station,
        "grade": receipt.grade,
        "at": receipt.at,
        "holds": [_holding_body(one) for one in sorted(receipt.holds, key=lambda one: (one.writer, one.life))],
    }
    return state(pair, RECEIPT, members)


def verify_receipt(signed: Signed, *, public_key: bytes) -> Receipt:
    """What a receipt says.

    raises  Unauthorized unless its holder signed it with this key; BadRequest when it is malformed
    """
    require_signed(signed, RECEIPT, public_key=public_key)
    receipt = read_receipt(signed.payload)
    require_own(signed, receipt.holder)
    return receipt


def read_receipt(payload: bytes) -> Receipt:
    """What a payload says, whoever signed it; raises BadRequest when it is malformed."""
    body = read_payload(payload, _MEMBERS)
    station, grade, at, holds = text_of(body, "station"), body["grade"], body["at"], body["holds"]
    if not is_sid(station) or grade not in (DURABLE, SAFE) or not is_time_text(at) or not isinstance(holds, list):
        raise BadRequest("a receipt's station, grade, time or holdings have not their shape")
    holdings = tuple(_read_holding(one) for one in holds)
    if not all((a.writer, a.life) < (b.writer, b.life) for a, b in pairwise(holdings)):
        raise BadRequest("a receipt's holdings stand by writer and life, each once")
    return Receipt(
        holder=writer_of(body, "holder"),
        life=life_of(body, "life"),
        epoch=count_of(body, "epoch", least=1),
        issue=count_of(body, "issue", least=1),
        station=station,
        grade=grade,
        at=at,
        holds=holdings,
    )


def fell(old: Receipt, new: Receipt) -> bool:
    """Whether the new receipt no longer claims something that the old one did: an event, or a whole blob."""
    return any(_fell(one, new.holding(one.writer, one.life)) for one in old.holds)


def lost_events(old: Receipt, new: Receipt) -> bool:
    """Whether the new receipt no longer claims an event that the old one did, whatever they say of photos."""
    return any(_lost_events(one, new.holding(one.writer, one.life)) for one in old.holds)


def _fell(old: Holding, new: Holding | None) -> bool:
    lacks = () if new is None else new.lacks
    if any(old.holds(number) and (number, index) not in old.lacks for number, index in lacks):
        return True
    return _lost_events(old, new)


def _lost_events(old: Holding, new: Holding | None) -> bool:
    if new is None:
        return True
    now = new.held_ranges()
    return not all(any(a <= first and last <= b for a, b in now) for first, last in old.held_ranges())


def _holding_body(holding: Holding) -> dict[str, Any]:
    return {
        "writer": holding.writer,
        "life": holding.life,
        "counter": holding.counter,
        "head": digest_text(holding.head),
        "except": [list(gap) for gap in holding.missing],
        "lacks": [list(pair) for pair in holding.lacks],
    }


def _read_holding(body: object) -> Holding:
    if not isinstance(body, dict) or set(body) != _HOLDING:
        raise BadRequest("a receipt's holding has not its shape")
    counter = count_of(body, "counter", least=1)
    missing = _pairs(body["except"], "except")
    lacks = _pairs(body["lacks"], "lacks")
    # Gaps neither touch each other nor reach the counter: there is one way to write a set of numbers.
    edges = [-1, *(edge for gap in missing for edge in gap)]
    gaps_apart = all(last + 1 < first for last, first in zip(edges[::2], edges[1::2], strict=False))
    if not gaps_apart or not all(1 <= first <= last < counter for first, last in missing):
        raise BadRequest("a receipt's exceptions have not their shape")
    holding = Holding(
        writer_of(body, "writer"), life_of(body, "life"), counter, read_digest(body["head"]), missing, lacks
    )
    if not all(a < b for a, b in pairwise(lacks)) or not all(holding.holds(number) for number, _ in lacks):
        raise BadRequest("a receipt lacks blobs of events it does not hold")
    return holding


def _pairs(value: object, name: str) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise BadRequest(f"a receipt's {name} has not its shape")
    return tuple((whole_number(a, name), whole_number(b, name)) for a, b in value)
