"""A repeated request for a code gets the code its sender missed, once given, and the disk holds none."""

import json

import pytest

from central.registry.enrolling import Wanted
from central.services.enrol_station import enrol_again, enrol_station
from sync.errors import Conflict, NotFound
from sync.node.acts.answer_once import KeyReused, request_of
from sync.node.meeting.enrolment_code import parse_code
from sync.store.ledger.stations import all_stations, issued_of
from tests.unit.central.conftest import TOWNSHIP, VILLAGE

WANTED = Wanted("石桥村便民服务站", VILLAGE)


def named(key, *parts):
    return request_of("zhou", key, *parts)


def test_the_answer_says_what_to_read_over_the_telephone_and_where_the_station_stands(node):
    township = json.loads(enrol_station(node, Wanted("柳河镇", TOWNSHIP), by="acct:zhou").body)
    told = json.loads(enrol_station(node, WANTED, by="acct:zhou").body)
    code = parse_code(told["code"])
    assert (code.sid, code.device) == (told["sid"], told["device"])
    assert (told["parent"], told["parent_name"], township["parent_name"]) == (
        township["sid"],
        "柳河镇",
        "青溪县政务服务中心",
    )


def test_a_repeated_request_gets_the_same_code_and_registers_nothing(node):
    request = named("k1", "POST", "/stations")
    first, second = (enrol_station(node, WANTED, by="acct:zhou", request=request) for _ in range(2))
    assert (first.body, first.status) == (second.body, second.status)
    assert (first.replayed, second.replayed) == (False, True)
    assert len(node.read(all_stations)) == 1
    assert len(node.read(lambda reader: issued_of(reader, json.loads(first.body)["sid"]))) == 1


def test_without_a_key_a_second_request_is_refused_and_with_another_content_too(node):
    enrol_station(node, WANTED, by="acct:zhou", request=named("k1", 1))
    with pytest.raises(Conflict):
        enrol_station(node, WANTED, by="acct:zhou")
    with pytest.raises(KeyReused):
        enrol_station(node, Wanted("柳河镇", TOWNSHIP), by="acct:zhou", request=named("k1", 2))
    assert len(node.read(all_stations)) == 1


def test_another_code_is_given_once_to_a_request(node):
    sid = json.loads(enrol_station(node, WANTED, by="acct:zhou").body)["sid"]
    again = [enrol_again(node, sid, by="acct:zhou", request=named("k2")) for _ in range(2)]
    assert again[0].body == again[1].body
    assert json.loads(again[0].body)["device"] == "02"
    assert json.loads(enrol_again(node, sid, by="acct:zhou").body)["device"] == "03"
    with pytest.raises(NotFound):
        enrol_again(node, "nobody", by="acct:zhou", request=named("k3"))


def test_a_kept_answer_holds_no_secret(node):
    told = json.loads(enrol_station(node, WANTED, by="acct:zhou", request=named("k1")).body)
    secret = parse_code(told["code"]).secret
    for file in node.engine.directory.iterdir():
        assert secret.encode() not in file.read_bytes()
        assert told["code"].encode() not in file.read_bytes()
