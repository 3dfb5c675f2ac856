"""A day, as somebody typed it; and what is wrong with a last one.

Must not know: what ends with it.
"""

from datetime import date

from sync.messages import N_, _

_MOST_YEARS = 20
_FORM = N_("A last day is written as 2027-12-31")


def read_day(text: str) -> date | None:
    """The day (YYYY-MM-DD and no other way); None for none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def day_problem(text: str, today: date) -> str:
    """What is wrong with a last day (YYYY-MM-DD, today at the earliest); "" when nothing is."""
    day = read_day(text)
    if day is None:
        return _(_FORM)
    if day < today:
        return _("The last day is over")
    if day.year > today.year + _MOST_YEARS:
        return _("The last day is within %(years)s years", years=_MOST_YEARS)
    return ""
