"""Items and the search over HTTP at the centre, over all its stations."""

from fixtures.catalogue import publish_county
from fixtures.county import county
from tests.unit.central.stations import carry, take_in


def test_a_case_of_any_station_and_the_item_it_is_for_are_found_in_one_question(supervisor, node, enrolled):
    publish_county(node)
    station = enrolled()
    case = take_in(station)
    carry(station, node)
    found = supervisor.get("/api/v1/search?q=gljt&limit=5").get_json()
    assert found["items"][0]["name"] == "高龄津贴"
    (row,) = found["cases"]
    assert (row["id"], row["station_name"]) == (case, "石桥村")
    assert "王秀兰" not in str(found)


def test_items_and_bundles_are_read_as_stations_read_them(supervisor, node):
    publish_county(node)
    listed = supervisor.get("/api/v1/items?limit=200").get_json()["items"]
    assert {one["code"] for one in listed} <= {item.code for item in county().items}
    assert supervisor.get(f"/api/v1/items/{listed[0]['code']}").get_json()["materials"] != []
    assert supervisor.get("/api/v1/items/none").status_code == 404
    assert [one["name"] for one in supervisor.get("/api/v1/bundles").get_json()["bundles"]] != []


def test_only_those_who_work_with_citizens_search(sign_in, app):
    assert app.test_client().get("/api/v1/search?q=a").status_code == 401
    assert sign_in("root").get("/api/v1/search?q=a").status_code == 403
