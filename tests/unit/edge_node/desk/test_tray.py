"""Photos waiting for their form: found by their owner, gone with age and when there are too many."""

from edge_node.desk.tray import KEPT_SECONDS, Tray


class Hands:
    """A clock whose hands the test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_photos_are_found_by_their_owner_alone():
    tray = Tray()
    token = tray.keep("wang", {0: (b"a", b"b"), 2: ()})
    assert tray.photos("wang", token) == {0: (b"a", b"b"), 2: ()}
    assert tray.photos("zhang", token) == {}
    assert tray.photos("wang", "another") == {}


def test_no_photos_need_no_token():
    assert Tray().keep("wang", {0: ()}) == ""


def test_the_oldest_makes_room_for_the_newest():
    tray = Tray(most_bytes=10)
    first, second = tray.keep("wang", {0: (b"x" * 6,)}), tray.keep("wang", {0: (b"y" * 6,)})
    assert tray.photos("wang", first) == {}
    assert tray.photos("wang", second) == {0: (b"y" * 6,)}


def test_an_hour_ends_it():
    hands = Hands()
    tray = Tray(clock=hands)
    token = tray.keep("wang", {0: (b"x",)})
    hands.now = KEPT_SECONDS
    assert tray.photos("wang", token)
    hands.now += 1
    assert tray.photos("wang", token) == {}
