"""The centre certifies itself and its stations' nodes, and knows which certificates a station needs.

One certificate stands per key. It is written anew, with a higher issue, only when what it says has changed: of the
station, or whether it is revoked. Asked again, the centre answers with the one it has.

Must not know: how a key proved whose it is.
"""

from central.messages import _
from sync.custody.certificates import CERTIFICATE, Certificate, certify, read_certificate
from sync.custody.taking import take
from sync.errors import Conflict, Forbidden, NotFound, ProtocolError
from sync.node.centre_key import pin_centre
from sync.node.identity import CENTRE, CENTRE_SID, Identity
from sync.node.vouching.statements import own_of
from sync.store.ledger.certificates import certificates_of_station
from sync.store.ledger.custody import newest_statement
from sync.store.ledger.stations import Station, find_station
from sync.store.transaction import Reader, Transaction
from sync.typed import replace
from sync.values.statements import Signed

_MOST_HOPS = 8  # village, township, county, centre; a loop in the registry ends here


def certify_self(tx: Transaction, who: Identity, *, now_ms: int) -> Signed:
    """The centre's own certificate, signed by itself and pinned; made where there is none."""
    pin_centre(tx, who.keys.public)
    said = Certificate(who.keys.public, CENTRE_SID, CENTRE, who.region, who.name, parent="")
    return _stand(tx, who, said, now_ms=now_ms)


def certify_station(tx: Transaction, who: Identity, station: Station, public_key: bytes, *, now_ms: int) -> Signed:
    """The certificate of a key for a station.

    raises  Conflict when the key is another station's; Forbidden when it was revoked
    """
    said = Certificate(public_key, station.sid, station.level, station.region, station.name, station.parent)
    return _stand(tx, who, said, now_ms=now_ms)


def certify_revoked(tx: Transaction, who: Identity, writer: str, *, revoked: bool, now_ms: int) -> Signed:
    """The certificate that a key has, revoked or reinstated; it goes to every station as other certificates do.

    raises  NotFound when the key has none
    """
    kept = newest_statement(tx, CERTIFICATE, who.writer, subject=writer)
    if kept is None:
        raise NotFound(_("This device has no certificate"))
    known = read_certificate(kept.signed.payload)
    return _issue(tx, who, replace(known, revoked=revoked, issue=known.issue + 1), now_ms=now_ms)


def certificates_above(reader: Reader, centre: str, station: Station) -> tuple[Signed, ...]:
    """The certificates of everyone between the centre and a station, from the top down.

    centre  writer id of the centre, which signed them
    """
    found: list[Signed] = []
    parent = find_station(reader, station.parent)
    for _hop in range(_MOST_HOPS):
        if parent is None:
            break
        writers = [known.writer for known in certificates_of_station(reader, parent.sid)]
        kept = [newest_statement(reader, CERTIFICATE, centre, subject=writer) for writer in writers]
        found = [*(one.signed for one in kept if one is not None), *found]
        parent = find_station(reader, parent.parent)
    return tuple(found)


def _stand(tx: Transaction, who: Identity, said: Certificate, *, now_ms: int) -> Signed:
    kept = newest_statement(tx, CERTIFICATE, who.writer, subject=said.writer)
    if kept is not None:
        known = read_certificate(kept.signed.payload)
        if known.revoked:
            raise Forbidden(
                _("The certificate of this device was revoked"),
                remedy=_(
                    "Ask the centre: it can take the revocation back, or give another code for a computer set up anew."
                ),
            )
        if known.sid != said.sid:
            raise Conflict(_("This device is registered for another station; to change stations begin it anew"))
        if replace(known, issue=said.issue) == said:
            return kept.signed
        said = replace(said, issue=known.issue + 1)
    return _issue(tx, who, said, now_ms=now_ms)


def _issue(tx: Transaction, who: Identity, said: Certificate, *, now_ms: int) -> Signed:
    signed = certify(who.keys, said)
    taken = take(tx, own_of(who), [signed], centre_key=who.keys.public, now_ms=now_ms)
    if not taken.kept:
        raise ProtocolError(f"our own certificate was not taken: {taken.refused}")
    return signed
