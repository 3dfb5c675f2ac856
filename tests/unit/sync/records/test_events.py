import pytest

from sync.errors import BadRequest
from sync.records.events import event_hash, heads, in_order, read_event
from tests.model.story import RECEIPT, Writer


def an_event(**changes):
    event = Writer("village").does("received", **RECEIPT)
    event.update(changes)
    return event


def test_an_events_name_is_forty_three_characters_of_its_canonical_form():
    event = an_event()
    assert event_hash(event) == event_hash(dict(reversed(event.items()))) == read_event(event).hash
    assert len(event_hash(event)) == 43


def test_changing_any_member_changes_the_name():
    event = an_event(note="原样")
    for name in event:
        changed = {**event, name: "x"}
        assert event_hash(changed) != event_hash(event)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("writer", "short"),
        ("writer", 7),
        ("life", "xyz"),
        ("number", 0),
        ("number", True),
        ("number", 1.0),
        ("number", 2**53),
        ("previous", "x" * 43),  # the first event has none
        ("previous", None),
        ("seen", ["short"]),
        ("seen", "x"),
        ("seen", ["b" * 43, "a" * 43]),
        ("seen", ["a" * 43, "a" * 43]),
        ("order", "now"),
        ("at", "2025-09-26T15:04:05Z"),
        ("clock", "wild"),
        ("clock", ["heard"]),
        ("type", "Received"),
        ("by", ""),
        ("level", "province"),
        ("level", {}),
        ("set", []),
        ("set", {"_id": "x"}),
        ("set", {"phone\nname": "x"}),
        ("set", {"phone\n": "x"}),
        ("set", {"phone": "x", 7: "y"}),
        ("set", {"phone": "x", "": "y"}),
        ("set", {"p" * 101: "x"}),
        ("set", {"amount": 1.5}),
        ("set", {"amount": 2**60}),
        ("note", 7),
        ("note", "长" * 2001),
    ],
)
def test_an_event_out_of_shape_is_refused(name, value):
    with pytest.raises(BadRequest):
        read_event(an_event(**{name: value}))


@pytest.mark.parametrize("name", ["writer", "set", "seen", "order"])
def test_an_event_that_lacks_a_member_is_refused(name):
    event = an_event()
    del event[name]
    with pytest.raises(BadRequest):
        read_event(event)


def test_members_of_a_newer_version_are_kept_and_marked():
    newer = read_event(an_event(device="kiosk"))
    assert newer.extra
    assert newer.json["device"] == "kiosk"


def test_heads_are_the_events_nobody_has_seen():
    village, township = Writer("village"), Writer("township", "township")
    first = village.does("received", **RECEIPT)
    left = village.does("noted", [first])
    right = township.does("accepted", [first])
    assert heads(map(read_event, [first, left, right])) == tuple(sorted((event_hash(left), event_hash(right))))


def test_a_record_lists_each_event_once_whatever_order_they_come_in():
    village = Writer("village")
    first = read_event(village.does("received", **RECEIPT))
    second = read_event(village.does("noted", [first.json]))
    assert in_order([second, first, second]) == (first, second)
