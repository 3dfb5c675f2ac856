"""Sightings: a node says when it last heard a station that calls it, so that those further up know that it lives.

    {"version": 1, "writer": …, "station": "k3m7q", "at_ms": 1758866645000}

A station that has nothing new to say signs nothing, and only whoever it calls knows that it called. Of two of one
signer about one station the later stands. The time is by the signer's clock, which may be years ahead: it is believed,
and compared, no further than to when the sighting arrived.

Must not know: by which road it travels, when one is worth its bytes, what counts as silent.
"""

from sync.custody.shapes import count_of, read_payload, text_of, writer_of
from sync.custody.stating import require_own, require_signed, state
from sync.errors import BadRequest
from sync.records.ids import is_sid
from sync.trust.keys import KeyPair
from sync.typed import Value
from sync.values.statements import Signed

SIGHTING = "sighting"
_MEMBERS = frozenset(("writer", "station", "at_ms"))


class Sighting(Value):
    """That a writer's node was called by a station, last at this time, in milliseconds since 1970."""

    writer: str
    station: str
    at_ms: int


def make_sighting(pair: KeyPair, station: str, at_ms: int) -> Signed:
    """Sign when a station was heard."""
    return state(pair, SIGHTING, {"writer": pair.writer, "station": station, "at_ms": at_ms})


def verify_sighting(signed: Signed, *, public_key: bytes) -> Sighting:
    """What a sighting says.

    raises  Unauthorized unless its writer signed it with this key; BadRequest when it is malformed
    """
    require_signed(signed, SIGHTING, public_key=public_key)
    told = read_sighting(signed.payload)
    require_own(signed, told.writer)
    return told


def read_sighting(payload: bytes) -> Sighting:
    """What a payload says, whoever signed it; raises BadRequest when it is malformed."""
    body = read_payload(payload, _MEMBERS)
    station = text_of(body, "station")
    if not is_sid(station):
        raise BadRequest("a sighting's station id has not its shape")
    return Sighting(writer_of(body, "writer"), station, count_of(body, "at_ms"))
