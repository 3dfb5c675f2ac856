"""Parts of a content and unchanged ones, as the headers of a request ask: `Range`, `If-None-Match`.

source  RFC 9110, 13.1.2 and 14.2; CouchDB, `chttpd_db:parse_ranges/2`, for what is answered whole

Must not know: documents, databases.
"""

import re
from collections.abc import Sequence

from sync.wire.problems import RangeNotSatisfiable

# Many small ranges cost more than they save; CouchDB gives the whole from here on.
_TOO_MANY = 10
# From the first byte to whichever is the last: that asks for no part.
_WHOLE = ("0", "")
_ONE = re.compile(r"\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII)


def asked_ranges(header: str, length: int) -> Sequence[tuple[int, int]]:
    """(first byte, last byte) of each range asked for; none when the whole content is to be given.

    raises  RangeNotSatisfiable when a range holds no byte of the content
    """
    unit, _, told = header.partition("=")
    found = [_ONE.fullmatch(each) for each in told.split(",")]
    if unit.strip().lower() != "bytes" or len(found) >= _TOO_MANY:
        return ()
    ranges = []
    for each in found:
        if each is None or each.groups() in (("", ""), _WHOLE):
            return ()
        ranges.append(_range(each[1], each[2], length))
    return ranges


def names_etag(header: str, etag: str) -> bool:
    """Whether `If-None-Match` names what is there."""
    told = {each.strip().removeprefix("W/") for each in header.split(",")}
    return etag in told or "*" in told


def _range(first: str, last: str, length: int) -> tuple[int, int]:
    if not first:
        begin, end = max(0, length - int(last)), length - 1
    else:
        begin, end = int(first), min(int(last or length), length - 1)
    if begin > end:
        raise RangeNotSatisfiable("Requested range not satisfiable")
    return begin, end
