"""What is applied for at one sitting: an item, or a 一件事 with several; what they share is asked for once.

A field that two items call alike and ask alike is one field; one they call alike and mean otherwise stands twice,
the second under the code of its item. A paper is one paper, asked for as strictly as the strictest of them does.

Must not know: who asks, how anything is stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from edge_node.services.prepare_application import Application
from sync.errors import NotFound
from sync.node.catalogue import Catalogue
from sync.records.form import Field
from sync.records.items import Bundle, Copies, Guide, Item, ItemState, Necessity
from sync.records.items import Material as Wanted

ITEM, BUNDLE = "item", "bundle"
_STRICTNESS = (Necessity.OPTIONAL, Necessity.LATER, Necessity.REQUIRED)


@dataclass(frozen=True, slots=True)
class Matter:
    """What is applied for.

    kind   `ITEM` or `BUNDLE`;  code, of that
    items  what belongs to it, one or several;  takes_cases, whether it may be applied for now
    fields, materials  of all of them, each once;  keys, {(item, its field): the field here}
    """

    kind: str
    code: str
    name: str
    items: tuple[Item, ...]
    takes_cases: bool
    fields: tuple[Field, ...]
    materials: tuple[Wanted, ...]
    keys: Mapping[tuple[str, str], str]
    guide: Guide
    notice: str

    def applications(self, whole: Application) -> tuple[Application, ...]:
        """What was filled in and handed in, item by item; the fields of `whole` bear the names they have here."""
        return tuple(self._part(item, whole) for item in self.items)

    def _part(self, item: Item, whole: Application) -> Application:
        wanted = {material.name for material in item.materials}
        given = {field.name: self.keys[item.code, field.name] for field in item.fields}
        return replace(
            whole,
            item=item.code,
            fields={name: whole.fields[key] for name, key in given.items() if key in whole.fields},
            materials=tuple(one for one in whole.materials if one.name in wanted),
            prefilled=tuple(name for name, key in given.items() if key in whole.prefilled),
        )

    def strange(self, whole: Application) -> list[tuple[str, str]]:
        """Fields and papers that none of the items asks for: (place, sentence)."""
        fields, papers = {field.name for field in self.fields}, {material.name for material in self.materials}
        return [
            *((f"fields.{name[:20]}", f"本事项没有“{name[:20]}”这一项") for name in whole.fields if name not in fields),
            *(("materials", f"本事项不需要材料“{one.name[:20]}”") for one in whole.materials if one.name not in papers),
        ]


def matter_of(catalogue: Catalogue, kind: str, code: str) -> Matter:
    """What stands in the catalogue under a code; raises NotFound."""
    if kind == BUNDLE:
        bundle = catalogue.bundles().get(code)
        if bundle is None:
            raise NotFound("目录中没有这个一件事")
        return _of_bundle(bundle, catalogue.items())
    item = catalogue.items().get(code)
    if item is None:
        raise NotFound("目录中没有这个事项")
    return _of_item(item)


def _of_item(item: Item) -> Matter:
    keys = {(item.code, field.name): field.name for field in item.fields}
    return Matter(
        ITEM,
        item.code,
        item.name,
        (item,),
        item.takes_cases,
        item.fields,
        item.materials,
        keys,
        item.guide,
        item.notice,
    )


def _of_bundle(bundle: Bundle, items: Mapping[str, Item]) -> Matter:
    lacking = [code for code in bundle.items if code not in items]
    parts = tuple(items[code] for code in bundle.items if code in items)
    keys: dict[tuple[str, str], str] = {}
    fields: dict[str, Field] = {}
    for item in parts:
        for field in item.fields:
            keys[item.code, field.name] = _add_field(fields, item, field)
    takes = bundle.state is ItemState.IN_USE and not lacking and all(item.takes_cases for item in parts)
    return Matter(
        BUNDLE,
        bundle.code,
        bundle.name,
        parts,
        takes and bool(parts),
        tuple(fields.values()),
        _shared_papers(parts),
        keys,
        bundle.guide,
        bundle.notice,
    )


def _add_field(fields: dict[str, Field], item: Item, field: Field) -> str:
    known = fields.get(field.name)
    if known is None or (known.label, known.kind, known.choices) == (field.label, field.kind, field.choices):
        name = field.name
    else:
        name = f"{item.code}.{field.name}"
        known = fields.get(name)
    fields[name] = replace(
        field,
        name=name,
        required=field.required or (known is not None and known.required),
        max_length=min(field.max_length, known.max_length) if known is not None else field.max_length,
    )
    return name


def _shared_papers(items: Iterable[Item]) -> tuple[Wanted, ...]:
    papers: dict[str, Wanted] = {}
    for material in (material for item in items for material in item.materials):
        known = papers.get(material.name, material)
        papers[material.name] = replace(
            known,
            necessity=max(known.necessity, material.necessity, key=_STRICTNESS.index),
            copies=known.copies if known.copies is material.copies else Copies.BOTH,
            note=known.note or material.note,
        )
    return tuple(papers.values())
