"""One small surface over `requests`: ask a CouchDB-compatible server, get an answer or a SyncError.

One session, one connection that is kept, few and short headers: on a slow link each of them is
paid for. No redirects, no proxies, no `.netrc`: what is asked for is asked of exactly the one named.
A transport serves one thread at a time.

Must not know: documents, databases, what is signed and how.
"""

import contextlib
import copy
import gzip
import ssl
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol
from urllib.parse import quote, unquote, urlencode, urlsplit

import requests
import urllib3

from sync.errors import BadRequest, LinkDown, LinkTimeout, ProtocolError, TooLarge, UnsupportedType
from sync.remote.failing import is_silence, link_error, problem_in
from sync.remote.metering import MeteringAdapter
from sync.remote.packing import Packing
from sync.remote.pinning import Pinning
from sync.remote.traffic import Meter, Traffic
from sync.typed import Value
from sync.version import VERSION
from sync.wire.multipart import Multipart


class Sign(Protocol):
    """What a request is signed with."""

    def __call__(self, method: str, target: str, body: bytes, *, brief: bool = False) -> Mapping[str, str]:
        """The headers for a method, a target and a body as they are sent; brief, where the other reads that."""
        ...


TIMEOUT_SECONDS = 30.0
# GPRS on a bad day, 16 kbit/s: no body is given up for being carried that slowly.
_SLOWEST_BYTES_PER_SECOND = 2000
# Below this gzip saves less than its own header costs.
_WORTH_COMPRESSING_BYTES = 1000
# An answer is held in memory whole; no batch we ask for comes near this unless attachments are huge.
_LARGEST_ANSWER_BYTES = 256 * 1024 * 1024
_PIECE_BYTES = 64 * 1024
# A body that is told while it is made may be as long; how long an answer is waited for goes by it.
_CONVERSATION_BYTES = 512 * 1024
_UNSAID = dict.fromkeys(("Accept-Encoding", "User-Agent"), urllib3.util.SKIP_HEADER)


class FeedHeld(LinkTimeout):
    """The peer began its feed in time and does not end it."""


