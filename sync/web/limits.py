"""How many requests one device may make to the API, so that a program gone wild leaves room for the others.

Each session has a bucket of its own, however many phones stand behind one address. Whoever has no session shares the
bucket of their address; signing in is not counted there when it succeeds. A bucket holds a minute's worth: a phone that
comes home with a day's work empties it at once and is not hindered. Pages, feeds, metrics and other nodes' doors are
not limited.

Buckets are in memory, and a bounded number of them: one that was not used for longest is forgotten, and full again.

Must not know: what is asked for, how sessions are kept.
"""

import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from flask import Flask, Response, g, request

from sync.errors import TooManyRequests
from sync.messages import _
from sync.typed import Value
from sync.web.sessions import current_account, own_token

_PREFIX = "/api/"
_TOO_MANY = 429
_BURST_SECONDS = 60.0
# A station has some dozens of devices; each bucket takes some 200 bytes.
_MOST_BUCKETS = 4096


class Rates(Value):
    """Requests per second, for long: of one session, and of an address for those without one. 0: any number."""

    device: float
    stranger: float


class Buckets:
    """Buckets by name that fill up with time; taking never waits. Guards them against threads."""

    def __init__(
        self,
        per_second: float,
        *,
        most: int = _MOST_BUCKETS,
        now_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._room = per_second * _BURST_SECONDS
        self._most = most
        self._now_seconds = now_seconds
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()  # what is left, and when that was
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._buckets)

    def take(self, name: bytes) -> float:
        """Take one out; returns 0, or in how many seconds there is one again."""
        return self._look(name, 1.0)

    def look(self, name: bytes) -> float:
        """What `take` would return; takes nothing."""
        return self._look(name, 0.0)

    def _look(self, name: bytes, wanted: float) -> float:
        if not self._per_second:
            return 0.0
        with self._lock:
            now = self._now_seconds()
            left, then = self._buckets.get(name, (self._room, now))
            left = min(left + (now - then) * self._per_second, self._room)
            if left < 1.0:
                return (1.0 - left) / self._per_second
            if wanted:
                self._buckets[name] = (left - wanted, now)
                self._buckets.move_to_end(name)
                while len(self._buckets) > self._most:
                    self._buckets.popitem(last=False)
            return 0.0


def is_limited(path: str) -> bool:
    """Whether requests to this address are counted."""
    return path.startswith(_PREFIX)


def register_limits(app: Flask, rates: Rates, *, now_seconds: Callable[[], float] = time.monotonic) -> None:
    """Refuse requests beyond the rates with TooManyRequests, before anything is read or done; needs the sessions."""
    devices = Buckets(rates.device, now_seconds=now_seconds)
    strangers = Buckets(rates.stranger, now_seconds=now_seconds)

    def before() -> None:
        if not is_limited(request.path):
            return
        sent = request.authorization
        if sent is not None and sent.type == "basic":
            # Passwords are slow to check: whoever came with wrong ones has to wait before another is.
            _require(strangers.look(_address()))
            _require(devices.take(_name("basic", sent.username or "", request.remote_addr or "")))
        elif current_account() is None:
            _require(strangers.look(_address()))
        else:
            _require(devices.take(_name("session", own_token())))

    def after(response: Response) -> Response:
        is_stranger = g.get("account") is None and "new_token" not in g
        if is_limited(request.path) and is_stranger and response.status_code != _TOO_MANY:
            strangers.take(_address())
        return response

    app.before_request(before)
    app.after_request(after)


def _require(seconds: float) -> None:
    if seconds:
        whole = math.ceil(seconds)
        raise TooManyRequests(
            _("Too many requests, try again in %(seconds)s seconds", seconds=whole), retry_after_seconds=whole
        )


def _address() -> bytes:
    return _name("address", request.remote_addr or "")


def _name(*parts: str) -> bytes:
    # Tokens are secrets, and names may be long.
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).digest()[:16]
