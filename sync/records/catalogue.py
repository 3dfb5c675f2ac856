"""事项: what the stations handle, with its materials, limits, deciding level and form.

An item is read once, checked row by row, and frozen; a case keeps the version it was opened with.
An item whose promise is longer than the law allows is rejected here, at the door, not on the day
the first case runs late.

Every form has the three fields of `APPLICANT_FIELDS`; the rest are the item's own.

Must not know: who publishes items, where cases are kept, clocks.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sync.errors import BadRequest
from sync.records.form import Field, field_problems, read_field
from sync.records.regions import Level, level_labelled
from sync.records.working_days import Unit
from sync.values.json_text import parse_object

APPLICANT_FIELDS = ("applicant_name", "id_number", "phone")
MAX_PHOTO_BYTES = 5 * 1024 * 1024  # a phone's untouched photo; the desk's own are 150 to 300 kB
MAX_PHOTOS = 20  # per material; a household register has 16 pages


class VillageRole(StrEnum):
    """What the village does for an item."""

    FINISHES = "直"
    ACCEPTS = "受"
    CARRIES = "代"
    ASSISTS = "协"
    INFORMS = "公开告知"


class Necessity(StrEnum):
    """必要性 of a material, by the catalogue's codes."""

    REQUIRED = "0"
    OPTIONAL = "1"
    LATER = "2"  # 容缺后补: may follow against a signed promise


class Copies(StrEnum):
    """类型 of a material, by the catalogue's codes."""

    ORIGINAL = "0"
    COPY = "1"
    BOTH = "2"


@dataclass(frozen=True, slots=True)
class Material:
    """A paper asked for; `name` is how the slip and the screens call it."""

    name: str
    necessity: Necessity
    copies: Copies

    @property
    def required(self) -> bool:
        """Whether an application without it is not complete."""
        return self.necessity is Necessity.REQUIRED

    @property
    def may_follow(self) -> bool:
        """可容缺: whether the case may go on without it against a signed promise."""
        return self.necessity is Necessity.LATER


@dataclass(frozen=True, slots=True)
class Limit:
    """法定 or 承诺时限; an amount of 0 means on the spot (即办)."""

    amount: int
    unit: Unit

    @property
    def label(self) -> str:
        """As the guide page prints it."""
        names = {Unit.WORKING_DAYS: "个工作日", Unit.NATURAL_DAYS: "日", Unit.HOURS: "小时"}
        return f"{self.amount} {names[self.unit]}" if self.amount else "即办"


@dataclass(frozen=True, slots=True)
class Item:
    """A matter citizens apply for.

    code       实施编码 or a local code; any text (one place's codes pass as text)
    statutory  None where no law sets a limit; promise, None where nothing is promised
    decides    the level whose decision ends the case
    notice     shown beside every figure: whose practice this is
    """

    code: str
    version: int
    name: str
    department: str
    subjects: str
    materials: tuple[Material, ...]
    statutory: Limit | None
    promise: Limit | None
    village_role: VillageRole
    decides: Level
    fields: tuple[Field, ...]
    notice: str

    @property
    def on_the_spot(self) -> bool:
        """即办件: finished while the citizen waits."""
        return self.promise is not None and self.promise.amount == 0


@dataclass(frozen=True, slots=True)
class Handed:
    """A material as it was handed in: `photo_sizes` in bytes, none when only the paper was seen."""

    name: str
    photo_sizes: tuple[int, ...] = ()


def load_items(text: bytes | str) -> tuple[Item, ...]:
    """Read a catalogue: `{"notice": …, "items": [row, …]}`; a row is what `Item` says, in JSON.

    raises  BadRequest, naming the row by number and code, and what is wrong with it
    """
    whole = parse_object(text)
    rows, notice = whole.get("items"), whole.get("notice")
    if not isinstance(rows, list) or not isinstance(notice, str):
        raise BadRequest('a catalogue has "notice", a text, and "items", a list')
    items = tuple(_row(number, row, notice) for number, row in enumerate(rows, start=1))
    twice = _repeated(item.code for item in items)
    if twice:
        raise BadRequest(f"item {twice} stands twice in the catalogue")
    return items


