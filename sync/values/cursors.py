"""Where a list goes on: the place of the last row of a page, as text that is handed out and handed back.

Must not know: lists, what a place is made of.
"""

import base64
import binascii

from sync.errors import BadRequest
from sync.messages import _

_BETWEEN = "\n"


def write_cursor(*place: str) -> str:
    """The cursor of a place; its parts are lines."""
    return base64.urlsafe_b64encode(_BETWEEN.join(place).encode()).decode("ascii").rstrip("=")


def no_cursor() -> BadRequest:
    """What is raised on a cursor that leads nowhere."""
    return BadRequest(_("The place in the list makes no sense, begin again from the first page"))


def read_cursor(text: str, parts: int) -> list[str]:
    """The place of a cursor, of so many parts; raises BadRequest on what is none."""
    try:
        decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        decoded = ""
    place = decoded.split(_BETWEEN)
    if len(place) != parts or not decoded:
        raise no_cursor()
    return place


def read_number(text: str) -> int:
    """A part that is a whole number; raises BadRequest on what is none."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise no_cursor()
    return int(text)
