"""An application as the form sends it, made into what the service takes, and its refusals put back beside the fields.

Must not know: routes, templates, what is done with it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from edge_node.desk.tray import Photos
from edge_node.services.prepare_application import CHANNELS, KINDS, Application, Material, Photo
from sync.casework.look_at_photo import photo_problem
from sync.records.catalogue import Item
from sync.records.clock import BEIJING

_MOST_COPIES = 99
CONFIRMED = "confirmed_time"

Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it came.

    application  what the service takes
    rows         of each of its materials, which of the item's materials it is
    photos       {the item's material: its photos}, kept and new, those that are photos
    errors       what the form itself gets wrong, by the name of the input
    """

    application: Application
    rows: tuple[int, ...]
    photos: Photos
    errors: Errors

    @property
    def content(self) -> dict[str, Any]:
        """What is asked for, without the photos' bytes: the same for the same application sent again."""
        application = self.application
        return {
            "fields": dict(application.fields),
            "channel": application.channel,
            "materials": [
                [one.name, one.kind, one.copies, [hashlib.sha256(photo.content).hexdigest() for photo in one.photos]]
                for one in application.materials
            ],
        }


def read_form(
    item: Item,
    form: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    kept: Photos,
    *,
    largest_photo_bytes: int,
) -> Filled:
    """Read what was sent for an item; `kept` are the photos that a form sent before already brought."""
    errors: Errors = {}
    materials: list[Material] = []
    rows: list[int] = []
    photos: dict[int, tuple[bytes, ...]] = {}
    for row, wanted in enumerate(item.materials):
        photos[row] = _photos(row, form, files, kept, errors, largest_photo_bytes)
        if photos[row] or form.get(f"materials.{row}.got"):
            taken = tuple(Photo(content) for content in photos[row])
            materials.append(Material(wanted.name, taken, _kind(row, form), _copies(row, form, errors)))
            rows.append(row)
    channel = form.get("channel", "")
    application = Application(
        item=item.code,
        fields=_fields(item, form),
        materials=tuple(materials),
        channel=channel if channel in CHANNELS else CHANNELS[0],
        confirmed_ms=_confirmed(form.get(CONFIRMED, ""), errors),
    )
    return Filled(application, tuple(rows), photos, errors)


def beside_fields(item: Item, rows: tuple[int, ...], problems: Iterable[tuple[str, str]]) -> Errors:
    """The service's problems by the names of the form's inputs; the first of each input stands.

    rows  of `Filled`
    """
    labels = {f"fields.{field.name}": field.label for field in item.fields}
    lacking = {f"缺少材料：{wanted.name}": f"materials.{row}" for row, wanted in enumerate(item.materials)}
    errors: Errors = {}
    for name, sentence in problems:
        place = lacking.get(sentence) or _place(name, rows)
        errors.setdefault(place, _short(sentence, labels.get(name, "")))
    return errors


def _short(sentence: str, label: str) -> str:
    """A sentence without the label it stands beside."""
    if label and sentence.startswith(f"{label}："):
        return sentence.removeprefix(f"{label}：")
    return "请填写" if label and sentence == f"请填写{label}" else sentence


def _place(name: str, rows: tuple[int, ...]) -> str:
    """materials.<of the application>.photos.<n> is materials.<of the item> on the form."""
    parts = name.split(".")
    if parts[0] == "materials" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(rows):
        return f"materials.{rows[int(parts[1])]}"
    return name


def _fields(item: Item, form: Mapping[str, str]) -> dict[str, str]:
    # Forms send lines with a carriage return, records keep them without.
    return {field.name: form.get(f"fields.{field.name}", "").replace("\r\n", "\n") for field in item.fields}


def _photos(
    row: int,
    form: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    kept: Photos,
    errors: Errors,
    largest_bytes: int,
) -> tuple[bytes, ...]:
    place = f"materials.{row}"
    dropped = set(form.getlist(f"{place}.drop"))
    before = kept.get(row, ())
    photos = [photo for number, photo in enumerate(before) if str(number) not in dropped]
    if form.get(f"{place}.kept", "0") not in ("", str(len(before))):
        errors[place] = "原来的照片没有保留住，请重新拍照或选择"
    for number, file in enumerate(files.getlist(f"{place}.photos"), start=1):
        content = file.read()
        if not content and not file.filename:
            continue
        # What a file is called says little; what it is, its content says.
        problem = photo_problem(content, "", largest_bytes=largest_bytes)
        if problem:
            errors[place] = f"新选的第 {number} 张：{problem}"
        else:
            photos.append(content)
    return tuple(photos)


def _kind(row: int, form: Mapping[str, str]) -> str:
    kind = form.get(f"materials.{row}.kind", "")
    return kind if kind in KINDS else ""


def _copies(row: int, form: Mapping[str, str], errors: Errors) -> int:
    text = form.get(f"materials.{row}.copies", "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_COPIES)) and int(text) > 0):
        errors[f"materials.{row}.copies"] = f"份数应为 1 到 {_MOST_COPIES} 的整数"
        return 0
    return int(text)


def _confirmed(text: str, errors: Errors) -> int | None:
    """The time the agent reads off another clock, as `datetime-local` sends it; None when nothing was filled in."""
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return int(moment.replace(tzinfo=BEIJING).timestamp() * 1000)
    except (ValueError, OverflowError):
        errors[CONFIRMED] = "日期或时间格式不对，应如 2025-07-31 15:04"
        return None
