"""The tables that are searched: what is put there is found, in order, and nothing else is."""

from sync.store.ledger.found_cases import find_case_words, put_case_words
from sync.store.ledger.misses import misses, note_miss
from sync.store.ledger.phrases import Rank, drop_phrases, find_called, find_guides, find_phrases, find_said, put_phrases


def put_case(engine, case_id, seconds, *words):
    engine.write(lambda tx: put_case_words(tx, case_id, received_seconds=seconds, words=words))


def found(engine, *words, begins=False, limit=10):
    return engine.read(lambda reader: find_case_words(reader, words, begins=begins, limit=limit))


def put(engine, code, *phrases, common=False, guide=""):
    rows = [(source, text, text, text[:2]) for source, text in phrases]
    engine.write(lambda tx: put_phrases(tx, "item", code, common=common, phrases=rows, guide=guide))


def hits(engine, text):
    return {hit.code: hit.rank for hit in engine.read(lambda reader: find_phrases(reader, text, text, limit=50))}


def test_cases_come_newest_receipt_first_whenever_they_were_listed(engine):
    for case_id, seconds in (("b", 200), ("c", 300), ("a", 100)):
        put_case(engine, case_id, seconds, "1wang")
    assert found(engine, "1wang") == ("c", "b", "a")
    assert found(engine, "1wa", begins=True, limit=2) == ("c", "b")
    assert found(engine, "1wa") == ()


def test_many_of_one_second_are_all_found(engine):
    ids = [f"case{number}" for number in range(5000)]
    engine.write(lambda tx: [put_case_words(tx, one, received_seconds=7, words=("1x",)) for one in ids])
    assert set(found(engine, "1x", limit=9999)) == set(ids)


def test_a_case_is_found_by_what_it_says_now(engine):
    put_case(engine, "a", 1, "1old", "0number")
    put_case(engine, "a", 1, "1new", "0number")
    put_case(engine, "a", 1, "1new", "0number")
    assert (found(engine, "1old"), found(engine, "1new", "0number")) == ((), ("a",))


def test_names_go_before_words_and_beginnings_before_what_is_within(engine):
    put(engine, "within", (0, "zabc"))
    put(engine, "word", (0, "other"), (1, "abc"))
    put(engine, "begins", (0, "abcd"))
    put(engine, "name", (0, "abc"))
    put(engine, "zone", (0, "yet"), (2, "abc"))
    assert list(hits(engine, "abc").items()) == [
        ("name", Rank.NAME),
        ("word", Rank.WORD),
        ("begins", Rank.NAME_BEGINS),
        ("within", Rank.NAME_WITHIN),
        ("zone", Rank.ZONE),
    ]


def test_the_common_ones_go_first_among_equals(engine):
    put(engine, "a", (1, "abc"))
    put(engine, "b", (1, "abc"), common=True)
    assert list(hits(engine, "abc")) == ["b", "a"]


def test_what_was_dropped_or_renamed_is_not_found(engine):
    put(engine, "a", (0, "before"), guide="甲乙")
    put(engine, "a", (0, "after"), guide="丙丁")
    assert (hits(engine, "before"), hits(engine, "after")) == ({}, {"a": Rank.NAME})
    assert engine.read(lambda reader: find_guides(reader, ["甲乙"], limit=9)) == ()
    assert [hit.code for hit in engine.read(lambda reader: find_guides(reader, ["丙丁"], limit=9))] == ["a"]
    engine.write(lambda tx: drop_phrases(tx, "item", "a"))
    assert hits(engine, "after") == {}
    assert engine.read(lambda reader: find_guides(reader, ["丙丁"], limit=9)) == ()


def test_misses_are_counted_and_their_number_is_bounded(engine):
    engine.write(lambda tx: [note_miss(tx, f"词{number}", now_ms=number) for number in range(2100)])
    engine.write(lambda tx: [note_miss(tx, "词2000", now_ms=5000) for _ in range(2)])
    kept = engine.read(lambda reader: misses(reader, limit=9999))
    assert len(kept) == 2000
    assert (kept[0].text, kept[0].times, kept[0].last_ms) == ("词2000", 3, 5000)
    assert "词0" not in {one.text for one in kept}


def test_what_may_be_called_so_in_parts_comes_with_all_it_is_called(engine):
    put(engine, "both", (0, "甲乙丙"), (1, "丁戊"), (2, "己庚"))
    put(engine, "half", (0, "甲乙"))
    put(engine, "turned", (0, "戊甲乙丁"))

    def called(begins, ends):
        found = engine.read(lambda reader: find_called(reader, begins, ends, ["戊甲乙丁"], limit=9))
        return {one.code: [text for text, _sound, _initials in one.names] for one in found}

    assert called(["甲乙"], ["丁戊", "xx"]) == {"both": ["甲乙丙", "丁戊"], "turned": ["戊甲乙丁"]}
    assert set(called(["甲乙"], ["己庚"])) == {"turned"}  # a zone is no name


def test_said_in_another_way_the_very_name_comes_first(engine):
    put(engine, "within", (0, "z甲乙"))
    put(engine, "word", (0, "other"), (1, "丙丁"))
    put(engine, "zone", (0, "another"), (2, "甲乙"))
    found = engine.read(lambda reader: find_said(reader, ["甲乙", "丙丁"], limit=9))
    assert [(hit.code, hit.rank) for hit in found] == [("word", Rank.WORD), ("within", Rank.IN_PARTS)]
