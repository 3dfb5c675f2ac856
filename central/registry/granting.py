"""The centre answers a device that wants to speak for a station: `POST /enrolment`.

    proof fits the code? ──► code bound to the key ──► certificate ──► kept, audited, answered

A request asked again is answered as before: whoever lost the answer asks again, and a replayed
request brings its sender nothing that is not public. Whether a code was never given out or the proof
is wrong, the refusal reads the same.

Must not know: HTTP, over which road the request came.
"""

import time
from collections.abc import Callable

from central.messages import _
from central.registry.certifying import certificates_above, certify_self, certify_station
from central.registry.enrolling import code_of
from central.registry.guessing import GuessLimit
from sync.errors import Forbidden
from sync.messages import N_
from sync.node.identity import Identity
from sync.node.meeting.enrolment import EnrolmentRequest, read_request, write_grant
from sync.node.node import Node
from sync.node.sharing import ensure_homes
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.stations import Issued, Station, find_issued, find_station, use_device
from sync.store.transaction import Reader, Transaction
from sync.trust.keys import writer_id
from sync.values.statements import Signed

_REFUSAL = N_("The enrolment code does not fit; check it with the centre figure by figure and type it again")
# Whoever proved nothing may call himself anything: no name of his is kept.
_STRANGER = "acct:?"
# Station ids nobody registered are counted together, so that inventing them costs no memory.
_UNREGISTERED = ""


class Grants:
    """Answers enrolment requests of one centre. Guards that guessing stays slow."""

    def __init__(self, node: Node, *, now_seconds: Callable[[], float] = time.monotonic) -> None:
        self._node = node
        self._limit = GuessLimit(now_seconds)

    def answer(self, request: bytes) -> bytes:
        """`grant`; raises PeerBusy, too, when a station's code was guessed at too often within a minute."""
        asked = read_request(request)
        known = self._node.read(lambda reader: find_station(reader, asked.sid))
        with self._limit.attempt(known.sid if known else _UNREGISTERED):
            return grant(self._node, request)


def grant(node: Node, request: bytes) -> bytes:
    """Certify the key in an enrolment request, if it proves that it was told the code.

    returns  certificates, the centre's first, the asker's last, and the centre's own proof
    raises   BadRequest on a malformed request; Forbidden when the proof does not fit, the key was revoked, or
             the code was given to nobody; Conflict when another key used the code, or the key is another station's
    """
    asked, who = read_request(request), node.identity
    code = code_of(who.keys, asked.sid, asked.device)
    fits = asked.proves(code)  # worked out for stations that do not exist, too: time tells nothing
    station, issued = node.read(lambda reader: _registered(reader, asked))
    if station is None or issued is None or not fits:
        if station is not None:
            node.engine.post(lambda tx: _note_refusal(tx, node, asked))
        raise Forbidden(_(_REFUSAL))
    certificates = node.write(lambda tx: _certified(tx, who, station, asked, now_ms=node.clock()))
    ensure_homes(node, station.sid)
    return write_grant(code, who.keys.public, certificates)


def _registered(reader: Reader, asked: EnrolmentRequest) -> tuple[Station | None, Issued | None]:
    return find_station(reader, asked.sid), find_issued(reader, asked.sid, asked.device)


def _certified(
    tx: Transaction, who: Identity, station: Station, asked: EnrolmentRequest, *, now_ms: int
) -> tuple[Signed, ...]:
    writer = writer_id(asked.public_key)
    issued = find_issued(tx, asked.sid, asked.device)
    use_device(tx, asked.sid, asked.device, writer, now_ms=now_ms)
    centre = certify_self(tx, who, now_ms=now_ms)
    own = certify_station(tx, who, station, asked.public_key, now_ms=now_ms)
    if issued is None or issued.writer != writer:
        append_entry(tx, Entry(now_ms, writer, "station_certified", station.sid, f"{asked.device} {asked.life}"))
    return (centre, *certificates_above(tx, who.writer, station), own)


def _note_refusal(tx: Transaction, node: Node, asked: EnrolmentRequest) -> None:
    append_entry(tx, Entry(node.clock(), _STRANGER, "enrolment_refused", asked.sid))
