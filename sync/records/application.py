"""What is wrong with an application, all of it at once (一次性告知), by the item it is for.

Must not know: where items come from, how an application came here, clocks (whoever asks says what day it is).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sync.records.form import field_problems
from sync.records.items import Item

MAX_PHOTO_BYTES = 5 * 1024 * 1024  # a phone's untouched photo; the desk's own are 150 to 300 kB
MAX_PHOTOS = 20  # per material; a household register has 16 pages


@dataclass(frozen=True, slots=True)
class Handed:
    """A material as it was handed in: `photo_sizes` in bytes, none when only the paper was seen."""

    name: str
    photo_sizes: tuple[int, ...] = ()


def check_application(
    item: Item, fields: Mapping[str, object], materials: Collection[Handed], *, today: date
) -> list[tuple[str, str]]:
    """Say everything that is wrong with an application, at once (一次性告知).

    fields     {field name: text}; an empty text counts as not filled in
    materials  those handed in; one that may follow (容缺) may be left out
    today      for birth dates
    returns    (`fields.<name>` or `materials`, a sentence in Chinese for whoever stands at the desk, which repeats no
               value); [] when all is well
    """
    known = {field.name for field in item.fields}
    problems = [(f"fields.{name[:20]}", f"本事项没有“{name[:20]}”这一项") for name in fields if name not in known]
    for field in item.fields:
        problems += ((f"fields.{field.name}", said) for said in field_problems(field, fields.get(field.name), today))
    return [*problems, *(("materials", said) for said in _material_problems(item, materials))]


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
