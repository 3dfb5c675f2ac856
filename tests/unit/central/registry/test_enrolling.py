"""Which stations may be registered, under whom, and what their codes are."""

import pytest

from central.registry.enrolling import LONGEST_NAME, code_of, enrol_again, enrol_station
from central.services.found_centre import found_centre
from sync.errors import BadRequest, Conflict, Invalid, NotFound
from sync.node.identity import CENTRE_SID
from sync.node.meeting.enrolment_code import parse_code
from sync.store.ledger.lives import begin_life_here
from sync.store.ledger.stations import all_stations, find_station
from tests.unit.central.conftest import COUNTY, TOWNSHIP, VILLAGE
from tests.unit.central.stations import carry, take_in


@pytest.fixture
def register(node):
    def make(name="石桥村", region=VILLAGE, under=""):
        return enrol_station(node, name=name, region=region, under=under, by="acct:zhou")

    return make


def parent_of(node, code):
    return node.read(lambda reader: find_station(reader, code.sid)).parent


def test_a_code_reads_back_as_what_it_is_and_its_station_begins_with_a_letter(node, register):
    code = register()
    assert parse_code(str(code)) == code
    assert code.sid[0].isalpha()
    assert code.device == "01"
    assert code_of(node.identity.keys, code.sid, code.device) == code


def test_a_village_stands_under_its_township_whichever_order_other_stations_come_in(node, register):
    township = register("柳河镇", TOWNSHIP)
    register("清水镇", "990281102000")
    assert parent_of(node, township) == CENTRE_SID
    assert parent_of(node, register()) == township.sid


def test_where_no_township_is_registered_a_village_stands_under_the_centre(node, register):
    assert parent_of(node, register()) == CENTRE_SID


def test_the_station_above_may_be_named(node, register):
    other = register("清水镇", "990281102000")
    register("柳河镇", TOWNSHIP)
    assert parent_of(node, register(under=other.sid)) == other.sid
    assert parent_of(node, register("二道沟村", "990281101202", under=CENTRE_SID)) == CENTRE_SID


@pytest.mark.parametrize("region", [COUNTY, "990200000000", "990281101", "99028110120x", "", "990282101201", "9" * 12])
def test_a_place_that_is_no_township_or_village_of_ours_is_refused_by_field(node, register, region):
    with pytest.raises(Invalid) as refused:
        register(region=region)
    assert [field for field, _ in refused.value.fields] == ["region"]
    assert node.read(all_stations) == ()


@pytest.mark.parametrize("name", ["", "   ", "村" * (LONGEST_NAME + 1), "石桥\n村", "石桥\u202e村"])
def test_a_name_that_cannot_be_printed_is_refused_by_field(node, register, name):
    with pytest.raises(Invalid) as refused:
        register(name)
    assert [field for field, _ in refused.value.fields] == ["name"]
    assert node.read(all_stations) == ()


def test_everything_that_is_wrong_is_said_at_once(register):
    with pytest.raises(Invalid) as refused:
        register("", "12")
    assert [field for field, _ in refused.value.fields] == ["name", "region"]


def test_a_station_stands_under_one_that_is_registered_and_higher(node, register):
    sibling = register("二道沟村", "990281101202")
    for under in ("nobody", sibling.sid, sibling.sid.upper()):
        with pytest.raises(Invalid) as refused:
            register(under=under)
        assert [field for field, _ in refused.value.fields] == ["under"]
    assert len(node.read(all_stations)) == 1


def test_a_region_has_one_station(node, register):
    register()
    names = node.databases.names()
    with pytest.raises(Conflict, match="已登记"):
        register("石桥村二站")
    assert node.databases.names() == names


def test_further_codes_are_for_registered_stations_and_never_alike(node, register):
    first = register()
    codes = [first, *(enrol_again(node, first.sid, by="acct:zhou") for _ in range(40))]
    assert len({code.device for code in codes}) == len({code.secret for code in codes}) == 41
    assert codes[10].device == "0B"
    with pytest.raises(NotFound):
        enrol_again(node, "nobody", by="acct:zhou")


def test_a_restored_centre_gives_no_device_code_that_it_may_have_given_before(node, register, clock):
    """It would stand in the receipt numbers of two devices."""
    first = register()
    node.rewrite_identity(lambda tx: begin_life_here(tx, "restore", now_ms=clock()))
    codes = [enrol_again(node, first.sid, by="acct:zhou").device for _ in range(2)]
    assert codes == ["10", "11"]
    node.rewrite_identity(lambda tx: begin_life_here(tx, "copy", now_ms=clock()))
    assert enrol_again(node, first.sid, by="acct:zhou").device == "20"
    other = register(region="990281101202", name="杨家湾村")
    assert other.device == "10"  # it may have been registered before under another id, and its place stays the same


def test_a_device_code_in_a_receipt_number_that_came_back_is_not_given_again(node, enrolled):
    village = enrolled()
    take_in(village)
    carry(village, node)
    node.engine.write(lambda tx: tx.execute("UPDATE cases SET receipt_number = ?", (f"{VILLAGE}2509261A0001X",)))
    assert enrol_again(node, village.identity.sid, by="acct:zhou").device == "1B"


def test_two_centres_never_give_the_same_secret(node, tmp_path, clock):
    with found_centre(tmp_path / "other", name="另一中心", region=COUNTY, clock=clock) as other:
        assert code_of(node.identity.keys, "k3m7q", "01") != code_of(other.identity.keys, "k3m7q", "01")


def test_no_secret_is_on_the_disk(node, register):
    code = register()
    for file in node.engine.directory.iterdir():
        content = file.read_bytes()
        assert code.secret.encode() not in content
        assert str(code)[9:20].encode() not in content


@pytest.mark.parametrize(("name", "region"), [("", COUNTY), ("中心", TOWNSHIP), ("中心", "1"), ("中\n心", COUNTY)])
def test_a_centre_has_a_name_and_stands_at_a_county_or_above(tmp_path, name, region):
    with pytest.raises(BadRequest):
        found_centre(tmp_path / "new", name=name, region=region)
    assert not (tmp_path / "new").exists()
