"""What the centre publishes and signs is what stations use, and nothing else is."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from fixtures.catalogue import publish_texts
from fixtures.county import text
from sync.custody.releases import Release, is_release, read_release, release_document
from sync.errors import BadRequest, Invalid, NotFound, Unauthorized
from sync.node.node import Node
from sync.node.publishing import compare, count_drafts, draft_withdrawal, drafted, publish
from sync.records.items import ItemState
from sync.records.published import read_entry
from sync.trust.keys import generate
from sync.values.documents import Document, Edit, Wanted
from sync.values.json_text import canonical, dump
from tests.unit.sync.node.county import trust

Make = Callable[..., Node]
CODE = "QX-MZ-0024"
BY = "job:test"


def whole(**changes: Any) -> dict[str, Any]:
    """The sample's items; `changes` apply to the first of them."""
    found = json.loads(text("items.json"))
    found["items"][0] |= changes
    return found


def documents(node: Node) -> list[Document]:
    database = node.documents.database("public")
    ids = [change.id for change in database.changes("0").results]
    return [one for one in database.read([Wanted(doc_id) for doc_id in ids]) if isinstance(one, Document)]


def carry(source: Node, target: Node, *, only: Callable[[Document], bool] = lambda one: True) -> None:
    """What stands in `public` there comes to stand here, as a replicator brings it."""
    target.documents.database("public").graft([one for one in documents(source) if only(one)])


def test_what_was_published_is_in_force_where_it_arrives(centre: Node, station: Node) -> None:
    publish_texts(centre, dump(whole()), text("calendar.json"), text("regions.json"))
    carry(centre, station)
    for node in (centre, station):
        assert node.catalogue.items()[CODE].name == "高龄津贴"
        assert len(node.catalogue.items()) == len(whole()["items"])
        assert 2026 in node.catalogue.calendar().years
        assert node.catalogue.places().full_name("990281101201") == "青溪县柳河镇石桥村"
        assert node.catalogue.standing().release == 1


def test_what_the_centre_did_not_sign_is_not_in_force(centre: Node, station: Node) -> None:
    publish_texts(centre, dump(whole()))
    carry(centre, station)
    assert station.catalogue.items()[CODE].name == "高龄津贴"
    stored = next(one for one in documents(station) if one.id == f"item:{CODE}")
    forged = stored.fields()
    forged["item"]["version"] += 1
    forged["item"]["name"] = "交钱才办"
    station.documents.database("public").write([Edit(stored.id, stored.revision, dump(forged))])
    assert station.catalogue.items()[CODE].name == "高龄津贴"
    assert station.catalogue.standing().unvouched == 1


def test_a_release_signed_by_another_is_no_release(centre: Node, station: Node) -> None:
    publish_texts(centre, dump(whole()))
    carry(centre, station, only=lambda one: not is_release(one.id))
    assert len(station.catalogue.items()) == 0
    digests = {f"item:{CODE}": bytes(12)}
    doc_id, body = release_document(generate(), Release(1, 1, digests))
    station.documents.database("public").write([Edit(doc_id, None, body)])
    assert len(station.catalogue.items()) == 0
    with pytest.raises(Unauthorized):
        read_release(body, centre_key=centre.identity.keys.public)


def test_items_may_come_before_the_release_that_vouches_for_them(centre: Node, station: Node) -> None:
    publish_texts(centre, dump(whole()))
    carry(centre, station, only=lambda one: not is_release(one.id))
    assert station.catalogue.standing().unvouched == len(documents(station))
    carry(centre, station)
    assert station.catalogue.items()[CODE].version == whole()["items"][0]["version"]
    assert station.catalogue.standing().unvouched == 0


def test_an_item_stays_in_force_until_its_successor_is_here(centre: Node, station: Node) -> None:
    publish_texts(centre, dump(whole()))
    carry(centre, station)
    before = station.catalogue.items()[CODE]
    publish_texts(centre, dump(whole(version=before.version + 1, name="高龄补贴")))
    carry(centre, station, only=lambda one: is_release(one.id))
    assert station.catalogue.items()[CODE] == before
    carry(centre, station)
    assert station.catalogue.items()[CODE].name == "高龄补贴"
    # A case that runs keeps the version it was opened with.
    assert station.catalogue.version_of(CODE, before.version) == before


