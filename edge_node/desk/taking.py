"""确认收件: everything masked as it will be printed, what is lacking, and taking it.

Everything wrong is said at once, with the way to the step where it is.

Must not know: how an application is checked and stored.
"""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.desk.agent_inputs import agent_told
from edge_node.desk.drawing_steps import CHANNELS, clock_question, draw
from edge_node.desk.filled_step import (
    application_of,
    beside_inputs,
    is_here,
    labels_of,
    problems_of,
)
from edge_node.desk.inputs import shown_value
from edge_node.desk.keeping import first_case
from edge_node.desk.open_cases import ANOTHER, open_cases
from edge_node.desk.papers import Errors
from edge_node.desk.register import asked_consents, death_told
from edge_node.desk.steps import (
    APPLICANT,
    CONFIRM,
    FORM,
    GUIDE,
    LABELS,
    NUMBER_INPUT,
    fields_at,
    step_of_place,
    steps_of,
)
from edge_node.errors import NoRoomForPhotos, NotEnrolled
from edge_node.messages import _
from edge_node.services.draft import Draft, Paper, typed_to_bytes
from edge_node.services.matter import BUNDLE, Matter
from edge_node.services.receive_application import receive_application
from edge_node.services.receive_bundle import receive_bundle
from edge_node.services.register_applicant import REGISTER
from edge_node.services.take_parts import Taking
from edge_node.station import Station
from sync.case_api.asking import asker
from sync.case_pages.clock import CONFIRMED, read_confirmed
from sync.casework.errors import ClockDoubtful
from sync.casework.read_case import spared_sentence
from sync.errors import Invalid, Refused, StorageError
from sync.node.acts.answer_once import request_of
from sync.people.ask_consents import Given
from sync.people_pages.consent_inputs import consents_given, consents_told
from sync.records.ids import sha256_hex
from sync.records.person_words import SOURCES
from sync.records.taken_as import COMPARED, taken_as
from sync.store.ledger.drafts import drop_draft
from sync.typed import replace
from sync.values.json_text import dump_sorted, parse_object
from sync.web.problems import in_full, problem_of

INCOMPLETE = "incomplete"


def confirm(station: Station, matter: Matter, draft: Draft) -> ResponseReturnValue:
    """The last step, drawn or pressed."""
    errors = _problems(station, matter, draft, incomplete=bool(request.form.get(INCOMPLETE)))
    if request.method == "GET":
        return _drawn(station, matter, draft, errors, {})
    if request.form.get("seen") not in (None, _seen(matter, draft)):
        sentence = _("This draft or its item has changed meanwhile; below is how it stands now, check it once more")
        return _drawn(station, matter, draft, errors, {}, sentence=sentence), 409
    confirmed_ms = None
    try:
        confirmed_ms = read_confirmed(request.form.get(CONFIRMED, ""))
    except Invalid as refusal:
        errors = {**errors, **dict(refusal.fields)}
    if errors:
        return _drawn(station, matter, draft, errors, errors), 422
    if not {row.id for _item, row in open_cases(station, matter, draft)} <= set(request.form.get(ANOTHER, "").split()):
        sentence = _("The applicant has an open case of this already; tick below that another is to be received")
        return _drawn(station, matter, draft, {}, {}, sentence=sentence), 422
    is_bare = request.form.get("go") == "bare"
    try:
        case = _receive(station, matter, draft, confirmed_ms, is_bare=is_bare)
    except Invalid as refusal:
        return _drawn(station, matter, draft, beside_inputs(matter, draft, refusal.fields), {}), 422
    except ClockDoubtful as refusal:
        own = {CONFIRMED: refusal.reason}
        return _drawn(station, matter, draft, own, own), problem_of(refusal).status
    except NoRoomForPhotos as refusal:
        return _drawn(station, matter, draft, {}, {}, sentence=refusal.reason, bare=True), problem_of(refusal).status
    except NotEnrolled as refusal:
        sentence = in_full(refusal)
        return _drawn(station, matter, draft, {}, {}, sentence=sentence), problem_of(refusal).status
    except (Refused, StorageError) as refusal:
        problem = problem_of(refusal)
        sentence = (
            refusal.reason
            if isinstance(refusal, Refused)
            else _("%(title)s, it was not received. %(advice)s", title=problem.title, advice=problem.advice)
        )
        return _drawn(station, matter, draft, {}, {}, sentence=sentence), problem.status
    station.drafts.sweep_quietly()
    return redirect(url_for("desk.received", case_id=case), 303)


def _receive(station: Station, matter: Matter, draft: Draft, confirmed_ms: int | None, *, is_bare: bool) -> str:
    """Take it, and let go of the draft in the same transaction; returns the id of the case."""
    account = asker()
    photos = {} if is_bare else _photos(station, draft)
    whole = application_of(matter, draft, photos, confirmed_ms=confirmed_ms)
    given = _given(draft)
    whole = replace(
        whole, consents=given, register=bool(request.form.get(REGISTER)), incomplete=bool(request.form.get(INCOMPLETE))
    )
    how = Taking(
        account.actor,
        request_of(account.name, draft.id, "draft", draft.kind, draft.code),
        station.photos,
        photos_refused=station.room.photos_refused(),
        on_file_days=station.settings.on_file_days,
        also=lambda tx: drop_draft(tx, draft.id),
    )
    if matter.kind == BUNDLE:
        answer = receive_bundle(station.node, matter, whole, how)
    else:
        answer = receive_application(station.node, station.catalogue.items(), whole, how)
    return first_case(parse_object(answer.body))


