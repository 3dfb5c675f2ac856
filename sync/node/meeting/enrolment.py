"""How a device comes to speak for a station: it proves that it was told the code, and is certified.

    station                     township                      centre
    ───────  {sid, device, key, life, proof} ──► passed on ──►  checks the proof, binds the code
    checks the proof, pins  ◄── keeps the ◄── {certificates, proof}   to the key, signs a certificate
    the centre's key            certificates

Neither the secret nor anything it could be guessed from crosses the road, and each side proves
that it knows it: the station to the centre, and the centre, whose key the station has never seen,
to the station.

Must not know: HTTP, how the centre keeps its list of stations.
"""

import hmac
from collections.abc import Callable, Sequence

from sync.custody.certificates import verify_certificate
from sync.custody.taking import take
from sync.errors import BadRequest, Forbidden, NotFound, ProtocolError
from sync.messages import _
from sync.node.centre_key import pin_centre, pinned_centre
from sync.node.identity import note_certified, take_sid
from sync.node.meeting.enrolment_code import EnrolmentCode, parse_code, proof
from sync.node.node import Node
from sync.node.sharing import ensure_homes, stations_under
from sync.node.vouching.statements import own_of
from sync.records.ids import is_sid
from sync.store.ledger.numbers import assign_device
from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Transaction
from sync.trust.chain import LINK_BYTES, digest_text, read_digest
from sync.typed import Value
from sync.values.json_text import dump, parse_object
from sync.values.statements import Signed
from sync.wire.exchange import read_statements, statement_list

_CODE = "enrolment.code"
STATION, CENTRE = "station", "centre"
Post = Callable[[bytes], bytes]


class EnrolmentRequest(Value):
    """What a device asks: to be certified for a station, under a code it was told."""

    sid: str
    device: str
    public_key: bytes
    life: str
    proof: bytes

    def proves(self, code: EnrolmentCode) -> bool:
        """Whether the asker knows the code's secret."""
        expected = proof(code, STATION, self.public_key, self.life.encode())
        return hmac.compare_digest(expected, self.proof)


class _Grant(Value):
    """What the centre answers; certificates from its own to the asker's."""

    centre_key: bytes
    certificates: tuple[Signed, ...]
    proof: bytes

    def proves(self, code: EnrolmentCode) -> bool:
        """Whether the answerer knows the code's secret."""
        expected = proof(code, CENTRE, self.centre_key, self.certificates[-1].payload)
        return hmac.compare_digest(expected, self.proof)


def enter_code(node: Node, text: str) -> EnrolmentCode:
    """Take an enrolment code that someone typed: from now on the station has its id and device code.

    raises  BadRequest on a mistyped code; Conflict when this directory used its device code before;
            Forbidden when it belongs to another station
    """
    code = parse_code(text)
    known = node.identity.sid
    if known and known != code.sid:
        raise Forbidden(
            _("This enrolment code is that of another station, this one is %(station)s", station=known.upper())
        )

    def work(tx: Transaction) -> None:
        take_sid(tx, code.sid)
        assign_device(tx, code.device)
        put_settings(tx, {_CODE: str(code)})

    node.rewrite_identity(work)
    ensure_homes(node, code.sid)
    return code


def enrol(node: Node, post: Post) -> bool:
    """Ask to be certified, if a code was entered and not yet used; whether we are certified now.

    post    carries the request to the node above and brings its answer
    raises  what `post` raises; Forbidden when the answer does not prove that the centre knows the code
    """
    text = node.read(lambda reader: setting(reader, _CODE))
    if text is None:
        return node.identity.certified
    code = parse_code(text)
    who = node.identity
    told = proof(code, STATION, who.keys.public, who.life.encode())
    request = EnrolmentRequest(code.sid, code.device, who.keys.public, who.life, told)
    _take_answer(node, code, post(write_request(request)))
    return True


def write_request(request: EnrolmentRequest) -> bytes:
    """A request as JSON text."""
    return dump(
        {
            "version": 1,
            "sid": request.sid,
            "device": request.device,
            "key": digest_text(request.public_key),
            "life": request.life,
            "proof": digest_text(request.proof),
        }
    )


