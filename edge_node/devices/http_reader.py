"""A reader of ID cards behind a vendor's program on this machine, which answers over HTTP.

    GET <url>  ->  {"code": 0, "data": {"name", "sex", "nation", "birthday", "address", "citizenId", "issueOrgan",
                    "validDateStart", "validDateEnd", "photo"?}}
               ->  {"code": not 0, "message"}, or status 404: no card lies on it

Or as a `ReaderMapping` says. What is on a card goes nowhere but over loopback, or TLS, and into no message.

Must not know: which vendor's it is.
"""

import base64
import binascii
import re
import threading
from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlsplit

import requests

from edge_node.devices.id_reader import LONG_TERM, Card, CardUnclear, NoCard, ReaderSilent
from edge_node.devices.reader_mapping import DEFAULT, ReaderMapping
from edge_node.messages import _
from sync.errors import BadRequest
from sync.records.people import parse_id_number
from sync.values.addresses import is_loopback
from sync.values.json_text import parse_object

_LARGEST_BYTES = 1 << 20
_LONGEST = 100  # characters of anything on a card
_NUMBER = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]")
_DAY = re.compile(r"([0-9]{4})(?:([0-9]{2})([0-9]{2})|[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?)")  # data


class HttpIdReader:
    """One reader. Guards that it is asked one thing at a time."""

    def __init__(
        self, url: str, *, timeout_seconds: float, today: Callable[[], date], mapping: ReaderMapping = DEFAULT
    ) -> None:
        """`url` of the program, `mapping`, how it talks; raises BadRequest on a URL that is none, or that would send
        cards over a network."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadRequest(_("id_reader_url has to look like http://127.0.0.1:port/path and not “%(url)s”", url=url))
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise BadRequest(_("id_reader_url can be an address of this machine (127.0.0.1) or https only"))
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._today = today
        self._mapping = mapping
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
            raise CardUnclear(
                _(
                    "The answer of the program of the card reader makes no sense, an administrator should check "
                    "id_reader_url"
                )
            ) from None
        return _card(self._mapping, self._mapping.card_in(told), self._today())

    def _ask(self) -> tuple[int, bytes]:
        try:
            # Straight there: no proxy of the environment is told what lies on the reader.
            with requests.Session() as session:
                session.trust_env = False
                with session.request(
                    self._mapping.method,
                    self._url,
                    json=self._mapping.body,
                    timeout=self._timeout_seconds,
                    allow_redirects=False,
                    stream=True,
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


def _card(mapping: ReaderMapping, data: Mapping[str, object], today: date) -> Card:
    name, address, told = _text(data, "name"), _text(data, "address"), _text(data, "citizenId")
    if not _NUMBER.fullmatch(told):
        raise mapping.unlike("citizenId")
    try:
        number = parse_id_number(told, today=today)
    except BadRequest:
        raise CardUnclear(
            _("The number that was read cannot be right, put the identity card flat and read it once more")
        ) from None
    if not name:
        raise CardUnclear
    return Card(
        name=name,
        sex=_text(data, "sex"),
        nation=_text(data, "nation"),
        birthday=f"{number.birth:%Y%m%d}",
        address=address,
        number=number.text,
        issuer=_text(data, "issueOrgan"),
        valid_from=_day(mapping, data, "validDateStart"),
        valid_until=_day(mapping, data, "validDateEnd"),
        photo=_photo(data.get("photo")),
    )


def _text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name, "")
    value = str(value) if type(value) is int else value  # sex and nation are codes with some
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise CardUnclear
    return value.strip()


def _day(mapping: ReaderMapping, data: Mapping[str, object], name: str) -> str:
    """A day however it is written, as eight digits; 长期 and "" as they are. Raises MappingWrong."""
    text = _text(data, name)
    if text.startswith(LONG_TERM) or not text:
        return LONG_TERM if text else ""
    found = _DAY.fullmatch(text)
    try:
        year, month, day = (int(part) for part in found.groups() if part) if found else (0, 0, 0)
        return f"{date(year, month, day):%Y%m%d}"
    except ValueError:
        raise mapping.unlike(name) from None


def _photo(value: object) -> bytes:
    if not isinstance(value, str):
        return b""
    try:
        return base64.b64decode("".join(value.rpartition(",")[2].split()), validate=True)  # some write data:image/…,
    except (binascii.Error, ValueError):
        return b""
