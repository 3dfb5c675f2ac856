"""How far a clock is from another, in words.

Must not know: how it was measured, whose clocks they are.
"""

from sync.messages import N_, _
from sync.node.road.clock_offset import Offset

_UNITS = ((86_400, N_("days long")), (3_600, N_("hours")), (60, N_("minutes")), (1, N_("seconds")))
# Less is what measuring over a link leaves open anyway.
_ALIKE_MS = 5_000


def offset_text(offset: Offset, *, other: str) -> str:
    """The other's clock as seen from ours: 与上级一致 · 比上级快 3 分 20 秒 (ours is ahead); with what is uncertain."""
    told = {"other": other, "within": -(-offset.within_ms // 1000)}
    if abs(offset.ms) <= _ALIKE_MS + offset.within_ms:
        return _("the same as %(other)s (within %(within)s seconds)", **told)
    told["by"] = _long(abs(offset.ms) // 1000)
    if offset.ms > 0:
        return _("%(by)s behind %(other)s (within %(within)s seconds)", **told)
    return _("%(by)s ahead of %(other)s (within %(within)s seconds)", **told)


def _long(seconds: int) -> str:
    """The two largest units that are there."""
    parts = []
    for length, name in _UNITS:
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {_(name)}")
    return " ".join(parts[:2])
