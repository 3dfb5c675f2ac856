"""Enrolment end to end in one process: the centre grants, the station believes, and nobody else gets anything."""

import base64
import json
import threading

import pytest

from central.registry.certifying import certify_self, certify_station
from central.registry.enrolling import code_of, enrol_again, enrol_station
from central.registry.granting import Grants, grant
from central.registry.guessing import MOST_FAILURES, WINDOW_SECONDS
from central.services.found_centre import found_centre
from sync.custody.certificates import CERTIFICATE, Certificate, certify, read_certificate
from sync.custody.taking import take
from sync.errors import BadRequest, Conflict, Forbidden, LinkDown, PeerBusy, ProtocolError, Refused
from sync.node.centre_key import pinned_centre
from sync.node.identity import CENTRE_SID
from sync.node.meeting.enrolment import (
    CENTRE,
    STATION,
    EnrolmentRequest,
    enrol,
    read_request,
    relay,
    write_grant,
    write_request,
)
from sync.node.meeting.enrolment_code import parse_code, proof
from sync.node.vouching.statements import own_of
from sync.store.ledger.audit import entries_about, first_broken
from sync.store.ledger.certificates import all_certificates, certificate_of, certificates_of_station
from sync.store.ledger.custody import last_arrival
from sync.store.ledger.stations import find_issued, find_station
from sync.trust.chain import digest_text
from sync.trust.keys import generate
from sync.typed import replace
from sync.wire.exchange import read_statements
from tests.unit.central.conftest import COUNTY, TOWNSHIP, VILLAGE

LIFE = "0123456789abcdef"


def to(node):
    """The road to a centre, without a network."""
    return lambda request: grant(node, request)


def request_of(code, *, pair=None, life=LIFE, sid=None, device=None):
    """What a device asks that was told a code, written by hand."""
    pair = pair or generate()
    told = proof(code, STATION, pair.public, life.encode())
    return write_request(EnrolmentRequest(sid or code.sid, device or code.device, pair.public, life, told))


def certificates_in(answer):
    return [read_certificate(one.payload) for one in read_statements(json.loads(answer)["certificates"])]


def what_is_known(node):
    return node.read(lambda reader: (all_certificates(reader), last_arrival(reader)))


@pytest.fixture
def code(node):
    return enrol_station(node, name="石桥村", region=VILLAGE, by="acct:zhou")


def test_a_station_that_was_told_its_code_is_certified_and_pins_the_centre(node, code, make_station):
    station = make_station("石桥村", code=str(code))
    assert not station.identity.certified
    assert enrol(station, to(node))
    assert station.identity.certified
    assert station.read(pinned_centre) == node.identity.keys.public
    known = station.read(lambda reader: certificate_of(reader, station.identity.writer))
    assert (known.sid, known.level, known.region, known.parent) == (code.sid, "village", VILLAGE, CENTRE_SID)
    assert node.read(lambda reader: certificate_of(reader, station.identity.writer)) == known
    assert station.read(lambda reader: certificates_of_station(reader, CENTRE_SID))[0].level == "centre"


def test_certified_once_a_station_asks_no_more(enrolled):
    def nobody(request):
        raise AssertionError("asked again")

    assert enrol(enrolled(), nobody)


def test_the_answer_names_the_centre_first_those_above_next_and_the_asker_last(node, enrolled):
    enrolled("柳河镇", TOWNSHIP)
    code = enrol_station(node, name="石桥村", region=VILLAGE, by="acct:zhou")
    answer = certificates_in(grant(node, request_of(code)))
    assert [one.level for one in answer] == ["centre", "township", "village"]
    assert [one.parent for one in answer] == ["", CENTRE_SID, answer[1].sid]


def test_a_village_certified_before_its_township_is_told_of_the_centre_alone(node):
    enrol_station(node, name="柳河镇", region=TOWNSHIP, by="acct:zhou")
    code = enrol_station(node, name="石桥村", region=VILLAGE, by="acct:zhou")
    assert [one.level for one in certificates_in(grant(node, request_of(code)))] == ["centre", "village"]


