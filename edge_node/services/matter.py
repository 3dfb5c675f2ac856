"""What is applied for at one sitting: an item, or a 一件事 with several; what they share is asked for once.

A field that two items call alike and ask alike is one field; one they call alike and mean otherwise stands twice,
the second under the code of its item. What a 一件事 says is one fact is one field, whatever its items call it. A paper
is one paper, asked for as strictly as the strictest of them does.

Must not know: who asks, how anything is stored.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from edge_node.messages import _
from edge_node.services.prepare_application import Application
from sync.errors import NotFound
from sync.messages import N_
from sync.node.catalogue import Catalogue
from sync.records.form import Field
from sync.records.items import Bundle, Copies, Guide, Item, ItemState, Necessity, Situation
from sync.records.items import Material as Wanted
from sync.records.situations import Answers, situated
from sync.typed import Value, field, replace

ITEM, BUNDLE = "item", "bundle"
NO_ANSWERS: Answers = MappingProxyType({})
_NO_QUESTION = N_("The item does not ask this about the situation")
_STRICTNESS = (Necessity.OPTIONAL, Necessity.LATER, Necessity.REQUIRED)


class Matter(Value):
    """What is applied for.

    kind   `ITEM` or `BUNDLE`;  code, of that
    items  what belongs to it, one or several, as the catalogue has them
    takes_cases  whether it may be applied for now
    fields, materials  of all of them, each once, as they are asked for in somebody's situation
    keys   {(item, its field): the field here}
    situations  {name here: the question}, of all of them
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
    situations: Mapping[str, Situation] = field(default_factory=dict)

    @property
    def paper_names(self) -> list[str]:
        """The names of its materials, in their order."""
        return [wanted.name for wanted in self.materials]

    def applications(self, whole: Application) -> tuple[Application, ...]:
        """What was filled in and handed in, item by item; the fields of `whole` bear the names they have here."""
        return tuple(self._part(item, whole) for item in self.items)

    def _part(self, item: Item, whole: Application) -> Application:
        answers = self._answers(item, whole.situations)
        wanted = {material.name for material in situated(item, answers).materials}
        given = {name: key for (code, name), key in self.keys.items() if code == item.code}
        return replace(
            whole,
            item=item.code,
            fields={name: whole.fields[key] for name, key in given.items() if key in whole.fields},
            materials=tuple(one for one in whole.materials if one.name in wanted),
            prefilled=tuple(name for name, key in given.items() if key in whole.prefilled),
            situations=answers,
        )

    def _answers(self, item: Item, answers: Answers) -> Answers:
        keys = {one.name: self.situation_key(item.code, one.name) for one in item.situations}
        return {name: answers[key] for name, key in keys.items() if key in answers}

    def situation_key(self, item: str, name: str) -> str:
        """What a question of an item is called here."""
        return name if self.kind == ITEM else f"{item}.{name}"

    def as_asked(self, item: Item) -> Item:
        """One of its items with its fields called as they are here, so that what is wrong is said in these words."""
        here = {one.name: one for one in self.fields}
        asked = {one.name: here.get(self.keys.get((item.code, one.name), "")) for one in item.fields}
        fields = [
            replace(one, label=shown.label, choices=shown.choices) if (shown := asked[one.name]) else one
            for one in item.fields
        ]
        return replace(item, fields=tuple(fields))

    def strange(self, whole: Application) -> list[tuple[str, str]]:
        """Fields and papers that none of the items asks for: (place, sentence)."""
        fields, papers = {field.name for field in self.fields}, {material.name for material in self.materials}
        return [
            *(
                (f"fields.{name[:20]}", _("The item has no field “%(name)s”", name=name[:20]))
                for name in whole.fields
                if name not in fields
            ),
            *(
                ("materials", _("The item needs no material “%(name)s”", name=one.name[:20]))
                for one in whole.materials
                if one.name not in papers
            ),
            *((f"situations.{key[:40]}", _(_NO_QUESTION)) for key in whole.situations if key not in self.situations),
        ]


def matter_of(catalogue: Catalogue, kind: str, code: str, answers: Answers = NO_ANSWERS) -> Matter:
    """What stands in the catalogue under a code, as it is for somebody with these answers; raises NotFound.

    answers  {name of the question, of a 一件事 with its item's code and a dot in front: name of the answer}
    """
    if kind == BUNDLE:
        bundle = catalogue.bundles().get(code)
        if bundle is None:
            raise NotFound(_("The catalogue has no such bundle"))
        return _of_bundle(bundle, catalogue.items(), answers)
    item = catalogue.items().get(code)
    if item is None:
        raise NotFound(_("The catalogue has no such item"))
    return _of_item(item, answers)


def _of_item(item: Item, answers: Answers) -> Matter:
    asked = situated(item, answers)
    return Matter(
        ITEM,
        item.code,
        item.name,
        (item,),
        item.takes_cases,
        asked.fields,
        asked.materials,
        {(item.code, field.name): field.name for field in asked.fields},
        item.guide,
        item.notice,
        {one.name: one for one in item.situations},
    )


def _of_bundle(bundle: Bundle, items: Mapping[str, Item], answers: Answers) -> Matter:
    lacking = [code for code in bundle.items if code not in items]
    parts = tuple(items[code] for code in bundle.items if code in items)
    asked = tuple(situated(item, _of_part(item.code, answers)) for item in parts)
    keys: dict[tuple[str, str], str] = {}
    fields: dict[str, Field] = {}
    same = {(code, name): called for code, name, called in bundle.same}
    every = [(item, one) for item in asked for one in item.fields]
    for item, one in every:
        if (item.code, one.name) not in same:
            keys[item.code, one.name] = _add_field(fields, item, one)
    for item, one in every:
        if called := same.get((item.code, one.name)):
            keys[item.code, one.name] = _join_field(fields, item, one, called)
    takes = bundle.state is ItemState.IN_USE and not lacking and all(item.takes_cases for item in parts)
    return Matter(
        BUNDLE,
        bundle.code,
        bundle.name,
        parts,
        takes and bool(parts),
        tuple(fields.values()),
        _shared_papers(asked),
        keys,
        bundle.guide,
        bundle.notice,
        {f"{item.code}.{one.name}": one for item in parts for one in item.situations},
    )


def _of_part(code: str, answers: Answers) -> Answers:
    beginning = f"{code}."
    return {key.removeprefix(beginning): one for key, one in answers.items() if key.startswith(beginning)}


def _add_field(fields: dict[str, Field], item: Item, field: Field) -> str:
    called_so = [name for name in fields if name.rpartition(".")[2] == field.name]
    alike = [name for name in called_so if fields[name].asks_as(field)]
    name = alike[0] if alike else f"{item.code}.{field.name}" if called_so else field.name
    known = fields.get(name)
    fields[name] = replace(
        field,
        name=name,
        required=field.required or (known is not None and known.required),
        max_length=min(field.max_length, known.max_length) if known is not None else field.max_length,
    )
    return name


def _join_field(fields: dict[str, Field], item: Item, field: Field, called: str) -> str:
    """Ask for one fact once, under the name that the other item has for it, and so that the answer does for both."""
    known = fields.get(called)
    choices = tuple(one for one in known.choices if one in field.choices) if known else ()
    if known is None or known.kind != field.kind or (field.choices and not choices):
        return _add_field(fields, item, field)  # in this situation the other item does not ask, or asks for another
    fields[called] = replace(
        known,
        required=known.required or field.required,
        max_length=min(known.max_length, field.max_length),
        choices=choices,
    )
    return called


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
