"""What photos may use of a metered link: nothing in quiet hours, and so many bytes a month. Records always go.

What was sent for photos is counted in any case. By hand nothing is forbidden, and it counts as well.

A month is charged as the clock shows it, while it is believed. One that is in doubt opens no new month: it would give
the budget anew each time a battery is empty. One that was heard to be right may go back, too, out of a month that a
wrong one had opened, and finds there what was spent before.

Must not know: when runs are made, how photos travel.
"""

from collections.abc import Callable
from typing import Any

from edge_node.quiet_hours import Window, are_quiet
from edge_node.telling import why_held
from sync.node.node import Node
from sync.node.own_clock import read_clock
from sync.node.road.photo_lane import PhotoLane
from sync.records.clock import Quality, Reading, beijing
from sync.store.ledger.spending import charge, charged_month, spent_bytes
from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class Frugality(Value):
    """What is to be spared.

    quiet         windows of the day
    budget_bytes  for photos, a calendar month; 0 for any number
    place         the station's among all, from 0 up to 1
    """

    quiet: tuple[Window, ...] = ()
    budget_bytes: int = 0
    place: float = 0.0


def month_to_charge(now_ms: int, reading: Reading, charged: str) -> str:
    """The month that what is sent now counts to, `YYYY-MM`; `charged` is the one that was charged last, or ""."""
    shown = beijing(now_ms).strftime("%Y-%m")
    if not charged or (reading.quality is Quality.HEARD and not reading.must_ask):
        return shown
    return charged if reading.must_ask or reading.quality is Quality.DOUBTFUL else max(shown, charged)


class PhotoMeter:
    """Counts what photos cost, and says whether more may be spent."""

    def __init__(self, node: Node, frugality: Callable[[], Frugality]) -> None:
        """`frugality` is asked each time, for a station gets its place when it is enrolled."""
        self._node = node
        self._frugality = frugality

    def lane(self) -> PhotoLane:
        """The lane of a run by the clock."""
        frugality = self._frugality()
        left = self._left_bytes(frugality)

        def may_go(told_bytes: int) -> bool:
            if left is not None and told_bytes >= left:
                return False
            return not are_quiet(frugality.quiet, self._node.clock(), place=frugality.place)

        return PhotoLane(may_go, self._note)

    def lane_by_hand(self) -> PhotoLane:
        """The lane of a run by hand."""
        return PhotoLane(note=self._note)

    def standing(self) -> dict[str, Any]:
        """{"month", "spent_bytes", "budget_bytes", "quiet", "used_up"}: `quiet`, whether quiet hours are now."""
        frugality = self._frugality()
        month, spent = self._node.read(self._account)
        budget = frugality.budget_bytes
        return {
            "month": month,
            "spent_bytes": spent,
            "budget_bytes": budget,
            "quiet": are_quiet(frugality.quiet, self._node.clock(), place=frugality.place),
            "used_up": bool(budget) and spent >= budget,
        }

    def held(self) -> str:
        """Why a run by the clock takes no photos along now, in words; "" when it does."""
        return why_held(self.standing())

    def _left_bytes(self, frugality: Frugality) -> int | None:
        if not frugality.budget_bytes:
            return None
        _, spent = self._node.read(self._account)
        return frugality.budget_bytes - spent

    def _account(self, reader: Reader) -> tuple[str, int]:
        now_ms = self._node.clock()
        month = month_to_charge(now_ms, read_clock(reader, now_ms), charged_month(reader))
        return month, spent_bytes(reader, month)

    def _note(self, sent_bytes: int) -> None:
        def work(tx: Transaction) -> None:
            month, _ = self._account(tx)
            charge(tx, month, sent_bytes)

        self._node.engine.write(work)
