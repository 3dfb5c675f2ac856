"""Our own chain, and which events of every writer are held."""

import hashlib
import random
from contextlib import contextmanager

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import Conflict
from sync.store.engine import Engine
from sync.store.ledger import writers
from sync.store.ledger.writers import Clash, Held
from sync.store.migrations import migrate
from sync.store.transaction import Transaction

WRITER, LIFE = "a" * 16, "0" * 16


def _hash(number, twin=""):
    return hashlib.sha256(f"{number}{twin}".encode()).digest()


def _note(tx, number, *, twin="", previous=None):
    named = previous if previous is not None else (None if number == 1 else _hash(number - 1))
    return writers.note_event(tx, WRITER, LIFE, number=number, event_hash=_hash(number, twin), previous=named).clash


def _held(engine):
    return engine.read(lambda r: list(writers.held_of(r, [WRITER])))


def test_our_own_chain_grows_by_one(engine):
    engine.write(lambda tx: writers.append_own(tx, 1, _hash(1)))
    engine.write(lambda tx: writers.append_own(tx, 2, _hash(2)))
    own = engine.read(writers.own_position)
    assert (own.number, own.head) == (2, _hash(2))
    for wrong in (2, 4, 1):
        with pytest.raises(Conflict):
            engine.write(lambda tx, wrong=wrong: writers.append_own(tx, wrong, _hash(wrong)))


def test_nothing_is_held_of_a_stranger(engine):
    assert _held(engine) == []
    assert engine.read(lambda r: writers.held_hash(r, WRITER, LIFE, 1)) is None


@settings(max_examples=40)
@given(st.sets(st.integers(1, 30), max_size=20), st.integers(0, 2**32))
def test_in_whatever_order_events_come_counter_head_and_gaps_are_the_facts(numbers, seed):
    order = [*numbers, *numbers]
    random.Random(seed).shuffle(order)
    with _memory() as tx:
        assert [_note(tx, number) for number in order] == [None] * len(order)
        held = list(writers.held_of(tx, [WRITER]))
        contiguous = tx.one("SELECT contiguous FROM chains")
    if not numbers:
        assert held == []
        return
    top = max(numbers)
    gaps = [n for first, last in held[0].missing for n in range(first, last + 1)]
    assert (held[0].counter, held[0].head) == (top, _hash(top))
    assert gaps == [n for n in range(1, top) if n not in numbers]
    assert contiguous[0] == min(n for n in range(1, top + 2) if n not in numbers) - 1


def test_a_second_event_for_one_number_is_a_clash_and_the_first_stands(engine):
    engine.write(lambda tx: _note(tx, 1))
    clash = engine.write(lambda tx: _note(tx, 1, twin="twin"))
    assert clash == Clash("two-events", WRITER, LIFE, 1, _hash(1), _hash(1, "twin"))
    assert engine.read(lambda r: writers.held_hash(r, WRITER, LIFE, 1)) == _hash(1)


def test_a_chain_that_does_not_link_is_a_clash_whichever_end_came_first(engine):
    wrong = _hash("wrong")
    engine.write(lambda tx: _note(tx, 1))
    forward = engine.write(lambda tx: _note(tx, 2, previous=wrong))
    assert forward == Clash("broken-link", WRITER, LIFE, 2, _hash(1), wrong)
    engine.write(lambda tx: _note(tx, 5, previous=wrong))
    backward = engine.write(lambda tx: _note(tx, 4))
    assert backward == Clash("broken-link", WRITER, LIFE, 5, _hash(4), wrong)
    assert _held(engine) == [Held(WRITER, LIFE, 5, _hash(5), ((3, 3),))]


twins = st.sampled_from(("", "twin"))
links = st.lists(st.tuples(st.integers(1, 8), twins, twins), max_size=20)


@settings(max_examples=200)
@given(told=links, run=st.integers(0, 8), at_once=st.integers(1, 8))
def test_many_events_at_once_are_noted_as_they_are_one_by_one(told, run, at_once):
    """Whether they go on from what is held, leave gaps, come twice or contradict."""
    chain = [(number, "", "") for number in range(1, run + 1)] + told
    coming = [
        writers.Link(number, _hash(number, twin), None if number == 1 else _hash(number - 1, before))
        for number, twin, before in chain
    ]
    with _memory() as tx, _memory() as other:
        together = [
            noted
            for start in range(0, len(coming), at_once)
            for noted in writers.note_events(tx, WRITER, LIFE, coming[start : start + at_once])
        ]
        alone = [
            writers.note_event(other, WRITER, LIFE, number=one.number, event_hash=one.hash, previous=one.previous)
            for one in coming
        ]
        assert together == alone
        for table in ("chains", "held_events"):
            assert tx.execute(f"SELECT * FROM {table}") == other.execute(f"SELECT * FROM {table}")


def test_lives_of_one_writer_are_told_apart(engine):
    def work(tx):
        for life in ("1" * 16, "0" * 16):
            writers.note_event(tx, WRITER, life, number=1, event_hash=_hash(life), previous=None)
        writers.note_event(tx, "b" * 16, LIFE, number=1, event_hash=_hash("b"), previous=None)

    engine.write(work)
    assert [held.life for held in _held(engine)] == ["0" * 16, "1" * 16]
    assert engine.read(writers.all_writers) == (WRITER, "b" * 16)


@contextmanager
def _memory():
    """A ledger in memory, for many examples in a row."""
    connection = apsw.Connection(":memory:")
    migrate(connection)
    yield Transaction(connection)
    connection.close()


def test_what_is_held_is_still_held_after_closing(tmp_path):
    with Engine.open(tmp_path) as engine:
        engine.write(lambda tx: [_note(tx, number) for number in (1, 2, 4)])
    with Engine.open(tmp_path) as engine:
        assert _held(engine) == [Held(WRITER, LIFE, 4, _hash(4), ((3, 3),))]
