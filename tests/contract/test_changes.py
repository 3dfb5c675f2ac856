"""The changes feed: each document once, at its newest change, oldest first, from wherever one left off."""

import threading
import time
from contextlib import suppress

import pytest

from sync.errors import BadRequest, NotFound
from sync.values.changes import START
from tests.contract.documents import delete, doc, edit, graft, ids_changed, put, rev, written


def test_a_document_appears_once_at_its_newest_change(db):
    first = put(db, "a")
    put(db, "b")
    put(db, "a", first, n=2)
    assert sorted(ids_changed(db)) == ["a", "b"]


def test_changes_stand_in_the_order_they_were_made(engine, db):
    engine.needs("loose order")
    first = put(db, "a")
    put(db, "b")
    put(db, "a", first, n=2)
    assert ids_changed(db) == ["b", "a"]


def test_a_change_names_every_leaf_winner_first(db):
    graft(db, doc("a", "2-b", "1-a"), doc("a", "2-c", "1-a"), doc("a", "3-d", "2-d", deleted=True))
    (change,) = db.changes(START).results
    assert change.leaves == (rev("2-c"), rev("2-b"), rev("3-d"))
    assert not change.deleted


def test_a_deletion_is_a_change(db):
    gone = delete(db, "a", put(db, "a"))
    (change,) = db.changes(START).results
    assert change.deleted
    assert change.leaves == (gone,)


def test_a_feed_goes_on_where_it_stopped(db):
    put(db, "a")
    stop = db.changes(START).last_seq
    assert db.changes(stop).results == ()
    put(db, "b")
    assert ids_changed(db, stop) == ["b"]


def test_a_sequence_on_a_change_is_a_place_to_go_on_from(engine, db):
    engine.needs("loose order")
    for doc_id in "abc":
        put(db, doc_id)
    results = db.changes(START).results
    assert ids_changed(db, results[0].seq) == ["b", "c"]
    assert ids_changed(db, results[2].seq) == []


def test_pages_lead_from_one_to_the_next_and_leave_nothing_out(db):
    graft(db, *(doc(f"{n:03}", "1-a") for n in range(25)))
    seen, since = [], START
    while (page := db.changes(since, limit=4)).results:
        assert len(page.results) <= 4
        seen += [change.id for change in page.results]
        since = page.last_seq
    assert sorted(seen) == [f"{n:03}" for n in range(25)]


@pytest.mark.parametrize("taken", [1, 4, 13, 24, 25, 40])
def test_a_page_says_how_many_changes_lie_behind_it(engine, db, taken):
    engine.needs("loose order")
    graft(db, *(doc(f"{n:03}", "1-a") for n in range(25)))
    assert db.changes(START, limit=taken).pending == max(0, 25 - taken)
    middle = db.changes(START, limit=10).last_seq
    assert db.changes(middle, limit=taken).pending == max(0, 15 - taken)
    assert db.changes(START).pending == 0


def test_other_databases_changes_are_not_counted(engine, db, other_db):
    engine.needs("loose order")
    for n in range(5):
        put(db, f"a{n}")
        put(other_db, f"b{n}")
    page = db.changes(START, limit=2)
    assert (len(page.results), page.pending) == (2, 3)
    assert db.changes(page.last_seq).pending == 0


def test_a_feed_can_be_read_backwards(engine, db):
    engine.needs("loose order")
    for doc_id in "abc":
        put(db, doc_id)
    assert ids_changed(db, descending=True) == ["c", "b", "a"]
    page = db.changes(START, descending=True, limit=1)
    assert [change.id for change in page.results] == ["c"]
    assert page.pending == 2


def test_a_feed_can_be_narrowed_to_some_documents(db):
    for doc_id in "abcd":
        put(db, doc_id)
    assert sorted(ids_changed(db, doc_ids=["b", "d", "unknown", "b"])) == ["b", "d"]
    assert ids_changed(db, doc_ids=[]) == []


def test_a_narrowed_feed_that_found_all_it_could_does_not_go_back(db):
    for doc_id in "abcd":
        put(db, doc_id)
    end = db.changes(START, doc_ids=["a"]).last_seq
    assert db.changes(end).results == ()


def test_a_narrowed_feed_can_be_paged(engine, db):
    engine.needs("loose order")
    for doc_id in "abcd":
        put(db, doc_id)
    page = db.changes(START, doc_ids=["a", "c", "d"], limit=1)
    assert [change.id for change in page.results] == ["a"]
    assert page.pending == 2
    assert ids_changed(db, page.last_seq, doc_ids=["a", "c", "d"]) == ["c", "d"]


def test_the_update_sequence_is_the_end_of_the_feed(engine, db):
    engine.needs("loose sequences")
    put(db, "a")
    assert db.info().update_seq == db.changes(START).last_seq == db.changes(START).results[-1].seq
    put(db, "b")
    assert db.info().update_seq == db.changes(START).last_seq