def test_a_village_enrols_by_way_of_its_township(node, enrolled, make_station):
    township = enrolled("柳河镇", TOWNSHIP)
    code = enrol_station(node, name="石桥村", region=VILLAGE, by="acct:zhou")
    village = make_station("石桥村", code=str(code))
    assert enrol(village, lambda request: relay(township, request, to(node)))
    known = township.read(lambda reader: certificate_of(reader, village.identity.writer))
    assert known.parent == township.identity.sid
    assert f"station_{code.sid}" in township.databases.names()


def test_granting_makes_the_databases_and_one_row_of_audit(node, code):
    grant(node, request_of(code))
    assert {f"station_{code.sid}", f"blobs_{code.sid}"} <= set(node.databases.names())
    told = [entry.action for entry in node.read(lambda reader: entries_about(reader, code.sid))]
    assert told == ["station_registered", "enrolment_code_given", "station_certified"]
    assert node.read(first_broken) is None


def test_whoever_lost_the_answer_asks_again_and_gets_the_same_one(node, code, make_station):
    station = make_station("石桥村", code=str(code))
    answers = []

    def cut(request):
        answers.append(grant(node, request))
        raise LinkDown

    with pytest.raises(LinkDown):
        enrol(station, cut)
    before = what_is_known(node)
    assert enrol(station, lambda request: answers.append(grant(node, request)) or answers[-1])
    assert answers[0] == answers[1]
    assert what_is_known(node) == before


def test_a_replayed_request_changes_nothing_and_tells_nothing_new(node, code):
    request = request_of(code)
    first = grant(node, request)
    before = what_is_known(node), node.read(lambda reader: entries_about(reader, code.sid))
    assert grant(node, request) == first
    assert (what_is_known(node), node.read(lambda reader: entries_about(reader, code.sid))) == before


def test_a_wrong_code_is_refused_in_chinese_and_certifies_nobody(node, code):
    pair = generate()
    wrong = replace(code, secret=code.secret[::-1])
    with pytest.raises(Forbidden, match="注册码不符"):
        grant(node, request_of(wrong, pair=pair))
    assert node.read(lambda reader: certificate_of(reader, pair.writer)) is None
    assert node.read(lambda reader: find_issued(reader, code.sid, code.device)).writer == ""


def test_a_code_used_by_one_device_is_of_no_use_to_another(node, code):
    first = generate()
    grant(node, request_of(code, pair=first))
    with pytest.raises(Conflict, match="另一台设备"):
        grant(node, request_of(code))
    assert node.read(lambda reader: find_issued(reader, code.sid, code.device)).writer == first.writer
    assert len(node.read(lambda reader: certificates_of_station(reader, code.sid))) == 1


def test_of_two_devices_that_use_one_code_at_the_same_moment_one_is_certified(node, code):
    outcomes = []

    def ask():
        try:
            outcomes.append(grant(node, request_of(code)))
        except Conflict:
            outcomes.append(None)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcome is not None for outcome in outcomes) == 1
    assert len(node.read(lambda reader: certificates_of_station(reader, code.sid))) == 1


def test_another_stations_code_does_not_open_this_one(node, code):
    other = enrol_station(node, name="柳河镇", region=TOWNSHIP, by="acct:zhou")
    with pytest.raises(Forbidden, match="注册码不符"):
        grant(node, request_of(other, sid=code.sid))


def test_a_code_that_was_never_given_out_is_refused_like_a_wrong_one(node, code):
    """Whoever had the centre's key could work it out; given out it was not."""
    with pytest.raises(Forbidden, match="注册码不符"):
        grant(node, request_of(code_of(node.identity.keys, code.sid, "07")))
    with pytest.raises(Forbidden, match="注册码不符"):
        grant(node, request_of(code_of(node.identity.keys, "nobody", "01")))


