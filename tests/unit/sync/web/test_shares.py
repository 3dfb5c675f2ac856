"""What one machine may keep busy, and that there is always something left for the next."""

from sync.web.shares import Shares


def taken(shares: Shares, address: str) -> int:
    """How many it gets, however many it wants."""
    many = 0
    while shares.take(address) and many < 1000:
        many += 1
    return many


def test_each_takes_at_most_half_of_what_the_others_leave() -> None:
    shares = Shares(153)
    assert [taken(shares, address) for address in ("10.0.0.1", "10.0.0.2", "10.0.0.3")] == [72, 36, 18]


def test_of_hundreds_with_one_request_each_each_has_its_turn_and_none_a_second() -> None:
    shares = Shares(24)
    machines = [f"10.0.0.{number}" for number in range(200)]
    while machines:
        let_in = [machine for machine in machines if shares.take(machine)]
        assert len(let_in) == min(len(machines), 23)
        assert len(let_in) < 23 or not shares.take(let_in[0])
        for machine in let_in:
            shares.give_back(machine)
        machines = [machine for machine in machines if machine not in let_in]


def test_however_many_machines_there_are_something_is_left_to_this_one() -> None:
    shares = Shares(32)
    assert sum(taken(shares, f"10.0.1.{number}") for number in range(200)) == 30


def test_what_is_given_back_may_be_taken_by_whoever_waited() -> None:
    shares = Shares(9)
    assert taken(shares, "10.0.0.1") == 4
    shares.give_back("10.0.0.1")
    assert taken(shares, "10.0.0.1") == 1


def test_this_machine_is_not_counted() -> None:
    shares = Shares(5)
    assert all(shares.take("127.0.0.1") for _ in range(100))
    assert taken(shares, "10.0.0.1") == 2
