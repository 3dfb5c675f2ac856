"""Passwords and accounts: the rule, the lock, what is remembered and what is audited."""

import threading
import time

import pytest

from sync.errors import FileExists, Forbidden, Invalid, NotFound, Unauthorized
from sync.store.engine import Engine
from sync.store.ledger.audit import entries_after, first_broken
from sync.store.ledger.settings import all_settings
from sync.web.accounts import FAILURES_UNTIL_LOCK, LOCK_MS, Accounts, Locked
from sync.web.passwords import Passwords, generate, weakness
from sync.web.roles import Role

GOOD = "Shiqiao-2025"


class Clock:
    def __init__(self) -> None:
        self.ms = 1_760_000_000_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path):
    with Engine.open(tmp_path) as engine:
        yield engine


def quick_passwords() -> Passwords:
    return Passwords(memory_kib=64, passes=1)


@pytest.fixture
def accounts(engine, clock) -> Accounts:
    accounts = Accounts(engine, quick_passwords(), now_ms=clock)
    accounts.create("lichunmei", display_name="李春梅", role=Role.AGENT, phone="13800000001", password=GOOD)
    return accounts


def actions(engine) -> list[tuple[str, str]]:
    return [(entry.action, entry.actor) for _, entry in engine.read(entries_after)]


def fail(accounts, times: int, name: str = "lichunmei", address: str = "") -> None:
    for _ in range(times):
        with pytest.raises(Unauthorized):
            accounts.verify(name, "wrong", address=address)


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("Aa1-", "至少"),
        ("abcdefgh", "三种"),
        ("abcdefg1", "三种"),
        ("Abcdefg1", ""),
        ("abcdef1-", ""),
        ("ABCDEF密码1", ""),
        ("aB1" * 50, "最多"),
        ("xLiChunMei1", "账号"),
    ],
)
def test_the_password_rule(password, complaint):
    sentence = weakness(password, name="lichunmei")
    assert bool(sentence) is bool(complaint)
    assert complaint in sentence


def test_generated_passwords_obey_the_rule_and_never_repeat():
    made = {generate() for _ in range(200)}
    assert len(made) == 200
    assert not any(weakness(password) for password in made)
    assert not any(set(password) & set("0Oo1lIi") for password in made)


def test_the_right_password_opens_the_account(accounts):
    account = accounts.verify("lichunmei", GOOD)
    assert (account.display_name, account.role, account.phone) == ("李春梅", Role.AGENT, "13800000001")
    assert not account.must_change


@pytest.mark.parametrize("password", ["", "wrong", GOOD + " ", GOOD.lower(), "x" * 10_000, "\ud800"])
def test_any_other_password_does_not(accounts, password):
    with pytest.raises(Unauthorized):
        accounts.verify("lichunmei", password)


def test_an_unknown_name_is_refused_in_the_same_words(accounts):
    with pytest.raises(Unauthorized) as unknown:
        accounts.verify("nobody", GOOD)
    with pytest.raises(Unauthorized) as known:
        accounts.verify("lichunmei", "wrong")
    assert unknown.value.reason == known.value.reason


def test_the_fifth_failure_locks_even_the_right_password_out(accounts):
    fail(accounts, FAILURES_UNTIL_LOCK)
    with pytest.raises(Locked, match="15 分钟"):
        accounts.verify("lichunmei", GOOD)


def test_a_name_that_nobody_has_is_locked_like_any_other(accounts, clock):
    fail(accounts, FAILURES_UNTIL_LOCK, "nobody")
    with pytest.raises(Locked) as unknown:
        accounts.verify("nobody", GOOD)
    fail(accounts, FAILURES_UNTIL_LOCK)
    with pytest.raises(Locked) as known:
        accounts.verify("lichunmei", "wrong")
    assert unknown.value.reason == known.value.reason
    clock.ms += LOCK_MS
    fail(accounts, FAILURES_UNTIL_LOCK, "nobody")


