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
from sync.messages import _
from sync.node.centre_key import pinned_centre
from sync.node.meeting.badge import Badge, read_badge
from sync.node.node import Node
from sync.node.vouching.statements import stations_above
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
        raise WrongPeer(
            _("What the other side shows is no certificate of a node of ours; nothing was sent to it")
        ) from None


def _require_above(reader: Reader, sid: str, badge: Badge) -> None:
    centre_key = pinned_centre(reader)
    if centre_key is None:
        raise WrongPeer(_("This station is not registered yet and cannot recognise the node above; nothing was sent"))
    if badge.public_key == centre_key:
        return
    station, revoked = _standing(reader, badge, centre_key)
    if station not in stations_above(sid, certificates_above(reader, sid)):
        raise WrongPeer(_("The other side is not a node that is registered as above; nothing was sent to it"))
    if revoked:
        raise WrongPeer(_("The certificate of the other side was revoked by the centre; nothing was sent to it"))


def _standing(reader: Reader, badge: Badge, centre_key: bytes) -> tuple[str, bool]:
    """The station a key is certified for and whether that was revoked, by the newest word of the centre we have."""
    known = certificate_of(reader, writer_id(badge.public_key))
    shown = None
    if badge.certificate is not None:
        try:
            shown = verify_certificate(badge.certificate, centre_key=centre_key)
        except (Unauthorized, BadRequest):
            raise WrongPeer(
                _(
                    "The certificate that the other side shows was not signed by the centre of this county; nothing "
                    "was sent to it"
                )
            ) from None
        if shown.public_key != badge.public_key:
            raise WrongPeer(
                _("The certificate that the other side shows is that of another node; nothing was sent to it")
            )
    if shown is not None and (known is None or known.issue < shown.issue):
        return shown.sid, shown.revoked
    return (known.sid, known.revoked) if known is not None else ("", False)
