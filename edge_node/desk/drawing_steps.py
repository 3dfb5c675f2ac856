"""A step of the wizard as its template draws it.

Must not know: what is done with what is sent.
"""

from typing import Any

from flask import render_template, url_for

from edge_node.desk.agent_inputs import agent_inputs, is_of_agent
from edge_node.desk.ages import too_young
from edge_node.desk.authority import authority_told
from edge_node.desk.filled_step import labels_of, values_of
from edge_node.desk.inputs import input_of
from edge_node.desk.open_cases import told_open
from edge_node.desk.papers import Errors, Shown, drawn_papers
from edge_node.desk.register import applicant_of, asked_consents, death_told, papers_on_file
from edge_node.desk.steps import (
    APPLICANT,
    CONFIRM,
    GUIDE,
    LABELS,
    NUMBER_INPUT,
    PAPERS,
    beside,
    fields_at,
    furthest,
    steps_of,
)
from edge_node.desk.taken_as import NAMES
from edge_node.messages import _
from edge_node.services.draft import Draft
from edge_node.services.matter import BUNDLE, Matter
from edge_node.station import Station
from sync.case_api.asking import asker
from sync.case_pages.clock import CONFIRMED
from sync.casework.show_items import ASKED_FOR, describe_item
from sync.messages import N_
from sync.node.own_clock import read_clock
from sync.people_pages.consent_inputs import consent_inputs
from sync.records.clock import minute_text, time_text
from sync.records.form import Field
from sync.records.person_words import SOURCES

PREFILLED = N_("Filled in beforehand (registered here), please check")
CHANNELS = (
    ("counter", N_("Counter"), N_("the applicant or family came to the station")),
    ("visit", N_("Home visit"), N_("the agent goes to the home")),
    ("phone", N_("Telephone"), N_("applied by telephone")),
)


def draw(
    station: Station,
    matter: Matter,
    step: str,
    draft: Draft,
    *,
    errors: Errors | None = None,
    sentence: str = "",
    may_go_on: bool = False,
    focus: bool = False,
    **more: Any,
) -> str:
    """The page of a step.

    sentence   what is said above it
    may_go_on  whether what is wrong may be left for later
    focus      whether the first input is gone to
    """
    steps = steps_of(matter)
    before, after = beside(steps, step)
    kept = bool(draft.updated_ms)
    values = values_of(matter, draft.typed)
    materials = drawn_papers(matter.materials, values, shown_photos(matter, draft))
    card = _("identity card")  # as catalogues name the paper
    is_about_people = step in (APPLICANT, CONFIRM)
    applicant = applicant_of(station, draft) if is_about_people else None
    if step == PAPERS:
        _offer_files(station, matter, draft, materials)
    return render_template(
        "desk/wizard.html",
        matter=matter,
        is_bundle=matter.kind == BUNDLE,
        draft=draft,
        is_kept=kept,
        steps=_bar(steps, step, furthest(steps, draft.typed.reached, step)),
        step=step,
        before=before,
        after=_(LABELS[after]) if after else "",
        inputs=[_input(field, draft) for field in fields_at(matter, step) if not is_of_agent(field)],
        values=values,
        errors=errors or {},
        labels=labels_of(matter),
        sentence=sentence,
        may_go_on=may_go_on,
        focus=focus,
        autosave=url_for("desk.autosave", draft_id=draft.id, step=step) if kept else "",
        has_reader=station.id_reader is not None,
        known=_known_at(matter, step, draft),
        applicant=applicant,
        died=death_told(station, draft) if step == APPLICANT and NUMBER_INPUT not in (errors or {}) else "",
        consents=_consents(station, draft) if step == APPLICANT else None,
        agent=agent_inputs(matter, draft.typed) if step == APPLICANT else None,
        authority=authority_told(station, matter, draft, applicant) if is_about_people else None,
        source_name=_(SOURCES[draft.typed.source]),
        saved_at=time_text(draft.updated_ms)[11:16] if kept else "",
        materials=materials,
        too_young=too_young(matter, draft, station.node.day_reached()) if step != GUIDE else [],
        open_cases=told_open(station, matter, draft) if step != GUIDE else [],
        card_paper=next((paper for paper in materials if card in paper["label"]), None),
        kinds=NAMES,
        asked_for=ASKED_FOR,
        channels=CHANNELS,
        items=[describe_item(item) for item in matter.items] if step == GUIDE else [],
        situations=_situations(station, matter, draft) if step == GUIDE else [],
        other_drafts=[] if kept else _others(station, matter),
        photo_fit_bytes=station.settings.photo_fit_bytes,
        photos_refused=station.room.photos_refused(),
        can_receive=bool(station.node.identity.sid and station.node.identity.device),
        **more,
    )


