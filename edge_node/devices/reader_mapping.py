"""How a vendor's program of an ID card reader is asked, and what it calls what is on a card: a small JSON file.

    {"method": "POST", "body": {…},                        how it is asked; GET and nothing by default
     "ok": {"member": "resultFlag", "is": ["0"]},          what says that a card was read; null: that it has a number
     "under": "result.card",                               where the card stands in the answer; "" for the answer itself
     "fields": {"name": "partyName", "citizenId": …}}      what each is called there; null: it is not told

What is left out is as `DEFAULT` has it. Names with dots lead into what lies inside.

Must not know: how a reader is reached, what the card is read for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edge_node.devices.id_reader import MappingWrong, NoCard
from sync.errors import BadRequest
from sync.values.json_text import parse_object

FIELDS = {
    "name": "姓名",
    "sex": "性别",
    "nation": "民族",
    "birthday": "出生日期",
    "address": "住址",
    "citizenId": "公民身份号码",
    "issueOrgan": "签发机关",
    "validDateStart": "有效期起",
    "validDateEnd": "有效期止",
    "photo": "相片",
}
_ALWAYS = ("name", "citizenId")
_EXPECTED = (*_ALWAYS, "validDateEnd")  # the others may be left out where the file does not name them
_MAY_LACK = ("photo", "birthday")  # not every reader gives a photo, and the number tells the birthday
_METHODS = ("GET", "POST")
_MEMBERS = ("method", "body", "ok", "under", "fields")
_NUMBER = "citizenId"


@dataclass(frozen=True, slots=True)
class ReaderMapping:
    """How one vendor's program talks.

    body    what is sent with it, as JSON; None for nothing
    ok      the member that says whether a card was read, "" where none does;  ok_values, its values when one was
    under   where the card stands;  names, {our name: theirs, None where it is not told}
    named   those of ours that the file names
    """

    method: str = "GET"
    body: Mapping[str, Any] | None = None
    ok: str = "code"
    ok_values: tuple[Any, ...] = (0,)
    under: str = "data"
    names: Mapping[str, str | None] = field(default_factory=lambda: {name: name for name in FIELDS})
    named: frozenset[str] = frozenset()

    def card_in(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """What is on the card, {our name: value}, of what the program answered.

        raises  NoCard; MappingWrong naming what the answer has not got
        """
        if self.ok:
            told = _at(answer, self.ok)
            if told is None:
                raise MappingWrong(f"读卡程序的应答里没有“{self.ok}”")
            if not any(type(told) is type(one) and told == one for one in self.ok_values):
                raise NoCard
        card = _at(answer, self.under) if self.under else answer
        if not isinstance(card, Mapping):
            if not self.ok:
                raise NoCard
            raise MappingWrong(f"读卡程序的应答里没有“{self.under}”这一层")
        values = {name: _at(card, theirs) for name, theirs in self.names.items() if theirs}
        if not self.ok and values[_NUMBER] in (None, ""):
            raise NoCard
        wanted = self.named.union(_EXPECTED).difference(_MAY_LACK)
        lacking = [name for name, value in values.items() if value is None and name in wanted]
        if lacking:
            what = "、".join(f"“{self.names[name]}”（{FIELDS[name]}）" for name in lacking)
            raise MappingWrong(f"读卡程序的应答里没有{what}")
        return {name: value for name, value in values.items() if value is not None}

    def unlike(self, name: str) -> MappingWrong:
        """That what stands under a name of theirs is not what it is said to be; without it."""
        return MappingWrong(f"读卡程序给的“{self.names[name]}”不像{FIELDS[name]}")


DEFAULT = ReaderMapping()


def mapping_at(path: Path) -> ReaderMapping:
    """The mapping in a file; raises BadRequest in Chinese, naming the file and what is wrong with it."""
    try:
        return read_mapping(path.read_bytes())
    except OSError:
        raise BadRequest(f"id_reader_mapping：打不开文件 {path}") from None
    except BadRequest as error:
        raise BadRequest(f"id_reader_mapping：{path.name} {error.reason}") from None


def read_mapping(text: bytes) -> ReaderMapping:
    """Read such a file; raises BadRequest in Chinese, naming the member that is wrong."""
    try:
        told = parse_object(text)
    except BadRequest:
        raise BadRequest("应为一个 JSON 对象") from None
    _require_known("", told, _MEMBERS)
    method, body, under = told.get("method", DEFAULT.method), told.get("body"), told.get("under", DEFAULT.under)
    if method not in _METHODS:
        raise BadRequest(f"method 应为 {' 或 '.join(_METHODS)}")
    if body is not None and (method != "POST" or not isinstance(body, dict)):
        raise BadRequest("body 应为一个 JSON 对象，只用于 POST")
    if not isinstance(under, str):
        raise BadRequest("under 应为文字，如 data 或 result.card")
    names = _names(told.get("fields", {}))
    return ReaderMapping(method, body, *_ok(told), under, names, frozenset(told.get("fields", {})))


def _ok(told: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    ok = told.get("ok", {"member": DEFAULT.ok, "is": list(DEFAULT.ok_values)})
    if ok is None:
        return "", ()
    if not isinstance(ok, dict):
        raise BadRequest('ok 应写作 {"member": 名称, "is": [读到卡时的值]}，没有的写 null')
    _require_known("ok.", ok, ("member", "is"))
    member, values = ok.get("member"), ok.get("is")
    if not isinstance(member, str) or not member or not isinstance(values, list) or not values:
        raise BadRequest('ok 应写作 {"member": 名称, "is": [读到卡时的值]}，没有的写 null')
    return member, tuple(values)


def _names(told: object) -> dict[str, str | None]:
    if not isinstance(told, dict):
        raise BadRequest("fields 应为一个 JSON 对象")
    _require_known("fields.", told, tuple(FIELDS))
    names: dict[str, str | None] = {name: name for name in FIELDS}
    for name, theirs in told.items():
        if theirs is None and name in _ALWAYS:
            raise BadRequest(f"fields.{name}（{FIELDS[name]}）不能没有")
        if theirs is not None and (not isinstance(theirs, str) or not theirs.strip()):
            raise BadRequest(f"fields.{name} 应为文字，读卡程序不给的写 null")
        names[name] = theirs
    return names


def _require_known(place: str, told: Mapping[str, Any], known: Sequence[str]) -> None:
    strange = [name for name in told if name not in known]
    if strange:
        raise BadRequest(f"没有 {place}{strange[0][:40]} 这一项，可以写的是 {'、'.join(known)}")


def _at(value: object, path: str) -> Any:
    """What stands at a name with dots; None where nothing does. A name that has dots itself goes first."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    head, dot, rest = path.partition(".")
    return _at(value.get(head), rest) if dot and isinstance(value, Mapping) else None
