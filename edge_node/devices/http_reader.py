"""A reader of ID cards behind a vendor's program on this machine, which answers over HTTP.

    GET <url>  ->  {"code": 0, "data": {"name", "sex", "nation", "birthday", "address", "citizenId", "issueOrgan",
                    "validDateStart", "validDateEnd", "photo"?}}
               ->  {"code": not 0, "message"}, or status 404: no card lies on it

What is on a card goes nowhere but over loopback, or TLS, and into no message.

Must not know: which vendor's it is.
"""

import base64
import binascii
import threading
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

import requests

from edge_node.devices.id_reader import LONG_TERM, Card, CardUnclear, NoCard, ReaderSilent
from sync.errors import BadRequest
from sync.records.people import parse_id_number
from sync.values.addresses import is_loopback
from sync.values.json_text import parse_object

_LARGEST_BYTES = 1 << 20
_LONGEST = 100  # characters of anything on a card


class HttpIdReader:
    """One reader. Guards that it is asked one thing at a time."""

    def __init__(self, url: str, *, timeout_seconds: float, today: Callable[[], date]) -> None:
        """`url` of the program; raises BadRequest on one that is none, or that would send cards over a network."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadRequest(f"id_reader_url 应写作 http://127.0.0.1:端口/路径，而不是“{url}”")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise BadRequest("id_reader_url 只能是本机的地址（127.0.0.1），或者 https")
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._today = today
        self._lock = threading.Lock()

    def read(self) -> Card:
        """Read the card that lies on it now; raises CardNotRead."""
        if not self._lock.acquire(timeout=self._timeout_seconds):
            raise ReaderSilent
        try:
            status, body = self._ask()
        finally:
            self._lock.release()
        if status == 404:
            raise NoCard
        try:
            told = parse_object(body)
        except BadRequest:
            raise CardUnclear("读卡程序的应答看不懂，请管理员核对 id_reader_url") from None
        if told.get("code") != 0:
            raise NoCard
        data = told.get("data")
        if not isinstance(data, dict):
            raise CardUnclear
        return _card(data, self._today())

    def _ask(self) -> tuple[int, bytes]:
        try:
            # Straight there: no proxy of the environment is told what lies on the reader.
            with requests.Session() as session:
                session.trust_env = False
                with session.get(
                    self._url, timeout=self._timeout_seconds, allow_redirects=False, stream=True
                ) as answer:
                    body = answer.raw.read(_LARGEST_BYTES + 1, decode_content=True)
                    status = answer.status_code
        except (requests.RequestException, OSError, ValueError):
            raise ReaderSilent from None
        if status >= 500:
            raise ReaderSilent
        if len(body) > _LARGEST_BYTES:
            raise CardUnclear
        return status, body


def _card(data: dict[str, object], today: date) -> Card:
    name, address = _text(data, "name"), _text(data, "address")
    try:
        number = parse_id_number(_text(data, "citizenId"), today=today)
    except BadRequest:
        raise CardUnclear("读到的身份证号码不对，请把身份证放平，再读一次") from None
    until = _text(data, "validDateEnd")
    if not name or (until != LONG_TERM and not _is_day(until)):
        raise CardUnclear
    return Card(
        name=name,
        sex=_text(data, "sex"),
        nation=_text(data, "nation"),
        birthday=f"{number.birth:%Y%m%d}",
        address=address,
        number=number.text,
        issuer=_text(data, "issueOrgan"),
        valid_from=_text(data, "validDateStart"),
        valid_until=until,
        photo=_photo(data.get("photo")),
    )


def _text(data: dict[str, object], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise CardUnclear
    return value.strip()


def _is_day(text: str) -> bool:
    return len(text) == 8 and text.isascii() and text.isdigit()


def _photo(value: object) -> bytes:
    if not isinstance(value, str):
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""
