"""事项: all that may be applied for, and the guide of each."""

import json
import re

from fixtures.county import text
from sync.values.json_text import dump
from tests.unit.edge_node.applications import application, item, key
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled
from tests.unit.forms import read


def withdraw(station, code=""):
    whole = json.loads(text("items.json"))
    row = next(one for one in whole["items"] if one["code"] == (code or item().code))
    row |= {"state": "3", "version": row["version"] + 1}
    station.catalogue.bring(dump(whole))


def test_every_item_stands_on_the_list_with_its_guide(client, station):
    page = read(client, "/items")
    for one in station.catalogue.items().values():
        assert f'href="/items/{one.code}"' in page
    departments = re.findall(r'<a href="#(department-\d+)">(\S+) <strong>(\d+)</strong>', page)
    assert sum(int(count) for _place, _name, count in departments) == len(station.catalogue.items())
    assert all(f'<h2 id="{place}">{name}</h2>' in page for place, name, _count in departments)
    guide = read(client, f"/items/{item().code}")
    for material in item().materials:
        assert material.name in guide
    assert "示例，以当地实施清单为准" in guide
    assert f'href="/items/{item().code}/application"' in guide


def test_a_withdrawn_item_takes_no_new_cases_and_its_cases_go_on(client, station):
    taken = client.post("/api/v1/cases", json=application(), headers=key("1")).get_json()
    withdraw(station)
    assert "现在不收新件" in read(client, f"/items/{item().code}")
    assert client.get(f"/items/{item().code}/application").headers["Location"] == f"/items/{item().code}"
    refused = client.post("/api/v1/cases", json=application(number=2), headers=key("2"))
    assert refused.status_code == 422
    assert "取消" in refused.get_json()["errors"][0]["message"]
    assert item().code not in {one["code"] for one in client.get("/api/v1/items").get_json()["items"]}
    shown = client.get(f"/api/v1/cases/{taken['id']}").get_json()
    assert shown["item_version"] == item().version
    assert client.post(f"/api/v1/cases/{taken['id']}/acceptance", json={}).status_code == 200


def test_what_is_kept_of_an_item_that_was_withdrawn_since_says_so_in_the_list(client, station):
    fill(client, begin(client, address_of()), filled())
    assert "现在不收新件" not in read(client, "/drafts")
    withdraw(station)
    for page in ("/drafts", "/"):
        assert read(client, page).count("现在不收新件") == 1, page


def test_a_bundle_with_a_withdrawn_item_says_so_and_is_not_offered(client, station):
    whole = json.loads(text("items.json"))
    bundle, code = whole["bundles"][0], whole["bundles"][0]["items"][1]
    name = next(one["name"] for one in whole["items"] if one["code"] == code)
    begin = f'href="/bundles/{bundle["code"]}/application"'
    assert begin in read(client, "/items")
    withdraw(station, code)
    told = f"不再受理：其中“{name}”已停办"
    for page in ("/items", f"/search?q={bundle['name']}"):
        shown = read(client, page)
        assert begin not in shown, page
        assert told in shown, page
    assert told in read(client, f"/citizen/bundles/{bundle['code']}")
    old_page = client.get(f"/bundles/{bundle['code']}/application")
    assert old_page.headers["Location"] == "/items"
    assert f"“{bundle['name']}”现在不收新件" in read(client, "/items")
    (row,) = (one for one in client.get("/api/v1/bundles").get_json()["bundles"] if one["code"] == bundle["code"])
    assert row["withdrawn"] == [name]


def test_items_come_in_pages(client, station):
    codes, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/items?limit=25&cursor={cursor}").get_json()
        assert len(page["items"]) <= 25
        codes += [one["code"] for one in page["items"]]
        cursor = page["next"]
    assert codes == sorted(station.catalogue.items())
    assert client.get("/api/v1/items?limit=0").status_code == 422
