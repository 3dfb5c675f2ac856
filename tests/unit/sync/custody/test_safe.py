"""Whatever the centre said, in whatever order: is anything let go of that its newest word does not cover?"""

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.custody.receipts import DURABLE, SAFE, Holding, Receipt, make_receipt, read_receipt
from sync.custody.safe import safe_blobs
from sync.custody.taking import take
from sync.records.events import new_event
from sync.store.connection import Opening
from sync.store.engine import Engine
from sync.store.ledger.lives import found_node
from sync.store.ledger.writers import note_event
from sync.trust.chain import read_digest
from tests.unit.sync.custody.test_books import AT, CENTRE, CERTIFICATES, LIFE, OWN, TOWN, VILLAGE

EVENTS = 5
ROOTS = tuple(f"{number:064x}" for number in range(1, EVENTS + 1))


def chain():
    """An event per root, by the village."""
    events, previous = [], ""
    for number, root in enumerate(ROOTS, 1):
        event = new_event(
            "noted",
            {"photos": [{"blob": root}]},
            writer=VILLAGE.writer,
            life=LIFE,
            number=number,
            previous=previous,
            seen=(),
            order="0" * 16,
            at=AT,
            clock="heard",
            by="acct:wang",
            level="village",
        )
        previous = event.hash
        events.append(event)
    return events


CHAIN = chain()


def receipt(chance):
    """One that a holder may have signed: so much held, with gaps and lacking photos, in one of a few lives."""
    epoch = chance.randint(1, 2)
    holds = ()
    counter = chance.randint(0, EVENTS)
    if counter:
        missing = ((1, 1),) if counter > 2 and chance.random() < 0.3 else ()
        lacks = tuple((n, 0) for n in range(2, counter + 1) if chance.random() < 0.2)
        holds = (Holding(VILLAGE.writer, LIFE, counter, read_digest(CHAIN[counter - 1].hash), missing, lacks),)
    signer = CENTRE if chance.random() < 0.85 else TOWN
    grade = chance.choice((DURABLE, SAFE))
    return make_receipt(
        signer, Receipt(signer.writer, f"{epoch:016x}", epoch, chance.randint(1, 9), "v1", grade, AT, holds)
    )


def covers(told, number, root_index):
    (held,) = told.holds or (None,)
    return held is not None and held.holds(number) and (number, root_index) not in held.lacks


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_nothing_is_safe_that_the_newest_words_of_the_centre_do_not_both_cover(seed):
    chance = random.Random(seed)
    with (
        tempfile.TemporaryDirectory() as directory,
        Engine.open(Path(directory), opening=Opening(synchronous="OFF")) as engine,
    ):
        engine.write(lambda tx: found_node(tx, VILLAGE, fingerprint="m:1:1", now_ms=1))
        engine.write(lambda tx: take(tx, OWN, CERTIFICATES, centre_key=CENTRE.public, now_ms=1))
        for event in CHAIN:
            previous = read_digest(event.previous) if event.previous else None
            engine.write(
                lambda tx, event=event, previous=previous: note_event(
                    tx,
                    event.writer,
                    event.life,
                    number=event.number,
                    event_hash=read_digest(event.hash),
                    previous=previous,
                )
            )
        heard = []
        for _ in range(chance.randint(0, 12)):
            signed = receipt(chance)
            heard.append(signed)
            engine.write(lambda tx, signed=signed: take(tx, OWN, [signed], centre_key=CENTRE.public, now_ms=2))
            newest = {
                grade: [one for one in map(read, heard) if (one.holder, one.grade) == (CENTRE.writer, grade)]
                for grade in (DURABLE, SAFE)
            }
            for first in range(EVENTS):
                events = CHAIN[first : first + 2]
                safe = engine.read(
                    lambda reader, events=events: safe_blobs(
                        reader, OWN, CENTRE.writer, events, stations=frozenset(("v1",))
                    )
                )
                if safe is None:
                    continue
                assert safe == {event.set["photos"][0]["blob"] for event in events}
                kept = [max(told, key=lambda one: one.order) for told in newest.values()]
                assert kept[0].epoch == kept[1].epoch
                for told in newest.values():
                    best = max(told, key=lambda one: one.order)
                    same = [one for one in told if one.order == best.order]
                    assert all(any(covers(one, event.number, 0) for one in same) for event in events)


def read(signed):
    return read_receipt(signed.payload)


def test_a_case_of_which_one_event_is_not_safe_keeps_all_its_photos(tmp_path):
    with Engine.open(tmp_path) as engine:
        engine.write(lambda tx: found_node(tx, VILLAGE, fingerprint="m:1:1", now_ms=1))
        engine.write(lambda tx: take(tx, OWN, CERTIFICATES, centre_key=CENTRE.public, now_ms=1))
        holds = (Holding(VILLAGE.writer, LIFE, 2, read_digest(CHAIN[1].hash)),)
        for grade in (DURABLE, SAFE):
            signed = make_receipt(CENTRE, Receipt(CENTRE.writer, LIFE, 1, 1, "v1", grade, AT, holds))
            engine.write(lambda tx, signed=signed: take(tx, OWN, [signed], centre_key=CENTRE.public, now_ms=2))

        def ask(count, *, stations=frozenset(("v1",))):
            return engine.read(lambda reader: safe_blobs(reader, OWN, CENTRE.writer, CHAIN[:count], stations=stations))

        assert ask(2) == frozenset(ROOTS[:2])
        assert ask(3) is None
        # Of stations that nobody tells us of nothing is known, so nothing of theirs is safe.
        assert ask(2, stations=frozenset(("other",))) == frozenset()