@pytest.mark.parametrize("clerk", ["127.0.0.1", "192.168.1.20"])
def test_a_stranger_who_guesses_locks_nobody_out_who_signed_in_from_elsewhere(accounts, clerk):
    accounts.verify("lichunmei", GOOD, address=clerk)
    fail(accounts, FAILURES_UNTIL_LOCK, address="192.168.1.66")
    for address in ("192.168.1.66", "192.168.1.67", ""):
        with pytest.raises(Locked):
            accounts.verify("lichunmei", GOOD, address=address)
    assert accounts.verify("lichunmei", GOOD, address=clerk)
    accounts.change_password("lichunmei", GOOD, "Another-2026", address=clerk)


def test_this_machine_is_not_locked_by_the_network_before_anybody_signed_in_at_it(accounts):
    fail(accounts, FAILURES_UNTIL_LOCK, address="192.168.1.66")
    assert accounts.verify("lichunmei", GOOD, address="127.0.0.1")


@pytest.mark.parametrize("address", ["127.0.0.1", "192.168.1.20"])
def test_a_place_that_is_known_is_locked_by_its_own_wrong_passwords(accounts, clock, address):
    accounts.verify("lichunmei", GOOD, address=address)
    fail(accounts, FAILURES_UNTIL_LOCK, address=address)
    with pytest.raises(Locked):
        accounts.verify("lichunmei", GOOD, address=address)
    clock.ms += LOCK_MS
    assert accounts.verify("lichunmei", GOOD, address=address)
    fail(accounts, FAILURES_UNTIL_LOCK - 1, address=address)
    assert accounts.verify("lichunmei", GOOD, address=address)


def test_addresses_are_kept_by_their_digest_and_not_after_the_password_changed(accounts, engine):
    accounts.verify("lichunmei", GOOD, address="192.168.1.20")
    assert "192.168" not in str(engine.read(all_settings))
    accounts.reset_password("lichunmei", by="acct:head")
    fail(accounts, FAILURES_UNTIL_LOCK, address="192.168.1.66")
    with pytest.raises(Locked):
        accounts.verify("lichunmei", GOOD, address="192.168.1.20")


def test_four_failures_and_a_success_begin_the_count_anew(accounts):
    for _ in range(3):
        fail(accounts, FAILURES_UNTIL_LOCK - 1)
        accounts.verify("lichunmei", GOOD)


def test_the_lock_outlives_a_restart(tmp_path, clock):
    for password in ("first", "second"):
        with Engine.open(tmp_path) as engine:
            accounts = Accounts(engine, quick_passwords(), now_ms=clock)
            if password == "first":
                accounts.create("a", display_name="甲", role=Role.HEAD, password=GOOD)
                fail(accounts, FAILURES_UNTIL_LOCK, "a")
            with pytest.raises(Locked):
                accounts.verify("a", GOOD)


def test_after_a_quarter_of_an_hour_one_may_try_again_five_times(accounts, clock):
    fail(accounts, FAILURES_UNTIL_LOCK)
    clock.ms += LOCK_MS - 1
    with pytest.raises(Locked):
        accounts.verify("lichunmei", GOOD)
    clock.ms += 1
    fail(accounts, FAILURES_UNTIL_LOCK - 1)
    assert accounts.verify("lichunmei", GOOD)


def test_a_clock_set_back_neither_opens_a_locked_account_nor_closes_it_for_years(accounts, clock):
    fail(accounts, FAILURES_UNTIL_LOCK)
    clock.ms -= 365 * 24 * 3600 * 1000
    with pytest.raises(Locked):
        accounts.verify("lichunmei", GOOD)
    clock.ms += LOCK_MS
    assert accounts.verify("lichunmei", GOOD)


def test_a_burst_of_parallel_guesses_gets_no_more_than_five(accounts, engine):
    outcomes = []

    def guess() -> None:
        try:
            accounts.verify("lichunmei", "wrong")
        except (Unauthorized, Locked) as refusal:
            outcomes.append(type(refusal))

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(Unauthorized) == FAILURES_UNTIL_LOCK
    assert outcomes.count(Locked) == 20 - FAILURES_UNTIL_LOCK


