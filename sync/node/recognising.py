"""Whether the one who answers at the upstream's address is a node above us, told by its badge.

Any node between us and the centre will do, and the centre itself: what we send is on its way to all of them. The key
must be one that the centre has certified for such a station and not revoked; what the ledger has heard last counts,
and for a key it has not heard of, the certificate on the badge. Before enrolment nobody can be recognised: what is
sent then is meant for relays that learn nothing from it (`enrolment`).

Must not know: sockets, clocks, host names.
"""

from collections.abc import Callable

from sync.custody.certificates import verify_certificate
from sync.errors import BadRequest, Unauthorized, WrongPeer
from sync.node.badge import Badge, read_badge
from sync.node.centre_key import pinned_centre
from sync.node.node import Node
from sync.node.statements import stations_above
from sync.store.ledger.certificates import certificate_of, certificates_above
from sync.store.transaction import Reader
from sync.trust.keys import writer_id

# What TLS hands over goes in; it raises WrongPeer.
Recognise = Callable[[bytes], None]


def recognise_above(node: Node) -> Recognise:
    """Ask of whoever is reached that it is a node above us."""

    def recognise(der: bytes) -> None:
        badge = _badge(der)
        node.read(lambda reader: _require_above(reader, node.identity.sid, badge))

    return recognise


def anybody(der: bytes) -> None:
    """Ask nothing: for what may pass through any hands."""


def _badge(der: bytes) -> Badge:
    try:
        return read_badge(der)
    except BadRequest:
        raise WrongPeer("对方出示的不是驿站节点的证书，未向它发送任何内容") from None


def _require_above(reader: Reader, sid: str, badge: Badge) -> None:
    centre_key = pinned_centre(reader)
    if centre_key is None:
        raise WrongPeer("本站尚未登记，无从辨认上级，未发送任何内容")
    if badge.public_key == centre_key:
        return
    station, revoked = _standing(reader, badge, centre_key)
    if station not in stations_above(sid, certificates_above(reader, sid)):
        raise WrongPeer("对方不是所登记的上级节点，未向它发送任何内容")
    if revoked:
        raise WrongPeer("对方的证书已被中心吊销，未向它发送任何内容")


def _standing(reader: Reader, badge: Badge, centre_key: bytes) -> tuple[str, bool]:
    """The station a key is certified for and whether that was revoked, by the newest word of the centre we have."""
    known = certificate_of(reader, writer_id(badge.public_key))
    shown = None
    if badge.certificate is not None:
        try:
            shown = verify_certificate(badge.certificate, centre_key=centre_key)
        except (Unauthorized, BadRequest):
            raise WrongPeer("对方出示的证书不是本县中心签发的，未向它发送任何内容") from None
        if shown.public_key != badge.public_key:
            raise WrongPeer("对方出示的证书属于另一节点，未向它发送任何内容")
    if shown is not None and (known is None or known.issue < shown.issue):
        return shown.sid, shown.revoked
    return (known.sid, known.revoked) if known is not None else ("", False)
