"""Somebody who has a case of the same item under way: it is said, and another is taken only where that is ticked."""

from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press, receive_another, take
from tests.unit.forms import read

CASES = "/api/v1/cases"
SAID = "该申请人已有在办的件"


def listed(client):
    return client.get(CASES).get_json()["cases"]


def second(client, number=0):
    draft = begin(client, address_of())
    fill(client, draft, filled(number=number))
    return draft


def test_the_open_case_is_named_as_soon_as_the_applicant_is_known(client):
    take(client)
    (first,) = listed(client)
    draft = second(client)
    for step in ("form", "papers", "confirm"):
        page = read(client, f"{draft}/{step}")
        assert SAID in page
        assert f"/cases/{first['id']}" in page
        assert "已收件" in page


def test_another_is_taken_only_where_it_is_ticked(client):
    take(client)
    draft = second(client)
    refused = press(client, draft, "confirm", {}, "receive")
    assert refused.status_code == 422
    assert "请在下面勾选" in refused.text
    assert len(listed(client)) == 1
    assert receive_another(client, draft).status_code == 303
    assert len(listed(client)) == 2


def test_somebody_else_and_another_item_are_taken_without_a_word(client):
    take(client)
    assert SAID not in read(client, f"{second(client, number=1)}/confirm")
    other = take(client, "城乡居民养老保险待遇领取资格认证")
    assert other.status_code == 303


def test_a_case_that_is_closed_stands_in_nobodys_way(client):
    take(client)
    (first,) = listed(client)
    done = client.post(f"{CASES}/{first['id']}/withdrawal", json={"reason": "不办了"})
    assert done.status_code == 200, done.text
    assert SAID not in read(client, f"{second(client)}/confirm")
