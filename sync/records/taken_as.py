"""A material as it was taken: what of it stays at the station, and whether its original was compared (已核原件).

    original  the original stays        copy  a copy stays        photo  no paper stays: it was shown, or photographed

Whoever compared it, and when, is whoever took it: the event says so. A case of before says nothing of comparing.
Paper that was left once more (after a 补正) is counted, for the rest may look the same as before: `times`, from 2.

Must not know: which materials an item asks for, where papers are.
"""

from collections.abc import Mapping
from typing import Any

from sync.messages import N_, _

ORIGINAL, COPY, PHOTO = "original", "copy", "photo"
KINDS = (ORIGINAL, COPY, PHOTO)
COMPARED = "compared"
_TIMES = "times"

_NAMES = {ORIGINAL: N_("original"), COPY: N_("copy"), PHOTO: N_("photo")}
_NAMES_COMPARED = {
    ORIGINAL: N_("original, looked over"),
    COPY: N_("copy, compared with the original"),
    PHOTO: N_("original compared and handed back"),
    "": N_("original compared"),
}


def is_compared(material: Mapping[str, Any]) -> bool:
    """Whether its original was seen and compared."""
    return material.get(COMPARED) is True


def taken_as(material: Mapping[str, Any]) -> str:
    """How it was taken, in words; "" where nobody said."""
    kind = str(material.get("kind", ""))
    names = _NAMES_COMPARED if is_compared(material) else _NAMES
    return _(names[kind]) if kind in names else kind


def stays(material: Mapping[str, Any]) -> bool:
    """Whether paper of it was left at the station; what is on file of an earlier case was not brought again."""
    kind = material.get("kind", "")
    return kind != PHOTO and bool(kind or not material.get("on_file"))


def times_left(material: Mapping[str, Any]) -> int:
    """How often paper of it was left at the station, as far as cases of before say; 0 where none stayed."""
    times = material.get(_TIMES)
    return (times if type(times) is int and times > 1 else 1) if stays(material) else 0


def joined(before: Mapping[str, Any], brought: Mapping[str, Any]) -> dict[str, Any]:
    """A material of which more was brought, without its photos: what stayed of it before has not gone."""
    times = times_left(before) + times_left(brought)
    again = {_TIMES: times} if times_left(brought) and times > 1 else {}
    return {**_joined(before, brought), **again}


def _joined(before: Mapping[str, Any], brought: Mapping[str, Any]) -> dict[str, Any]:
    kind = brought.get("kind", "")
    if kind not in (ORIGINAL, COPY):
        seen = {COMPARED: True} if is_compared(brought) else {}
        told = {name: value for name, value in brought.items() if name not in ("kind", "copies") or not stays(before)}
        return {**before, **told, **seen}
    return {**{name: value for name, value in before.items() if name != COMPARED}, **brought}
