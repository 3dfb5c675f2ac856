"""What citizens can apply for here: as a list, one by one with its guide, and 一件事 with what belongs to it.

Must not know: where the catalogue came from.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sync.errors import NotFound
from sync.messages import N_, _, pgettext
from sync.node.catalogue import Catalogue
from sync.records.form import Field
from sync.records.items import (
    Answer,
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
    Situation,
    Source,
    VillageRole,
)
from sync.records.row_headings import CODES, GUIDE

MOST_ITEMS = 200
MOST_COMMON = 24  # on a first page that is to be read at a glance
# What screens call what an item asks of the village, and as what a paper is to be handed in; messages.
VILLAGE_ROLES = {
    VillageRole.FINISHES.value: N_("settled here"),
    VillageRole.ACCEPTS.value: N_("accepted here"),
    VillageRole.CARRIES.value: N_("carried on for the citizen"),
    VillageRole.ASSISTS.value: N_("assisted (inquiries, collecting)"),
    VillageRole.INFORMS.value: N_("informed about"),
}
ASKED_FOR = CODES[Copies]
_MARKS = {
    Mark.NATIONAL: N_("national rule"),
    Mark.PLACE: N_("practice of one place"),
    Mark.DEFAULT: N_("default of this system, configurable"),
}
_OFFLINE = {
    Offline.FULL: N_("Can be received without a network and is sent up by itself once there is a link"),
    Offline.CHECK: N_("Can be received without a network; the centre has to check it before the result"),
    Offline.INFORM: N_("Without a network only help and advice"),
}
NO_ITEMS: Mapping[str, Item] = MappingProxyType({})
_NOT_ASKED = N_("need not be handed in")
_FILLED = {True: N_("has to be filled in"), False: N_("may be left empty"), None: N_("need not be filled in")}


def list_items(catalogue: Catalogue, *, cursor: str = "", limit: int = MOST_ITEMS) -> dict[str, Any]:
    """A page of the items that take cases, in short, by code: {"items": [...], "next": cursor or None}.

    cursor  the code after which the page begins; "" for the first
    """
    items = catalogue.items()
    codes = [code for code, label in catalogue.labels().items() if code > cursor and label.state == ItemState.IN_USE]
    page = codes[:limit]
    return {"items": [_summary(items[code]) for code in page], "next": page[-1] if len(codes) > limit else None}


def page_by_department(catalogue: Catalogue, *, cursor: str, limit: int) -> dict[str, Any]:
    """What a page of the list shows: {"departments": {name: items in short}, "bundles", "next", "is_first"}.

    cursor  as `list_items` has it; 一件事 stand on the first page alone
    """
    page = list_items(catalogue, cursor=cursor, limit=limit)
    departments: dict[str, list[dict[str, Any]]] = {}
    for one in page["items"]:
        departments.setdefault(one["department"], []).append(one)
    return {
        "departments": departments,
        "bundles": [] if cursor else list_bundles(catalogue),
        "next": page["next"],
        "is_first": not cursor,
    }


def common_items(catalogue: Catalogue) -> list[dict[str, Any]]:
    """The items of the first page, in short; where none is marked so, the first ones."""
    items = catalogue.items()
    takes = [code for code, label in catalogue.labels().items() if label.state == ItemState.IN_USE]
    common = [code for code in takes if catalogue.labels()[code].common]
    return [_summary(items[code]) for code in (common or takes)[:MOST_COMMON]]


def summaries(catalogue: Catalogue, codes: Iterable[str]) -> list[dict[str, Any]]:
    """Items in short, in this order; those that are not in the catalogue are left out."""
    items = catalogue.items()
    return [_summary(items[code]) for code in codes if code in items]


def page_of_bundles(catalogue: Catalogue, *, cursor: str = "", limit: int = MOST_ITEMS) -> dict[str, Any]:
    """A page of `list_bundles`: {"bundles": [...], "next": cursor or None}.

    cursor  the code after which the page begins; "" for the first
    """
    bundles = [one for one in list_bundles(catalogue) if one["code"] > cursor]
    page = bundles[:limit]
    return {"bundles": page, "next": page[-1]["code"] if len(bundles) > limit else None}


def list_bundles(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Every 一件事 in force, with its items in short; `withdrawn`, those of them for which it takes no cases now."""
    return [
        _bundle(bundle, catalogue.items())
        for _code, bundle in sorted(catalogue.bundles().items())
        if bundle.state is ItemState.IN_USE
    ]