def test_a_proof_is_good_for_its_own_key_and_life_alone(node, code):
    asked = read_request(request_of(code))
    for stolen in (replace(asked, public_key=generate().public), replace(asked, life=LIFE[::-1])):
        with pytest.raises(Forbidden):
            grant(node, write_request(stolen))


def test_a_second_device_gets_a_code_of_its_own(node, code):
    again = enrol_again(node, code.sid, by="acct:zhou")
    assert (again.sid, again.device) == (code.sid, "02")
    assert again.secret != code.secret
    for one in (code, again):
        grant(node, request_of(one))
    assert len(node.read(lambda reader: certificates_of_station(reader, code.sid))) == 2


def test_a_device_that_belongs_to_one_station_is_not_certified_for_another(node, code):
    pair = generate()
    grant(node, request_of(code, pair=pair))
    other = enrol_station(node, name="柳河镇", region=TOWNSHIP, by="acct:zhou")
    with pytest.raises(Conflict, match="另一站点"):
        grant(node, request_of(other, pair=pair))
    assert node.read(lambda reader: find_issued(reader, other.sid, other.device)).writer == ""


def test_a_revoked_device_stays_out(node, code):
    pair, who = generate(), node.identity
    grant(node, request_of(code, pair=pair))
    station = Certificate(pair.public, code.sid, "village", VILLAGE, "石桥村", CENTRE_SID, issue=2, revoked=True)
    revocation = certify(who.keys, station)
    node.write(lambda tx: take(tx, own_of(who), [revocation], centre_key=who.keys.public, now_ms=0))
    with pytest.raises(Forbidden, match="吊销"):
        grant(node, request_of(code, pair=pair))
    again = enrol_again(node, code.sid, by="acct:zhou")
    with pytest.raises(Forbidden, match="吊销"):
        grant(node, request_of(again, pair=pair))


def test_a_certificate_is_written_anew_only_when_it_says_something_else(node, code):
    pair, who = generate(), node.identity
    station = node.read(lambda reader: find_station(reader, code.sid))

    def certified(named):
        return node.write(lambda tx: certify_station(tx, who, named, pair.public, now_ms=0))

    first = certified(station)
    assert certified(station) == first
    second = read_certificate(certified(replace(station, name="石桥村便民服务站")).payload)
    assert (second.issue, second.name) == (2, "石桥村便民服务站")
    assert node.read(lambda reader: certificate_of(reader, pair.writer)).issue == 2


def test_the_centre_certifies_itself_once(node):
    first = node.write(lambda tx: certify_self(tx, node.identity, now_ms=0))
    assert node.write(lambda tx: certify_self(tx, node.identity, now_ms=0)) == first
    assert node.read(pinned_centre) == node.identity.keys.public


@pytest.fixture
def impostor(tmp_path, clock):
    """Another centre, as somebody in the middle may run one."""
    with found_centre(tmp_path / "impostor", name="假中心", region=COUNTY, clock=clock) as node:
        yield node


def swap_certificate(node, impostor, answer, request):
    """The impostor certifies the key itself, and keeps the proof of the real centre."""
    told, asked = json.loads(answer), read_request(request)
    own = certify(
        impostor.identity.keys, Certificate(asked.public_key, asked.sid, "village", VILLAGE, "石桥村", CENTRE_SID)
    )
    forged = json.loads(write_grant(parse_code("K3M7Q-01-7KXW9-RTB2C-X"), impostor.identity.keys.public, [own]))
    return json.dumps({**forged, "proof": told["proof"]}).encode()


def swap_key(node, impostor, answer, request):
    return json.dumps({**json.loads(answer), "centre_key": digest_text(impostor.identity.keys.public)}).encode()


def bend_proof(node, impostor, answer, request):
    return json.dumps({**json.loads(answer), "proof": digest_text(bytes(32))}).encode()


def reflect_proof(node, impostor, answer, request):
    """The station's own proof sent back to it."""
    return json.dumps({**json.loads(answer), "proof": json.loads(request)["proof"]}).encode()


