"""How far a clock is from another, in words.

Must not know: how it was measured, whose clocks they are.
"""

from sync.node.clock_offset import Offset

_UNITS = ((86_400, "天"), (3_600, "小时"), (60, "分"), (1, "秒"))
# Less is what measuring over a link leaves open anyway.
_ALIKE_MS = 5_000


def offset_text(offset: Offset, *, other: str) -> str:
    """The other's clock as seen from ours: 与上级一致 · 比上级快 3 分 20 秒 (ours is ahead); with what is uncertain."""
    within = f"（误差 {-(-offset.within_ms // 1000)} 秒以内）"
    if abs(offset.ms) <= _ALIKE_MS + offset.within_ms:
        return f"与{other}一致{within}"
    return f"比{other}{'慢' if offset.ms > 0 else '快'} {_long(abs(offset.ms) // 1000)}{within}"


def _long(seconds: int) -> str:
    """The two largest units that are there."""
    parts = []
    for length, name in _UNITS:
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2])
