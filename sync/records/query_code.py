"""查询码: the eight figures on a slip with which a citizen, who has no account, asks how a case stands.

    4821 7736

Made of the name of the record's first event: so every node that holds the case knows the code, before and after the
long number, after a restore and in a new life; it is carried nowhere, and cases from before there were codes have one.
Nobody guesses it: that name is a hash over the writer's whole chain, and stands on no page and in no address.

Must not know: how often somebody may try, what is shown to him.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable

from sync.errors import BadRequest
from sync.messages import _
from sync.records.events import Event

LENGTH = 8  # figures only: they are read aloud, and typed on whatever a kiosk has for keys
_PURPOSE = b"yizhan query code 1"  # changed, every slip on paper would lie


def query_code(events: Iterable[Event]) -> str:
    """The code of a record with these events, eight figures; "" where there is none yet."""
    first = min((event for event in events if not event.seen), key=lambda event: event.key, default=None)
    if first is None:
        return ""
    drawn = hmac.new(first.hash.encode(), _PURPOSE, hashlib.sha256).digest()
    return f"{int.from_bytes(drawn) % 10**LENGTH:0{LENGTH}}"


def grouped(code: str) -> str:
    """A code as it is printed: 4821 7736."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}".strip()


def parse_query_code(text: str) -> str:
    """A code as somebody typed it: blanks, dashes and wide figures do no harm.

    raises  BadRequest when these are not eight figures
    """
    plain = "".join(one for one in unicodedata.normalize("NFKC", text) if not (one.isspace() or one == "-"))
    if len(plain) != LENGTH or not (plain.isascii() and plain.isdigit()):
        raise BadRequest(_("The query code has %(length)s figures and is printed on the slip", length=LENGTH))
    return plain


def is_code(typed: str, code: str) -> bool:
    """Whether a typed code is the one of a record, in the same time whatever is wrong with it."""
    return bool(code) and hmac.compare_digest(typed.encode(), code.encode())