def drop_last(node, impostor, answer, request):
    told = json.loads(answer)
    return json.dumps({**told, "certificates": told["certificates"][:-1]}).encode()


def no_certificates(node, impostor, answer, request):
    return json.dumps({**json.loads(answer), "certificates": []}).encode()


def raise_level(node, impostor, answer, request):
    """The last certificate says more than the centre signed."""
    told = json.loads(answer)
    return json.dumps(told).replace("village", "county").encode() if "village" in json.dumps(told) else b"{}"


def cut_short(node, impostor, answer, request):
    return answer[: len(answer) // 2]


@pytest.mark.parametrize(
    "tamper",
    [swap_certificate, swap_key, bend_proof, reflect_proof, drop_last, no_certificates, raise_level, cut_short],
)
def test_an_answer_that_was_tampered_with_is_not_believed(node, code, make_station, impostor, tamper):
    station = make_station("石桥村", code=str(code))
    with pytest.raises((Refused, ProtocolError)):
        enrol(station, lambda request: tamper(node, impostor, grant(node, request), request))
    assert not station.identity.certified
    assert station.read(pinned_centre) is None
    assert enrol(station, to(node))


def test_another_centre_cannot_answer_for_this_one(node, code, make_station, impostor):
    station = make_station("石桥村", code=str(code))
    with pytest.raises(Forbidden):
        enrol(station, to(impostor))
    assert not station.identity.certified


def test_the_centre_proves_itself_by_the_code_too(node, code):
    answer = json.loads(grant(node, request_of(code)))
    last = read_statements(answer["certificates"])[-1]
    assert last.kind == CERTIFICATE
    assert answer["proof"] == digest_text(proof(code, CENTRE, node.identity.keys.public, last.payload))


MALFORMED = {
    "nothing": b"",
    "no JSON": b"{",
    "no object": b"[]",
    "not UTF-8": b'{"sid": "\xff"}',
    "no members": b"{}",
    "another version": {"version": 2},
    "a version in text": {"version": "1"},
    "no station": {"sid": None},
    "a station in capitals": {"sid": "K3M7Q"},
    "a station that climbs": {"sid": "../etc"},
    "a device code too long": {"device": "011"},
    "a device code that is a number": {"device": 1},
    "a life too short": {"life": "abc"},
    "a life that is a list": {"life": ["0"] * 16},
    "a key too short": {"key": base64.b64encode(b"short").decode()},
    "a key that is a number": {"key": 5},
    "no proof": {"proof": None},
    "a proof of another length": {"proof": digest_text(bytes(32))[:-3]},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_is_refused_and_changes_nothing(node, code, name):
    before = what_is_known(node)
    bent = MALFORMED[name]
    request = bent if isinstance(bent, bytes) else json.dumps({**json.loads(request_of(code)), **bent}).encode()
    with pytest.raises(BadRequest):
        Grants(node).answer(request)
    assert what_is_known(node) == before


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_after_a_few_wrong_codes_a_station_waits_a_minute_even_with_the_right_one(node, code):
    seconds = Seconds()
    grants = Grants(node, now_seconds=seconds)
    wrong = request_of(replace(code, secret="0" * 10))
    for _ in range(MOST_FAILURES):
        with pytest.raises(Forbidden):
            grants.answer(wrong)
    for request in (wrong, request_of(code)):
        with pytest.raises(PeerBusy):
            grants.answer(request)
    other = enrol_station(node, name="柳河镇", region=TOWNSHIP, by="acct:zhou")
    assert grants.answer(request_of(other))
    seconds.now = WINDOW_SECONDS
    assert grants.answer(request_of(code))


def test_refused_attempts_are_told_in_the_audit_without_what_was_tried(node, code):
    with pytest.raises(Forbidden):
        grant(node, request_of(replace(code, secret="0" * 10)))
    node.write(lambda tx: None)
    last = node.read(lambda reader: entries_about(reader, code.sid))[-1]
    assert (last.action, last.actor, last.detail) == ("enrolment_refused", "acct:?", "")
