"""Quittances: a writer says up to which of its steps in a station's records nobody need keep its avowals any longer.

An avowal is for the day on which its writer has lost what it wrote. When that stands in a backup of the centre the day
will not come; but nobody except the writer can know that of its own steps, so the writer says it.

    {"version": 1, "writer": …, "life": …, "station": "k3m7q", "counter": 31}

A newer one of the same life and station replaces the older. Whoever keeps avowals keeps them for a good while
longer, for the case that somebody puts back a disk older than the backup.

Must not know: how the writer knows, who relays it.
"""

from collections.abc import Iterable, Mapping

from sync.custody.shapes import count_of, life_of, read_payload, text_of, writer_of
from sync.custody.stating import require_own, require_signed, state
from sync.errors import BadRequest
from sync.records.ids import is_sid
from sync.trust.keys import KeyPair
from sync.typed import Value
from sync.values.statements import Signed

QUITTANCE = "quittance"
_MEMBERS = frozenset(("writer", "life", "station", "counter"))
_DAY_MS = 86_400_000
# An image of a disk that is put back is seldom older than a season.
KEPT_MS = 90 * _DAY_MS
# Each costs some hundred bytes on every road down; said too late it costs a little disk.
_WORTH_MS = 60 * _DAY_MS
_SELDOM_MS = 30 * _DAY_MS


class Quittance(Value):
    """What a writer says.

    station  sid of the station in whose records the steps stand
    counter  the number of the last of them that is safe, and with it every one before it
    """

    writer: str
    life: str
    station: str
    counter: int


class Vowed(Value):
    """An avowal as far as letting go of it is concerned; kept_ms, since when it is kept here."""

    station: str
    life: str
    counter: int
    kept_ms: int


def make_quittance(pair: KeyPair, life: str, station: str, *, counter: int) -> Signed:
    """Sign that nobody need keep avowals up to there."""
    return state(pair, QUITTANCE, {"writer": pair.writer, "life": life, "station": station, "counter": counter})


def verify_quittance(signed: Signed, *, public_key: bytes) -> Quittance:
    """What a quittance says.

    raises  Unauthorized unless its writer signed it with this key; BadRequest when it is malformed
    """
    require_signed(signed, QUITTANCE, public_key=public_key)
    quittance = read_quittance(signed.payload)
    require_own(signed, quittance.writer)
    return quittance


def read_quittance(payload: bytes) -> Quittance:
    """What a payload says, whoever signed it; raises BadRequest when it is malformed."""
    body = read_payload(payload, _MEMBERS)
    station = text_of(body, "station")
    if not is_sid(station):
        raise BadRequest("a quittance's station has not its shape")
    return Quittance(writer_of(body, "writer"), life_of(body, "life"), station, count_of(body, "counter", least=1))


def quittance_subject(station: str, life: str) -> str:
    """What a quittance is about."""
    return f"{station} {life}"


def due_quittances(
    vowed: Iterable[Vowed], safe: Mapping[str, int], said_ms: Mapping[tuple[str, str], int], *, now_ms: int
) -> dict[tuple[str, str], int]:
    """{(station, life): counter} of what a writer may say of its own avowals now, where it is worth saying.

    safe     {life: the number up to which all of its events are safe}
    said_ms  {(station, life): when it said that last}
    """
    due: dict[tuple[str, str], int] = {}
    old: set[tuple[str, str]] = set()
    for one in vowed:
        place = (one.station, one.life)
        if one.counter <= safe.get(one.life, 0):
            due[place] = max(due.get(place, 0), one.counter)
            if one.kept_ms <= now_ms - _WORTH_MS:
                old.add(place)
    return {
        place: counter
        for place, counter in due.items()
        if place in old and said_ms.get(place, now_ms - _SELDOM_MS) <= now_ms - _SELDOM_MS
    }


def is_past(vowed: Vowed, quit_up_to: int, *, now_ms: int) -> bool:
    """Whether an avowal may be let go; quit_up_to, the counter of the newest quittance about it, 0 for none."""
    return vowed.counter <= quit_up_to and vowed.kept_ms <= now_ms - KEPT_MS
