"""What is wrong with an application, all of it at once (一次性告知), by the item it is for.

Must not know: where items come from, how an application came here, clocks (whoever asks says what day it is).
"""

from collections.abc import Collection, Mapping
from datetime import date

from sync.messages import _
from sync.records.applicant_paper import asked_with
from sync.records.form import field_problems
from sync.records.items import Item
from sync.records.own_application import own_application_problems
from sync.typed import Value

MAX_PHOTO_BYTES = 5 * 1024 * 1024  # a phone's untouched photo; the desk's own are 150 to 300 kB
MAX_PHOTOS = 20  # per material; a household register has 16 pages


class Handed(Value):
    """A material as it was handed in: `photo_sizes` in bytes, none when only the paper was seen."""

    name: str
    photo_sizes: tuple[int, ...] = ()


def check_application(
    item: Item,
    fields: Mapping[str, object],
    materials: Collection[Handed],
    *,
    today: date,
    incomplete: bool = False,
) -> list[tuple[str, str]]:
    """Say everything that is wrong with an application, at once (一次性告知).

    fields     {field name: text}; an empty text counts as not filled in
    materials  those handed in; one that may follow (容缺) may be left out
    today      for birth dates
    incomplete  papers may be missing: it is taken all the same, and what is missing is told with it
    returns    (`fields.<name>` or `materials`, a sentence for whoever stands at the desk, which repeats no
               value); [] when all is well
    """
    known = {field.name for field in item.fields}
    problems = [
        (f"fields.{name[:20]}", _("The item has no field “%(name)s”", name=name[:20]))
        for name in fields
        if name not in known
    ]
    for field in item.fields:
        asked = asked_with(field, fields)
        problems += ((f"fields.{field.name}", said) for said in field_problems(asked, fields.get(field.name), today))
    told = {name: fields.get(name) for name in known}
    problems += ((f"fields.{name}", said) for name, said in own_application_problems(told, today))
    return [*problems, *(("materials", said) for said in _material_problems(item, materials, incomplete))]


def _material_problems(item: Item, materials: Collection[Handed], incomplete: bool) -> list[str]:
    known = {material.name for material in item.materials}
    handed = {material.name for material in materials}
    problems = [_("The item needs no “%(material)s”", material=name[:20]) for name in sorted(handed - known)]
    for material in item.materials:
        if material.required and material.name not in handed and not incomplete:
            problems.append(_("A material is missing: %(material)s", material=material.name))
    if len(materials) > len(handed):
        problems.append(_("The same material was handed in twice; make it one"))
    for one in materials:
        problems += _photo_problems(one)
    return problems


def _photo_problems(material: Handed) -> list[str]:
    problems = []
    if len(material.photo_sizes) > MAX_PHOTOS:
        problems.append(_("%(material)s has more than %(most)s photos", material=material.name, most=MAX_PHOTOS))
    if any(size > MAX_PHOTO_BYTES for size in material.photo_sizes):
        megabytes = MAX_PHOTO_BYTES // 1024 // 1024
        problems.append(
            _("%(material)s has a photo of more than %(megabytes)s MB", material=material.name, megabytes=megabytes)
        )
    if any(size <= 0 for size in material.photo_sizes):
        problems.append(_("%(material)s has a photo that is empty", material=material.name))
    return problems
