"""What citizens can apply for here, as a list and one by one.

Must not know: where the catalogue came from.
"""

from collections.abc import Mapping
from typing import Any

from sync.errors import NotFound
from sync.records.catalogue import Item, Limit, Material
from sync.records.form import Field


def list_items(items: Mapping[str, Item]) -> dict[str, Any]:
    """Every item in short, by code: {"items": [...]}."""
    return {"items": [_summary(items[code]) for code in sorted(items)]}


def show_item(items: Mapping[str, Item], code: str) -> dict[str, Any]:
    """One item with its materials and its form; raises NotFound."""
    if code not in items:
        raise NotFound("目录中没有这个事项")
    item = items[code]
    return {
        **_summary(item),
        "materials": [_material(material) for material in item.materials],
        "fields": [_field(field) for field in item.fields],
    }


def _summary(item: Item) -> dict[str, Any]:
    return {
        "code": item.code,
        "version": item.version,
        "name": item.name,
        "department": item.department,
        "subjects": item.subjects,
        "village_role": item.village_role.value,
        "decides": item.decides.label,
        "statutory": _limit(item.statutory),
        "promise": _limit(item.promise),
        "on_the_spot": item.on_the_spot,
        "notice": item.notice,
    }


def _limit(limit: Limit | None) -> str:
    return limit.label if limit else ""


def _material(material: Material) -> dict[str, Any]:
    return {
        "name": material.name,
        "required": material.required,
        "may_follow": material.may_follow,
        "necessity": material.necessity.value,
        "copies": material.copies.value,
    }


def _field(field: Field) -> dict[str, Any]:
    told = {
        "name": field.name,
        "label": field.label,
        "kind": field.kind,
        "required": field.required,
        "max_length": field.max_length,
    }
    return {**told, "choices": list(field.choices)} if field.choices else told