def clock_question(station: Station, errors: Errors) -> dict[str, Any]:
    """What the last step shows where date and time have to be confirmed first."""
    now_ms = station.node.clock()
    clock = station.node.read(lambda reader: read_clock(reader, now_ms))
    return {
        "asks_time": clock.must_ask or CONFIRMED in errors,
        "clock_reason": clock.reason,
        "clock_shows": minute_text(time_text(now_ms)),
    }


def shown_photos(matter: Matter, draft: Draft) -> Shown:
    """The photos of a draft by the rows of the papers: where each is to be seen, and its number."""
    return {
        row: [
            (url_for("desk.draft_photo", draft_id=draft.id, number=one.photo), str(one.photo))
            for one in draft.photos.get(wanted.name, ())
        ]
        for row, wanted in enumerate(matter.materials)
    }


def _input(field: Field, draft: Draft) -> dict[str, Any]:
    drawn = input_of(field)
    known = draft.typed.prefilled.get(field.name)
    is_left = known is not None and draft.typed.fields.get(field.name) == known
    return {**drawn, "hint": _(PREFILLED)} if is_left else drawn


def _consents(station: Station, draft: Draft) -> dict[str, Any]:
    asked = asked_consents(station, draft)
    return consent_inputs(asked, draft.typed.consents, reader=asker().display_name)


def _known_at(matter: Matter, step: str, draft: Draft) -> dict[str, str]:
    """What the register knew of whoever applies, by the inputs of a step; it may have been typed over since."""
    prefilled, names = draft.typed.prefilled, [field.name for field in fields_at(matter, step)]
    return {f"fields.{name}": prefilled[name] for name in names if name in prefilled}


def _offer_files(station: Station, matter: Matter, draft: Draft, materials: list[dict[str, Any]]) -> None:
    """Beside each paper, where it is on file: chosen unless somebody has said otherwise."""
    on_file = papers_on_file(station, matter, draft)
    for paper in materials:
        found, before = on_file.get(paper["label"]), draft.typed.papers.get(paper["label"])
        if found is not None:
            is_chosen = before.on_file == found.case_id if before else not paper["kept"]
            paper["on_file"] = {"case": found.case_id, "at": found.handed_at[:10], "photos": len(found.photos)} | {
                "number": found.receipt_number,
                "chosen": is_chosen,
            }


def _situations(station: Station, matter: Matter, draft: Draft) -> list[dict[str, Any]]:
    """The questions of the 情形引导, each with what was answered, and where an answer leads elsewhere."""
    items = station.catalogue.items()
    told = []
    for key, situation in matter.situations.items():
        chosen = draft.typed.situations.get(key) or situation.usual
        answers = [
            {"name": one.name, "label": one.label, "note": one.note, "chosen": one.name == chosen}
            | {"other": items.get(one.item)}
            for one in situation.answers
        ]
        told.append({"name": f"situations.{key}", "question": situation.question, "answers": answers})
    return told


def _bar(steps: tuple[str, ...], step: str, reached: str) -> list[dict[str, Any]]:
    here, far = steps.index(step), steps.index(reached)
    return [
        {
            "name": name,
            "label": _(LABELS[name]),
            "state": "now" if place == here else "done" if place <= far else "ahead",
        }
        for place, name in enumerate(steps)
    ]


def _others(station: Station, matter: Matter) -> list[Draft]:
    """Drafts for the same that were begun before: to be gone on with rather than begun again."""
    return [one for one in station.drafts.listed(asker().name) if (one.kind, one.code) == (matter.kind, matter.code)]
