"""The list of cases as a page: filters that show what they do, and numbers that open what they name."""

import re

import pytest

from tests.unit.edge_node.applications import application, item, key
from tests.unit.forms import HTML, form_on, read

API = "/api/v1/cases"


@pytest.fixture
def cases(client):
    """Of two people and two items."""
    names = ("高龄津贴", "生育登记")
    return [
        client.post(API, json=application(name, number=number), headers=key(str(number))).get_json()
        for number, name in enumerate(names)
    ]


def listed(page):
    return re.findall(r'class="case-link number" href="/cases/([^"]+)"', page)


def test_what_narrows_the_list_stands_above_it_and_can_be_taken_away(client, cases):
    page = read(
        client, f"/cases?state=received&state=accepted&item={item('生育登记').code}&light=green&who=mine&sort=due"
    )
    assert listed(page) == [cases[1]["id"]]
    chips = re.findall(r'<a class="chip" href="([^"]+)">([^<]+)<', page)
    assert [text for _, text in chips] == [
        "已收件",
        "已受理",
        "时限内",
        "经办：我的和未分派的",
        f"事项：{item('生育登记').name}",
    ]
    without_item = chips[-1][0].replace("&amp;", "&")
    assert set(listed(read(client, without_item))) == {one["id"] for one in cases}
    form = form_on(page, "from")
    assert {name: form["values"][name] for name in ("sort", "light", "who")} == {
        "sort": "due",
        "light": "green",
        "who": "mine",
    }


def test_only_items_that_have_cases_are_offered_however_large_the_catalogue_is(client, cases):
    page = read(client, "/cases")
    select = page[page.index('name="item"') :]
    offered = re.findall(r'<option value="([^"]+)"', select[: select.index("</select>")])
    assert sorted(offered) == sorted(item(name).code for name in ("高龄津贴", "生育登记"))


def has(page, case_id):
    """Whom the row of a case names under 经办人."""
    row = page[page.index(f'href="/cases/{case_id}"') :].partition("</tr>")[0]
    return re.sub(r"<[^>]+>", "", row.partition('data-head="经办人">')[2].partition("</td>")[0])


def test_who_has_a_case_is_called_by_name_in_lists_and_nobody_is_called_nobody_where_it_went_on(client, cases, station):
    station.accounts.set_person("zhang", display_name="张建国", by="acct:root")
    given, other = (one["id"] for one in cases)
    sent = {"assignee": "zhang", "reason": "休假"}
    assert client.post(f"{API}/{given}/passing", json=sent).status_code == 200
    page = read(client, "/cases")
    assert (has(page, given), has(page, other)) == ("张建国", "wang")
    assert listed(read(client, "/cases?who=zhang@k3m7q")) == [given]
    assert has(read(client, "/search?q=" + item("高龄津贴").name), given) == "张建国"
    assert listed(read(client, "/cases?who=me")) == [other]
    named = {one["id"]: (one["assignee"], one["assignee_name"]) for one in client.get(API).get_json()["cases"]}
    assert named == {given: ("zhang", "张建国"), other: ("wang", "wang")}
    assert client.post(f"{API}/{other}/acceptance", json={}).status_code == 200
    assert has(read(client, "/cases"), other) == "未分派"  # it is another level's turn


def test_badges_count_what_is_late_today_and_lead_to_it(client, cases, clock, sign_in):
    assert "超期 <strong>0</strong>" in read(client, "/cases")
    clock.now_ms += 40 * 86_400_000
    later = sign_in("wang")
    page = read(later, "/cases")
    assert "超期 <strong>2</strong>" in page
    assert set(listed(read(later, "/cases?light=red&sort=due"))) == {one["id"] for one in cases}
    assert "没有符合条件的办件。" in read(later, "/cases?due=today&sort=due")


def wide(number):
    return "".join(chr(ord(one) + 0xFEE0) for one in number)


@pytest.mark.parametrize(
    "typed",
    [lambda n: n, lambda n: f"{n[-7:-5]}-{n[-5:-1]}-{n[-1]}", lambda n: n.lower(), wide, lambda n: wide(n[-7:])],
)
@pytest.mark.parametrize("address", ["/cases?q=", "/search?q="])
def test_a_number_scanned_or_typed_opens_its_case(client, cases, typed, address):
    number = cases[0]["receipt_number"]
    answer = client.get(address + typed(number), headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{cases[0]['id']}")


def test_a_text_that_is_no_number_searches_and_a_number_of_a_person_does_not(client, cases):
    name = application(number=1)["fields"]["applicant_name"]
    assert listed(read(client, f"/cases?q={name}")) == [cases[1]["id"]]
    assert listed(read(client, "/cases?q=2025")) == []
    refused = client.get("/cases?q=99028119410315002X")
    assert refused.headers["Location"] == "/cases?refused=number"
    assert "没有查找" in read(client, refused.headers["Location"])


@pytest.mark.parametrize(
    "query",
    ["light=blue&sort=x&who=nobody&item=1&from=x&to=2025-02-30&due=1&todo=x&state=x", "cursor=eA&sort=due", "q=%00"],
)
def test_an_old_or_broken_address_still_opens_the_list(client, cases, query):
    answer = client.get(f"/cases?{query}", headers=HTML, follow_redirects=True)
    assert answer.status_code == 200
    assert set(listed(answer.text)) == {one["id"] for one in cases}