def test_what_happened_is_audited_without_passwords_or_unknown_names(accounts, engine):
    accounts.verify("lichunmei", GOOD)
    fail(accounts, 1, name="110101199003070011")
    fail(accounts, FAILURES_UNTIL_LOCK)
    assert actions(engine) == [
        ("account_created", "acct:lichunmei"),
        ("sign_in_failed", "acct:?"),
        *[("sign_in_failed", "acct:lichunmei")] * FAILURES_UNTIL_LOCK,
        ("account_locked", "acct:lichunmei"),
    ]
    assert engine.read(first_broken) is None


def test_a_pair_that_fitted_before_costs_no_hashing_and_no_writing(engine, clock):
    passwords = Passwords()  # the real settings
    accounts = Accounts(engine, passwords, now_ms=clock)
    accounts.create("a", display_name="甲", role=Role.HEAD, password=GOOD)
    accounts.verify("a", GOOD)
    before = actions(engine)
    began = time.perf_counter()
    for _ in range(100):
        accounts.verify("a", GOOD)
    assert time.perf_counter() - began < 1.0
    assert actions(engine) == before


def test_a_changed_password_is_forgotten_at_once(accounts):
    accounts.verify("lichunmei", GOOD)
    accounts.change_password("lichunmei", GOOD, "Another-2026")
    with pytest.raises(Unauthorized):
        accounts.verify("lichunmei", GOOD)
    assert accounts.verify("lichunmei", "Another-2026")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("wrong", "Another-2026", "old"), (GOOD, "short", "new"), (GOOD, GOOD, "new")],
)
def test_a_change_that_breaks_the_rules_names_the_field(accounts, old, new, field):
    with pytest.raises(Invalid) as caught:
        accounts.change_password("lichunmei", old, new)
    assert [name for name, _ in caught.value.fields] == [field]
    assert accounts.verify("lichunmei", GOOD)


def test_guessing_through_the_change_of_password_locks_too(accounts):
    for _ in range(FAILURES_UNTIL_LOCK):
        with pytest.raises(Invalid):
            accounts.change_password("lichunmei", "wrong", "Another-2026")
    with pytest.raises(Locked):
        accounts.change_password("lichunmei", GOOD, "Another-2026")


def test_a_made_up_password_must_be_changed_and_a_chosen_one_need_not(accounts):
    password = accounts.create("zhang", display_name="张站长", role=Role.HEAD)
    assert accounts.verify("zhang", password).must_change
    accounts.change_password("zhang", password, "Another-2026")
    assert not accounts.verify("zhang", "Another-2026").must_change


def test_a_reset_lifts_the_lock_and_asks_for_a_change(accounts):
    fail(accounts, FAILURES_UNTIL_LOCK)
    password = accounts.reset_password("lichunmei", by="acct:head")
    account = accounts.verify("lichunmei", password)
    assert account.must_change
    assert account.phone == "13800000001"


def test_a_closed_account_stays_out_until_it_is_opened(accounts):
    accounts.set_disabled("lichunmei", True, by="acct:head")
    with pytest.raises(Forbidden, match="停用"):
        accounts.verify("lichunmei", GOOD)
    accounts.set_disabled("lichunmei", False, by="acct:head")
    assert accounts.verify("lichunmei", GOOD)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "x" * 65, "<b>", "a/b"])
def test_unlawful_names_are_refused(accounts, name):
    with pytest.raises(Invalid):
        accounts.create(name, display_name="甲", role=Role.AGENT)


def test_a_taken_name_is_refused_and_the_old_account_unharmed(accounts):
    with pytest.raises(FileExists):
        accounts.create("lichunmei", display_name="别人", role=Role.ADMIN)
    assert accounts.verify("lichunmei", GOOD).role is Role.AGENT
    assert [account.name for account in accounts.all()] == ["lichunmei"]


def test_nobody_is_found_under_an_unknown_name(accounts):
    with pytest.raises(NotFound):
        accounts.find("nobody")
