"""材料交接单 at the village: what is offered, packed, handed over and made void; no paper is in two bags."""

import re

import pytest

from sync.casework.locate_case import case_numbered, locate_case
from sync.node.acts.acting import Doer
from sync.papers import offer_papers as offering
from sync.papers.find_bag import look_up_bag
from sync.papers.move_bag import pack_bag
from sync.papers.place_papers import place_papers
from tests.unit.edge_node.applications import application, item, key
from tests.unit.forms import HTML, form_on, read, send

API = "/api/v1"


def taken(client, name="高龄津贴", number=0, kinds=()):
    body = application(name, number=number)
    for paper, kind in zip(body["materials"], kinds, strict=False):
        paper["kind"] = kind
    return client.post(f"{API}/cases", json=body, headers=key(f"{item(name).code}-{number}")).get_json()


def pack(client, papers, name="p1"):
    return client.post(f"{API}/bags", json={"papers": papers}, headers=key(name))


def loose(client):
    return [one["key"] for one in client.get(f"{API}/loose-papers").get_json()["papers"]]


@pytest.fixture
def case(client):
    return taken(client, kinds=("original", "copy", "photo"))


def places(station, case):
    return {one["material"]: one["where"] for one in place_papers(station.node, case["id"])}


def test_what_was_handed_in_on_paper_is_offered_and_what_the_village_decides_is_not(client, case):
    taken(client, "村级开具证明", number=1)
    names = [one.partition("|")[2] for one in loose(client)]
    handed = [one["name"] for one in application()["materials"]]
    assert names == [*handed[:2], *handed[3:]]
    page = read(client, "/bags/new")
    assert page.count('name="papers"') == len(names)


def test_an_original_that_an_authority_issued_goes_into_no_bag_unless_somebody_ticks_it(client):
    taken(client, kinds=("original", "copy", "original"))  # 身份证, 户口簿; the others nobody issued
    rows = client.get(f"{API}/loose-papers").get_json()["papers"]
    assert [(one["material"], one["goes_home"]) for one in rows] == [
        ("身份证", True),
        ("户口簿", False),
        ("银行卡", False),
        ("近期照片", False),
    ]
    page = read(client, "/bags/new")
    boxes = re.findall(r'name="papers" value="[^"|]*\|([^"]*)"( checked)?', page)
    assert boxes == [("身份证", ""), ("户口簿", " checked"), ("银行卡", " checked"), ("近期照片", " checked")]
    assert "一般由本人带回" in page
    assert pack(client, [rows[0]["key"]]).status_code == 201


def test_what_was_only_shown_or_is_on_file_goes_into_no_bag_and_the_list_says_what_was_compared(client, station):
    body = application(number=2)
    for paper, more in zip(
        body["materials"], ({"kind": "photo"}, {"kind": "copy"}, {"kind": "original"}, {}), strict=True
    ):
        paper |= {**more, "compared": True}
    told = client.post(f"{API}/cases", json=body, headers=key("shown")).get_json()
    assert [one.partition("|")[2] for one in loose(client)] == ["户口簿", "银行卡", "近期照片"]
    rows = client.get(f"{API}/loose-papers").get_json()["papers"]
    words = ["复印件，已核原件", "原件，已核", "已核原件"]
    assert [one["kind_name"] for one in rows] == words
    assert '户口簿 <span class="hint">复印件，已核原件' in read(client, "/bags/new")
    bag = pack(client, loose(client)).get_json()
    assert [one["kind_name"] for one in client.get(f"{API}/bags/{bag['id']}").get_json()["papers"]] == words
    assert "<td>复印件，已核原件</td>" in read(client, f"/bags/{bag['id']}/print")
    assert "身份证" not in places(station, told)


