"""The centre registers stations and gives out enrolment codes.

The secret in a code is derived from the centre's own key, so none is stored: whoever copies the
centre's database without its key learns no code. A code binds to the first key that proves it.

Must not know: Flask, how the code travels to the station.
"""

import hashlib
import hmac
import secrets

from sync.errors import BadRequest, NotFound
from sync.node.enrolment_code import ALPHABET, SECRET_LENGTH, SID_LENGTH, EnrolmentCode
from sync.node.identity import CENTRE_SID
from sync.node.node import Node
from sync.records.ids import blobs_database, station_database
from sync.records.regions import Level, parse_region
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.stations import Station, find_station, issue_device, register_station, station_at
from sync.store.transaction import Transaction
from sync.trust.keys import KeyPair

_LEVELS = {Level.TOWNSHIP: "township", Level.VILLAGE: "village"}
_MOST_NAME = 60


def enrol_station(node: Node, *, name: str, region: str, by: str, under: str = "") -> EnrolmentCode:
    """Register a station and give out its first enrolment code.

    region   its 12-digit code: a township's or a village's, within the centre's own
    under    sid of the station above; "" finds it by region code
    raises   BadRequest, Conflict or NotFound, in Chinese
    """
    place = parse_region(region)
    level = _LEVELS.get(place.level)
    if level is None:
        raise BadRequest("站点的区划代码应为乡镇或村级代码")
    if not parse_region(node.identity.region).contains(place):
        raise BadRequest(f"区划代码 {region} 不在本中心辖区 {node.identity.region} 之内")
    if not name.strip() or len(name) > _MOST_NAME or not name.isprintable():
        raise BadRequest(f"站点名称应为 1 到 {_MOST_NAME} 个字")

    def work(tx: Transaction) -> EnrolmentCode:
        parent = under or _parent_sid(tx, region)
        if under and under != CENTRE_SID and find_station(tx, under) is None:
            raise NotFound(f"没有登记过站点 {under}")
        sid = _unused_sid(tx)
        register_station(tx, Station(sid, name.strip(), region, level, parent, node.clock()))
        return _issue(tx, node, sid, by)

    code = node.write(work)
    node.ensure_database(station_database(code.sid))
    node.ensure_database(blobs_database(code.sid))
    return code


def enrol_again(node: Node, sid: str, *, by: str) -> EnrolmentCode:
    """Give out another code for a station: for a second device, a new life, or a lost code.

    raises  NotFound when there is no such station
    """

    def work(tx: Transaction) -> EnrolmentCode:
        if find_station(tx, sid) is None:
            raise NotFound(f"没有登记过站点 {sid}")
        return _issue(tx, node, sid, by)

    return node.write(work)


def code_of(keys: KeyPair, sid: str, device: str) -> EnrolmentCode:
    """The code that this centre gave, or would give, for a station's device code."""
    mac = hmac.digest(keys.private, f"yizhan enrolment secret 1:{sid}:{device}".encode(), hashlib.sha256)
    return EnrolmentCode(sid, device, "".join(ALPHABET[byte % len(ALPHABET)] for byte in mac[:SECRET_LENGTH]))


def _issue(tx: Transaction, node: Node, sid: str, by: str) -> EnrolmentCode:
    device = issue_device(tx, sid, now_ms=node.clock())
    append_entry(tx, Entry(node.clock(), by, "enrolment code given", sid, device))
    return code_of(node.identity.keys, sid, device)


def _parent_sid(tx: Transaction, region: str) -> str:
    """The registered station of the nearest place above; the centre where there is none."""
    for code in reversed(parse_region(region).chain[:-1]):
        station = station_at(tx, code)
        if station is not None:
            return station.sid
    return CENTRE_SID


def _unused_sid(tx: Transaction) -> str:
    while True:
        # Begins with a letter, so that it never reads as a number.
        sid = secrets.choice(ALPHABET[10:]) + "".join(secrets.choice(ALPHABET) for _ in range(SID_LENGTH - 1))
        if find_station(tx, sid.lower()) is None:
            return sid.lower()