class Reply(Value):
    """A successful answer: status 2xx, headers by name in any case, body decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """A connection to one server.

    url              `http(s)://[user:password@]host[:port][/prefix]`
    timeout_seconds  how long a request may be silent before we give up
    headers          sent with every request besides our own, and above those of the URL
    sign             called for every request; what it returns is sent along as headers
    tls              the trust to use for `https://`: a context, or a pin for one node alone; None for the system's
    """

    def __init__(
        self,
        url: str,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        headers: Mapping[str, str] | None = None,
        sign: Sign | None = None,
        tls: ssl.SSLContext | Pinning | None = None,
    ) -> None:
        self.place, self._prefix, own = _read_url(url)
        self._headers = {**own, **(headers or {})}
        self._timeout_seconds = timeout_seconds
        self._sign = sign
        self._meter = Meter()
        self._takes_gzip: bool | None = None  # not known before the first body worth compressing
        self._packing = Packing()
        self._session = requests.Session()
        self._session.trust_env = False
        self._adapter = MeteringAdapter(self._meter, tls=tls)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)

    @property
    def meter(self) -> Meter:
        """Counts what this connection costs."""
        return self._meter

    @property
    def traffic(self) -> Traffic:
        """What this connection has cost so far."""
        return self._meter.reading

    @property
    def address(self) -> str:
        """Where the server is, without credentials."""
        return self.place + self._prefix

    def within(self, segment: str) -> "Transport":
        """The same server and the same connection, at an address below this one.

        The two share connection and meter, so closing one closes both.
        """
        below = copy.copy(self)
        below._prefix = f"{self._prefix}/{_segment(segment)}"
        return below

    def close(self) -> None:
        """Close the connection; asking again opens another."""
        self._session.close()

    def cut(self) -> None:
        """End the request under way, which then fails with LinkDown; asking again opens another connection.

        The one method another thread may call: a feed may otherwise hold its reader for half a minute.
        """
        self._adapter.sockets.cut()

    def ask(
        self,
        method: str,
        segments: Iterable[str],
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        feed_seconds: float | None = None,
    ) -> Reply:
        """Send one request and read the answer whole.

        segments      of the path behind the server's prefix, not yet percent-encoded
        body          JSON text
        feed_seconds  the answer is a feed that ends by itself within so many seconds; FeedHeld when it
                      has begun and does not, however lively it is
        raises        what `{error, reason}` says; LinkError when no answer came
        """
        sending = _Sending(method, self._target(segments, query), body, headers or {}, feed_seconds)
        if body is None or len(body) < _WORTH_COMPRESSING_BYTES or self._takes_gzip is False:
            return self._ask(sending)
        return self._ask_gzipped(sending) if self._packing.is_worth_it else self._ask(sending)

    @property
    def streams(self) -> bool:
        """Whether bodies can be sent in pieces: what is signed must be there whole before."""
        return self._sign is None

    def send(
        self,
        method: str,
        segments: Iterable[str],
        parts: Multipart,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a body in pieces, whose length must be known, and read the answer whole; raises like `ask`."""
        length = parts.length
        if length is None or not self.streams:
            raise ValueError("only what knows its length and needs no signature is sent in pieces")
        told = {**(headers or {}), "Content-Type": parts.content_type, "Content-Length": str(length)}
        return self._ask(_Sending(method, self._target(segments, query), parts.pieces(), told, None, length))

    def take(self, segments: Iterable[str], *, query: Mapping[str, str] | None = None) -> Iterator[bytes]:
        """Get a content piece by piece, decompressed; raises like `ask`, at the latest where it breaks off."""
        sending = _Sending("GET", self._target(segments, query), None, {"Accept": "*/*"}, None)
        with self._translated(sending), self._response(sending, self._head(sending), None) as response:
            if response.status_code // 100 != 2:
                raise problem_in(response, b"".join(_pieces(response)), self.place)
            yield from response.iter_content(_PIECE_BYTES)

    def converse(
        self,
        segments: Iterable[str],
        body: bytes | Iterator[bytes],
        *,
        signed: bytes,
        content_type: str,
        brief: bool = False,
    ) -> Iterator[bytes]:
        """Send a body while it is made, and get the answer while it comes.

        signed  the part of the body that a signature covers; the connection answers for the rest
        brief   whether the other is known to read a signature in brief
        raises  like `ask`, at the latest where it breaks off
        """
        target = self._target(segments, None)
        # What a header says here the type says already, and on an idle link headers are most of what is sent.
        told = {**self._headers, **_UNSAID, "Content-Type": content_type}
        told.pop("Accept", None)
        if self._sign is not None:
            told.update(self._sign("POST", target, signed, brief=brief))
        sending = _Sending("POST", target, body, told, None, 0 if isinstance(body, bytes) else _CONVERSATION_BYTES)
        with self._translated(sending), self._response(sending, told, body) as response:
            if response.status_code // 100 != 2:
                raise problem_in(response, b"".join(_pieces(response)), self.place)
            yield from response.iter_content(_PIECE_BYTES)

    def _target(self, segments: Iterable[str], query: Mapping[str, str] | None) -> str:
        target = self._prefix + "".join(f"/{_segment(each)}" for each in segments)
        return target + "?" + urlencode(query, quote_via=quote, safe="") if query else target

    def _ask_gzipped(self, sending: "_Sending") -> Reply:
        try:
            reply = self._ask(sending, compress=True)
        except (BadRequest, UnsupportedType, ProtocolError):
            # Either the request is wrong or the peer cannot read it; a peer that has read one can.
            if self._takes_gzip:
                raise
            reply = self._ask(sending)
            self._takes_gzip = False
            return reply
        self._takes_gzip = True
        return reply

    def _ask(self, sending: "_Sending", *, compress: bool = False) -> Reply:
        body = sending.body
        headers = self._head(sending)
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/json"
            if compress:
                headers["Content-Encoding"] = "gzip"
                body = gzip.compress(body, mtime=0)
        if self._sign is not None:
            headers.update(self._sign(sending.method, sending.target, body if isinstance(body, bytes) else b""))
        with self._translated(sending):
            return self._exchange(sending, headers, body)

    def _head(self, sending: "_Sending") -> dict[str, str]:
        accepted = "gzip" if self._packing.is_worth_it else "identity"
        return {"Accept-Encoding": accepted, **self._headers, **sending.headers}

    @contextlib.contextmanager
    def _translated(self, sending: "_Sending") -> Iterator[None]:
        self._meter.round_trips += 1
        try:
            yield
        except requests.RequestException as error:
            raise link_error(error, self.place, sending.feed_seconds or self._timeout_seconds) from None
        except (urllib3.exceptions.LocationValueError, UnicodeError):  # a label of the name is empty or too long
            raise LinkDown(f"{self.place}: there is no machine by that name") from None
        except OSError as error:
            raise LinkDown(f"{self.place}: {type(error).__name__}") from None

    def _exchange(self, sending: "_Sending", headers: Mapping[str, str], body: "_Body") -> Reply:
        begun, before = time.monotonic(), self._meter.reading
        with self._response(sending, headers, body) as response:
            if sending.feed_seconds is None:
                answer = b"".join(_pieces(response))
                crossed = self._meter.reading - before
                self._packing.note(crossed.bytes_sent + crossed.bytes_received, time.monotonic() - begun)
            else:
                answer = _read_feed(response, begun + sending.feed_seconds)
        if response.status_code // 100 == 2:
            return Reply(response.status_code, response.headers, answer)
        raise problem_in(response, answer, self.place)

    def _response(self, sending: "_Sending", headers: Mapping[str, str], body: "_Body") -> requests.Response:
        whole = body if isinstance(body, bytes) else None
        prepared = requests.Request(sending.method, self.place, data=whole).prepare()
        # Set behind the preparation, which would take `%2E` for `.` and add headers of its own.
        prepared.url = self.place + sending.target
        length = prepared.headers.get("Content-Length")
        prepared.headers = requests.structures.CaseInsensitiveDict(headers)
        if whole is None and body is not None:
            # Sent piece by piece, under the length told in the headers.
            prepared.body = body  # type: ignore[assignment]
        elif length is not None and (body is not None or sending.method in ("POST", "PUT")):
            prepared.headers["Content-Length"] = length
        # While the kernel still sends the body nobody can answer; a feed may show itself only when it ends.
        size = len(whole or b"") or sending.length
        patience = sending.feed_seconds or self._timeout_seconds + size / _SLOWEST_BYTES_PER_SECOND
        timeout = (self._timeout_seconds, patience)
        return self._session.send(prepared, timeout=timeout, stream=True, allow_redirects=False)


