"""Avowals: a writer says which steps in another station's records are its own.

A node below may carry nobody's events but those of its own stations. So a centre that was restored would not get its
lost decisions back from the villages that have them: anybody could say that something was one. With the
writer's own signature beside it, it may be carried by any hands, back to its writer, too.

    {"version": 1, "writer": …, "life": …, "station": "k3m7q", "counter": 31, "events": [hash, …]}

Each speaks of what was written there since the one before, so none replaces another. They are signed before the steps
go down, and go up only beside a step that was refused for want of one.

Must not know: who relays it, what the events say.
"""

from collections.abc import Sequence

from sync.custody.shapes import count_of, life_of, read_payload, text_of, writer_of
from sync.custody.stating import require_own, require_signed, state
from sync.errors import BadRequest
from sync.records.events import Event
from sync.records.ids import is_sid
from sync.store.ledger.custody import next_statement
from sync.store.transaction import Reader
from sync.trust.chain import digest_text, read_digest
from sync.trust.keys import KeyPair
from sync.typed import Value
from sync.values.statements import Signed

AVOWAL = "avowal"
MOST_EVENTS = 200  # of one avowal: 9 kB
_MEMBERS = frozenset(("writer", "life", "station", "counter", "events"))


class Avowal(Value):
    """What a writer owns to.

    station  sid of the station in whose records the events stand
    counter  the number of the last of them;  events, their hashes (32 bytes each), by number
    """

    writer: str
    life: str
    station: str
    counter: int
    events: tuple[bytes, ...]


def make_avowal(pair: KeyPair, life: str, station: str, *, counter: int, events: Sequence[bytes]) -> Signed:
    """Sign that these events are one's own."""
    told = [digest_text(one) for one in events]
    members = {"writer": pair.writer, "life": life, "station": station, "counter": counter, "events": told}
    return state(pair, AVOWAL, members)


def verify_avowal(signed: Signed, *, public_key: bytes) -> Avowal:
    """What an avowal says.

    raises  Unauthorized unless its writer signed it with this key; BadRequest when it is malformed
    """
    require_signed(signed, AVOWAL, public_key=public_key)
    avowal = read_avowal(signed.payload)
    require_own(signed, avowal.writer)
    return avowal


def read_avowal(payload: bytes) -> Avowal:
    """What a payload says, whoever signed it; raises BadRequest when it is malformed."""
    body = read_payload(payload, _MEMBERS)
    station, events = text_of(body, "station"), body["events"]
    if not is_sid(station) or not isinstance(events, list) or not 1 <= len(events) <= MOST_EVENTS:
        raise BadRequest("an avowal's station or events have not their shape")
    return Avowal(
        writer_of(body, "writer"),
        life_of(body, "life"),
        station,
        count_of(body, "counter", least=len(events)),
        tuple(read_digest(one) for one in events),
    )


def find_avowal(reader: Reader, station: str, event: Event) -> Signed | None:
    """The avowal of an event in a station's records, kept here; None when there is none."""
    subject = avowal_subject(station, event.life, event.number)
    kept = next_statement(reader, AVOWAL, event.writer, subject=subject)
    if kept is None:
        return None
    avowal = read_avowal(kept.signed.payload)
    is_it = (avowal.station, avowal.life) == (station, event.life) and read_digest(event.hash) in avowal.events
    return kept.signed if is_it else None


def avowal_subject(station: str, life: str, counter: int) -> str:
    """What an avowal is about; those of one life and station sort by their counters."""
    return f"{station} {life} {counter:016}"
