"""A supervisor registers stations over HTTP, and sees them."""

from sync.node.meeting.enrolment_code import parse_code
from sync.store.ledger.audit import entries_about
from tests.unit.central.conftest import TOWNSHIP, VILLAGE
from tests.unit.central.stations import carry, take_in, tell

STATIONS = "/api/v1/stations"
WANTED = {"name": "石桥村便民服务站", "region": VILLAGE}


def test_a_station_is_registered_and_its_code_told_if_new(supervisor, node):
    answer = supervisor.post(STATIONS, json=WANTED)
    told = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert parse_code(told["code"]).sid == told["sid"]
    assert told["code"] not in supervisor.get(STATIONS).text
    assert told["code"] not in supervisor.get(f"{STATIONS}/{told['sid']}").text
    audit = node.read(lambda reader: entries_about(reader, told["sid"]))
    assert {entry.actor for entry in audit} == {"acct:zhou"}
    assert parse_code(told["code"]).secret not in "".join(entry.detail for entry in audit)


def test_a_repeated_request_is_answered_alike_and_marked(supervisor):
    answers = [supervisor.post(STATIONS, json=WANTED, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert [answer.headers.get("Idempotent-Replay") for answer in answers] == [None, "true"]
    assert len(supervisor.get(STATIONS).get_json()["stations"]) == 1


def test_a_registered_station_gets_further_codes(supervisor):
    sid = supervisor.post(STATIONS, json=WANTED).get_json()["sid"]
    answer = supervisor.post(f"{STATIONS}/{sid}/codes", json={})
    assert (answer.status_code, answer.get_json()["device"]) == (201, "02")
    devices = supervisor.get(f"{STATIONS}/{sid}").get_json()["devices"]
    assert [one["device"] for one in devices] == ["01", "02"]


def test_a_station_may_be_put_under_another(supervisor):
    township = supervisor.post(STATIONS, json={"name": "清水镇", "region": "990281102000"}).get_json()["sid"]
    told = supervisor.post(STATIONS, json={**WANTED, "under": township}).get_json()
    assert (told["parent"], told["parent_name"]) == (township, "清水镇")


def test_the_list_and_the_status_say_what_is_behind(supervisor, node, enrolled):
    enrolled("柳河镇", TOWNSHIP)
    station = enrolled()
    take_in(station)
    tell(station, node)
    rows = {row["name"]: row for row in supervisor.get(STATIONS).get_json()["stations"]}
    assert rows["石桥村"]["backlog"] == {"events": 1, "photos": 0}
    assert rows["石桥村"]["parent_name"] == "柳河镇"
    counts = {"registered": 2, "enrolled": 2, "silent": 0, "behind": 1}
    assert supervisor.get("/api/v1/status").get_json()["stations"] == counts
    carry(station, node)
    told = supervisor.get("/api/v1/status").get_json()
    assert (told["stations"]["behind"], told["cases"]) == (0, 1)


def test_an_administrator_sees_stations_and_registers_none(sign_in):
    admin = sign_in("root")
    assert admin.get(STATIONS).status_code == 200
    assert admin.get("/api/v1/status").status_code == 200
    assert admin.post(STATIONS, json=WANTED).status_code == 403
    assert admin.get(STATIONS).get_json() == {"stations": [], "next": None}


def test_stations_come_in_pages_by_their_region(supervisor, enrolled):
    regions = ["990281101201", "990281101202", "990281101203"]
    for region in regions:
        enrolled(f"村 {region[-1]}", region)
    first = supervisor.get(f"{STATIONS}?limit=2").get_json()
    rest = supervisor.get(f"{STATIONS}?limit=2&cursor={first['next']}").get_json()
    assert [row["region"] for row in first["stations"]] == regions[:2]
    assert ([row["region"] for row in rest["stations"]], rest["next"]) == (regions[2:], None)
    assert supervisor.get(STATIONS).get_json() == {"stations": first["stations"] + rest["stations"], "next": None}


def test_stations_are_narrowed_by_how_they_stand_and_by_their_name(supervisor, node, enrolled):
    enrolled("柳河镇", TOWNSHIP)
    station = enrolled()
    take_in(station)
    tell(station, node)

    def named(**query):
        return [row["name"] for row in supervisor.get(STATIONS, query_string=query).get_json()["stations"]]

    assert named(way="behind") == ["石桥村"]
    assert named(way="revoked") == named(way="unused") == named(way="silent") == []
    assert named(q="石桥") == ["石桥村"]
    assert named(q=station.identity.sid) == ["石桥村"]
    assert supervisor.get(STATIONS, query_string={"way": "broken"}).status_code == 422


def test_a_device_is_revoked_and_reinstated_and_the_station_says_so(supervisor, enrolled):
    address = f"{STATIONS}/{enrolled().identity.sid}"
    told = supervisor.post(f"{address}/devices/01/revocation", json={"why": "被盗"}).get_json()
    (device,) = told["devices"]
    assert (device["revoked"], device["revoked_why"]) == (True, "被盗")
    assert device["revoked_at"].startswith("2025-09-26T14:04:05")
    assert (told["enrolled"], told["revoked"], told["silent"]) == (False, True, False)
    assert supervisor.get("/api/v1/status").get_json()["stations"]["enrolled"] == 0
    assert supervisor.post(f"{address}/devices/01/revocation", json={"why": "被盗"}).status_code == 409
    told = supervisor.post(f"{address}/devices/01/reinstatement", json={}).get_json()
    assert (told["devices"][0]["revoked"], told["devices"][0]["revoked_at"], told["enrolled"]) == (False, None, True)
    assert supervisor.get(address).get_json() == told


def test_an_administrator_revokes_nobody(sign_in, enrolled):
    address = f"{STATIONS}/{enrolled().identity.sid}/devices/01"
    root = sign_in("root")
    assert root.post(f"{address}/revocation", json={"why": "被盗"}).status_code == 403
    assert root.post(f"{address}/reinstatement", json={}).status_code == 403
