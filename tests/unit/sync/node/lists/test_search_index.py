"""What is found follows what is in force: releases, withdrawals, another centre, and a store from before."""

from fixtures.catalogue import publish_texts
from sync.casework.search import search
from sync.node.lists.search_index import index_listed, index_shelf
from sync.node.node import Node
from sync.node.publishing import draft_withdrawal, publish
from sync.store.connection import FILE_NAME, Opening, close, open_writer
from sync.store.engine import Engine
from sync.store.ledger.found_cases import find_case_words
from sync.store.ledger.people import find_people_words
from sync.store.ledger.phrases import find_phrases
from sync.store.ledger.search_tables import STEPS as SEARCH
from sync.store.ledger.unindexed import unindexed
from sync.store.migrations import STEPS, migrate
from sync.values.json_text import dump
from tests.unit.sync.node.county import trust
from tests.unit.sync.node.test_catalogue import BY, CODE, Make, carry, whole


def codes(node: Node, asked: str) -> list[str]:
    return [one["code"] for one in search(node, asked, limit=50)["items"]]


def test_a_new_release_is_found_by_its_new_name_and_no_more_by_the_old(centre: Node, station: Node) -> None:
    publish_texts(centre, dump(whole(version=4, name="敬老津贴", words=["敬老钱"])))
    carry(centre, station)
    for node in (centre, station):
        assert codes(node, "敬老津贴") == codes(node, "jljt") == codes(node, "敬老钱") == [CODE]
    publish_texts(centre, dump(whole(version=5, name="长者补助金", words=["寿星钱"])))
    carry(centre, station)
    for node in (centre, station):
        assert codes(node, "长者补助金") == codes(node, "zzbzj") == codes(node, "寿星钱") == [CODE]
        assert codes(node, "敬老津贴") == codes(node, "jljt") == codes(node, "敬老钱") == []


def test_what_was_withdrawn_is_not_found(centre: Node, station: Node) -> None:
    publish_texts(centre, dump(whole()))
    carry(centre, station)
    assert codes(station, "高龄津贴") == [CODE]
    draft_withdrawal(centre, CODE, by=BY)
    publish(centre, by=BY)
    carry(centre, station)
    assert CODE not in codes(station, "高龄津贴")


def test_what_was_brought_by_hand_is_found_until_the_centre_is_known(make_node: Make, centre: Node) -> None:
    node = make_node("k3m7q")
    node.catalogue.bring(dump(whole(name="手工带来")))
    assert codes(node, "手工带来") == [CODE]
    publish_texts(centre, dump(whole()))
    carry(centre, node)
    trust(node, centre)
    assert codes(node, "手工带来") == []
    assert codes(node, "高龄津贴") == [CODE]


def test_nothing_is_read_in_twice(centre: Node) -> None:
    publish_texts(centre, dump(whole()))
    assert codes(centre, "高龄津贴") == [CODE]
    assert centre.engine.read(lambda reader: unindexed(reader, "item", limit=9)) == ()


def test_a_store_from_before_is_searched_with_all_that_it_held(tmp_path) -> None:
    connection = open_writer(tmp_path / FILE_NAME, Opening())
    migrate(connection, STEPS[: STEPS.index(SEARCH[0])])
    row = next(one for one in whole()["items"] if one["code"] == CODE)
    body = dump({"type": "item", "notice": "示例", "item": row})
    connection.execute("INSERT INTO shelf VALUES ('item', ?, 1, 0, '高龄津贴', '1', 1, ?)", (CODE, body))
    for case_id, received_at in (("case:a", "2025-09-26T14:04:05+08:00"), ("case:b", "no time at all")):
        connection.execute(
            "INSERT INTO cases VALUES (?, 'k3m7q', '01A', ?, ?, '高龄津贴', '王秀英', 'received', 0, 0, '')",
            (case_id, received_at, CODE),
        )
    close(connection)
    with Engine.open(tmp_path) as engine:
        index_shelf(engine)
        index_listed(engine)
        hits = engine.read(lambda reader: find_phrases(reader, "尊老金", None, limit=9))
        assert [hit.code for hit in hits] == [CODE]
        found = engine.read(lambda reader: find_case_words(reader, ["3wxy"], limit=9))
        assert found == ("case:a", "case:b")


def test_whoever_was_there_before_names_were_found_by_their_parts_is_found_so_now(tmp_path) -> None:
    connection = open_writer(tmp_path / FILE_NAME, Opening())
    migrate(connection, [step for step in STEPS if step.name != "ledger-8-names-in-parts"])
    name = "阿卜杜热西提·艾合买提江"
    connection.execute(
        "INSERT INTO cases (id, sid, receipt_number, received_at, item, item_name, applicant_name, status, photos, "
        "disputes, case_number) VALUES ('case:a', 'k3m7q', '01A', '2025-09-26T14:04:05+08:00', 'x', '高龄津贴', ?, "
        "'received', 0, 0, '')",
        (name,),
    )
    connection.execute("INSERT INTO found_cases VALUES (7, 'case:a', '1old')")
    connection.execute("INSERT INTO case_words (rowid, words) VALUES (7, '1old')")
    people = ("person:a", "k3m7q", name, "", "registered", "", "", "", "", "15400000000", "", "", "", "", 0)
    connection.execute(f"INSERT INTO people VALUES ({', '.join('?' * len(people))})", people)
    connection.execute("INSERT INTO found_people VALUES (7, 'person:a', '1old')")
    connection.execute("INSERT INTO people_words (rowid, words) VALUES (7, '1old')")
    close(connection)
    with Engine.open(tmp_path) as engine:
        index_listed(engine)
        for word in ("1艾合买提江", "1阿卜杜热西提", "3ahmtj"):
            assert engine.read(lambda reader, word=word: find_case_words(reader, [word], limit=9)) == ("case:a",)
            (found,) = engine.read(lambda reader, word=word: find_people_words(reader, [word], limit=9))
            assert (found.id, found.name, found.phone) == ("person:a", name, "15400000000")
        assert engine.read(lambda reader: find_people_words(reader, ["1old"], limit=9)) == ()
        for kind in ("case", "person"):
            assert engine.read(lambda reader, kind=kind: unindexed(reader, kind, limit=9)) == ()
