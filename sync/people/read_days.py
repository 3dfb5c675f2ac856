"""A last day, as somebody typed it.

Must not know: what ends with it.
"""

from datetime import date

_MOST_YEARS = 20


def day_problem(text: str, today: date) -> str:
    """What is wrong with a last day (YYYY-MM-DD, today at the earliest); "" when nothing is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "到期日应写作 2027-12-31"
    if day.isoformat() != text:
        return "到期日应写作 2027-12-31"
    if day < today:
        return "到期日已经过去"
    return "" if day.year <= today.year + _MOST_YEARS else f"到期日最晚为 {_MOST_YEARS} 年后"
