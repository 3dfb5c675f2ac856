"""交接单号: the number of a bag of papers, given with no network, never twice.

    J 990281101201 251010 01 0003 K      place, day, device, serial, check character
                          01-0003-K      as it is read aloud

As with receipt numbers no two lives share a device code of one station and day. The letter in front keeps it from
ever being taken for a 收件号.

Must not know: where serials are counted, what is in the bag.
"""

import re
from datetime import date

from sync.records.check_digits import mod_37_36
from sync.records.receipt_number import format_receipt_number

_MARK = "J"
_NUMBER = re.compile(r"J[0-9]{18}[0-9A-Z]{2}[0-9]{4}[0-9A-Z]\Z")


def format_bag_number(region_code: str, day: date, device: str, serial: int) -> str:
    """The 26 characters of a bag's number; raises BadRequest when a part does not fit."""
    body = _MARK + format_receipt_number(region_code, day, device, serial)[:-1]
    return body + mod_37_36(body)


def is_bag_number(value: object) -> bool:
    """Whether a value has the shape of one, check character included."""
    if not isinstance(value, str) or _NUMBER.match(value) is None:
        return False
    return mod_37_36(value[:-1]) == value[-1]


def short_bag_number(number: str) -> str:
    """What is read aloud: device, serial, check character; the text itself where it is none."""
    return f"{number[19:21]}-{number[21:25]}-{number[25]}" if is_bag_number(number) else number
