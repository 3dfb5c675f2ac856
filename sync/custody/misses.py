"""Misses: a station says what was looked for there on a day and not found, so that the centre hears people's words.

    {"version": 1, "writer": …, "station": "k3m7q", "day": "2025-09-26", "times": 17, "words": [["卫星电视", 9], …]}

One statement for each day that is over and on which anything was missed, with the most frequent words alone. Of two of
one day the one that counts more stands, whichever came first; `times` is all that was missed that day, words left out
included, so it only grows. Of each signer the last days are kept and no others.

Must not know: by which road it travels, who reads it, how anything is searched.
"""

import re
from collections.abc import Sequence

from sync.custody.shapes import count_of, read_payload, text_of, whole_number, writer_of
from sync.custody.stating import require_own, require_signed, state
from sync.errors import BadRequest
from sync.records.ids import is_sid
from sync.trust.keys import KeyPair
from sync.typed import Value
from sync.values.statements import Signed

MISSES = "misses"
MOST_WORDS = 50  # of a day: some 1.5 kB
_LONGEST_WORD = 40
_MEMBERS = frozenset(("writer", "station", "day", "times", "words"))
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


class Misses(Value):
    """What was not found at a station on a day.

    times  how often anything was not found;  words, ((text, times), …), the most frequent first
    """

    writer: str
    station: str
    day: str
    times: int
    words: tuple[tuple[str, int], ...]


def make_misses(pair: KeyPair, station: str, day: str, counted: Sequence[tuple[str, int]]) -> Signed:
    """Sign what was missed on a day: ((text, times), …), the most frequent first; of many the first are told."""
    times = sum(one for _, one in counted)
    words = [[text, one] for text, one in counted[:MOST_WORDS]]
    members = {"writer": pair.writer, "station": station, "day": day, "times": times, "words": words}
    return state(pair, MISSES, members)


def verify_misses(signed: Signed, *, public_key: bytes) -> Misses:
    """What a statement of misses says.

    raises  Unauthorized unless its writer signed it with this key; BadRequest when it is malformed
    """
    require_signed(signed, MISSES, public_key=public_key)
    told = read_misses(signed.payload)
    require_own(signed, told.writer)
    return told


def read_misses(payload: bytes) -> Misses:
    """What a payload says, whoever signed it; raises BadRequest when it is malformed."""
    body = read_payload(payload, _MEMBERS)
    station, day, words = text_of(body, "station"), text_of(body, "day"), body["words"]
    if not is_sid(station) or not _DAY.match(day) or not isinstance(words, list) or len(words) > MOST_WORDS:
        raise BadRequest("misses of another shape than they have")
    return Misses(
        writer_of(body, "writer"), station, day, count_of(body, "times", least=1), tuple(_word(one) for one in words)
    )


def _word(value: object) -> tuple[str, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise BadRequest("a miss is a word and how often")
    text, times = value
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST_WORD or not text.isprintable():
        raise BadRequest("a word that is none")
    return text, whole_number(times, "words", least=1)
