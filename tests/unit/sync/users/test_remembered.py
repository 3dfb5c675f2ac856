from sync.users.remembered import Remembered


def test_what_is_remembered_is_the_pair_and_nothing_readable() -> None:
    remembered = Remembered()
    remembered.add(b"kept", "pw")
    assert remembered.holds(b"kept", "pw")
    assert not remembered.holds(b"other", "pw")
    assert not remembered.holds(b"kept", "Pw")
    assert not Remembered().holds(b"kept", "pw")
    assert "pw" not in repr(vars(remembered))


def test_the_pair_not_used_for_longest_is_forgotten_first() -> None:
    remembered = Remembered()
    for n in range(512):
        remembered.add(b"kept", str(n))
    assert remembered.holds(b"kept", "0")  # and so used
    remembered.add(b"kept", "one more")
    assert remembered.holds(b"kept", "0")
    assert not remembered.holds(b"kept", "1")
