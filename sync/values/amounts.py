"""Sizes and times that are left, rounded as people say them.

Must not know: of what.
"""

from sync.messages import _

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def time_left(seconds: float | None) -> str:
    """An estimate in rounded words; "" while nobody knows."""
    if seconds is None:
        return ""
    if seconds < _MINUTE:
        return _("less than 1 minute")
    if seconds < _HOUR:
        return _("about %(minutes)s minutes", minutes=round(seconds / _MINUTE))
    if seconds < _DAY:
        return _("about %(hours)s hours", hours=round(seconds / _HOUR))
    return _("about %(days)s days", days=round(seconds / _DAY))


def size_text(size: int | None) -> str:
    """A size as people read it; "大小未知" where nobody knows."""
    if size is None:
        return _("size not known")
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB" if size >= 1000 or size == 0 else _("less than 1 kB")
    return f"{size / 1_000_000:.1f} MB"
