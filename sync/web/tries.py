"""How often somebody was wrong about the password of an account, counted apart for those places that opened it before.

Five wrong ones lock an account. Counted together, whoever reaches the sign-in page locks every clerk out of his own
station by five guesses each quarter of an hour. So a place from which the right password came keeps a count of its
own, and this machine always; all other places have one count between them.

Names that nobody has are counted like the others, in memory and in a bounded number: a lock would tell else who has an
account. Addresses and unknown names are people's, or passwords in the wrong field: neither is kept as it is.

source  OWASP, Slow Down Online Guessing Attacks with Device Cookies; here a device is known by its address

Must not know: passwords, how many tries lock, HTTP.
"""

import hashlib
import json
import threading
from collections import OrderedDict

from sync.store.ledger import accounts as ledger
from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Reader, Transaction
from sync.typed import Value
from sync.values.addresses import is_loopback

STRANGE = ""  # every place from which an account was not opened before
_HERE = "here"
_MOST_PLACES = 8  # of one account: the PC at the counter, a telephone, and some more as addresses change
_MOST_UNKNOWN = 4096


class Tries(Value):
    """Wrong ones in a row; locked_until_ms is 0 when they never came to a lock."""

    failures: int = 0
    locked_until_ms: int = 0


def place_of(address: str) -> str:
    """What a place is called here."""
    if not address:
        return STRANGE
    return _HERE if is_loopback(address) else _digest(address)


def tries_from(reader: Reader, account: ledger.Account, place: str) -> tuple[str, Tries]:
    """(whose count holds for a place, how it stands)."""
    places = _places(reader, account.name)
    if place == _HERE or place in places:
        return place, places.get(place, Tries())
    return STRANGE, Tries(account.failures, account.locked_until_ms)


def put_tries(tx: Transaction, name: str, whose: str, tries: Tries) -> None:
    """Keep how a count stands now."""
    if whose == STRANGE:
        ledger.set_failures(tx, name, tries.failures, locked_until_ms=tries.locked_until_ms)
    else:
        _put(tx, name, {**_places(tx, name), whose: tries})


def know_place(tx: Transaction, name: str, place: str) -> None:
    """The account was opened from there; beyond some places the oldest is forgotten."""
    places = _places(tx, name)
    if place not in (STRANGE, _HERE) and place not in places:
        _put(tx, name, dict([*places.items(), (place, Tries())][-_MOST_PLACES:]))


def forget_places(tx: Transaction, name: str) -> None:
    """A new password: what was known of the old one's places says nothing any more."""
    put_settings(tx, {_setting(name): None})


class Unknown:
    """The counts of names that nobody has. Guards them against threads."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, Tries] = OrderedDict()
        self._lock = threading.Lock()

    def tries(self, name: str, place: str) -> Tries:
        """How the count of a name stands."""
        with self._lock:
            return self._tries.get(_key(name, place), Tries())

    def put(self, name: str, place: str, tries: Tries) -> None:
        """Keep how it stands now; the oldest is forgotten for the newest."""
        with self._lock:
            self._tries[_key(name, place)] = tries
            self._tries.move_to_end(_key(name, place))
            if len(self._tries) > _MOST_UNKNOWN:
                self._tries.popitem(last=False)


def _key(name: str, place: str) -> str:
    return _digest(f"{place if place == _HERE else STRANGE}\0{name}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _setting(name: str) -> str:
    return f"places:{name}"


def _places(reader: Reader, name: str) -> dict[str, Tries]:
    kept = json.loads(setting(reader, _setting(name)) or "{}")
    return {place: Tries(*counts) for place, counts in kept.items()}


def _put(tx: Transaction, name: str, places: dict[str, Tries]) -> None:
    kept = {place: [tries.failures, tries.locked_until_ms] for place, tries in places.items()}
    put_settings(tx, {_setting(name): json.dumps(kept)})
