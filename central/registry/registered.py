"""What the centre has registered: a station, a device code of it, and whether that device is trusted.

Must not know: how anything is registered, or told.
"""

from central.messages import _
from sync.errors import NotFound
from sync.store.ledger.certificates import Known
from sync.store.ledger.stations import Issued, Station, find_issued, find_station
from sync.store.transaction import Reader


def registered_station(reader: Reader, sid: str) -> Station:
    """A station by its sid; raises NotFound."""
    station = find_station(reader, sid)
    if station is None:
        raise NotFound(_("No station %(station)s was registered", station=sid))
    return station


def issued_device(reader: Reader, sid: str, device: str) -> Issued:
    """A device code of a station, in capitals or not; raises NotFound."""
    registered_station(reader, sid)
    issued = find_issued(reader, sid, device.upper())
    if issued is None:
        raise NotFound(_("No device code %(device)s was given to this station", device=device))
    return issued


def is_revoked(issued: Issued, known: Known | None) -> bool:
    """Whether a device is revoked, or a code that nobody has used.

    known  the certificate of the key that used the code. It counts where there is one: a restored centre may have heard
           from below of a revocation that its own list has lost
    """
    return known.revoked if known is not None else issued.revoked_ms is not None