def test_an_item_that_cannot_be_read_takes_no_other_with_it(centre: Node) -> None:
    publish_texts(centre, dump(whole()))
    public = centre.documents.database("public")
    public.write([Edit("item:a", None, b'{"type":"item"}'), Edit("item:b", None, b'{"item":{},"notice":"x"}')])
    assert centre.catalogue.items().keys() == {row["code"] for row in whole()["items"]}


def test_before_a_centre_is_known_the_operator_may_bring_a_catalogue(make_node: Make, centre: Node) -> None:
    node = make_node("k3m7q")
    node.catalogue.bring(dump(whole(name="手工带来")))
    assert node.catalogue.items()[CODE].name == "手工带来"
    publish_texts(centre, dump(whole(version=2)))
    carry(centre, node)
    assert node.catalogue.items()[CODE].name == "手工带来"
    trust(node, centre)
    assert node.catalogue.items()[CODE].name == "高龄津贴"  # the centre's goes before it, though its version is less


def test_nothing_of_a_file_with_a_mistake_is_brought(make_node: Make) -> None:
    node = make_node("k3m7q")
    broken = whole()
    broken["items"][1]["decides"] = "区"
    with pytest.raises(BadRequest, match="第 2 行"):
        node.catalogue.bring(dump(broken))
    assert len(node.catalogue.items()) == 0


def test_the_catalogue_is_read_anew_only_when_it_changed(centre: Node) -> None:
    first = centre.catalogue.items()
    assert centre.catalogue.items() is first
    publish_texts(centre, dump(whole()))
    assert len(centre.catalogue.items()) == len(whole()["items"])


def test_a_file_is_compared_before_it_is_published(centre: Node) -> None:
    rows = len(whole()["items"])
    assert len(compare(centre, dump(whole())).new) >= rows
    publish_texts(centre, dump(whole()))
    found = compare(centre, dump(whole(version=whole()["items"][0]["version"] + 1)))
    assert found.new == ()
    assert found.changed == (f"item:{CODE}",)
    assert publish(centre, by=BY) is None


def test_a_change_without_a_new_version_is_refused_and_so_is_every_bad_row(centre: Node) -> None:
    publish_texts(centre, dump(whole()))
    changed = whole(name="高龄补贴")
    changed["items"][1]["promise"] = {"amount": 99, "unit": "W"}
    stands = changed["items"][0]["version"]
    with pytest.raises(Invalid) as caught:
        drafted(centre, dump(changed), by=BY)
    sentences = [sentence for _, sentence in caught.value.fields]
    assert sentences == [
        f"事项第 1 行（QX-MZ-0024） · 版本（version）：现为 {stands}，已发布的是 {stands}，内容改动后请写 {stands + 1}",
        "事项第 2 行（QX-WJ-0033） · 承诺时限（promise）：承诺 99 个工作日，长于法定时限 15 个工作日，请改短",
        "事项第 2 行（QX-WJ-0033） · 版本（version）：现为 1，已发布的是 1，内容改动后请写 2",
    ]
    assert count_drafts(centre) == 0


def test_calendars_and_places_get_their_versions_by_themselves(centre: Node, station: Node) -> None:
    publish_texts(centre, text("calendar.json"))
    later = json.loads(text("calendar.json"))
    later["years"]["2027"] = {"holidays": ["2027-01-01"], "working_weekends": []}
    later["years"]["2026"]["working_weekends"].remove("2026-01-04")
    publish_texts(centre, dump(later))
    carry(centre, station)
    assert station.catalogue.calendar().years == {2025, 2026, 2027}
    assert len(station.catalogue.calendar().working_weekends) == len(centre.catalogue.calendar().working_weekends) == 10


def test_what_is_withdrawn_takes_no_new_cases(centre: Node, station: Node) -> None:
    publish_texts(centre, dump(whole()))
    assert draft_withdrawal(centre, CODE, by=BY) == "高龄津贴"
    publish(centre, by=BY)
    carry(centre, station)
    assert station.catalogue.items()[CODE].state is ItemState.WITHDRAWN
    assert not station.catalogue.items()[CODE].takes_cases
    with pytest.raises(BadRequest, match="已经取消"):
        draft_withdrawal(centre, CODE, by=BY)
    with pytest.raises(NotFound):
        draft_withdrawal(centre, "nobody", by=BY)


