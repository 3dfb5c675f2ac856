"""For which node a volume is, and from which one is taken in.

A volume is sealed to one key. Where a station has several nodes (it got another PC) it is the one heard of last.

Must not know: what is in a volume.
"""

from sync.custody.certificates import CERTIFICATE, as_known, verify_certificate
from sync.custody.receipts import RECEIPT
from sync.custody.seals import SEAL
from sync.errors import Forbidden, NotFound
from sync.messages import N_, _
from sync.node.centre_key import pinned_centre
from sync.node.identity import CENTRE
from sync.node.node import Node
from sync.node.sharing import stations_below
from sync.node.vouching.statements import stations_above
from sync.store.ledger.certificates import Known, all_certificates, certificate_of, certificates_of_station
from sync.store.ledger.custody import Kept, newest_statement, statements_of
from sync.store.transaction import Reader
from sync.trust.keys import writer_id
from sync.typed import Value
from sync.values.statements import Signed

_NOT_CERTIFIED = N_(
    "This node has no certificate of the centre yet and does not know the key of the level above; "
    "nothing can be carried by USB stick"
)
_ENROL_FIRST = N_("First reach the network once and be enrolled; from then on USB sticks can be used.")


class Counterpart(Value):
    """The node on the other end of the road, above or below us."""

    known: Known
    is_above: bool

    @property
    def writer(self) -> str:
        """Its writer id."""
        return self.known.writer


def peer_above(node: Node, sid: str = "") -> Counterpart:
    """The node of a station above us, the nearest when none is named.

    raises  NotFound when there is none, or we have no certificate yet
    """
    certificates = _certificates(node)
    above = stations_above(node.identity.sid, certificates)
    if not above:
        told = _("There is no node above this one") if node.identity.level == CENTRE else _(_NOT_CERTIFIED)
        raise NotFound(told, remedy=_(_ENROL_FIRST))
    own_parent = next(one.parent for one in certificates if one.sid == node.identity.sid)
    station = sid or own_parent
    if station not in above:
        raise NotFound(_("%(station)s is not above this node", station=station))
    return Counterpart(_heard_of_last(node, station), is_above=True)


def peers_above(node: Node) -> tuple[Counterpart, ...]:
    """Every node above us that something can be carried to, the nearest first; none before we are certified."""
    certificates = node.read(all_certificates)
    parents = {one.sid: one.parent for one in certificates}
    found: list[Counterpart] = []
    above, station = stations_above(node.identity.sid, certificates), parents.get(node.identity.sid, "")
    while station in above:
        above -= {station}
        if any(one.sid == station and not one.revoked for one in certificates):
            found.append(Counterpart(_heard_of_last(node, station), is_above=True))
        station = parents.get(station, "")
    return tuple(found)


def peer_below(node: Node, sid: str) -> Counterpart:
    """The node of a station below us; raises NotFound."""
    if sid not in stations_below(node.identity.sid, _certificates(node)) - {node.identity.sid}:
        raise NotFound(_("%(station)s is not below this node, or not in use yet", station=sid))
    return Counterpart(_heard_of_last(node, sid), is_above=False)


def peers_below(node: Node) -> tuple[Counterpart, ...]:
    """A node of each station directly below us that has one."""
    own = node.identity.sid
    stations = {one.sid for one in node.read(all_certificates) if one.parent == own and not one.revoked}
    return tuple(Counterpart(_heard_of_last(node, sid), is_above=False) for sid in sorted(stations))


def recognised(node: Node, certificate: Signed) -> Counterpart:
    """Whose certificate that is, in relation to us; the newest word of the centre counts.

    raises  Unauthorized when our centre did not sign it; Forbidden when the node was revoked, is this one, or is
            neither above nor below us
    """
    centre_key = node.read(pinned_centre)
    if centre_key is None:
        raise NotFound(_(_NOT_CERTIFIED), remedy=_(_ENROL_FIRST))
    told = as_known(verify_certificate(certificate, centre_key=centre_key))
    kept = node.read(lambda reader: certificate_of(reader, told.writer))
    known = kept if kept is not None and kept.issue >= told.issue else told
    if known.revoked:
        raise Forbidden(_("The device that wrote it was revoked by the centre; it was not taken"))
    if known.writer == node.identity.writer:
        raise Forbidden(_("This node exported it itself, the other side has to import it"))
    certificates = [*node.read(all_certificates), known]
    if known.sid in stations_below(node.identity.sid, certificates) - {node.identity.sid}:
        return Counterpart(known, is_above=False)
    if known.sid in stations_above(node.identity.sid, certificates):
        return Counterpart(known, is_above=True)
    raise Forbidden(_("The station that wrote it is neither above nor below this node; it was not taken"))


def own_certificate(node: Node) -> Signed:
    """The centre's word for our own key; raises NotFound while there is none."""

    def work(reader: Reader) -> Kept | None:
        centre_key = pinned_centre(reader)
        if centre_key is None:
            return None
        return newest_statement(reader, CERTIFICATE, writer_id(centre_key), subject=node.identity.writer)

    kept = node.read(work)
    if kept is None:
        raise NotFound(_(_NOT_CERTIFIED), remedy=_(_ENROL_FIRST))
    return kept.signed


def _certificates(node: Node) -> tuple[Known, ...]:
    certificates = node.read(all_certificates)
    if not any(one.writer == node.identity.writer for one in certificates):
        raise NotFound(_(_NOT_CERTIFIED), remedy=_(_ENROL_FIRST))
    return certificates


def _heard_of_last(node: Node, sid: str) -> Known:
    def work(reader: Reader) -> Known:
        alive = [one for one in certificates_of_station(reader, sid) if not one.revoked]
        if not alive:
            raise Forbidden(
                _("All devices of the other side were revoked by the centre, nothing can be exported for it")
            )
        return max(alive, key=lambda one: (_last_arrival(reader, one), one.writer))

    return node.read(work)


def _last_arrival(reader: Reader, known: Known) -> int:
    centre_key = pinned_centre(reader)
    centre = writer_id(centre_key) if centre_key else ""
    certified = newest_statement(reader, CERTIFICATE, centre, subject=known.writer)
    said = (one.arrival for kind in (SEAL, RECEIPT) for one in statements_of(reader, kind, [known.writer]))
    return max((*said, certified.arrival if certified else 0))
