"""What a station holds when large photos have gone through it: no more than before."""

import sys
from pathlib import Path
from random import Random

import pytest
import requests

from edge_node.services.found_station import found_station
from edge_node.settings import read
from edge_node.wiring import build_station
from fixtures.catalogue import bring_county
from fixtures.county import county
from fixtures.node_process import NodeProcess
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.web.roles import Role
from tests.faults.edge_node.test_kills import free_port
from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.conftest import PASSWORD
from tests.unit.edge_node.pictures.drawing import page, saved

MOST_GROWTH_KILOBYTES = 20_000


def resident(process: NodeProcess) -> int:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read where Linux tells it")
def test_photos_as_they_come_leave_the_station_as_small_as_it_was(tmp_path):
    directory, place = tmp_path / "village", county().place("石桥村")
    code = str(EnrolmentCode("k3m7q", "01", "7KXW9RTB2C"))
    with found_station(directory, name=place.name, region=place.code, upstream="http://127.0.0.1:9", code=code) as node:
        bring_county(node)
        build_station(node, read({})).accounts.create("wang", display_name="王", role=Role.AGENT, password=PASSWORD)
    process = NodeProcess("edge", directory, environment={})
    process.port = free_port(Random())
    process.start()
    photo = saved(page(4032, 3024), quality=97)
    assert len(photo) > 3 << 20
    try:
        with requests.Session() as session:
            session.trust_env = False
            entered = session.post(f"{process.url}/api/v1/session", json={"name": "wang", "password": PASSWORD})
            assert entered.status_code == 201
            take(session, process, "first")
            before = resident(process)
            for number in range(3):
                take(session, process, f"large-{number}", photo[:-2] + bytes([number]) + photo[-2:], photo)
            assert resident(process) - before < MOST_GROWTH_KILOBYTES
    finally:
        process.stop()


def take(session: requests.Session, process: NodeProcess, name: str, *photos: bytes) -> None:
    body = application(photos=photos)
    answer = session.post(f"{process.url}/api/v1/cases", json=body, headers=key(name), timeout=60)
    assert answer.status_code == 201, answer.text