def test_the_papers_of_older_cases_are_found_page_by_page_and_packed_from_there(client, clock, monkeypatch):
    monkeypatch.setattr(offering, "MOST_CASES", 2)
    cases = []
    for number in range(5):
        clock.now_ms += 60_000
        cases.append(taken(client, number=number)["id"])
    found, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{API}/loose-papers", query_string={"cursor": cursor}).get_json()
        found.append(list(dict.fromkeys(one["case"] for one in page["papers"])))
        cursor = page["next"]
    assert found == [cases[3:], cases[1:3], cases[:1]]
    page = read(client, "/bags/new")
    older = re.search(r'href="([^"]*cursor=[^"]*)">更早收的', page)[1].replace("&amp;", "&")
    page = read(client, older)
    assert page.count('name="papers"') > 0
    assert "checked" not in page  # what is older goes when somebody chooses it
    form, chosen = form_on(page, "key"), re.findall(r'name="papers" value="([^"]*)"', page)
    assert send(client, older, {**form["values"], "papers": chosen}).status_code == 303
    assert client.get(f"{API}/loose-papers").get_json()["next"]
    assert not set(_all_loose(client)) & set(chosen)
    refused = client.post(f"{API}/bags", json={"papers": chosen[:1]}, headers=key("again"))
    assert refused.status_code == 422
    assert client.get("/bags/new?cursor=x").status_code == 302


def test_whoever_looks_for_papers_is_not_stopped_by_cases_of_which_all_is_packed(client, clock, monkeypatch):
    monkeypatch.setattr(offering, "MOST_CASES", 1)
    first = taken(client)["id"]
    for number in range(1, 3):
        clock.now_ms += 60_000
        taken(client, number=number)
        pack(client, loose(client), f"p{number}")
    page = client.get(f"{API}/loose-papers").get_json()
    assert {one["case"] for one in page["papers"]} == {first}


def _all_loose(client):
    found, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{API}/loose-papers", query_string={"cursor": cursor}).get_json()
        found += [one["key"] for one in page["papers"]]
        cursor = page["next"]
    return found


