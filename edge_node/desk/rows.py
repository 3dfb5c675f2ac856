"""Which paper the inputs of a form are of: a page numbers its papers as they stood when it was drawn.

By the time it is sent the catalogue may be another one, or other answers may ask for other papers. A page says of each
row which paper it is, and what was sent goes to that paper, wherever it stands now.

    materials.<row>.name  the paper of a row

Must not know: what is kept of a paper, routes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from werkzeug.datastructures import FileStorage, MultiDict

_Sent = TypeVar("_Sent")
_INPUT = re.compile(r"(materials\.[0-9]{1,3})(\..*)?")


def page_places(names: Sequence[str], form: Mapping[str, str]) -> dict[str, str]:
    """{place of a paper now: its place on the page}, of those asked for that are there; as now where a page says none.

    names  of the papers asked for, in their order
    """
    now = {name: f"materials.{row}" for row, name in enumerate(names)}
    told = _told(form)
    if not told:
        return {place: place for place in now.values()}
    return {now[name]: place for place, name in told.items() if name in now}


def in_rows(names: Sequence[str], form: Mapping[str, str], sent: MultiDict[str, _Sent]) -> MultiDict[str, _Sent]:
    """What was sent, by the rows of the papers as they stand now, without what is of a paper not asked for any more.

    sent  the form itself, or its files
    """
    rows = {place: now for now, place in page_places(names, form).items()}
    moved: list[tuple[str, _Sent]] = []
    for name, value in sent.items(multi=True):
        place = _INPUT.fullmatch(name)
        if place is None:
            moved.append((name, value))
        elif place[1] in rows:
            moved.append((rows[place[1]] + (place[2] or ""), value))
    return MultiDict(moved)


def photos_of_none(names: Sequence[str], form: Mapping[str, str], files: MultiDict[str, FileStorage]) -> dict[str, str]:
    """{place on the page: paper} of those with photos chosen that are not asked for any more."""
    return {
        place: name
        for place, name in _told(form).items()
        if name not in names and any(file.filename for file in files.getlist(f"{place}.photos"))
    }


def ticked_of_none(names: Sequence[str], form: Mapping[str, str]) -> list[str]:
    """The papers ticked as received that are not asked for any more."""
    return [name for place, name in _told(form).items() if name not in names and form.get(f"{place}.got")]


def _told(form: Mapping[str, str]) -> dict[str, str]:
    places = {name: _INPUT.fullmatch(name) for name in form}
    return {place[1]: form[name] for name, place in places.items() if place is not None and place[2] == ".name"}
