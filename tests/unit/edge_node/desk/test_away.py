"""The desk while the document store is away: applications are taken, and everything else says so plainly."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from edge_node.settings import read as read_settings
from edge_node.station import Station
from edge_node.wiring import build_app, build_station
from sync.http_api.feeds import FeedGate
from sync.records.ids import MAX_CHUNK_BYTES
from sync.web.passwords import Passwords
from sync.web.roles import Role
from tests.faults.outbox.couch import Couch, couch
from tests.faults.outbox.station import found, settled
from tests.unit.edge_node.applications import JPEG, application, key
from tests.unit.edge_node.registering import told
from tests.unit.forms import read
from tests.waiting import until

PASSWORD = "Shiqiao-2025"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Couch]:
    with couch(tmp_path / "couch") as server:
        yield server


@pytest.fixture
def away_station(tmp_path: Path, server: Couch) -> Iterator[Station]:
    with found(tmp_path / "village", server.address) as node:
        station = build_station(node, read_settings({}), passwords=Passwords(memory_kib=64, passes=1))
        station.accounts.create("wang", display_name="wang", role=Role.AGENT, password=PASSWORD)
        yield station
        station.courier.close()


@pytest.fixture
def agent(away_station: Station) -> FlaskClient:
    client = build_app(away_station, FeedGate()).test_client()
    assert client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD}).status_code == 201
    return client


def test_a_desk_whose_document_store_is_away_takes_applications_and_says_what_it_cannot(
    agent: FlaskClient, away_station: Station, server: Couch
) -> None:
    old = agent.post("/api/v1/cases", json=application(), headers=key("old")).get_json()
    until(lambda: settled(away_station.node))
    server.down()
    refused = agent.get(f"/api/v1/cases/{old['id']}")
    assert (refused.status_code, refused.get_json()["type"]) == (503, "urn:yizhan:problem:store-unreachable")
    assert "文档库" in refused.get_json()["title"]
    body = application(number=1, photos=(JPEG,))
    taken = agent.post("/api/v1/cases", json=body, headers=key("new"))
    assert taken.status_code == 201
    assert agent.post("/api/v1/cases", json=body, headers=key("new")).data == taken.data
    new = taken.get_json()
    assert new["receipt_number"] != old["receipt_number"]
    assert new["receipt_number"] in read(agent, f"/cases/{new['id']}/prints/receipt")
    page = read(agent, "/")
    assert "文档库（CouchDB）暂时连接不上" in page
    assert "份内容已存本机，等待写入文档库" in page
    assert f"/cases/{old['id']}" in page
    assert f"/cases/{new['id']}" in page
    status = agent.get("/api/v1/status").get_json()["documents"]
    assert status["waiting"] == 1 + 1 + -(-len(JPEG) // MAX_CHUNK_BYTES)  # the record, the chunk list, the chunks
    server.up()
    until(lambda: settled(away_station.node))
    assert agent.get(f"/api/v1/cases/{old['id']}").status_code == 200
    assert "文档库" not in read(agent, "/")


def test_while_the_document_store_is_away_people_are_registered_and_an_application_of_theirs_is_taken(
    agent: FlaskClient, away_station: Station, server: Couch
) -> None:
    before = agent.post("/api/v1/people", json=told(0), headers=key("before")).get_json()["id"]
    until(lambda: settled(away_station.node))
    server.down()
    meanwhile = agent.post("/api/v1/people", json=told(1), headers=key("meanwhile"))
    assert meanwhile.status_code == 201
    assert agent.post("/api/v1/people", json=told(0), headers=key("again")).get_json()["person"] == before
    assert len(agent.get("/api/v1/people").get_json()["people"]) == 2
    for number, person in ((0, before), (1, meanwhile.get_json()["id"])):
        body = {**application(number=number), "person": person, "prefilled": ["applicant_name"]}
        taken = agent.post("/api/v1/cases", json=body, headers=key(f"case {number}"))
        assert taken.status_code == 201, taken.text
    server.up()
    until(lambda: settled(away_station.node))
    cases = agent.get(f"/api/v1/people/{before}/cases").get_json()["cases"]
    assert [one["item_name"] for one in cases] == ["高龄津贴"]
    assert agent.get(f"/api/v1/people/{meanwhile.get_json()['id']}").status_code == 200