def test_now_is_the_end_of_the_feed(db):
    put(db, "a")
    page = db.changes("now")
    assert page.results == ()
    put(db, "b")
    assert ids_changed(db, page.last_seq) == ["b"]


def test_reading_and_refusals_move_no_sequence(db):
    put(db, "a")
    before = db.info().update_seq
    db.write([edit("a", n=2)])
    db.missing({"a": [rev("1-x")]})
    db.write_local("checkpoint", b"{}")
    list(db.changes(START).results)
    assert db.info().update_seq == before


@pytest.mark.parametrize("since", ["rubbish", "-1", "1.5-x", "12-", "-abc", "٣-abc", "9" * 40 + "-abc", ""])
def test_what_is_no_sequence_is_refused(engine, db, since):
    engine.needs("loose sequences")
    with pytest.raises(BadRequest):
        db.changes(since)


def test_a_sequence_of_another_epoch_counts_as_the_beginning(engine, db):
    engine.needs("loose sequences")
    put(db, "a")
    assert ids_changed(db, "1-anotherepoch") == ["a"]
    assert ids_changed(db, "999999-anotherepoch") == ["a"]


def test_a_sequence_not_reached_yet_counts_as_the_beginning(engine, db):
    engine.needs("loose sequences")
    put(db, "a")
    number, _, token = db.info().update_seq.partition("-")
    assert ids_changed(db, f"{int(number) + 1000}-{token}") == ["a"]


def test_waiting_ends_at_once_when_something_changed_already(db):
    put(db, "a")
    assert db.await_change(START, timeout_seconds=30)


def test_waiting_ends_empty_when_nothing_changes(db):
    put(db, "a")
    assert not db.await_change(db.info().update_seq, timeout_seconds=0.05)


def test_another_databases_change_wakes_nobody_here(db, other_db):
    put(db, "a")
    since = db.info().update_seq
    timer = threading.Timer(0.02, put, (other_db, "b"))
    timer.start()
    assert not db.await_change(since, timeout_seconds=0.2)
    timer.join()


def test_a_change_wakes_everyone_who_waits_for_it(db):
    put(db, "a")
    since = db.info().update_seq
    woken = []
    waiters = [
        threading.Thread(target=lambda: woken.append(db.await_change(since, timeout_seconds=20))) for _ in range(12)
    ]
    for waiter in waiters:
        waiter.start()
    written(db.write([edit("b")]))
    for waiter in waiters:
        waiter.join()
    assert woken == [True] * 12
    assert ids_changed(db, since) == ["b"]


def test_no_change_between_asking_and_waiting_is_lost(db):
    since = db.info().update_seq
    for n in range(50):
        writer = threading.Thread(target=lambda n=n: put(db, f"d{n}"))
        writer.start()
        assert db.await_change(since, timeout_seconds=20)
        writer.join()
        since = db.info().update_seq


@pytest.mark.parametrize("taken", [1, 4, 24, 25])
def test_a_page_read_backwards_counts_what_lies_before_it(db, taken):
    graft(db, *(doc(f"{n:03}", "1-a") for n in range(25)))
    assert db.changes(START, limit=taken, descending=True).pending == 25 - taken


def test_backwards_begins_at_the_end_whatever_was_seen_before(db):
    for doc_id in "abc":
        put(db, doc_id)
    middle = db.changes(START, limit=2).last_seq
    assert sorted(ids_changed(db, middle, descending=True)) == ["a", "b", "c"]
    assert sorted(ids_changed(db, middle, descending=True, doc_ids=["a", "c"])) == ["a", "c"]
    assert len(ids_changed(db, middle, descending=True, limit=1)) == 1


def test_waiting_ends_when_the_database_is_destroyed(databases, db):
    put(db, "a")
    since = db.info().update_seq
    timer = threading.Timer(0.05, databases.destroy, (db.name,))
    timer.start()
    begun = time.monotonic()
    with suppress(NotFound):
        db.await_change(since, timeout_seconds=20)
    timer.join()
    assert time.monotonic() - begun < 10
    with pytest.raises(NotFound):
        db.changes(since)


def test_a_feed_is_read_backwards_in_pages(engine, db):
    engine.needs("no way back")
    first = put(db, "a")
    for doc_id in ("b", "c", "d"):
        put(db, doc_id)
    put(db, "a", first, n=2)
    delete(db, "c", db.look_up(["c"]).rows[0].revision)
    whole = db.changes(START, descending=True).results
    assert [change.id for change in whole] == ["c", "a", "d", "b"]
    assert tuple(db.changes_before(whole[0].seq, limit=2)) == whole[1:3]
    assert tuple(db.changes_before(whole[2].seq, limit=5)) == whole[3:]
    assert tuple(db.changes_before(whole[3].seq, limit=5)) == ()
    assert tuple(db.changes_before(START, limit=5)) == ()
