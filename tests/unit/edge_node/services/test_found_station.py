"""A directory becomes a station once; a slip of the pen makes nothing."""

import pytest

from edge_node.services.found_station import found_station
from sync.errors import BadRequest, FileExists
from sync.node.meeting.enrolment import enter_code
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.node.node import Node

CODE = str(EnrolmentCode("k3m7q", "01", "7KXW9RTB2C"))
GOOD = {"name": "石桥村便民服务站", "region": "990281101201", "upstream": "http://127.0.0.1:8800/"}


def test_with_a_code_it_is_ready_for_work_without_any_network(tmp_path):
    with found_station(tmp_path / "a", **GOOD, code=CODE.lower()) as node:
        who = node.identity
        assert (who.sid, who.device, who.level, who.certified) == ("k3m7q", "01", "village", False)
        assert who.upstream == "http://127.0.0.1:8800"
        assert set(node.databases.names()) == {"public", "station_k3m7q", "blobs_k3m7q"}


def test_the_code_may_come_later(tmp_path):
    with found_station(tmp_path / "a", **GOOD) as node:
        assert (node.identity.sid, node.identity.device) == ("", None)
        enter_code(node, CODE)
        assert (node.identity.sid, node.identity.device) == ("k3m7q", "01")


def test_a_township_is_a_station_too(tmp_path):
    with found_station(tmp_path / "a", **GOOD | {"region": "990281101000"}) as node:
        assert node.identity.level == "township"


@pytest.mark.parametrize(
    "slip",
    [
        {"name": " "},
        {"name": "站" * 61},
        {"name": "石桥\n村"},
        {"region": "990281000000"},
        {"region": "99028110120"},
        {"region": "石桥村"},
        {"upstream": "127.0.0.1:8800"},
        {"upstream": "ftp://127.0.0.1"},
        {"upstream": "http://"},
        {"upstream": "http://user:secret@127.0.0.1"},
        {"upstream": "http://127.0.0.1:99999"},
        {"code": CODE[:-1] + ("2" if CODE[-1] == "1" else "1")},
        {"code": "K3M7Q"},
    ],
    ids=str,
)
def test_a_slip_is_told_in_chinese_and_the_next_attempt_succeeds(tmp_path, slip):
    with pytest.raises(BadRequest) as refusal:
        found_station(tmp_path / "a", **GOOD | slip)
    assert any("\u4e00" <= character <= "\u9fff" for character in refusal.value.reason)
    found_station(tmp_path / "a", **GOOD, code=CODE).close()


def test_a_directory_is_made_a_station_once(tmp_path):
    with found_station(tmp_path / "a", **GOOD, code=CODE) as node:
        writer = node.identity.writer
    with pytest.raises(FileExists):
        found_station(tmp_path / "a", **GOOD, code=CODE)
    with Node.open(tmp_path / "a") as node:
        assert node.identity.writer == writer
