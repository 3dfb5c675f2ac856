"""The first page: what waits, what may be applied for, what came last."""

import re

from tests.unit.edge_node.applications import application, item, key
from tests.unit.forms import read


def test_the_first_page_counts_what_waits_and_offers_every_item(client, station):
    for number in range(2):
        client.post("/api/v1/cases", json=application(number=number), headers=key(str(number)))
    page = read(client, "/")
    counts = dict(re.findall(r"state=(\w+)\"><strong>(\d+)</strong>", page))
    assert counts == {"received": "2", "supplement_before": "0", "supplement": "0", "approved": "0"}
    for one in station.catalogue.items().values():
        assert f'href="/items/{one.code}/application"' in page
    assert page.count('href="/cases/case:') == 2
    assert "已存本机，等待上级签收：2 步" in page


def test_a_station_without_cases_or_catalogue_says_so(client, station, clock):
    assert "还没有办件。" in read(client, "/")
    public = station.node.documents.database("public")
    assert public.info().doc_count


def test_an_administrator_sees_how_the_station_stands_and_nobodys_papers(sign_in, client):
    client.post("/api/v1/cases", json=application(), headers=key("1"))
    page = read(sign_in("root"), "/")
    assert "1 件" in page
    assert item().name not in page
    assert 'href="/cases"' not in page
