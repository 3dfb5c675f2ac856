"""At the centre: the stations it has registered, and the device codes it gave out for them.

A receipt number has the place's region code and the device code in it, so none is given twice at one place. A centre
that was restored, or is a copy, does not know which it gave after the backup, nor to which stations: it goes on a block
further.

Must not know: what an enrolment code looks like, or how its secret is made.
"""

from collections.abc import Iterable

from sync.errors import Conflict, Forbidden, NotFound
from sync.messages import _
from sync.store.ledger.lives import current_life
from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Reader, Transaction
from sync.typed import Value

_CHARACTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BLOCK = len(_CHARACTERS)  # nobody gives one station so many between two backups
_GOES_ON_IN = "registry.devices_of."  # and a station's id: the life in which its codes went on


class Station(Value):
    """A registered station; `parent` is the sid of the station above, the centre's own for townships."""

    sid: str
    name: str
    region: str
    level: str
    parent: str
    registered_ms: int


class Issued(Value):
    """A device code given out; `writer` is "" while nobody has used it, `revoked_ms` None while it holds."""

    sid: str
    device: str
    issued_ms: int
    writer: str
    used_ms: int | None
    revoked_ms: int | None
    revoked_why: str


_ISSUED = "SELECT sid, device, issued_ms, writer, used_ms, revoked_ms, revoked_why FROM issued_devices"
_COLUMNS = "sid, name, region, level, parent, registered_ms"


def register_station(tx: Transaction, station: Station) -> None:
    """Keep a new station; raises Conflict when its region code has one already."""
    if tx.one("SELECT 1 FROM stations WHERE region = ?", (station.region,)) is not None:
        told = _("Region code %(region)s has a station already", region=station.region)
        raise Conflict(told, remedy=_("If its device is replaced, give that station another enrolment code."))
    values = (station.sid, station.name, station.region, station.level, station.parent, station.registered_ms)
    tx.execute(f"INSERT INTO stations ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", values)


def find_station(reader: Reader, sid: str) -> Station | None:
    """A station by its id."""
    row = reader.one(f"SELECT {_COLUMNS} FROM stations WHERE sid = ?", (sid,))
    return None if row is None else Station(*row)


def station_at(reader: Reader, region: str) -> Station | None:
    """The station of a region code."""
    row = reader.one(f"SELECT {_COLUMNS} FROM stations WHERE region = ?", (region,))
    return None if row is None else Station(*row)


def all_stations(reader: Reader) -> tuple[Station, ...]:
    """Every registered station, by region code."""
    return tuple(Station(*row) for row in reader.execute(f"SELECT {_COLUMNS} FROM stations ORDER BY region"))


def issue_device(tx: Transaction, sid: str, *, now_ms: int, seen: Iterable[str] = ()) -> str:
    """Give out the station's next device code, `01`, `02` … `ZZ`; raises Conflict when all were used.

    seen  those that are known to be used at its place, whoever gave them
    """
    number = _next_number(tx, sid, seen)
    if number >= _BLOCK**2:
        raise Conflict(_("All device codes of this station have been given"))
    device = _CHARACTERS[number // _BLOCK] + _CHARACTERS[number % _BLOCK]
    tx.execute("INSERT INTO issued_devices (sid, device, issued_ms) VALUES (?, ?, ?)", (sid, device, now_ms))
    return device


def _next_number(tx: Transaction, sid: str, seen: Iterable[str]) -> int:
    given = (issued.device for issued in issued_of(tx, sid))
    known = max(map(_number, (*given, *seen)), default=0)
    life = current_life(tx)
    begun = f"{_GOES_ON_IN}{sid}"
    if life.parent is None or setting(tx, begun) == life.life:
        return known + 1
    put_settings(tx, {begun: life.life})
    return (known // _BLOCK + 1) * _BLOCK


def _number(device: str) -> int:
    """Where a device code stands; 0 for one that no centre gives."""
    if len(device) != 2 or not set(device) <= set(_CHARACTERS):
        return 0
    return _CHARACTERS.index(device[0]) * _BLOCK + _CHARACTERS.index(device[1])


def find_issued(reader: Reader, sid: str, device: str) -> Issued | None:
    """A device code that was given out."""
    row = reader.one(f"{_ISSUED} WHERE sid = ? AND device = ?", (sid, device))
    return None if row is None else Issued(*row)


def issued_of(reader: Reader, sid: str) -> tuple[Issued, ...]:
    """Every device code given out for a station, oldest first."""
    rows = reader.execute(f"{_ISSUED} WHERE sid = ? ORDER BY device", (sid,))
    return tuple(Issued(*row) for row in rows)


def used_by_station(reader: Reader) -> dict[str, int]:
    """{sid: when one of its device codes was used last}; stations of which none was are not named."""
    rows = reader.execute("SELECT sid, max(used_ms) FROM issued_devices WHERE used_ms IS NOT NULL GROUP BY sid")
    return {row[0]: row[1] for row in rows}


def use_device(tx: Transaction, sid: str, device: str, writer: str, *, now_ms: int) -> None:
    """Bind a device code to the key that proved it knows the code's secret; the same key again changes nothing.

    raises  NotFound when it was never given out, Conflict when another key used it, Forbidden when it was revoked
            before anybody did
    """
    issued = find_issued(tx, sid, device)
    if issued is None:
        raise NotFound(_("The centre never gave this enrolment code"))
    if issued.writer == writer:
        return
    if issued.writer:
        raise Conflict(_("This enrolment code was used by another device, ask the centre for a new one"))
    if issued.revoked_ms is not None:
        raise Forbidden(_("The centre has revoked this enrolment code, ask it for a new one"))
    tx.execute(
        "UPDATE issued_devices SET writer = ?, used_ms = ? WHERE sid = ? AND device = ?", (writer, now_ms, sid, device)
    )


def note_revoked(tx: Transaction, sid: str, device: str, *, at_ms: int | None, why: str = "") -> None:
    """Keep since when and why a device code holds no more; None when it holds again.

    What one key used is one device: all codes that it used go the same way.
    """
    tx.execute(
        "UPDATE issued_devices SET revoked_ms = ?1, revoked_why = ?2 WHERE sid = ?3 AND (device = ?4 OR writer IN "
        "(SELECT writer FROM issued_devices WHERE sid = ?3 AND device = ?4 AND writer != ''))",
        (at_ms, why, sid, device),
    )
