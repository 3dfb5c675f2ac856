"""The catalogue's rows read and checked: a row is what `Item` or `Bundle` says, in JSON.

An item whose promise is longer than the law allows is rejected here, at the door, not on the day the
first case runs late. Whatever is wrong is said of every row at once, in words for whoever keeps the file.

Every form has the three fields of `APPLICANT_FIELDS`, and beside the number the kind of its paper, which no row has
to name; the rest are the item's own. Members a row has
beyond those we know are left alone, for they may be of a later version.

Must not know: who publishes items, where they are kept, clocks.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from sync.errors import BadRequest
from sync.messages import _
from sync.records.applicant_paper import with_paper_kind
from sync.records.check_digits import is_credit_code
from sync.records.form import read_field
from sync.records.items import (
    Bundle,
    Copies,
    Guide,
    Item,
    ItemState,
    Limit,
    Mark,
    Material,
    Necessity,
    Offline,
    Source,
    Special,
    VillageRole,
)
from sync.records.people import OLDEST_AGE
from sync.records.regions import level_labelled
from sync.records.situation_rows import read_situations, require_fitting
from sync.records.working_days import Unit
from sync.values.json_text import parse_object

APPLICANT_FIELDS = ("applicant_name", "id_number", "phone")
_LONGEST_GUIDE = 2000  # characters of one text
_LARGEST_VERSION = 1_000_000
_LONGEST_CODE, _TASK_CODE, _CREDIT_CODE = 100, 31, 18

Row = Mapping[str, Any]
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def load_items(text: bytes | str) -> tuple[Item, ...]:
    """Read the items of a catalogue: `{"notice": …, "items": [row, …]}`.

    raises  BadRequest, naming the first row that is wrong by number and code, and what is wrong with it
    """
    whole = parse_object(text)
    items, problems = read_rows("items", whole.get("items"), whole.get("notice"), read_item)
    if problems:
        raise BadRequest(problems[0])
    return items


def read_rows(
    member: str, rows: object, notice: object, read: Callable[[Row, str], T]
) -> tuple[tuple[T, ...], tuple[str, ...]]:
    """Read every row of one kind.

    returns  (those that are in order, a sentence for each that is not, with its number and code)
    """
    if not isinstance(rows, list) or not isinstance(notice, str):
        return (), (_("A catalogue has notice (text) and %(member)s (a list)", member=member),)
    good: dict[str, T] = {}
    problems = []
    for number, row in enumerate(rows, start=1):
        code = row.get("code") if isinstance(row, dict) else None
        try:
            if not isinstance(row, dict):
                raise BadRequest(_("it is no JSON object"))
            if code in good:
                raise BadRequest(_("the code was there before"))
            good[str(code)] = read(row, notice)
        except (BadRequest, KeyError, TypeError, ValueError) as error:
            told = {"number": number, "code": code, "reason": reason_of(error)}
            problems.append(
                _("Row %(number)s (%(code)s): %(reason)s", **told) if code else _("Row %(number)s: %(reason)s", **told)
            )
    return tuple(good.values()), tuple(problems)


def read_item(row: Row, notice: str) -> Item:
    """Read one item; raises BadRequest, KeyError, TypeError or ValueError on whatever is wrong."""
    item = Item(
        code=_code(row),
        version=_version(row),
        name=_text(row, "name"),
        department=_text(row, "department"),
        subjects=_text(row, "subjects"),
        materials=tuple(_material(material) for material in row["materials"]),
        statutory=_limit(row["statutory"]),
        promise=_limit(row["promise"]),
        village_role=_one_of(VillageRole, row["village_role"], "village_role"),
        decides=level_labelled(row["decides"]),
        fields=with_paper_kind([read_field(field) for field in row["fields"]]),
        notice=notice,
        state=_one_of(ItemState, row.get("state", ItemState.IN_USE), "state"),
        offline=_one_of(Offline, row.get("offline", Offline.FULL), "offline"),
        mark=_one_of(Mark, row.get("mark", Mark.DEFAULT), "mark"),
        decided_by=str(row.get("decided_by", "")),
        task_code=_task_code(row),
        common=row.get("common") is True,
        topics=_texts(row, "topics"),
        words=_texts(row, "words"),
        special=tuple(_special(one) for one in row.get("special", ())),
        guide=_guide(row.get("guide", {})),
        situations=read_situations(row.get("situations", [])),
        least_age=_least_age(row),
    )
    _require_lawful(item)
    return item


def read_bundle(row: Row, notice: str) -> Bundle:
    """Read one 一件事; raises like `read_item`."""
    mode = row["mode"]
    if mode not in ("parallel", "serial"):
        raise BadRequest(_("mode has to be parallel or serial"))
    items = _texts(row, "items")
    if len(set(items)) < 2 or len(set(items)) < len(items):
        raise BadRequest(_("items has to list the codes of at least two items, each once"))
    return Bundle(
        code=_code(row),
        version=_version(row),
        name=_text(row, "name"),
        lead=_text(row, "lead"),
        items=items,
        is_serial=mode == "serial",
        notice=notice,
        state=_one_of(ItemState, row.get("state", ItemState.IN_USE), "state"),
        words=_texts(row, "words"),
        guide=_guide(row.get("guide", {})),
    )


def reason_of(error: Exception) -> str:
    """What is wrong with a row, by what reading it raised."""
    if isinstance(error, KeyError):
        return _("%(name)s is missing", name=error)
    if isinstance(error, BadRequest):
        return error.reason
    return _("something is of the wrong type (%(error)s)", error=error)


def _material(row: Row) -> Material:
    return Material(
        _text(row, "name"),
        _one_of(Necessity, row["necessity"], "necessity"),
        _one_of(Copies, row["copies"], "copies"),
        _one_of(Source, row.get("source", Source.APPLICANT), "source"),
        str(row.get("note", "")),
    )


def _special(row: Row) -> Special:
    days = _limit(row["days"])
    if days is None or not days.amount:
        raise BadRequest(_("a special procedure has to say its days"))
    return Special(_text(row, "name"), days)


def _guide(row: object) -> Guide:
    if not isinstance(row, dict):
        raise BadRequest(_("guide has to be one JSON object"))
    told = {name: str(row.get(name, "")) for name in Guide.__struct_fields__}
    if any(len(text) > _LONGEST_GUIDE for text in told.values()):
        raise BadRequest(_("each text of guide has at most %(most)s characters", most=_LONGEST_GUIDE))
    return Guide(**told)


def _limit(row: Row | None) -> Limit | None:
    if row is None:
        return None
    amount = row["amount"]
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
        raise BadRequest(_("amount of a limit has to be a whole number, 0 or more"))
    return Limit(amount, _one_of(Unit, row["unit"], "unit"))


def _code(row: Row) -> str:
    code = _text(row, "code")
    if len(code) > _LONGEST_CODE or not code.isprintable() or code != code.strip():
        raise BadRequest(_("code has to be one line of text of at most %(most)s characters", most=_LONGEST_CODE))
    if len(code) == _TASK_CODE:
        _require_task_code(code)
    return code


def _task_code(row: Row) -> str:
    """The 实施编码, which is the code itself where that is one."""
    code = row.get("task_code", "")
    if code == "":
        return str(row["code"]) if len(str(row["code"])) == _TASK_CODE else ""
    if not isinstance(code, str) or len(code) != _TASK_CODE:
        raise BadRequest(_("task_code has to be a code of %(length)s characters", length=_TASK_CODE))
    _require_task_code(code)
    return code


def _require_task_code(code: str) -> None:
    """Deciding body 18, level 1, 基本编码 12 (GB/T 39554.1-2020)."""
    if not (is_credit_code(code[:_CREDIT_CODE]) and code[_CREDIT_CODE] in "1234567" and code.isalnum()):
        raise BadRequest(_("the credit code or the level in the task code is wrong"))


def _one_of(kind: type[E], value: Any, name: str) -> E:
    try:
        return kind(value)
    except ValueError:
        raise BadRequest(_not_among(name, kind, value)) from None


def _not_among(name: str, choices: Iterable[str], value: object) -> str:
    return _(
        "%(name)s has to be one of %(choices)s and not “%(value)s”",
        name=name,
        choices=_(", ").join(choices),
        value=value,
    )


def _version(row: Row) -> int:
    version = row.get("version", 1)
    if type(version) is not int or not 1 <= version <= _LARGEST_VERSION:
        raise BadRequest(_("version has to be a whole number, 1 or more"))
    return version


def _least_age(row: Row) -> int:
    age = row.get("least_age", 0)
    if type(age) is not int or not 0 <= age <= OLDEST_AGE:
        raise BadRequest(_("least_age has to be a whole number of years, at most %(most)s", most=OLDEST_AGE))
    return age


def _text(row: Row, name: str) -> str:
    value = row[name]
    if not isinstance(value, str) or not value:
        raise BadRequest(_("%(name)s has to be text and not empty", name=name))
    return value


def _texts(row: Row, name: str) -> tuple[str, ...]:
    values = row.get(name, [])
    if not isinstance(values, list) or not all(isinstance(one, str) and one for one in values):
        raise BadRequest(_("%(name)s has to be a list of texts", name=name))
    return tuple(values)


def _require_lawful(item: Item) -> None:
    statutory, promise = item.statutory, item.promise
    if statutory and promise and promise.fifths_of_an_hour > statutory.fifths_of_an_hour:
        raise BadRequest(
            _(
                "the promised limit (%(promise)s) is longer than the legal one (%(statutory)s)",
                promise=promise.label,
                statutory=statutory.label,
            )
        )
    names = [field.name for field in item.fields]
    missing = [name for name in APPLICANT_FIELDS if name not in names]
    if missing:
        raise BadRequest(_("the form lacks %(fields)s", fields=", ".join(missing)))
    twice = _repeated(names) or _repeated(material.name for material in item.materials)
    if twice:
        raise BadRequest(_("%(name)s is there twice", name=twice))
    require_fitting(item, always=APPLICANT_FIELDS)


def _repeated(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
