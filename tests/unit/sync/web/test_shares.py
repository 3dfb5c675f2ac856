"""What one machine may keep busy, and that there is always something left for the next."""

from sync.web.shares import Shares


def taken(shares: Shares, address: str) -> int:
    """How many it gets, however many it wants."""
    many = 0
    while shares.take(address) and many < 1000:
        many += 1
    return many


def test_each_takes_at_most_half_of_what_the_others_leave() -> None:
    shares = Shares(144)
    assert [taken(shares, address) for address in ("10.0.0.1", "10.0.0.2", "10.0.0.3")] == [72, 36, 18]


def test_hundreds_with_one_request_each_are_all_let_in() -> None:
    shares = Shares(24)
    assert all(shares.take(f"10.0.0.{number}") for number in range(200))
    assert not shares.take("10.0.0.7")


def test_what_is_given_back_may_be_taken_by_whoever_waited() -> None:
    shares = Shares(8)
    assert taken(shares, "10.0.0.1") == 4
    shares.give_back("10.0.0.1")
    assert taken(shares, "10.0.0.1") == 1


def test_this_machine_is_not_counted() -> None:
    shares = Shares(4)
    assert all(shares.take("127.0.0.1") for _ in range(100))
    assert taken(shares, "10.0.0.1") == 2