_Body = bytes | Iterator[bytes] | None


class _Sending(Value):
    """One request; `length` is that of a body in pieces."""

    method: str
    target: str
    body: _Body
    headers: Mapping[str, str]
    feed_seconds: float | None
    length: int = 0


def split_database_url(url: str) -> tuple[str, str]:
    """The server's URL and the database's name; raises BadRequest when the URL names no database."""
    base, slash, name = url.rstrip("/").rpartition("/")
    if not slash or base.endswith(":/") or not name:
        raise BadRequest("the URL names no database")
    return base, unquote(name)


def _read_url(url: str) -> tuple[str, str, dict[str, str]]:
    """Place, path prefix and the headers every request carries; raises BadRequest."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadRequest("not a URL") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadRequest("a server is named by http://HOST[:PORT] or https://HOST[:PORT]")
    shown = f"[{host}]" if ":" in host else host
    place = f"{parts.scheme}://{shown}" + (f":{port}" if port else "")
    headers = {
        "User-Agent": f"yizhan/{VERSION}",
        "Accept": "application/json",
    }
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode("ascii")
    return place, parts.path.rstrip("/"), headers


def _segment(text: str) -> str:
    if text in (".", ".."):  # a path of dots would be walked instead of sent
        return text.replace(".", "%2E")
    return quote(text, safe="")


def _pieces(response: requests.Response) -> Iterator[bytes]:
    size = 0
    for piece in response.iter_content(_PIECE_BYTES):
        size += len(piece)
        if size > _LARGEST_ANSWER_BYTES:
            raise TooLarge(f"the answer is larger than {_LARGEST_ANSWER_BYTES} bytes")
        yield piece


def _read_feed(response: requests.Response, deadline: float) -> bytes:
    pieces = []
    try:
        for piece in _pieces(response):
            pieces.append(piece)
            if time.monotonic() > deadline:
                raise FeedHeld
    except requests.RequestException as error:
        if is_silence(error):
            raise FeedHeld from None
        raise
    return b"".join(pieces)