def check_application(
    item: Item, fields: Mapping[str, object], materials: Collection[Handed], *, today: date
) -> list[str]:
    """Say everything that is wrong with an application, at once (一次性告知).

    fields     {field name: text}; an empty text counts as not filled in
    materials  those handed in; one that may follow (容缺) may be left out
    today      for birth dates
    returns    sentences in Chinese for whoever stands at the desk, none of which repeats a value; [] when all is well
    """
    known = {field.name for field in item.fields}
    problems = [f"本事项没有“{name[:20]}”这一项" for name in fields if name not in known]
    for field in item.fields:
        problems += field_problems(field, fields.get(field.name), today)
    return problems + _material_problems(item, materials)


def _material_problems(item: Item, materials: Collection[Handed]) -> list[str]:
    known = {material.name for material in item.materials}
    handed = {material.name for material in materials}
    problems = [f"本事项不需要材料“{name[:20]}”" for name in sorted(handed - known)]
    for material in item.materials:
        if material.required and material.name not in handed:
            problems.append(f"缺少材料：{material.name}")
    if len(materials) > len(handed):
        problems.append("同一材料重复提交，请合并为一项")
    for one in materials:
        problems += _photo_problems(one)
    return problems


def _photo_problems(material: Handed) -> list[str]:
    problems = []
    if len(material.photo_sizes) > MAX_PHOTOS:
        problems.append(f"{material.name}的照片超过 {MAX_PHOTOS} 张")
    if any(size > MAX_PHOTO_BYTES for size in material.photo_sizes):
        problems.append(f"{material.name}的照片超过 {MAX_PHOTO_BYTES // 1024 // 1024} MB")
    if any(size <= 0 for size in material.photo_sizes):
        problems.append(f"{material.name}的照片是空的")
    return problems


def _row(number: int, row: object, notice: str) -> Item:
    code = row.get("code") if isinstance(row, dict) else None
    try:
        if not isinstance(row, dict):
            raise BadRequest("is no object")
        item = _item(row, notice)
        _require_lawful(item)
    except (BadRequest, KeyError, TypeError, ValueError) as error:
        reason = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        raise BadRequest(f"row {number} ({code}): {reason}") from None
    return item


def _item(row: Mapping[str, Any], notice: str) -> Item:
    return Item(
        code=_text(row, "code"),
        version=int(row.get("version", 1)),
        name=_text(row, "name"),
        department=_text(row, "department"),
        subjects=_text(row, "subjects"),
        materials=tuple(_material(material) for material in row["materials"]),
        statutory=_limit(row["statutory"]),
        promise=_limit(row["promise"]),
        village_role=VillageRole(row["village_role"]),
        decides=level_labelled(row["decides"]),
        fields=tuple(read_field(field) for field in row["fields"]),
        notice=notice,
    )


def _material(row: Mapping[str, Any]) -> Material:
    return Material(_text(row, "name"), Necessity(row["necessity"]), Copies(row["copies"]))


def _limit(row: Mapping[str, Any] | None) -> Limit | None:
    if row is None:
        return None
    amount = row["amount"]
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
        raise BadRequest("a limit's amount is a whole number from 0")
    return Limit(amount, Unit(row["unit"]))


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{name} is a text and not empty")
    return value


def _require_lawful(item: Item) -> None:
    if item.statutory and item.promise and _length(item.promise) > _length(item.statutory):
        raise BadRequest(f"promises {item.promise.label}, the law allows {item.statutory.label}")
    names = [field.name for field in item.fields]
    missing = [name for name in APPLICANT_FIELDS if name not in names]
    if missing:
        raise BadRequest(f"the form lacks {', '.join(missing)}")
    twice = _repeated(names) or _repeated(material.name for material in item.materials)
    if twice:
        raise BadRequest(f"{twice} stands twice")


def _length(limit: Limit) -> int:
    """Comparable length in fifths of an hour: five working days take a week of natural ones."""
    return limit.amount * {Unit.HOURS: 5, Unit.NATURAL_DAYS: 5 * 24, Unit.WORKING_DAYS: 7 * 24}[limit.unit]


def _repeated(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
