"""Whom the centre trusts no more, what that stops, and that it can be taken back."""

import pytest

from central.registry.enrolling import enrol_again, enrol_station
from central.registry.granting import grant
from central.registry.registered import issued_device
from central.registry.revoking import LONGEST_REASON, reinstate, revoke
from sync.errors import Conflict, Forbidden, Invalid, NotFound
from sync.node.meeting.enrolment import enrol, enter_code
from sync.store.ledger.audit import entries_about
from sync.store.ledger.certificates import certificate_of
from sync.store.ledger.lives import begin_life_here
from tests.unit.central.conftest import VILLAGE


def stop(node, sid, device="01", why="被盗"):
    node.write(lambda tx: revoke(tx, node, sid, device, why=why, by="acct:zhou"))


def trust(node, sid, device="01"):
    node.write(lambda tx: reinstate(tx, node, sid, device, by="acct:zhou"))


def known(node, station):
    return node.read(lambda reader: certificate_of(reader, station.identity.writer))


def issued(node, sid, device="01"):
    return node.read(lambda reader: issued_device(reader, sid, device))


def test_a_revoked_device_has_a_newer_certificate_that_says_so_and_the_audit_says_who_and_why(node, enrolled, clock):
    station = enrolled()
    stop(node, station.identity.sid)
    said = known(node, station)
    assert (said.revoked, said.issue) == (True, 2)
    assert (issued(node, station.identity.sid).revoked_ms, issued(node, station.identity.sid).revoked_why) == (
        clock.now_ms,
        "被盗",
    )
    entry = node.read(lambda reader: entries_about(reader, station.identity.sid))[-1]
    assert (entry.actor, entry.action, entry.detail) == ("acct:zhou", "device_revoked", "01 被盗")


def test_what_was_revoked_can_be_taken_back(node, enrolled):
    station = enrolled()
    stop(node, station.identity.sid)
    trust(node, station.identity.sid)
    said = known(node, station)
    assert (said.revoked, said.issue) == (False, 3)
    assert issued(node, station.identity.sid).revoked_ms is None
    stop(node, station.identity.sid)
    assert known(node, station).issue == 4


def test_neither_is_done_twice(node, enrolled):
    station = enrolled()
    with pytest.raises(Conflict, match="没有被吊销"):
        trust(node, station.identity.sid)
    stop(node, station.identity.sid)
    with pytest.raises(Conflict, match="已经吊销"):
        stop(node, station.identity.sid)
    assert known(node, station).issue == 2


def test_the_other_devices_of_the_station_are_as_they_were(node, enrolled, make_station):
    station = enrolled()
    sid = station.identity.sid
    other = make_station("另一台", code=str(enrol_again(node, sid, by="acct:zhou")))
    assert enrol(other, lambda request: grant(node, request))
    stop(node, sid)
    assert (known(node, station).revoked, known(node, other).revoked) == (True, False)
    assert issued(node, sid, "02").revoked_ms is None


def test_all_codes_that_one_computer_used_are_revoked_together(node, enrolled):
    station = enrolled()
    sid = station.identity.sid
    station.rewrite_identity(lambda tx: begin_life_here(tx, "restore", now_ms=station.clock()))
    enter_code(station, str(enrol_again(node, sid, by="acct:zhou")))
    assert enrol(station, lambda request: grant(node, request))
    stop(node, sid, "02")
    assert None not in {issued(node, sid, device).revoked_ms for device in ("01", "02")}
    trust(node, sid, "01")
    assert {issued(node, sid, device).revoked_ms for device in ("01", "02")} == {None}


def test_a_revoked_device_is_not_certified_with_another_code_either(node, enrolled):
    station = enrolled()
    sid = station.identity.sid
    stop(node, sid)
    station.rewrite_identity(lambda tx: begin_life_here(tx, "restore", now_ms=station.clock()))
    enter_code(station, str(enrol_again(node, sid, by="acct:zhou")))
    with pytest.raises(Forbidden, match="吊销"):
        enrol(station, lambda request: grant(node, request))
    assert issued(node, sid, "02").writer == ""


def test_nobody_enrols_with_a_code_that_was_revoked_before_it_was_used(node, make_station):
    code = enrol_station(node, name="石桥村", region=VILLAGE, by="acct:zhou")
    stop(node, code.sid, why="电话里被旁人听到")
    station = make_station("石桥村", code=str(code))
    with pytest.raises(Forbidden, match="吊销"):
        enrol(station, lambda request: grant(node, request))
    with pytest.raises(Conflict, match="已经吊销"):
        stop(node, code.sid)
    trust(node, code.sid)
    assert enrol(station, lambda request: grant(node, request))


def test_a_device_code_is_found_however_it_is_typed_and_what_was_never_given_is_not(node, enrolled):
    sid = enrolled().identity.sid
    node.write(lambda tx: tx.execute("INSERT INTO issued_devices (sid, device, issued_ms) VALUES (?, '0K', 0)", (sid,)))
    assert issued(node, sid, "0k").device == "0K"
    for unknown_sid, device in (("nobody", "01"), (sid, "07"), (sid, ""), (sid, "01'--")):
        with pytest.raises(NotFound):
            stop(node, unknown_sid, device)


@pytest.mark.parametrize("why", ["", "  ", "x" * (LONGEST_REASON + 1), "被盗\u202e", "a\nb"])
def test_nobody_is_revoked_without_a_reason_that_can_be_read(node, enrolled, why):
    station = enrolled()
    with pytest.raises(Invalid) as refused:
        stop(node, station.identity.sid, why=why)
    assert [field for field, _ in refused.value.fields] == ["why"]
    assert not known(node, station).revoked
