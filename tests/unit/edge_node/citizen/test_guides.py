"""What everybody may read without an account, and nothing beside it."""

import re

import pytest
from markupsafe import escape

from edge_node.services.matter import BUNDLE, matter_of
from edge_node.wiring import build_app
from sync.casework.note_miss import list_misses
from sync.casework.show_items import list_bundles
from sync.http_api.feeds import FeedGate
from tests.unit.edge_node.applications import application, item, key
from tests.unit.edge_node.conftest import PASSWORD, SetClock, stations
from tests.unit.forms import HTML, read


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    with stations(tmp_path_factory.mktemp("citizen"), SetClock()) as make:
        yield make()


@pytest.fixture(scope="module")
def app(station):
    return build_app(station, FeedGate())


@pytest.fixture(scope="module")
def client(app):
    agent = app.test_client()
    assert agent.post("/api/v1/session", json={"name": "wang", "password": PASSWORD}).status_code == 201
    return agent


@pytest.fixture
def citizen(app):
    return app.test_client()


def test_the_first_page_leads_to_everything(citizen, station):
    page = read(citizen, "/citizen/")
    for address in ("/citizen/progress", "/citizen/items", "/text-size", f"/citizen/items/{item().code}"):
        assert f'href="{address}' in page
    assert "/sign-in" not in page
    for one in list_bundles(station.catalogue):
        shown = read(citizen, f"/citizen/bundles/{one['code']}")
        assert one["items"][0]["name"] in shown


def test_every_guide_can_be_read_by_everybody(citizen, station):
    guide = read(citizen, f"/citizen/items/{item().code}")
    for material in item().materials:
        assert material.name in guide
    assert "示例，以当地实施清单为准" in guide
    assert "/application" not in guide
    missing = citizen.get("/citizen/items/nothing", headers=HTML)
    assert missing.status_code == 404
    assert 'href="/citizen/">回到首页' in missing.text


def test_a_bundle_says_how_long_each_item_takes_and_each_material_once(citizen, station):
    for one in list_bundles(station.catalogue):
        page = read(citizen, f"/citizen/bundles/{one['code']}")
        matter = matter_of(station.catalogue, BUNDLE, one["code"])
        for part in matter.items:
            promise = part.promise.label if part.promise else "以当地清单为准"
            assert f"<dt>{part.name}</dt><dd>承诺时限：{promise}" in page
        papers = re.findall(r"<li><p><strong>([^<]+)</strong>", page)
        assert papers == [escape(paper.name) for paper in matter.materials]
        assert ("按情形不同" in page) == bool(matter.situations)


def test_the_list_is_shorter_page_by_page_in_elder_mode(citizen):
    plain = read(citizen, "/citizen/items").count('class="item-name"')
    citizen.set_cookie("yizhan_text", "large")
    assert 0 < read(citizen, "/citizen/items").count('class="item-name"') < plain / 2


def test_search_finds_items_and_never_anybodys_case(client, citizen, station):
    client.post("/api/v1/cases", json=application(), headers=key("1"))
    name = application()["fields"]["applicant_name"]
    found = read(citizen, "/citizen/search?q=gltt")
    assert f"/citizen/items/{item().code}" in found
    assert "/cases/" not in found
    assert f"没有找到“{name}”" in read(citizen, f"/citizen/search?q={name}")
    assert "没有找到" in read(citizen, "/citizen/search?q=卫星电视")
    assert [miss["text"] for miss in list_misses(station.node)["misses"]] == ["卫星电视"]


def test_numbers_of_people_and_of_cases_do_not_stay_in_the_address(citizen):
    for number in ("13800001111", "150624194103150023"):
        assert citizen.get(f"/citizen/search?q={number}").headers["Location"] == "/citizen/search?refused=number"
    assert citizen.get("/citizen/search?q=2509260100071").headers["Location"] == "/citizen/progress"


def test_nobody_who_is_signed_in_is_shown_to_the_next_citizen(client):
    page = read(client, "/citizen/")
    assert "退出" not in page
    assert "wang" not in page


def test_a_kiosk_is_told_so_once(citizen):
    assert "data-idle" not in read(citizen, "/citizen/")
    assert citizen.get("/citizen/?kiosk=on").headers["Location"] == "/citizen/"
    assert 'data-idle="120"' in read(citizen, "/citizen/")
    citizen.set_cookie("yizhan_text", "large")
    assert 'data-idle="240"' in read(citizen, "/citizen/progress")  # enough time
    citizen.get("/citizen/?kiosk=off")
    assert "data-idle" not in read(citizen, "/citizen/")


def test_the_size_of_text_is_chosen_without_scripts_and_leads_back(citizen):
    chosen = citizen.get("/text-size?to=largest&next=/citizen/items")
    assert chosen.headers["Location"] == "/citizen/items"
    assert '<html lang="zh-CN" class="large-text largest">' in read(citizen, "/citizen/")
    page = read(citizen, "/text-size?next=/citizen/")
    assert page.count('aria-current="true"') == 1
    assert citizen.get("/text-size?to=large&next=//evil.example/").headers["Location"] == "/"
    assert "to=nonsense" not in read(citizen, "/text-size?to=nonsense&next=/citizen/")