def _seen(matter: Matter, draft: Draft) -> str:
    """What the page shows, in short: what was typed and photographed, and for which version of what."""
    typed = typed_to_bytes(replace(draft.typed, heard={}, reached=""))
    photos = {paper: [one.photo for one in group] for paper, group in draft.photos.items()}
    return sha256_hex(dump_sorted([typed.decode(), photos, [[one.code, one.version] for one in matter.items]]))


def _photos(station: Station, draft: Draft) -> dict[str, tuple[bytes, ...]]:
    return {
        paper: tuple(station.drafts.photo(draft, one.photo) for one in group) for paper, group in draft.photos.items()
    }


def _drawn(
    station: Station,
    matter: Matter,
    draft: Draft,
    wrong: Errors,
    own: Errors,
    *,
    sentence: str = "",
    bare: bool = False,
) -> str:
    """The page: `wrong` is everything that is, with the way to it; `own` what stands at this very step."""
    labels = labels_of(matter)
    lacks_only_papers = _lacks_only_papers(station, matter, draft)
    refused = bare or (bool(draft.photos) and bool(station.room.photos_refused()))
    return draw(
        station,
        matter,
        CONFIRM,
        draft,
        errors={place: said for place, said in own.items() if place == CONFIRMED},
        sentence=sentence,
        focus=True,
        wrong=[
            {"said": _named(labels.get(place, place), said), "href": _way_to(matter, draft, place)}
            for place, said in wrong.items()
        ],
        agreed=consents_told(asked_consents(station, draft), _given(draft)),
        summary=[
            (step, label, _filled(matter, draft, step))
            for step, label in (
                (GUIDE, _("Situation")),
                *((one, _(LABELS[one])) for one in (APPLICANT, FORM)),
            )
            if step in steps_of(matter) and (step != GUIDE or matter.situations)
        ],
        papers=_handed(matter, draft),
        lacking=[
            wanted
            for wanted in matter.materials
            if not draft.photos.get(wanted.name) and not is_here(draft.typed.papers.get(wanted.name, Paper()))
        ],
        channel=next((_(one[1]) for one in CHANNELS if one[0] == draft.typed.channel), ""),
        source=_(SOURCES[draft.typed.source]),
        seen=_seen(matter, draft),
        offers_bare=refused,
        spared=spared_sentence(
            sum(draft.typed.fields.get(name) == value for name, value in draft.typed.prefilled.items()),
            sum(bool(paper.on_file) for paper in draft.typed.papers.values()),
        ),
        may_register=bool(draft.typed.fields.get("id_number", "").strip())
        and (lacks_only_papers or set(wrong) <= {REGISTER}),
        is_to_register=not wrong or lacks_only_papers,
        offers_incomplete=lacks_only_papers,
        is_incomplete=bool(request.form.get(INCOMPLETE)),
        **clock_question(station, own),
    )


def _named(label: str, sentence: str) -> str:
    """What is wrong with what is called so; many a sentence names it itself."""
    said = sentence.startswith(label) or sentence.endswith(label)
    return sentence if said else _("%(name)s: %(sentence)s", name=label, sentence=sentence)


def _lacks_only_papers(station: Station, matter: Matter, draft: Draft) -> bool:
    """Whether nothing is wrong with a draft but that papers it must have are missing."""
    is_wrong, is_wrong_otherwise = (bool(_problems(station, matter, draft, incomplete=one)) for one in (False, True))
    return is_wrong and not is_wrong_otherwise


def _problems(station: Station, matter: Matter, draft: Draft, *, incomplete: bool) -> Errors:
    items, today = station.catalogue.items(), station.node.day_reached()
    wrong = problems_of(matter, draft, items, today=today, incomplete=incomplete)
    died = death_told(station, draft)
    return {**wrong, NUMBER_INPUT: died} if died else wrong


def _way_to(matter: Matter, draft: Draft, place: str) -> str:
    step = step_of_place(place)
    there = "" if step == CONFIRM else url_for("desk.step", draft_id=draft.id, step=step)
    return f"{there}#{place}"


def _filled(matter: Matter, draft: Draft, step: str) -> list[tuple[str, str]]:
    """What was filled in at a step, masked as screens and slips show it."""
    if step == GUIDE:
        return _answered(matter, draft)
    typed = draft.typed.fields
    told = [
        (field.label, shown_value(field, typed[field.name]))
        for field in fields_at(matter, step)
        if typed.get(field.name, "").strip()
    ]
    return [*told, *agent_told(matter, draft.typed)] if step == APPLICANT else told


def _given(draft: Draft) -> tuple[Given, ...]:
    return consents_given(draft.typed.consents, reader=asker().display_name)


def _answered(matter: Matter, draft: Draft) -> list[tuple[str, str]]:
    """The questions of the 情形引导 with what was answered, or is usual."""
    told = []
    for key, situation in matter.situations.items():
        chosen = draft.typed.situations.get(key) or situation.usual
        told += [(situation.question, one.label) for one in situation.answers if one.name == chosen]
    return told


def _handed(matter: Matter, draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "kind": taken_as({"kind": one.kind, COMPARED: one.compared}),
            "copies": one.copies,
            "photos": len(draft.photos.get(one.name, ())),
            "on_file": bool(one.on_file),
            "compared": one.compared,
        }
        for one in application_of(matter, draft, {}).materials
    ]