def read_request(text: bytes) -> EnrolmentRequest:
    """Read a request; raises BadRequest when it has not its shape."""
    body = parse_object(text)
    sid, device, life = (body.get(name) for name in ("sid", "device", "life"))
    if body.get("version") != 1 or not isinstance(sid, str) or not is_sid(sid):
        raise BadRequest("an enrolment request names a station")
    if not isinstance(device, str) or len(device) != 2 or not isinstance(life, str) or len(life) != 16:
        raise BadRequest("an enrolment request names a device code and a life")
    return EnrolmentRequest(sid, device, read_digest(body.get("key")), life, read_digest(body.get("proof")))


def write_grant(code: EnrolmentCode, centre_key: bytes, certificates: Sequence[Signed]) -> bytes:
    """The centre's answer: certificates, its own first and the asker's last, and its proof."""
    told = proof(code, CENTRE, centre_key, certificates[-1].payload)
    return dump(
        {
            "centre_key": digest_text(centre_key),
            "certificates": statement_list(certificates),
            "proof": digest_text(told),
        }
    )


def relay(node: Node, request: bytes, post: Post) -> bytes:
    """Pass a station's request up and the answer down, keeping what we learn on the way.

    raises  what `post` raises; NotFound while we are not certified ourselves; Forbidden for a station that is
            not below us; ProtocolError when the answer is not for what was asked
    """
    asked = read_request(request)
    centre_key = node.read(pinned_centre)
    if centre_key is None:
        raise NotFound(_("This node itself is not registered at the centre yet and cannot pass on an enrolment"))
    answer = post(request)
    certificates = _read_grant(answer).certificates
    own = verify_certificate(certificates[-1], centre_key=centre_key)
    if own.sid != asked.sid or own.public_key != asked.public_key:
        raise ProtocolError("the centre certified another key or station", answer=answer[:1000])

    def work(tx: Transaction) -> None:
        _keep_all(node, tx, certificates, centre_key)
        _require_below(tx, node, own.sid)

    node.write(work)
    ensure_homes(node, asked.sid)
    return answer


def _require_below(tx: Transaction, node: Node, sid: str) -> None:
    """Raise Forbidden, keeping nothing, for a station of another township: what it brought would go no further."""
    if sid not in stations_under(tx, node.identity.sid):
        remedy = _("Check the address above: it has to be the node of the township that the station belongs to.")
        raise Forbidden(_("This station is not below this node"), remedy=remedy)


def _take_answer(node: Node, code: EnrolmentCode, answer: bytes) -> None:
    grant = _read_grant(answer)
    centre_key, certificates = grant.centre_key, grant.certificates
    if not grant.proves(code):
        told = _("The answer does not prove that it is from the centre which gave the enrolment code; it was not taken")
        raise Forbidden(told, remedy=_("Check the address above, and call the centre."))
    own = verify_certificate(certificates[-1], centre_key=centre_key)
    if own.writer != node.identity.writer or own.sid != code.sid:
        raise ProtocolError("the centre certified another key or station", answer=answer[:1000])

    def work(tx: Transaction) -> None:
        pin_centre(tx, centre_key)
        _keep_all(node, tx, certificates, centre_key)
        if setting(tx, _CODE) == str(code):  # another may have been entered meanwhile
            put_settings(tx, {_CODE: None})
        note_certified(tx)

    node.rewrite_identity(work)
    node.catalogue.look_again()


def _keep_all(node: Node, tx: Transaction, certificates: Sequence[Signed], centre_key: bytes) -> None:
    taken = take(tx, own_of(node.identity), certificates, centre_key=centre_key, now_ms=node.clock())
    if taken.refused:
        raise ProtocolError(f"the centre's certificates do not hold: {taken.refused[0][1]}")


def _read_grant(answer: bytes) -> _Grant:
    """Read the centre's answer; raises ProtocolError when it has not its shape."""
    try:
        body = parse_object(answer)
        certificates = read_statements(body.get("certificates"))
        centre_key, told = (read_digest(body.get(name), length=LINK_BYTES) for name in ("centre_key", "proof"))
    except BadRequest as error:
        raise ProtocolError(error.reason, answer=answer[:1000]) from None
    if not certificates:
        raise ProtocolError("an enrolment was answered without a certificate", answer=answer[:1000])
    return _Grant(centre_key, certificates, told)