def test_the_list_of_a_bag_is_a_page_that_loads_nothing_over_the_api_too(client, case):
    bag = pack(client, loose(client)).get_json()
    page = client.get(f"{API}/bags/{bag['id']}/page")
    assert page.mimetype == "text/html"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<(?:link|script|img|iframe)|src=|url\(", page.text)
    assert "@page { size: A4" in page.text
    shown = read(client, f"/bags/{bag['id']}/print")
    (sheet,) = re.findall(r'<section class="sheet long">.*?</section>', shown, re.DOTALL)
    assert sheet in page.text  # as the desk prints it


def test_a_bag_is_packed_printed_and_handed_over(client, case, station):
    form = form_on(read(client, "/bags/new"), "key")
    chosen = loose(client)
    answer = send(client, "/bags/new", {**form["values"], "papers": chosen})
    assert answer.status_code == 303, answer.text
    address = answer.headers["Location"]
    sheet = read(client, f"{address}/print")
    assert "《材料交接单》" in sheet
    assert sheet.count("签字、日期：") == 2
    assert "<svg" in sheet
    short = re.search(r'<strong class="slip-number">袋 (01-0001-[0-9A-Z])</strong>', sheet)[1]
    assert f">袋 {short}</a>" in read(client, "/bags")  # a case may have the same number
    assert '<td class="whole">01-0001-' in sheet  # read aloud, so never broken
    assert application()["fields"]["applicant_name"] not in sheet
    assert set(places(station, case).values()) == {"packed"}
    assert "已装袋，" in read(client, f"/cases/{case['id']}")
    values = form_on(read(client, address), "giver")["values"]
    refused = send(client, f"{address}/handing", {**values, "carrier": " "})
    assert refused.status_code == 422
    assert "带件人" in refused.text
    assert send(client, f"{address}/handing", {**values, "carrier": "赵师傅"}).status_code == 303
    assert set(places(station, case).values()) == {"on_the_way"}
    page = read(client, address)
    assert "签字：wang、赵师傅" in page
    assert 'name="taker"' not in page
    assert "作废这张交接单" not in page


def test_a_case_that_goes_no_further_is_marked_on_the_slip_and_its_print(client, case):
    bag = pack(client, loose(client)).get_json()["id"]
    assert ">撤回</span>" not in read(client, f"/bags/{bag}")
    answer = client.post(f"{API}/cases/{case['id']}/withdrawal", json={"reason": "不办了"}, headers=key("w"))
    assert answer.status_code == 200, answer.text
    page = read(client, f"/bags/{bag}")
    assert page.count('<span class="tag bad">撤回</span>') == 3
    assert read(client, f"/bags/{bag}/print").count("（撤回）") == 3


def test_the_code_on_the_sheet_holds_number_and_id_and_nothing_of_a_person(client, case, station):
    bag = pack(client, loose(client)).get_json()
    told = client.get(f"{API}/bags/{bag['id']}").get_json()
    assert told["code"] == f"{bag['bag_number']} {bag['id']}"
    for typed in (
        told["code"],
        told["code"].upper(),
        bag["id"],
        bag["bag_number"],
        bag["short_number"],
        f"袋 {bag['short_number']}",
    ):
        assert look_up_bag(station.node, typed).id == bag["id"], typed
        answer = client.get("/bags", query_string={"q": typed}, headers=HTML)
        assert answer.headers["Location"] == f"/bags/{bag['id']}"


def test_a_letter_typed_for_the_figure_that_looks_like_it_finds_bag_and_case_all_the_same(client, case, station):
    bag = pack(client, loose(client)).get_json()
    for number in (bag["short_number"], bag["bag_number"]):
        for typed in (number.replace("0", "O"), number.replace("1", "i").lower()):
            assert look_up_bag(station.node, typed).id == bag["id"], typed
    assert look_up_bag(station.node, bag["bag_number"].replace("0", "O")).number == bag["bag_number"]
    for number in (case["receipt_number"], case["receipt_number"][-7:]):
        typed = number.replace("0", "O")
        assert case_numbered(station.node, typed) == case["id"]
        assert locate_case(station.node, typed)["id"] == case["id"]
        answer = client.get("/cases", query_string={"q": typed}, headers=HTML)
        assert answer.headers["Location"] == f"/cases/{case['id']}"


def test_a_bag_that_comes_before_its_list_is_said_to_be_on_the_road(client, case):
    unknown = "handover:v9999-aaaqeayeaudaocaj"
    page = read(client, f"/bags?q={unknown}")
    assert "还没有同步到本站" in page
    assert "没有找到这个单号" in read(client, "/bags?q=abcdef")


def test_a_form_that_made_a_bag_and_is_sent_with_other_papers_says_that_it_did(client, case):
    page = read(client, "/bags/new")
    values = form_on(page, "key")["values"]
    papers = re.findall(r'name="papers" value="([^"]+)"', page)
    assert send(client, "/bags/new", {**values, "papers": papers[:1]}).status_code == 303
    told = send(client, "/bags/new", {**values, "papers": papers[1:]})
    assert told.status_code == 409
    assert "这张表已经生成过一张交接单" in told.text
    assert len(client.get(f"{API}/bags").get_json()["bags"]) == 1


def test_no_paper_is_in_two_bags_and_a_void_list_lets_go_of_its_own(client, case):
    papers = loose(client)
    first = pack(client, papers[:1]).get_json()
    assert loose(client) == papers[1:]
    refused = pack(client, papers, "p2")
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "papers")
    again = pack(client, papers[:1])
    assert again.get_json() == first
    assert client.post(f"{API}/bags/{first['id']}/voiding", json={}).get_json()["state"] == "void"
    assert loose(client) == papers
    second = pack(client, papers, "p3").get_json()
    assert second["bag_number"] != first["bag_number"]
    assert re.fullmatch(r"01-0002-[0-9A-Z]", second["short_number"])


def test_a_village_does_not_receive_its_own_bag(client, case):
    bag = pack(client, loose(client)).get_json()
    told = {"found": [1], "taker": "王春梅", "bringer": "赵师傅"}
    for act, body in (
        ("taking", told),
        ("finding", {"found": [1], "finder": "王春梅"}),
        ("giving-back", {"returner": "王春梅", "carrier": "赵师傅", "reason": "退"}),
    ):
        refused = client.post(f"{API}/bags/{bag['id']}/{act}", json=body)
        assert refused.status_code == (422 if act == "finding" else 403), refused.text
    assert client.get(f"{API}/bags/{bag['id']}").get_json()["state"] == "packed"


