"""搜索: one box, and a page of what it found."""

from tests.unit.edge_node.applications import application, item, key
from tests.unit.forms import form_on, read


def test_the_box_stands_on_the_first_page_and_above_all_items(client):
    for address in ("/", "/items", "/search"):
        page = read(client, address)
        assert form_on(page, "q")["action"] == "/search"
        assert 'role="search"' in page
        assert '<label class="for-readers" for="q">' in page


def test_what_is_found_can_be_taken_read_and_opened(client):
    taken = client.post("/api/v1/cases", json=application(), headers=key("1")).get_json()
    page = read(client, "/search?q=gltt")
    assert f'href="/items/{item().code}/application"' in page
    assert f'href="/items/{item().code}"' in page
    assert f'href="/cases/{taken["id"]}"' in page
    assert 'value="gltt"' in page


def test_what_is_not_found_is_said_with_what_to_try_and_that_it_was_noted(client):
    page = read(client, "/search?q=卫星电视")
    assert "没有找到“卫星电视”" in page
    assert "已经记下" in page
    assert "已经记下" not in read(client, "/search?q=王秀英")


def test_a_number_of_a_person_is_neither_searched_nor_repeated(client):
    refused = client.get("/search?q=99028119410315002X")
    assert (refused.status_code, refused.headers["Location"]) == (303, "/search?refused=number")
    assert "请不要在这里输入" in read(client, refused.headers["Location"])


def test_what_was_typed_is_shown_as_text(client):
    page = read(client, "/search?q=<script>x</script>")
    assert "<script>x" not in page
