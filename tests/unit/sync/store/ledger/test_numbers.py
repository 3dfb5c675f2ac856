"""Serials of receipt numbers."""

from datetime import date

import pytest

from sync.errors import Conflict, NotFound
from sync.store.ledger import lives, numbers

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def _next(engine, device, day):
    return engine.write(lambda tx: numbers.next_serial(tx, device, day))


def test_a_life_without_a_device_code_gives_no_number(engine):
    assert engine.read(numbers.device_in_use) is None
    with pytest.raises(NotFound) as refusal:
        _next(engine, "01", MONDAY)
    assert "中心" in refusal.value.remedy


def test_serials_count_from_one_per_day_and_device(engine):
    engine.write(lambda tx: numbers.assign_device(tx, "01"))
    assert [_next(engine, "01", MONDAY) for _ in range(3)] == [1, 2, 3]
    assert _next(engine, "01", TUESDAY) == 1
    engine.write(lambda tx: numbers.assign_device(tx, "02"))
    assert engine.read(numbers.device_in_use) == "02"
    assert _next(engine, "02", TUESDAY) == 1


def test_a_clock_set_back_continues_the_earlier_day(engine):
    engine.write(lambda tx: numbers.assign_device(tx, "01"))
    assert [_next(engine, "01", day) for day in (MONDAY, MONDAY, TUESDAY, MONDAY, TUESDAY)] == [1, 2, 1, 3, 2]


def test_a_number_of_work_that_failed_was_not_given(engine):
    engine.write(lambda tx: numbers.assign_device(tx, "01"))

    def fail(tx):
        numbers.next_serial(tx, "01", MONDAY)
        raise RuntimeError("the record could not be written")

    with pytest.raises(RuntimeError):
        engine.write(fail)
    assert _next(engine, "01", MONDAY) == 1


def test_a_device_code_is_assigned_once_in_all_lives(engine):
    engine.write(lambda tx: numbers.assign_device(tx, "01"))
    for _ in range(2):
        with pytest.raises(Conflict):
            engine.write(lambda tx: numbers.assign_device(tx, "01"))
        engine.write(lambda tx: lives.begin_life(tx, "restore", fingerprint="m:2:2", now_ms=2))


def test_a_new_life_cannot_use_the_code_of_the_one_before(engine):
    engine.write(lambda tx: numbers.assign_device(tx, "01"))
    _next(engine, "01", MONDAY)
    engine.write(lambda tx: lives.settle_life(tx, fingerprint="m:2:2", now_ms=2))
    assert engine.read(numbers.device_in_use) is None
    with pytest.raises(Conflict):
        _next(engine, "01", MONDAY)
    engine.write(lambda tx: numbers.assign_device(tx, "02"))
    assert _next(engine, "02", MONDAY) == 1


def test_a_full_day_is_said_and_does_not_wrap(engine):
    engine.write(lambda tx: numbers.assign_device(tx, "01"))
    _next(engine, "01", MONDAY)
    engine.write(lambda tx: tx.execute("UPDATE serials SET last = ?", (numbers.LAST_SERIAL - 1,)))
    assert _next(engine, "01", MONDAY) == numbers.LAST_SERIAL
    for _ in range(2):
        with pytest.raises(Conflict):
            _next(engine, "01", MONDAY)
    assert _next(engine, "01", TUESDAY) == 1
