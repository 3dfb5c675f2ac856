"""The papers of a form: which were handed in, as what, how many, and their photos, new and kept.

Must not know: what the papers are handed in for, routes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from edge_node.desk.taken_as import material, usual
from edge_node.messages import _
from edge_node.services.prepare_application import Material
from sync.casework.look_at_photo import photo_problem
from sync.casework.show_items import ASKED_FOR
from sync.records.items import Material as Wanted
from sync.records.typed_text import narrow_number
from sync.typed import Value

_MOST_COPIES = 99

Errors = dict[str, str]
Photos = Mapping[int, tuple[bytes, ...]]
ShownPhoto = tuple[str, str]  # its address, and what names it in the form
Shown = Mapping[int, Sequence[ShownPhoto]]


class Papers(Value):
    """The papers of a form as they came.

    materials  those handed in;  rows, of each, which of the papers asked for it is
    photos     {paper asked for: its photos}, kept and new, those that are photos
    errors     what the form itself gets wrong, by the name of the input
    """

    materials: tuple[Material, ...]
    rows: tuple[int, ...]
    photos: Photos
    errors: Errors

    @property
    def content(self) -> list[Any]:
        """What was handed in, without the photos' bytes: the same for the same papers sent again."""
        return [
            [
                one.name,
                one.kind,
                one.compared,
                one.copies,
                [hashlib.sha256(photo.content).hexdigest() for photo in one.photos],
            ]
            for one in self.materials
        ]

    @property
    def got(self) -> dict[str, str]:
        """The values that say which papers were handed in, be it by their photos alone."""
        return {f"materials.{row}.got": "yes" for row in self.rows}

    def place(self, name: str) -> str:
        """Where a problem stands on the form: materials.<of those handed in>… is materials.<of those asked for>."""
        parts = name.split(".")
        if parts[0] == "materials" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(self.rows):
            return f"materials.{self.rows[int(parts[1])]}"
        return name


def read_papers(
    names: Iterable[str],
    form: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    kept: Photos,
    *,
    largest_photo_bytes: int,
) -> Papers:
    """Read what was sent; `kept` are the photos that a form sent before already brought."""
    errors: Errors = {}
    materials: list[Material] = []
    rows: list[int] = []
    photos: dict[int, tuple[bytes, ...]] = {}
    for row, name in enumerate(names):
        place = f"materials.{row}"
        photos[row] = photos_at(place, form, files, kept.get(row, ()), errors, largest_photo_bytes)
        if photos[row] or form.get(f"materials.{row}.got"):
            choice = form.get(f"{place}.kind", "")
            materials.append(material(name, photos[row], choice, _copies(row, form, errors)))
            rows.append(row)
    return Papers(tuple(materials), tuple(rows), photos, errors)


def usual_values(asked_for: Sequence[Wanted], *, by_telephone: bool = False) -> dict[str, str]:
    """The values a form begins with."""
    values: dict[str, str] = {}
    for row, wanted in enumerate(asked_for):
        kind = usual(wanted, by_telephone=by_telephone)
        values |= {f"materials.{row}.kind": kind, f"materials.{row}.copies": "1"}
    return values


def drawn_papers(asked_for: Sequence[Wanted], values: Mapping[str, str], photos: Shown) -> list[dict[str, Any]]:
    """The papers as the template draws them; `photos` are those that are here already."""
    return [_drawn(row, wanted, values, photos.get(row, ())) for row, wanted in enumerate(asked_for)]


def paper_labels(asked_for: Sequence[Wanted]) -> dict[str, str]:
    """What the inputs of the papers are called above a form that came back."""
    labels = {"materials": _("Materials")}
    for row, wanted in enumerate(asked_for):
        labels |= {f"materials.{row}": wanted.name, f"materials.{row}.copies": wanted.name}
    return labels


def _drawn(row: int, wanted: Wanted, values: Mapping[str, str], kept: Sequence[ShownPhoto]) -> dict[str, Any]:
    name = f"materials.{row}"
    return {
        "name": name,
        "label": wanted.name,
        "required": wanted.required,
        "may_follow": wanted.may_follow,
        "asked_for": ASKED_FOR[wanted.copies],
        "got": bool(values.get(f"{name}.got") or kept),
        "kind": values.get(f"{name}.kind", ""),
        "copies": values.get(f"{name}.copies", ""),
        "kept": kept,
    }


def photos_at(
    place: str,
    form: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    before: Sequence[bytes],
    errors: Errors,
    largest_bytes: int,
) -> tuple[bytes, ...]:
    """The photos of a paper, by the name of its inputs: those kept before that were not dropped, and those chosen."""
    dropped = set(form.getlist(f"{place}.drop"))
    photos = [photo for number, photo in enumerate(before) if str(number) not in dropped]
    if form.get(f"{place}.kept", "0") not in ("", str(len(before))):
        errors[place] = _("The photos of before were not kept, please take or choose them again")
    return (*photos, *new_photos(place, files, errors, largest_bytes))


def new_photos(place: str, files: MultiDict[str, FileStorage], errors: Errors, largest_bytes: int) -> tuple[bytes, ...]:
    """The photos chosen for a paper, by the name of its inputs; what is none is named in `errors`."""
    photos = []
    for number, content in chosen(place, files):
        # What a file is called says little; what it is, its content says.
        problem = photo_problem(content, "", largest_bytes=largest_bytes)
        if problem:
            errors[place] = _("Photo %(number)s just chosen: %(problem)s", number=number, problem=problem)
        else:
            photos.append(content)
    return tuple(photos)


def chosen(place: str, files: MultiDict[str, FileStorage]) -> Iterator[tuple[int, bytes]]:
    """The files chosen for a paper, numbered from 1; an input where none was chosen sends an empty one without name."""
    for number, file in enumerate(files.getlist(f"{place}.photos"), start=1):
        file.seek(0)
        content = file.read()
        if content or file.filename:
            yield number, content


def _copies(row: int, form: MultiDict[str, str], errors: Errors) -> int:
    text = narrow_number(form.get(f"materials.{row}.copies", ""))
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_COPIES)) and int(text) > 0):
        errors[f"materials.{row}.copies"] = _("Copies have to be a whole number from 1 to %(most)s", most=_MOST_COPIES)
        return 0
    return int(text)
