"""The hashes below were made by Apache CouchDB, or by its rule written out with another tool."""

import hashlib
import threading
from typing import Any

import pytest

from sync.errors import Forbidden, PeerBusy
from sync.users import passwords as module
from sync.users.passwords import ITERATIONS, Passwords

# What Apache CouchDB 3.5.0 kept for the password `pw`.
BY_COUCHDB = {
    "password_scheme": "pbkdf2",
    "pbkdf2_prf": "sha256",
    "salt": "fd9498eaf046417e3990cdd1849fcd49",
    "iterations": 600000,
    "derived_key": "de240a67a8c9b593748121c933cd10415aabf516330eed5c6df7f2bef9e209df",
}
SALT = "2b1440c3262c380ba76a949bda954716"
SIMPLE = {"salt": SALT, "password_sha": hashlib.sha1(b"pw" + SALT.encode()).hexdigest()}


def derived(prf: str, iterations: int, password: bytes = b"pw") -> str:
    """A PBKDF2 key as CouchDB writes it."""
    return hashlib.pbkdf2_hmac(prf, password, SALT.encode(), iterations).hex()


def test_what_couchdb_kept_signs_in_here() -> None:
    assert Passwords().fits(BY_COUCHDB, "pw")
    assert not Passwords().fits(BY_COUCHDB, "Pw")


@pytest.mark.parametrize(
    "kept",
    [
        {"password_scheme": "pbkdf2", "salt": SALT, "iterations": 10, "derived_key": derived("sha1", 10)},
        {"password_scheme": "pbkdf2", "salt": SALT, "derived_key": derived("sha1", 10_000)},
        *(
            {
                "password_scheme": "pbkdf2",
                "pbkdf2_prf": prf,
                "salt": SALT,
                "iterations": 7,
                "derived_key": derived(prf, 7),
            }
            for prf in ("sha224", "sha256", "sha384", "sha512")
        ),
        SIMPLE,
        SIMPLE | {"password_scheme": "simple"},
        {
            "password_scheme": "simple+pbkdf2",
            "pbkdf2_prf": "sha256",
            "salt": SALT,
            "iterations": 5,
            "derived_key": derived("sha256", 5, SIMPLE["password_sha"].encode()),
        },
    ],
)
def test_every_scheme_that_couchdb_had_is_understood(kept: dict[str, Any]) -> None:
    passwords = Passwords(iterations=1)
    assert passwords.fits(kept, "pw")
    for wrong in ("", "p", "pw ", "\udcff"):
        assert not passwords.fits(kept, wrong)


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"password_scheme": "simple", "password_sha": ""},
        {"password_scheme": "pbkdf2", "iterations": 1},
        {"password_scheme": "pbkdf2", "iterations": 1, "derived_key": None, "salt": 5},
        {"password_scheme": "pbkdf2", "iterations": 1, "derived_key": "密", "salt": "s"},
        {"password_scheme": "none", "password_sha": ""},
        {"password_scheme": ["pbkdf2"]},
    ],
)
def test_nothing_fits_what_is_no_hash(kept: dict[str, Any]) -> None:
    assert not Passwords(iterations=1).fits(kept, "")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"pbkdf2_prf": "md5"}, "PRF is invalid"),
        ({"pbkdf2_prf": None}, "PRF is invalid"),
        ({"iterations": 0}, "Iteration count is too low for this server"),
        ({"iterations": "9"}, "Iteration count is too low for this server"),
        ({"iterations": 10**9}, "Iteration count is too high for this server"),
    ],
)
def test_a_hash_that_would_cost_too_much_or_too_little_is_not_made(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Forbidden, match=reason):
        Passwords().fits(BY_COUCHDB | fields, "pw")


def test_what_is_hashed_here_fits_and_never_repeats() -> None:
    passwords = Passwords(iterations=3)
    one, other = passwords.hash("密码", salt="a"), passwords.hash("密码", salt="b")
    assert one.keys() == BY_COUCHDB.keys()
    assert one["derived_key"] != other["derived_key"]
    assert passwords.fits(one, "密码")
    assert not passwords.fits(one | {"salt": "b"}, "密码")
    assert BY_COUCHDB["iterations"] == ITERATIONS


@pytest.mark.parametrize(("password", "told"), [(5, "5"), ({"a": []}, '{"a":[]}'), (True, "true")])
def test_only_text_is_a_password(password: object, told: str) -> None:
    with pytest.raises(Forbidden) as refused:
        Passwords().hash(password, salt="a")
    assert refused.value.reason == f"Password value of '{told}' is invalid."


def test_a_password_that_fitted_costs_no_second_hash_until_it_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    really = hashlib.pbkdf2_hmac

    def counted(*arguments: Any) -> bytes:
        hashed.append(arguments[0])
        return really(*arguments)

    monkeypatch.setattr(module.hashlib, "pbkdf2_hmac", counted)
    passwords = Passwords(iterations=3)
    kept = passwords.hash("pw", salt="a")
    hashed.clear()
    assert all(passwords.fits(kept, "pw") for _ in range(5))
    assert len(hashed) == 1
    assert not any(passwords.fits(kept, "no") for _ in range(3))
    assert len(hashed) == 4
    assert not passwords.fits(passwords.hash("new", salt="a"), "pw")


def test_a_crowd_of_guessers_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    started, release = threading.Semaphore(0), threading.Event()

    def slow(*_: Any) -> bytes:
        started.release()
        release.wait()
        return b""

    passwords = Passwords(iterations=1)
    monkeypatch.setattr(module, "_LONGEST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(module.hashlib, "pbkdf2_hmac", slow)
    guessers = [threading.Thread(target=passwords.fits, args=(BY_COUCHDB, "no")) for _ in range(2)]
    for guesser in guessers:
        guesser.start()
    for _ in guessers:
        started.acquire()
    with pytest.raises(PeerBusy):
        passwords.fits(BY_COUCHDB, "pw")
    release.set()
    for guesser in guessers:
        guesser.join()
