"""What volumes have brought, as the ledger keeps it."""

import pytest

from sync.store.ledger.volumes import (
    Lived,
    Place,
    Taken,
    acknowledged,
    find_taken,
    forget_acknowledged,
    lived,
    next_number,
    note_acknowledged,
    note_lived,
    positions_taken,
    put_taken,
)

LIFE, OTHER = "0123456789abcdef", "fedcba9876543210"


def taken(volume: int, position: str, *, number: int = 1, whole: bool = True, last: bool = False):
    place = Place("peer", LIFE, number, volume)
    return place, Taken(whole, last, {"station_a": position, "": str(volume)}, 1)


def positions(engine) -> dict[str, tuple[str, ...]]:
    return engine.read(lambda reader: positions_taken(reader, "peer", LIFE))


def put(engine, *these) -> None:
    for place, one in these:
        engine.write(lambda tx, place=place, one=one: put_taken(tx, place, one))


def test_a_set_counts_as_far_as_there_is_no_gap_in_whatever_order_it_came(engine):
    put(engine, taken(3, "30"), taken(1, "10"))
    assert positions(engine)["station_a"] == ("10",)
    put(engine, taken(2, "20"))
    assert positions(engine)["station_a"] == ("30",)


def test_of_a_volume_cut_off_its_beginning_counts_and_nothing_behind_it(engine):
    put(engine, taken(1, "10"), taken(2, "15", whole=False), taken(3, "30"))
    assert positions(engine)["station_a"] == ("15",)
    put(engine, taken(2, "20"))
    assert positions(engine)["station_a"] == ("30",)


def test_a_whole_volume_is_not_made_less_by_a_torn_copy_of_it(engine):
    put(engine, taken(1, "10"), taken(1, "5", whole=False))
    assert positions(engine)["station_a"] == ("10",)


def test_without_its_first_volume_a_set_says_nothing(engine):
    put(engine, taken(2, "20"))
    assert positions(engine) == {}


def test_of_several_sets_the_newest_are_told_first_and_few_of_them(engine):
    put(engine, *(taken(1, f"{number}0", number=number) for number in (2, 5, 1, 4, 3)))
    assert positions(engine)["station_a"] == ("50", "40", "30")


def test_no_more_is_kept_however_many_come(engine):
    put(engine, *(taken(1, f"{number}0", number=number) for number in range(1, 60)))
    count = engine.read(lambda reader: reader.one("SELECT count(*) FROM volumes_taken"))
    assert count == (20,)
    assert engine.read(lambda reader: find_taken(reader, Place("peer", LIFE, 1, 1))) is None
    put(engine, taken(1, "10", number=1))  # one from long ago
    assert positions(engine)["station_a"] == ("590", "580", "570")


def test_another_life_of_a_peer_ends_what_the_one_before_has_said(engine):
    engine.write(lambda tx: note_lived(tx, "peer", Lived(LIFE, 1, doubtful=False)))
    put(engine, taken(1, "10"))
    engine.write(lambda tx: note_acknowledged(tx, "peer", "own", {"station_b": "7"}))
    engine.write(lambda tx: note_lived(tx, "peer", Lived(LIFE, 1, doubtful=False)))
    assert engine.read(lambda reader: acknowledged(reader, "peer", "own")) == {"station_b": "7"}
    engine.write(lambda tx: note_lived(tx, "peer", Lived(OTHER, 2, doubtful=False)))
    assert engine.read(lambda reader: lived(reader, "peer")) == Lived(OTHER, 2, doubtful=False)
    assert engine.read(lambda reader: acknowledged(reader, "peer", "own")) == {}
    assert positions(engine) == {}


def test_what_was_said_of_another_life_of_ours_does_not_count(engine):
    engine.write(lambda tx: note_acknowledged(tx, "peer", "before", {"station_b": "7"}))
    assert engine.read(lambda reader: acknowledged(reader, "peer", "now")) == {}
    engine.write(lambda tx: note_acknowledged(tx, "peer", "now", {"station_b": "3"}))
    assert engine.read(lambda reader: acknowledged(reader, "peer", "now")) == {"station_b": "3"}


def test_who_has_lost_something_is_believed_nothing_any_more(engine):
    engine.write(lambda tx: note_acknowledged(tx, "peer", "own", {"station_b": "7"}))
    engine.write(lambda tx: note_acknowledged(tx, "other", "own", {"station_b": "9"}))
    engine.write(lambda tx: forget_acknowledged(tx, ["peer"]))
    assert engine.read(lambda reader: acknowledged(reader, "peer", "own")) == {}
    assert engine.read(lambda reader: acknowledged(reader, "other", "own")) == {"station_b": "9"}


def test_numbers_of_sets_rise_in_a_life_and_begin_anew_in_another(engine):
    given = [engine.write(lambda tx, life=life: next_number(tx, life)) for life in (LIFE, LIFE, OTHER, LIFE)]
    assert given == [1, 2, 1, 3]


@pytest.mark.parametrize("peer", ["peer", "nobody"])
def test_of_whom_nothing_came_nothing_is_known(engine, peer):
    assert engine.read(lambda reader: lived(reader, peer)) is None
    assert engine.read(lambda reader: positions_taken(reader, peer, LIFE)) == {}