def test_a_restored_centre_that_counts_a_release_twice_is_understood(centre: Node, station: Node) -> None:
    publish_texts(centre, dump(whole()))
    carry(centre, station)
    # Two publications from the same state of the centre, as before and after it was restored.
    first = next(one for one in documents(centre) if one.id == f"item:{CODE}")
    version = first.fields()["item"]["version"] + 1
    for name, at_ms in (("先发布的", 10**13), ("后发布的", 10**13 + 1)):
        fields = first.fields()
        fields["item"] |= {"name": name, "version": version}
        body = canonical(fields)
        entry = read_entry(first.id, body)
        release = release_document(centre.identity.keys, Release(2, at_ms, {entry.id: entry.digest}))
        public = station.documents.database("public")
        stored = next(one for one in documents(station) if one.id == first.id)
        public.write([Edit(release[0], None, release[1]), Edit(first.id, stored.revision, body)])
        assert station.catalogue.items()[CODE].name == name


def test_the_catalogue_may_be_asked_within_a_transaction_while_news_wait(centre: Node, station: Node) -> None:
    publish_texts(centre, dump(whole()))
    version = whole()["items"][0]["version"]
    assert station.engine.write(lambda tx: station.catalogue.version_of(CODE, version)) is None
    carry(centre, station)
    assert len(station.catalogue.items()) == len(whole()["items"])
    publish_texts(centre, dump(whole(version=version + 1, name="高龄补贴")))
    carry(centre, station)
    assert station.engine.write(lambda tx: station.catalogue.items()[CODE].name) == "高龄津贴"
    assert station.catalogue.items()[CODE].name == "高龄补贴"


def test_a_bundle_of_items_nobody_published_and_a_way_to_none_are_refused(centre: Node) -> None:
    broken = whole()
    broken["bundles"][0]["items"].append("QX-XX-9999")
    leading = next(row for row in broken["items"] if row["code"] == "QX-YB-0013")
    leading["situations"][0]["answers"][1]["item"] = "QX-XX-8888"
    with pytest.raises(Invalid) as caught:
        drafted(centre, dump(broken), by=BY)
    assert [sentence for _, sentence in caught.value.fields] == [
        "事项第 3 行（QX-YB-0013） · 情形 1（给谁参保？） · 回答 2（刚出生的孩子） · 改办事项（item）："
        "现为 “QX-XX-8888”，目录里没有这个事项，请改对编码，或者把这个事项加进来",
        "一件事第 1 行（QX-YJS-01） · 包含的事项（items）："
        "现为 “QX-XX-9999”，目录里没有这个事项，请改对编码，或者把这个事项加进来",
    ]


def region(code: str, *replaced_by: str) -> dict[str, Any]:
    gone = {"valid_to": "2025-12-31", "replaced_by": list(replaced_by)} if replaced_by else {}
    return {"code": code, "name": "某村", "valid_from": "2020-01-01", **gone}


def test_a_place_is_replaced_by_one_that_the_file_has_or_that_is_published(centre: Node) -> None:
    publish_texts(centre, text("regions.json"))
    moved = dump({"regions": [region("990282101201", "990281101203", "990282101202"), region("990282101202")]})
    assert compare(centre, moved).new == ("regions:990282",)
    unknown = {"regions": [region("990282101201", "990281101209")]}
    with pytest.raises(Invalid) as caught:
        compare(centre, dump(unknown))
    assert [sentence for _, sentence in caught.value.fields] == [
        "区划第 1 行（990282101201） · 替代区划（replaced_by）："
        "现为 “990281101209”，没有这个区划，请改对代码，或者把这个区划加进来"
    ]


def test_a_place_that_a_file_leaves_out_of_its_county_replaces_none(centre: Node) -> None:
    publish_texts(centre, text("regions.json"))
    whole = json.loads(text("regions.json"))
    whole["regions"] = [row for row in whole["regions"] if row["code"] != "990281101203"]
    with pytest.raises(Invalid) as caught:
        compare(centre, dump(whole))
    assert [sentence.split("：")[0] for _, sentence in caught.value.fields] == [
        "区划第 6 行（990281101204） · 替代区划（replaced_by）"
    ]
