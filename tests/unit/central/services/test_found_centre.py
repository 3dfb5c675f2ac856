"""A centre is whole from its first moment, and no other directory passes for one."""

import pytest

from central.services.found_centre import found_centre, open_centre
from sync.errors import FileExists, Forbidden, NotFound
from sync.node.centre_key import pinned_centre
from sync.node.identity import CENTRE_SID, describe
from sync.node.node import Node
from sync.node.own_clock import read_clock
from sync.records.clock import Quality
from sync.store.ledger.certificates import certificates_of_station
from tests.unit.central.conftest import COUNTY, START_MS, VILLAGE


def test_a_new_centre_has_certified_itself_and_its_clock_is_vouched_for(node):
    (own,) = node.read(lambda reader: certificates_of_station(reader, CENTRE_SID))
    assert (own.writer, own.level, own.region) == (node.identity.writer, "centre", COUNTY)
    assert node.read(pinned_centre) == node.identity.keys.public
    assert node.read(lambda reader: read_clock(reader, START_MS)).quality is Quality.CONFIRMED
    assert "public" in node.databases.names()


def test_a_centre_is_founded_once_and_opened_as_what_it_was(tmp_path, clock):
    with found_centre(tmp_path / "c", name=" 青溪县政务服务中心 ", region=COUNTY, clock=clock) as node:
        writer = node.identity.writer
    with pytest.raises(FileExists):
        found_centre(tmp_path / "c", name="另一个", region=COUNTY, clock=clock)
    with open_centre(tmp_path / "c", clock=clock) as node:
        assert (node.identity.writer, node.identity.name) == (writer, "青溪县政务服务中心")


def test_a_stations_directory_is_not_opened_as_a_centre(tmp_path, clock):
    place = tmp_path / "village"
    Node.found(place, lambda tx: describe(tx, name="石桥村", region=VILLAGE, upstream="http://h"), clock=clock).close()
    with pytest.raises(Forbidden, match="不是中心"):
        open_centre(place, clock=clock)
    Node.open(place, clock=clock).close()  # it was given free again


def test_a_directory_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(NotFound):
        open_centre(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
