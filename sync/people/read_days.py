"""A last day, as somebody typed it.

Must not know: what ends with it.
"""

from datetime import date

from sync.messages import N_, _

_MOST_YEARS = 20
_FORM = N_("A last day is written as 2027-12-31")


def day_problem(text: str, today: date) -> str:
    """What is wrong with a last day (YYYY-MM-DD, today at the earliest); "" when nothing is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _(_FORM)
    if day.isoformat() != text:
        return _(_FORM)
    if day < today:
        return _("The last day is over")
    if day.year > today.year + _MOST_YEARS:
        return _("The last day is within %(years)s years", years=_MOST_YEARS)
    return ""
