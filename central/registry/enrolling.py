"""The centre registers stations and gives out enrolment codes.

The secret in a code is derived from the centre's own key, so none is stored: whoever copies the
centre's database without its key learns no code. A code binds to the first key that proves it.

Must not know: Flask, how the code travels to the station.
"""

import hashlib
import hmac
import secrets

from central.messages import _
from central.registry.registered import registered_station
from sync.errors import Invalid, Refused
from sync.node.identity import CENTRE_SID
from sync.node.lists.case_index import devices_at
from sync.node.meeting.enrolment_code import SECRET_LENGTH, SID_LENGTH, EnrolmentCode
from sync.node.node import Node
from sync.node.sharing import ensure_homes
from sync.records.clear_digits import ALPHABET
from sync.records.regions import Level, Region, parse_region
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.stations import Station, find_station, issue_device, register_station, station_at
from sync.store.transaction import Transaction
from sync.trust.keys import KeyPair
from sync.typed import Value

_LEVELS = {Level.TOWNSHIP: "township", Level.VILLAGE: "village"}
LONGEST_NAME = 60


class Wanted(Value):
    """A station that is to be registered.

    region  its 12-digit code: a township's or a village's, within the centre's own
    under   sid of the station above; "" finds it by region code
    """

    name: str
    region: str
    under: str = ""


def enrol_station(node: Node, *, name: str, region: str, by: str, under: str = "") -> EnrolmentCode:
    """Register a station and give out its first enrolment code.

    by       who does it, as the audit names actors
    raises   Invalid naming the field; Conflict when the region has a station already
    """
    code = node.write(lambda tx: register(tx, node, Wanted(name, region, under), by=by))
    ensure_homes(node, code.sid)
    return code


def enrol_again(node: Node, sid: str, *, by: str) -> EnrolmentCode:
    """Give out another code for a station: for a second device, a new life, or a lost code.

    raises  NotFound when there is no such station, Conflict when all its device codes were given
    """
    code = node.write(lambda tx: issue_code(tx, node, sid, by=by))
    ensure_homes(node, sid)
    return code


def register(tx: Transaction, node: Node, wanted: Wanted, *, by: str) -> EnrolmentCode:
    """`enrol_station` within a piece of work; whoever calls makes the databases afterwards."""
    place = _require_place(node, wanted)
    parent = _parent_sid(tx, wanted, place)
    sid = _unused_sid(tx)
    level = _LEVELS[place.level]
    register_station(tx, Station(sid, wanted.name.strip(), wanted.region, level, parent, node.clock()))
    append_entry(tx, Entry(node.clock(), by, "station_registered", sid, wanted.region))
    return issue_code(tx, node, sid, by=by)


def issue_code(tx: Transaction, node: Node, sid: str, *, by: str) -> EnrolmentCode:
    """`enrol_again` within a piece of work."""
    station = registered_station(tx, sid)
    device = issue_device(tx, sid, now_ms=node.clock(), seen=devices_at(tx, station.region))
    append_entry(tx, Entry(node.clock(), by, "enrolment_code_given", sid, device))
    return code_of(node.identity.keys, sid, device)


def code_of(keys: KeyPair, sid: str, device: str) -> EnrolmentCode:
    """The code that this centre gave, or would give, for a station's device code."""
    mac = hmac.digest(keys.private, f"yizhan enrolment secret 1:{sid}:{device}".encode(), hashlib.sha256)
    return EnrolmentCode(sid, device, "".join(ALPHABET[byte % len(ALPHABET)] for byte in mac[:SECRET_LENGTH]))


def _require_place(node: Node, wanted: Wanted) -> Region:
    """Where the station is; raises Invalid naming everything that is wrong with what was filled in."""
    problems = []
    name = wanted.name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        problems.append(("name", _("A station name has 1 to %(most)s characters", most=LONGEST_NAME)))
    try:
        place = parse_region(wanted.region)
    except Refused as error:
        raise Invalid(_("Something is not filled in rightly"), fields=[*problems, ("region", error.reason)]) from None
    if place.level not in _LEVELS:
        problems.append(("region", _("The region code of a station is that of a township or village")))
    elif not parse_region(node.identity.region).contains(place):
        problems.append(
            (
                "region",
                _(
                    "Region code %(region)s is not within %(own)s, the area of this centre",
                    region=wanted.region,
                    own=node.identity.region,
                ),
            )
        )
    if problems:
        raise Invalid(_("Something is not filled in rightly"), fields=problems)
    return place


def _parent_sid(tx: Transaction, wanted: Wanted, place: Region) -> str:
    """The station above: the one named, else that of the nearest place above, else the centre."""
    if wanted.under in ("", CENTRE_SID):
        above = () if wanted.under else reversed(place.chain[:-1])
        stations = (station_at(tx, code) for code in above)
        return next((station.sid for station in stations if station is not None), CENTRE_SID)
    parent = find_station(tx, wanted.under)
    if parent is None:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("under", _("No station %(station)s was registered", station=wanted.under))],
        )
    if parse_region(parent.region).level >= place.level:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("under", _("%(station)s is not a station that has others below it", station=parent.name))],
        )
    return parent.sid


def _unused_sid(tx: Transaction) -> str:
    while True:
        # Begins with a letter, so that it never reads as a number.
        sid = secrets.choice(ALPHABET[10:]) + "".join(secrets.choice(ALPHABET) for _place in range(SID_LENGTH - 1))
        if find_station(tx, sid.lower()) is None:
            return sid.lower()
