"""补交材料: the form for papers that come after the application.

Must not know: how papers are kept.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.desk.inputs import input_of, short_problem
from edge_node.desk.keeping import not_asked_for
from edge_node.desk.kept_papers import PAPERS, Tray, keep_photos_of, kept_draft, kept_photos, shown_kept, was_handed_in
from edge_node.desk.papers import (
    Errors,
    Papers,
    drawn_papers,
    paper_labels,
    read_papers,
    usual_values,
)
from edge_node.desk.rows import in_rows
from edge_node.desk.taken_as import NAMES
from edge_node.errors import NoRoomForPhotos
from edge_node.messages import _
from edge_node.services.draft import Draft
from edge_node.services.supplement_case import supplement_case
from edge_node.station import station_of_app
from sync.case_api.asking import asker
from sync.case_pages.forms import lawful_text, named_request, new_key, seen_version, typed_text
from sync.casework.find_case import find_cases
from sync.casework.missing_papers import lacking
from sync.casework.name_people import STRANGERS, People, people_on_road
from sync.casework.read_case import read_case
from sync.casework.see_changes import changes_since
from sync.errors import Invalid, NotFound, Refused
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import KeyReused
from sync.node.acts.name_version import ChangedMeanwhile
from sync.records.ids import sid_of
from sync.records.items import Copies, Necessity
from sync.records.items import Material as Wanted
from sync.records.paper_fields import fields_on
from sync.records.signed_papers import PROOF
from sync.records.situations import item_of_told
from sync.typed import replace
from sync.values.json_text import parse_object
from sync.web.problems import in_full, problem_of

_TOLD_OF_GAPS = ("supplement_before", "supplement")


def supplement(case_id: str) -> ResponseReturnValue:
    """The form, empty or filled in."""
    station = station_of_app()
    case = read_case(station.node, station.catalogue.items(), case_id, by=asker().actor)
    asked_for = _asked_for(case)
    tray = request.form.get("tray", "") or request.args.get("draft", "")
    draft = kept_draft(station, asker().name, tray, PAPERS)
    if request.method == "GET":
        return _form(case, asked_for, draft, key=new_key(), values=usual_values(asked_for))
    fields = {name.removeprefix("fields."): request.form[name] for name in request.form if name.startswith("fields.")}
    if tray and draft is None and was_handed_in(station, asker().name, request.form.get("key", "")):
        return redirect(url_for("case_pages.case", case_id=case_id), 303)  # sent twice, it was handed in once
    names = [wanted.name for wanted in asked_for]
    kept = kept_photos(station, draft, names)
    form, files = (in_rows(names, request.form, sent) for sent in (request.form, request.files))
    papers = read_papers(names, form, files, kept, largest_photo_bytes=station.photos.largest_bytes)
    papers = replace(papers, errors={**papers.errors, **not_asked_for(names)})
    typed = typed_text("reason")
    also_for = request.form.getlist("also_for")
    named = named_request(papers.content, typed, fields, also_for)
    try:
        if papers.errors:
            raise Invalid(_("Something is not filled in rightly"), fields=papers.errors.items())
        doer = Doer(asker().actor, lawful_text(typed), named, seen_version())
        answer = supplement_case(
            station.node,
            case_id,
            papers.materials,
            doer,
            photos=station.photos,
            photos_refused=station.room.photos_refused(),
            fields=fields,
            also_for=also_for,
        )
    except NotFound:
        raise
    except KeyReused:
        sentence = _(
            "This form was handed in before. If there are more materials to hand in, "
            "check them and hand them in once more."
        )
        return _again(case, asked_for, draft, papers, {}, sentence=sentence, key=new_key()), 422
    except Invalid as refusal:
        errors = {papers.place(name) if name not in papers.errors else name: said for name, said in refusal.fields}
        return _again(case, asked_for, draft, papers, errors), 422
    except NoRoomForPhotos as refusal:
        values = {**dict.fromkeys(usual_values(asked_for), ""), **form.to_dict(), **papers.got}
        sentence = in_full(refusal)
        drawn = _form(case, asked_for, draft, key=request.form.get("key", ""), values=values, sentence=sentence)
        return drawn, problem_of(refusal).status
    except ChangedMeanwhile as refusal:
        people = people_on_road(station.node, sid_of(case_id))
        news = changes_since(station.node, case_id, request.form["seen"], people)
        shown = _again(case, asked_for, draft, papers, {}, news=news, people=people, key=new_key())
        return shown, problem_of(refusal).status
    except Refused as refusal:
        return _again(case, asked_for, draft, papers, {}, sentence=refusal.reason), problem_of(refusal).status
    if draft is not None:
        station.drafts.discard(asker().name, draft.id)
    done = parse_object(answer.body)
    brought = {one.name for one in papers.materials}
    _flash_state(case_id, brought, done)
    _flash_left_open(case, brought, fields)
    _flash_others(case, brought, done.get("also", ()))
    return redirect(url_for("case_pages.case", case_id=case_id), 303)


def _flash_state(case_id: str, brought: Collection[str], done: Mapping[str, Any]) -> None:
    """Say that it is kept, and whether the case goes on with it."""
    if done["act"] != "materials_added" or done["state"] not in _TOLD_OF_GAPS:
        told = _(
            "The materials are handed in and kept on this machine; the state is “%(state)s” now",
            state=done["state_name"],
        )
        flash(told, "good")
        return
    station = station_of_app()
    after = read_case(station.node, station.catalogue.items(), case_id, by=asker().actor)
    missing = [one["name"] for one in after["lacking"] if one["name"] not in brought]
    sentence = (
        _(
            "What came is kept. Not all that was asked for is here yet, still lacking: %(materials)s",
            materials=_(", ").join(missing),
        )
        if missing
        else _("What came is kept. Not all that was asked for is here yet, see the notice")
    )
    flash(sentence, "warning")


def _kept(case: dict[str, Any], names: list[str], draft: Draft | None, papers: Papers) -> Draft | None:
    """The photos the form has, kept until it is sent again."""
    photos = {names[row]: some for row, some in papers.photos.items()}
    tray = Tray(PAPERS, str(case["id"]), {"item_name": str(case["item_name"])})
    return keep_photos_of(station_of_app(), asker().name, draft.id if draft else new_key(), tray, photos)


def _asked_for(case: dict[str, Any]) -> tuple[Wanted, ...]:
    """The papers the item asks for, without the item those the case has; and those signed since.

    Of what was delivered it is 送达回证 alone.
    """
    if PROOF in case["signed_papers"]:
        return (Wanted(PROOF, Necessity.OPTIONAL, Copies.ORIGINAL),)
    item = station_of_app().catalogue.items().get(str(case.get("item", "")))
    known = () if item is None else item_of_told(item, case["situations"]).materials
    names = {str(paper.get("name", "")): None for paper in case["materials"]} if item is None else {}
    names |= dict.fromkeys(case["signed_papers"])
    return (*known, *(Wanted(name, Necessity.OPTIONAL, Copies.ORIGINAL) for name in names if name))


def _asked_now(case: Mapping[str, Any]) -> dict[str, str]:
    """{name: what is wrong with it, "" for nothing told} of the papers that are waited for now."""
    asked = dict.fromkeys((str(one["name"]) for one in case["lacking"]), "")
    gaps = case.get("gaps") if case["state"] in _TOLD_OF_GAPS else ()
    for gap in gaps if isinstance(gaps, list) else ():
        if isinstance(gap, dict) and gap.get("material"):
            asked[str(gap["material"])] = str(gap.get("what", ""))
    return asked | dict.fromkeys(case["unfiled_papers"], "")


def _inputs(case: Mapping[str, Any], names: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """{paper: inputs of what stands on it and was left open in the form}, each field beside the first of its papers."""
    item = station_of_app().catalogue.item_of(case)
    if item is None:
        return {}
    filled = {str(one["name"]) for one in case["fields"]}
    told: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        fields = fields_on(name, item, filled)
        told[name] = [{**input_of(field), "required": False} for field in fields]
        filled |= {field.name for field in fields}
    return told


def _flash_left_open(case: Mapping[str, Any], brought: Collection[str], fields: Mapping[str, str]) -> None:
    """Say what stands on the papers that came and nobody has filled in."""
    inputs = (one for name, some in _inputs(case, sorted(brought)).items() for one in some)
    left = [one["label"] for one in inputs if not fields.get(one["name"].removeprefix("fields."), "").strip()]
    if left:
        told = _("Still left open in the form: %(fields)s. Fill it in by “Correct”.", fields=_(", ").join(left))
        flash(told, "warning")


def _flash_others(case: Mapping[str, Any], brought: Collection[str], also: Sequence[Mapping[str, Any]]) -> None:
    """Say which other cases of the 一件事 got it, too, and which lack it still."""
    states = {str(one["id"]): one["state_name"] for one in also}
    for other, missing in _others_lacking(case):
        names = [name for name in missing if name in brought]
        if names:
            told = {"item": other["item_name"], "materials": _(", ").join(names)}
            said = _("“%(item)s” of this bundle lacks it, too: %(materials)s. Hand it in there as well.", **told)
            flash(said, "info")
    for one in case.get("bundle_cases", ()):
        if str(one["id"]) in states:
            told = {"item": one["item_name"], "state": states[str(one["id"])]}
            flash(_("It is handed in to “%(item)s” of this bundle, too; its state is “%(state)s” now", **told), "good")


def _others_lacking(case: Mapping[str, Any]) -> list[tuple[dict[str, Any], list[str]]]:
    """The other cases of the 一件事, each with the papers it lacks; those that lack nothing are left out."""
    node = station_of_app().node
    rows = {str(one["id"]): one for one in case.get("bundle_cases", ()) if one["id"] != case["id"]}
    lacked = [
        (rows[other.id], [str(one["name"]) for one in lacking(other, node.catalogue.item_of(other.fields))])
        for other in find_cases(node, rows).values()
    ]
    return [(row, names) for row, names in lacked if names]


def _drawn_others(case: Mapping[str, Any], names: Sequence[str]) -> list[dict[str, Any]]:
    """The other cases of the 一件事 that may get a paper of this form, too; each does unless it is taken out."""
    chosen = request.form.getlist("also_for") if request.method == "POST" else None
    shared = ((row, [name for name in lacks if name in names]) for row, lacks in _others_lacking(case))
    return [
        {**row, "lacking": lacks, "chosen": chosen is None or row["id"] in chosen} for row, lacks in shared if lacks
    ]


def _again(
    case: dict[str, Any],
    asked_for: tuple[Wanted, ...],
    draft: Draft | None,
    papers: Papers,
    errors: Errors,
    *,
    sentence: str = "",
    news: Sequence[Mapping[str, Any]] = (),
    people: People = STRANGERS,
    key: str = "",
) -> str:
    names = [wanted.name for wanted in asked_for]
    sent = in_rows(names, request.form, request.form).to_dict()
    values = {**dict.fromkeys(usual_values(asked_for), ""), **sent}
    key = key or request.form.get("key", "")
    draft = _kept(case, names, draft, papers)
    return _form(
        case, asked_for, draft, key=key, values=values, errors=errors, sentence=sentence, news=news, people=people
    )


def _form(
    case: dict[str, Any],
    asked_for: tuple[Wanted, ...],
    draft: Draft | None,
    *,
    key: str,
    values: dict[str, str],
    errors: Errors | None = None,
    sentence: str = "",
    news: Sequence[Mapping[str, Any]] = (),
    people: People = STRANGERS,
) -> str:
    names, waited_for = [wanted.name for wanted in asked_for], _asked_now(case)
    drawn = drawn_papers(asked_for, values, shown_kept(draft, names))
    inputs = _inputs(case, names)
    labels = {one["name"]: one["label"] for some in inputs.values() for one in some}
    return render_template(
        "desk/supplement.html",
        case=case,
        # Each is told by its place in the catalogue, wherever it stands: those waited for stand first.
        materials=sorted(drawn, key=lambda paper: paper["label"] not in waited_for),
        waited_for=waited_for,
        inputs_on=inputs,
        here={str(paper.get("name", "")): len(paper["photos"]) for paper in case["materials"]},
        others=_drawn_others(case, names),
        kinds=NAMES,
        photo_fit_bytes=station_of_app().settings.photo_fit_bytes,
        values=values,
        errors={name: short_problem(said, labels.get(name, "")) for name, said in (errors or {}).items()},
        labels={**paper_labels(asked_for), **labels, "reason": _("Remark")},
        key=key,
        tray=draft.id if draft else "",
        sentence=sentence,
        news=news,
        people=people,
        photos_refused=station_of_app().room.photos_refused(),
    )
