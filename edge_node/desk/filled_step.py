"""What a step of the wizard sent, made into what a draft keeps; and what is wrong with a draft, by the inputs' names.

Must not know: routes, templates, where drafts are kept.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from edge_node.desk.agent_inputs import OF_AGENT, agent_labels, agent_of, agent_sent, relation_problems
from edge_node.desk.inputs import short_problem
from edge_node.desk.papers import Errors, usual_values
from edge_node.desk.steps import (
    APPLICANT,
    CONFIRM,
    GUIDE,
    NUMBER_INPUT,
    PAPERS,
    beside,
    fields_at,
    furthest,
    step_of_place,
    steps_of,
)
from edge_node.desk.taken_as import CHOICES as TAKEN
from edge_node.desk.taken_as import material
from edge_node.desk.turns import heard_with
from edge_node.messages import _
from edge_node.services.draft import Draft, Paper, Typed
from edge_node.services.matter import Matter
from edge_node.services.prepare_application import CHANNELS, Application, Material
from edge_node.services.register_applicant import REGISTER
from sync.case_pages.clock import CONFIRMED
from sync.people.card_readings import CardRead
from sync.people_pages.consent_inputs import BEGINNING, consents_sent
from sync.records.agents import agent_problems
from sync.records.applicant_paper import KIND, USUAL
from sync.records.application import Handed, check_application
from sync.records.items import Item
from sync.records.situations import situated, situation_problems
from sync.typed import replace

_MOST_COPIES = 99
_TELEPHONE = "phone"
_PAPER_INPUTS = ("got", "kind", "copies", "on_file")


def typed_at(matter: Matter, step: str, form: Mapping[str, str], typed: Typed) -> Typed:
    """What was typed before, and what a step sent on top of it; as it was, where its page has sent something later.

    Inputs the page calls `left` nobody has touched on it: what is kept of them stands, as another page may have set it.
    """
    heard = heard_with(form, typed.heard)
    if heard is None:
        return typed
    typed = replace(typed, heard=heard)
    steps = steps_of(matter)
    left = frozenset(form.get("left", "").split())
    going_to = beside(steps, step)[1] if form.get("go") == "on" else ""
    typed = replace(typed, reached=furthest(steps, typed.reached, step, going_to))
    if step == GUIDE:
        channel = "" if typed.channel and "channel" in left else form.get("channel", "")
        given = {key: form[f"situations.{key}"] for key in matter.situations if f"situations.{key}" in form}
        stands = {key: answer for key, answer in typed.situations.items() if f"situations.{key}" in left}
        return replace(
            typed,
            channel=channel if channel in CHANNELS else typed.channel or CHANNELS[0],
            situations={**typed.situations, **given, **stands},
        )
    if step == PAPERS:
        return replace(typed, papers={**typed.papers, **_papers(matter, form, left, typed.papers)})
    # Forms send lines with a carriage return, records keep them without.
    sent = {
        field.name: form[f"fields.{field.name}"].replace("\r\n", "\n")
        for field in fields_at(matter, step)
        if f"fields.{field.name}" in form
    }
    stands = {name: text for name, text in typed.fields.items() if f"fields.{name}" in left}
    if step == APPLICANT:
        consents = _as_sent(BEGINNING, consents_sent(form), left, typed.consents)
        typed = replace(typed, consents=consents, agent=_as_sent(OF_AGENT, agent_sent(form), left, typed.agent))
    return replace(typed, fields={**typed.fields, **sent, **stands})


def _as_sent(
    beginning: str, sent: Mapping[str, str], left: Collection[str], before: Mapping[str, str]
) -> dict[str, str]:
    """What inputs that begin alike say now, of those nobody touched what is kept."""
    stands = {name: value for name, value in before.items() if f"{beginning}{name}" in left}
    return {**before, **sent, **stands}


def read_off(typed: Typed, card: CardRead, names: Collection[str]) -> Typed:
    """What was typed before, with what is on a card, of the fields a form has; where one lives now may be elsewhere."""
    identity = {"applicant_name": card.name, "id_number": card.number}
    read = {**identity, KIND: USUAL}
    fields = {**typed.fields, **{name: value for name, value in read.items() if name in names}}
    if "home_address" in names:
        fields["home_address"] = card.address
    if "address" in names and not typed.fields.get("address", "").strip():
        fields["address"] = card.address
    return replace(typed, fields=fields, card=identity)


def values_of(matter: Matter, typed: Typed) -> dict[str, str]:
    """What the inputs of all steps show."""
    values = {f"fields.{field.name}": typed.fields.get(field.name, "") for field in matter.fields}
    channel = typed.channel or CHANNELS[0]
    values |= usual_values(matter.materials, by_telephone=channel == _TELEPHONE) | {"channel": channel}
    for row, wanted in enumerate(matter.materials):
        paper = typed.papers.get(wanted.name)
        if paper is not None:
            got = "yes" if paper.got else ""
            values |= {f"materials.{row}.{name}": one for name, one in _told(paper, got).items()}
    return values


def problems_of(
    matter: Matter, draft: Draft, items: Mapping[str, Item], *, today: date, incomplete: bool = False
) -> Errors:
    """Everything that is wrong with a draft, by the names of the inputs; the first of each input stands.

    items       the catalogue
    incomplete  that papers are missing is nothing wrong
    """
    errors: Errors = {}
    whole = application_of(matter, draft, {})
    labels = {f"fields.{field.name}": field.label for field in matter.fields}
    rows = {
        _("Material missing: %(material)s", material=wanted.name): f"materials.{row}"
        for row, wanted in enumerate(matter.materials)
    }
    for item, part in zip(matter.items, matter.applications(whole), strict=True):
        handed = [
            Handed(one.name, tuple(photo.size for photo in draft.photos.get(one.name, ()))) for one in part.materials
        ]
        # Photos that are too large to be filed are made smaller when they are.
        sizes = [Handed(one.name, tuple(min(size, 1) for size in one.photo_sizes)) for one in handed]
        for name, sentence in situation_problems(item, part.situations, items):
            errors.setdefault(f"situations.{matter.situation_key(item.code, name)}", sentence)
        fitting = situated(matter.as_asked(item), part.situations)
        for place, sentence in check_application(fitting, part.fields, sizes, today=today, incomplete=incomplete):
            name = place.removeprefix("fields.")
            known = matter.keys.get((item.code, name), name)
            place = f"fields.{known}" if place.startswith("fields.") else rows.get(sentence, place)
            errors.setdefault(place, short_problem(sentence, labels.get(place, "")))
        errors |= dict(agent_problems(part.agent, part.fields, today))
    errors |= relation_problems(matter, draft.typed)
    for row, wanted in enumerate(matter.materials):
        copies = draft.typed.papers.get(wanted.name, Paper()).copies.strip()
        if copies and not _number_of(copies):
            errors[f"materials.{row}.copies"] = _(
                "Copies have to be a whole number from 1 to %(most)s", most=_MOST_COPIES
            )
    return errors


def application_of(
    matter: Matter, draft: Draft, photos: Mapping[str, tuple[bytes, ...]], *, confirmed_ms: int | None = None
) -> Application:
    """The application a draft amounts to, with the photos given by paper."""
    typed = draft.typed
    got = [name for name in matter.paper_names if draft.photos.get(name) or is_here(typed.papers.get(name, Paper()))]
    return Application(
        item=matter.code,
        fields={field.name: typed.fields.get(field.name, "") for field in matter.fields},
        materials=tuple(_material(name, typed.papers.get(name, Paper()), draft, photos.get(name, ())) for name in got),
        channel=typed.channel if typed.channel in CHANNELS else CHANNELS[0],
        confirmed_ms=confirmed_ms,
        source=typed.source,
        person=typed.person,
        prefilled=tuple(typed.prefilled),
        situations={key: typed.situations[key] for key in matter.situations if typed.situations.get(key)},
        agent=agent_of(typed),
    )


def is_here(paper: Paper) -> bool:
    """Whether a paper counts as handed in without a new photo."""
    return paper.got or bool(paper.on_file)


def beside_inputs(matter: Matter, draft: Draft, problems: Iterable[tuple[str, str]]) -> Errors:
    """What the service says is wrong, by the inputs' names: it counts the papers handed in, a form those asked for.

    Whoever applies is chosen by his number here.
    """
    handed = [one.name for one in application_of(matter, draft, {}).materials]
    rows = {wanted.name: row for row, wanted in enumerate(matter.materials)}
    errors: Errors = {}
    for name, sentence in problems:
        kind, number, *_rest = [*name.split("."), ""]
        is_paper = kind == "materials" and number.isdigit() and int(number) < len(handed)
        place = NUMBER_INPUT if name == "person" else name
        errors.setdefault(f"materials.{rows[handed[int(number)]]}" if is_paper else place, sentence)
    return errors


def parts_of(matter: Matter, draft: Draft) -> list[tuple[Item, Application]]:
    """Each item of a draft with what is applied for of it, without photos."""
    return list(zip(matter.items, matter.applications(application_of(matter, draft, {})), strict=True))


def labels_of(matter: Matter) -> dict[str, str]:
    """What the inputs are called where they are told of."""
    labels = {f"fields.{field.name}": field.label for field in matter.fields}
    for row, wanted in enumerate(matter.materials):
        labels |= {f"materials.{row}": wanted.name, f"materials.{row}.copies": wanted.name}
    labels |= {f"situations.{key}": one.question for key, one in matter.situations.items()}
    labels |= {"materials": _("Materials"), "item": _("Items"), **agent_labels()}
    return {**labels, CONFIRMED: _("The time now"), REGISTER: _("Registering the applicant")}


def errors_at(matter: Matter, step: str, errors: Errors) -> Errors:
    """Those that stand at a step."""
    own = {f"fields.{field.name}" for field in fields_at(matter, step)}
    return {
        place: sentence for place, sentence in errors.items() if place in own or step_of_place(place) == step != CONFIRM
    }


def _papers(
    matter: Matter, form: Mapping[str, str], left: Collection[str], before: Mapping[str, Paper]
) -> dict[str, Paper]:
    """The papers of a form by name: the catalogue may have changed since its page was drawn."""
    known = {wanted.name for wanted in matter.materials}
    papers = {}
    for row in range(len(form)):
        place = f"materials.{row}"
        name = form.get(f"{place}.name")
        if name is None:
            break
        if name in known:
            kind = form.get(f"{place}.kind", "")
            copies = form.get(f"{place}.copies", "").strip()
            on_file = form.get(f"{place}.on_file", "")
            paper = Paper(bool(form.get(f"{place}.got")), kind if kind in TAKEN else "", copies, on_file)
            papers[name] = _with_left(paper, place, left, before.get(name))
    return papers


def _with_left(paper: Paper, place: str, left: Collection[str], before: Paper | None) -> Paper:
    if before is None:
        return paper
    stands = {name: getattr(before, name) for name in _PAPER_INPUTS if f"{place}.{name}" in left}
    return replace(paper, **stands)


def _told(paper: Paper, got: str) -> dict[str, str]:
    return {"got": got, "kind": paper.kind, "copies": paper.copies}


def _material(name: str, paper: Paper, draft: Draft, photos: tuple[bytes, ...]) -> Material:
    """A paper of a draft; one that is only taken over was not taken as anything."""
    is_brought = paper.got or bool(draft.photos.get(name)) or not paper.on_file
    taken, copies = (paper.kind, _number_of(paper.copies)) if is_brought else ("", 0)
    return material(name, photos, taken, copies, paper.on_file)


def _number_of(copies: str) -> int:
    """How many copies; 0 where nothing lawful was typed."""
    lawful = copies.isascii() and copies.isdigit() and len(copies) <= len(str(_MOST_COPIES))
    return int(copies) if lawful else 0
