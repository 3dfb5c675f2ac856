"""办件编号: the long number of a case, given once, by the centre.

    11150624999900011T 4 150511001000 20250731 0001
    deciding body      level basic code  day    serial of that day, from 1

A station cannot give it: two that are cut off cannot share four digits per item, body and day.

Must not know: who gives numbers, which one is next.
"""

import re
from datetime import date

# 18 + 1 + 12 characters are the item's 实施编码; some places write letters in it where the standard has digits.
_CASE_NUMBER = re.compile(r"[0-9A-Z]{31}([0-9]{8})(?!0000)[0-9]{4}\Z")


def is_case_number(value: object) -> bool:
    """Whether a value has the shape of a 办件编号: 43 characters, with a real day in them.

    source  GB/T 39554.1-2020 for the item's part; day and serial are one place's practice
    """
    found = _CASE_NUMBER.match(value) if isinstance(value, str) else None
    if found is None:
        return False
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return False
    return True
