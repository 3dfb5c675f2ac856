"""The catalogue's rows read and checked: a row is what `Item` or `Bundle` says, in JSON.

An item whose promise is longer than the law allows is rejected here, at the door, not on the day the
first case runs late. Whatever is wrong is said of every row and member at once, in words for whoever keeps the file.

Every form has the three fields of `APPLICANT_FIELDS`, and beside the number the kind of its paper, which no row has
to name; the rest are the item's own. Members a row has
beyond those we know are left alone, for they may be of a later version.

Must not know: who publishes items, where they are kept, clocks.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

from sync.errors import BadRequest
from sync.messages import N_, _
from sync.records.applicant_paper import with_paper_kind
from sync.records.check_digits import is_credit_code
from sync.records.form import Field
from sync.records.form_rows import read_field
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
from sync.records.regions import LEVELS, Level, level_labelled
from sync.records.row_headings import BUNDLE, FIELD, GUIDE, ITEM, LIMIT, MATERIAL, SPECIAL, Kind
from sync.records.row_reading import Fault, Reading
from sync.records.situation_rows import note_unfitting, read_situations
from sync.records.working_days import Unit
from sync.typed import Value
from sync.values.json_text import parse_object

APPLICANT_FIELDS = ("applicant_name", "id_number", "phone")
_LONGEST_GUIDE = 2000  # characters of one text
_LARGEST_VERSION, _LARGEST_AMOUNT = 1_000_000, 99_999
_DAYS = '{"amount": 20, "unit": "W"}'
_SAME = '{"QX-WJ-0033.due_date": "birth_date"}'
_LONGEST_CODE, _TASK_CODE, _CREDIT_CODE = 100, 31, 18
# What a page of `/items/<code>` can be asked for, whatever stands between the browser and us.
_ADDRESSABLE, _STEPS = re.compile(r"[A-Za-z0-9._-]+\Z"), (".", "..")

T = TypeVar("T")


class Rows(Value, Generic[T]):
    """The rows of one kind as they were read.

    good      those that are in order, by code;  readings, every row
    faults    what is wrong with the list itself
    """

    good: Mapping[str, T]
    readings: tuple[Reading, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def problems(self) -> tuple[Fault, ...]:
        """Everything that is wrong."""
        return (*self.faults, *(fault for reading in self.readings for fault in reading.faults))

    @property
    def brought(self) -> tuple[Fault, ...]:
        """What is wrong in a file, though it is read where it was published."""
        return tuple(fault for reading in self.readings for fault in reading.brought)


def load_items(text: bytes | str) -> tuple[Item, ...]:
    """Read the items of a catalogue: `{"notice": …, "items": [row, …]}`.

    raises  BadRequest, naming the first thing that is wrong by row, member and what stands there
    """
    whole = parse_object(text)
    rows = read_rows("items", whole.get("items"), whole.get("notice"), read_item)
    if rows.problems:
        raise BadRequest(rows.problems[0].sentence)
    return tuple(rows.good.values())


def read_rows(
    member: str, rows: object, notice: object, read: Callable[[Reading, str], T], *, place: int = 0
) -> Rows[T]:
    """Read every row of one kind; place, where its kind stands among those of a file."""
    said = notice if isinstance(notice, str) else ""
    faults = () if isinstance(notice, str) and isinstance(rows, list) else (_no_catalogue(member, place),)
    listed = rows if isinstance(rows, list) else []
    good: dict[str, T] = {}
    first: dict[object, int] = {}
    readings = []
    for number, row in enumerate(listed, start=1):
        reading = Reading(row, _KINDS[member], number=number, order=(place, number))
        readings.append(reading)
        code = reading.code
        found = read(reading, said)
        if isinstance(code, str) and first.setdefault(code, number) != number:
            told = {"row": first[code]}
            reading.wrong("code", _("row %(row)s has it already: delete one, or give it a code of its own", **told))
        if not reading.faults:
            good[str(code)] = found
    return Rows(good, tuple(readings), faults)


_KINDS: Mapping[str, Kind] = {"items": ITEM, "bundles": BUNDLE}


def _no_catalogue(member: str, place: int) -> Fault:
    return Fault((place, 0), _("A catalogue has notice (text) and %(member)s (a list)", member=member))


def read_item(row: Reading, notice: str) -> Item:
    """Read one item; what is wrong is noted in its reading."""
    situations, placed = read_situations(row)
    item = Item(
        code=_code(row),
        version=row.whole("version", 1, _LARGEST_VERSION, usual=1),
        name=row.text("name"),
        department=row.text("department"),
        subjects=row.text("subjects"),
        materials=tuple(_material(one) for one in row.parts("materials", MATERIAL)),
        statutory=_limit(row, "statutory"),
        promise=_limit(row, "promise"),
        village_role=row.one_of("village_role", VillageRole),
        decides=_level(row),
        fields=_form(row),
        notice=notice,
        state=row.one_of("state", ItemState, usual=ItemState.IN_USE),
        offline=row.one_of("offline", Offline, usual=Offline.FULL),
        mark=row.one_of("mark", Mark, usual=Mark.DEFAULT),
        decided_by=row.anything("decided_by", empty=True),
        task_code=_task_code(row),
        common=row.truth("common"),
        topics=row.texts("topics"),
        words=row.texts("words"),
        special=tuple(_special(one) for one in row.parts("special", SPECIAL, usual=[])),
        guide=_guide(row),
        situations=situations,
        least_age=row.whole("least_age", 0, OLDEST_AGE, usual=0),
    )
    _note_unlawful(row, item)
    note_unfitting(placed, item, always=APPLICANT_FIELDS)
    return item


def read_bundle(row: Reading, notice: str) -> Bundle:
    """Read one 一件事; what is wrong is noted in its reading."""
    mode = row.row.get("mode")
    if mode not in ("parallel", "serial"):
        row.wrong("mode", _("write parallel (all at once) or serial (one after the other)"))
    items = row.texts("items")
    if not row.is_wrong("items") and (len(set(items)) < 2 or len(set(items)) < len(items)):
        row.wrong("items", _("list the codes of at least two items, each once"))
    for code in items:
        row.mention("items", code)
    return Bundle(
        code=_code(row),
        version=row.whole("version", 1, _LARGEST_VERSION, usual=1),
        name=row.text("name"),
        lead=row.text("lead"),
        items=items,
        is_serial=mode == "serial",
        notice=notice,
        state=row.one_of("state", ItemState, usual=ItemState.IN_USE),
        words=row.texts("words"),
        guide=_guide(row),
        same=_same(row, items),
    )


def _same(row: Reading, items: Collection[str]) -> tuple[tuple[str, str, str], ...]:
    told: list[tuple[str, str, str]] = []
    for place, called in row.table("same").items():
        code, _dot, name = place.rpartition(".")
        if code not in items or not name or not isinstance(called, str) or not called:
            row.wrong("same", _("write a field as %(example)s, with the code of one of its items", example=_SAME))
            return ()
        told.append((code, name, called))
    return tuple(told)


def _form(row: Reading) -> tuple[Field, ...]:
    fields = [read_field(one) for one in row.parts("fields", FIELD)]
    names = [field.name for field in fields]
    missing = [name for name in APPLICANT_FIELDS if name not in names]
    if missing and isinstance(row.row.get("fields"), list):
        row.note("fields", _("the form lacks %(fields)s: add them", fields=", ".join(missing)))
    row.require_different("fields", "name", names)
    return with_paper_kind(fields)


def _material(row: Reading) -> Material:
    return Material(
        row.text("name"),
        row.one_of("necessity", Necessity),
        row.one_of("copies", Copies),
        row.one_of("source", Source, usual=Source.APPLICANT),
        row.anything("note", empty=True),
    )


def _special(row: Reading) -> Special:
    days = _limit(row, "days")
    if not row.is_wrong("days") and (days is None or not days.amount):
        row.wrong("days", _("say how many days it takes, as %(example)s", example=_DAYS))
    return Special(row.text("name"), days or Limit(1, Unit.WORKING_DAYS))


def _guide(row: Reading) -> Guide:
    part = row.part("guide", GUIDE, usual={})
    told = {name: part.anything(name, empty=True) for name in Guide.__struct_fields__}
    for name in (name for name, text in told.items() if len(text) > _LONGEST_GUIDE):
        part.wrong(name, _("shorten it to at most %(most)s characters", most=_LONGEST_GUIDE))
    return Guide(**told)


def _note_too_long(row: Reading, promise: Limit, statutory: Limit) -> None:
    if promise.fifths_of_an_hour > statutory.fifths_of_an_hour:
        told = {"promise": promise.label, "statutory": statutory.label}
        row.note("promise", _("%(promise)s is longer than the legal limit of %(statutory)s: shorten it", **told))


def _limit(row: Reading, name: str) -> Limit | None:
    if name in row.row and row.row[name] is None:
        return None
    if name not in row.row:
        row.wrong(name, _("write it as %(example)s, or null for none", example=_DAYS))
        return None
    part = row.part(name, LIMIT)
    return Limit(part.whole("amount", 0, _LARGEST_AMOUNT), part.one_of("unit", Unit))


def _level(row: Reading) -> Level:
    try:
        return level_labelled(row.row.get("decides"))
    except BadRequest:
        row.wrong("decides", _("write one of %(choices)s", choices=_(", ").join(LEVELS)))
        return Level.COUNTY


def _code(row: Reading) -> str:
    code = row.line("code", _LONGEST_CODE)
    if code != code.strip():
        row.wrong("code", _("take away the blanks around it"))
    if len(code) == _TASK_CODE and not _is_task_code(code):
        row.wrong("code", _(_WRONG_TASK_CODE))
    if row.is_wrong("code"):
        return code
    if code in _STEPS or not _ADDRESSABLE.match(code):
        row.wrong_if_brought("code", _("write letters of English, figures and - _ . alone (it is part of an address)"))
    elif len(code) == _TASK_CODE and not _NUMBERING.match(code):
        row.wrong_if_brought("code", _(_NOT_NUMBERING))
    return code


_WRONG_TASK_CODE = N_("copy the task code once more: its credit code (the first 18) or its level does not check")
_NOT_NUMBERING = N_("write capital letters of English and figures alone")
_NUMBERING = re.compile(r"[0-9A-Z]*\Z")  # what a 办件编号 begins with (`case_number`)


def _task_code(row: Reading) -> str:
    """The 实施编码, which is the code itself where that is one."""
    code, own = row.row.get("task_code", ""), str(row.code)
    if code == "":
        return own if len(own) == _TASK_CODE else ""
    if not isinstance(code, str) or len(code) != _TASK_CODE:
        row.wrong("task_code", _("write a code of %(length)s characters, or leave it empty", length=_TASK_CODE))
    elif not _is_task_code(code):
        row.wrong("task_code", _(_WRONG_TASK_CODE))
    elif not _NUMBERING.match(code):
        row.wrong_if_brought("task_code", _(_NOT_NUMBERING))
    return str(code)


def _is_task_code(code: str) -> bool:
    """Deciding body 18, level 1, 基本编码 12 (GB/T 39554.1-2020)."""
    return is_credit_code(code[:_CREDIT_CODE]) and code[_CREDIT_CODE] in "1234567" and code.isalnum()


def _note_unlawful(row: Reading, item: Item) -> None:
    if item.statutory and item.promise and not row.is_wrong("statutory", "promise"):
        _note_too_long(row, item.promise, item.statutory)
    row.require_different("materials", "name", [material.name for material in item.materials])
