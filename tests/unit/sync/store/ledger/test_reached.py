"""When a holder first came so far, and of each case the newest events."""

from sync.store.ledger.case_ends import cases_behind, chains_of_cases, put_case_ends
from sync.store.ledger.reached import note_reached, reached_ms

ABOVE, WRITER, LIFE = "t" * 16, "a" * 16, "0" * 16


def note(engine, number, now_ms):
    engine.write(lambda tx: note_reached(tx, ABOVE, WRITER, LIFE, number=number, now_ms=now_ms))


def since(engine, number):
    return engine.read(lambda reader: reached_ms(reader, ABOVE, WRITER, LIFE, number))


def test_an_event_is_dated_by_the_first_receipt_that_came_so_far(engine):
    note(engine, 3, 100)
    note(engine, 3, 150)
    note(engine, 7, 200)
    assert [since(engine, number) for number in (1, 3, 4, 7, 8)] == [100, 100, 200, 200, None]


def test_what_is_no_longer_claimed_is_dated_anew_when_it_is_claimed_again(engine):
    note(engine, 3, 100)
    note(engine, 7, 200)
    note(engine, 4, 300)  # restored from a backup
    assert [since(engine, number) for number in (3, 4, 5)] == [100, 300, None]
    note(engine, 7, 400)
    assert [since(engine, number) for number in (4, 5)] == [300, 400]


def test_a_holder_that_claims_nothing_any_more_is_not_heard_of(engine):
    note(engine, 3, 100)
    note(engine, 0, 200)
    assert since(engine, 1) is None


def test_the_cases_behind_an_event_are_those_written_in_after_it(engine):
    def work(tx):
        put_case_ends(tx, "case:a", {(WRITER, LIFE): 2})
        put_case_ends(tx, "case:b", {(WRITER, LIFE): 5, ("c" * 16, LIFE): 1})
        put_case_ends(tx, "case:a", {(WRITER, LIFE): 6})

    engine.write(work)
    ((chain, *who), other) = engine.read(chains_of_cases)
    assert who == [WRITER, LIFE]
    behind = {number: set(engine.read(lambda r, n=number: cases_behind(r, chain, n))) for number in (1, 5, 6)}
    assert behind == {1: {"case:a", "case:b"}, 5: {"case:a"}, 6: set()}
    assert engine.read(lambda r: cases_behind(r, other[0], 0)) == ("case:b",)
