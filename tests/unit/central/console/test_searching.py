"""搜索 at the centre: the box of the desk, over cases, people and items of every station, for whoever decides."""

import pytest

from fixtures.catalogue import publish_county
from fixtures.county import county
from sync.node.acts.acting import Doer
from sync.people.register_person import register_person
from sync.values.json_text import parse_object
from tests.unit.central.stations import carry, take_in
from tests.unit.forms import form_on, read

NAME = "王秀兰"


@pytest.fixture
def known(enrolled, node):
    """A case and a person of a village, arrived at a centre that has published its catalogue."""
    publish_county(node)
    village, item = enrolled("石桥村便民服务站"), county().item("高龄津贴")
    case = take_in(village, item=item.code, item_version=item.version, receipt_number="99028110120125092601" + "0007G")
    told = {"name": NAME, "cert_kind": "passport", "cert_number": "E12345678"}
    person = parse_object(register_person(village, told, Doer("acct:wang")).body)["id"]
    carry(village, node)
    return {"case": case, "person": person, "item": item}


def test_one_box_finds_cases_people_and_items_and_leads_to_them(supervisor, known):
    assert form_on(read(supervisor, "/"), "q")["action"] == "/search"
    page = read(supervisor, "/search?q=gltt")
    assert f'href="/items/{known["item"].code}"' in page
    assert f'href="/cases/{known["case"]}"' in page
    assert "收件</a>" not in page  # nothing is taken at the centre
    page = read(supervisor, "/search?q=wxl")
    assert f'href="/people/{known["person"]}"' in page
    assert f'href="/cases/{known["case"]}"' in page
    assert "石桥村便民服务站" in page
    assert NAME not in page
    assert "E12345678" not in page


def test_a_number_that_is_typed_whole_opens_its_case(supervisor, known):
    answer = supervisor.get("/search?q=01-0007-G")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{known['case']}")


def test_the_guide_of_an_item_is_read_at_the_centre_and_leads_to_its_cases(supervisor, known):
    page = read(supervisor, f"/items/{known['item'].code}")
    assert "办事指南" in page
    assert f'href="/cases?item={known["item"].code}"' in page
    assert f'href="/cases/{known["case"]}"' in read(supervisor, f"/cases?item={known['item'].code}")
    assert supervisor.get("/items/nothing", headers={"Accept": "text/html"}).status_code == 404


def test_the_centre_does_not_note_what_it_does_not_find_itself(supervisor, known):
    page = read(supervisor, "/search?q=卫星电视")
    assert "没有找到“卫星电视”" in page
    assert "已经记下" not in page


def test_a_number_of_a_person_is_neither_searched_nor_repeated(supervisor, known):
    refused = supervisor.get("/search?q=99028119410315002X")
    assert (refused.status_code, refused.headers["Location"]) == (303, "/search?refused=number")
    assert 'href="/people"' in read(supervisor, refused.headers["Location"])


def test_people_stand_in_the_menu_of_whoever_may_see_them_and_of_nobody_else(supervisor, sign_in, known):
    assert 'href="/people"' in read(supervisor, "/")
    keeper = sign_in("root")
    page = read(keeper, "/")
    assert 'href="/people"' not in page
    assert 'action="/search"' not in page
    for address in ("/search?q=gltt", "/people", f"/items/{known['item'].code}"):
        assert keeper.get(address, headers={"Accept": "text/html"}).status_code == 403