def show_item(items: Mapping[str, Item], code: str) -> dict[str, Any]:
    """One item with its materials, its form and its guide; raises NotFound."""
    if code not in items:
        raise NotFound(_("The catalogue has no such item"))
    return describe_item(items[code], items)


def describe_item(item: Item, items: Mapping[str, Item] = NO_ITEMS) -> dict[str, Any]:
    """An item as `show_item` tells it; items, the catalogue, for what other items are called."""
    return {
        **_summary(item),
        "materials": [describe_material(material) for material in item.materials],
        "fields": [_field(field) for field in item.fields],
        "guide": _guide(item.guide),
        "special": [{"name": one.name, "days": one.days.label} for one in item.special],
        "situations": [_situation(one, item, items) for one in item.situations],
        "decided_by": item.decided_by,
        "offline": item.offline.value,
        "offline_text": _(_OFFLINE[item.offline]),
        "mark": item.mark.value,
        "mark_text": _(_MARKS[item.mark]),
    }


def _summary(item: Item) -> dict[str, Any]:
    return {
        "code": item.code,
        "version": item.version,
        "name": item.name,
        "department": item.department,
        "subjects": item.subjects,
        "least_age": item.least_age,
        "village_role": item.village_role.value,
        "decides": item.decides.label,
        "statutory": _limit(item.statutory),
        "promise": _limit(item.promise),
        "on_the_spot": item.on_the_spot,
        "takes_cases": item.takes_cases,
        "topics": list(item.topics),
        "words": list(item.words),
        "notice": item.notice,
    }


def _bundle(bundle: Bundle, items: Mapping[str, Item]) -> dict[str, Any]:
    return {
        "code": bundle.code,
        "version": bundle.version,
        "name": bundle.name,
        "lead": bundle.lead,
        "mode": "serial" if bundle.is_serial else "parallel",
        "items": [{"code": code, "name": items[code].name} for code in bundle.items if code in items],
        "withdrawn": [
            items[code].name if code in items else code
            for code in bundle.items
            if code not in items or not items[code].takes_cases
        ],
        "same": [{"item": code, "field": name, "asked_as": called} for code, name, called in bundle.same],
        "guide": _guide(bundle.guide),
        "notice": bundle.notice,
    }


def _guide(guide: Guide) -> list[dict[str, str]]:
    told = {name: getattr(guide, name) for name in GUIDE.headings}
    return [{"name": name, "label": _(GUIDE.headings[name]), "text": text} for name, text in told.items() if text]


def _limit(limit: Limit | None) -> str:
    return limit.label if limit else ""


def describe_material(material: Material) -> dict[str, Any]:
    """A material as `show_item` tells it."""
    return {
        "name": material.name,
        "required": material.required,
        "may_follow": material.may_follow,
        "necessity": material.necessity.value,
        "copies": material.copies.value,
        "source": material.source.value,
        "source_text": _(CODES[Source][material.source]),
        "note": material.note,
    }


def _situation(situation: Situation, item: Item, items: Mapping[str, Item]) -> dict[str, Any]:
    return {
        "name": situation.name,
        "question": situation.question,
        "usual": situation.usual,
        "answers": [
            {
                "name": one.name,
                "label": one.label,
                "materials": {name: None if how is None else how.value for name, how in one.materials},
                "fields": dict(one.fields),
                "item": one.item,
                "note": one.note,
                "text": _change(one, item, items),
            }
            for one in situation.answers
        ],
    }


def _change(answer: Answer, item: Item, items: Mapping[str, Item]) -> str:
    """What an answer changes, in words; "" for nothing."""
    if answer.item:
        return _("Apply for “%(item)s”", item=items[answer.item].name if answer.item in items else answer.item)
    papers, fields = dict(answer.materials), dict(answer.fields)
    told = [(one.name, _how_asked(papers[one.name])) for one in item.materials if one.name in papers]
    told += [(one.label, _(_FILLED[fields[one.name]])) for one in item.fields if one.name in fields]
    said = (_("%(name)s %(asked)s", name=name, asked=asked) for name, asked in told)
    return pgettext("between clauses", ", ").join(said)


def _field(field: Field) -> dict[str, Any]:
    told = {
        "name": field.name,
        "label": field.label,
        "kind": field.kind,
        "required": field.required,
        "max_length": field.max_length,
    }
    return {**told, "choices": list(field.choices)} if field.choices else told


def _how_asked(necessity: Necessity | None) -> str:
    return _(CODES[Necessity][necessity]) if necessity else _(_NOT_ASKED)