def test_a_packed_bag_and_its_number_are_there_or_not_at_all(client, case, station, monkeypatch):
    papers = loose(client)
    with monkeypatch.context() as patch:
        patch.setattr("sync.papers.move_bag.record", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pack_bag(station.node, papers, Doer("acct:wang"))
    assert client.get(f"{API}/bags").get_json()["bags"] == []
    assert pack(client, papers).get_json()["short_number"].startswith("01-0001-")


def test_bags_come_in_pages_and_a_page_that_is_none_is_refused_or_leads_to_the_first(client, case):
    both = loose(client)[:2]  # of one case: what comes later goes with a later bag
    first, second = (pack(client, [one], name=f"p{n}").get_json()["id"] for n, one in enumerate(both))
    assert not set(both) & set(loose(client))
    begun = client.get(f"{API}/bags?limit=1").get_json()
    ended = client.get(f"{API}/bags?limit=1&cursor={begun['next']}").get_json()
    assert {begun["bags"][0]["id"], ended["bags"][0]["id"]} == {first, second}
    assert ended["next"] is None
    assert client.get(f"{API}/bags?cursor=nonsense").status_code == 400
    assert client.get("/bags?cursor=nonsense", headers=HTML).headers["Location"] == "/bags"


def bring(client, case, paper, name="again"):
    """Hand a paper in once more, as a copy like that of before."""
    body = {"materials": [{"name": paper, "kind": "copy", "copies": 1}]}
    answer = client.post(f"{API}/cases/{case['id']}/materials", json=body, headers=key(name))
    assert answer.status_code == 200, answer.text


def test_a_paper_that_is_handed_in_again_is_another_sheet_and_goes_into_a_bag_of_its_own(client, clock, station):
    case = taken(client, kinds=("copy",) * 4)
    first = pack(client, loose(client)).get_json()
    assert loose(client) == []
    clock.now_ms += 60_000
    bring(client, case, "户口簿")
    (again,) = loose(client)
    assert again == f"{case['id']}|户口簿"
    told = {one["material"]: one for one in place_papers(station.node, case["id"])}
    assert (told["户口簿"]["where"], told["户口簿"]["bag"]) == ("station", "")
    assert first["short_number"] in told["户口簿"]["earlier"]
    assert (told["身份证"]["where"], told["身份证"]["earlier"]) == ("packed", "")
    assert "前一份：在村站，已装袋，交接单" in read(client, f"/cases/{case['id']}")
    clock.now_ms += 60_000
    second = pack(client, [again], "p2")
    assert (second.status_code, loose(client)) == (201, [])
    assert pack(client, [again], "p3").status_code == 422
    told = {one["material"]: one for one in place_papers(station.node, case["id"])}
    assert told["户口簿"]["bag"] == second.get_json()["id"]
    assert client.post(f"{API}/bags/{second.get_json()['id']}/voiding", json={}).status_code == 200
    assert loose(client) == [again]
    clock.now_ms += 60_000
    bring(client, case, "户口簿", name="third")
    assert loose(client) == [again]


def test_what_is_only_shown_again_is_no_other_sheet(client, clock):
    case = taken(client, kinds=("copy",) * 4)
    pack(client, loose(client))
    clock.now_ms += 60_000
    shown = {"materials": [{"name": "户口簿", "kind": "photo", "compared": True}]}
    assert client.post(f"{API}/cases/{case['id']}/materials", json=shown, headers=key("s")).status_code == 200
    assert loose(client) == []


def test_a_notice_is_answered_by_the_same_paper_handed_in_again_without_a_photo(client, clock, station):
    case = taken(client, kinds=("copy",) * 4)
    gaps = [{"material": "户口簿", "what": "复印不清"}]
    asked = client.post(f"{API}/cases/{case['id']}/notice", json={"gaps": gaps, "reason": "补正"}, headers=key("n"))
    assert asked.status_code == 200, asked.text
    clock.now_ms += 60_000
    bring(client, case, "户口簿")
    told = client.get(f"{API}/cases/{case['id']}").get_json()
    assert told["state"] == "received"
    assert "收到：户口簿" in told["log"][-1]["note"]
