"""暂存的件: those of whoever asks, gone on with or given up; what scripts keep while somebody types; their photos.

    GET   /drafts                          all of them
    POST  /drafts/<id>/discarding          give one up
    POST  /drafts/<id>/<step>/autosave     what stands on the page now: {saved_at, errors, unkept, kept: {paper: html}}
    GET   /drafts/<id>/photos/<n>          a photo

Must not know: what a step shows.
"""

from collections.abc import Iterable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.desk.ages import too_young
from edge_node.desk.authority import authority_told
from edge_node.desk.drawing_steps import shown_photos
from edge_node.desk.filled_step import typed_at
from edge_node.desk.keeping import keep_photos, own_draft, unkept_photos
from edge_node.desk.kept_papers import PAPERS as KEPT_PAPERS
from edge_node.desk.kept_papers import SIGNED
from edge_node.desk.papers import Errors, drawn_papers
from edge_node.desk.register import applicant_of, asked_consents, death_told, fill_in
from edge_node.desk.rows import page_places, photos_of_none
from edge_node.desk.steps import APPLICANT, furthest, steps_of
from edge_node.messages import _
from edge_node.services.draft import Draft
from edge_node.services.matter import BUNDLE, Matter, matter_of
from edge_node.station import Station, station_of_app
from sync.case_api.asking import asker, told
from sync.casework.look_at_photo import photo_type
from sync.errors import NotFound
from sync.people_pages.consent_inputs import BEGINNING
from sync.records.clock import minute_text, time_text
from sync.records.people import mask_name


def drafts_page() -> ResponseReturnValue:
    """All drafts of whoever asks."""
    station = station_of_app()
    drafts = draft_rows(station, station.drafts.listed(asker().name))
    return render_template("desk/drafts.html", drafts=drafts, days=_days())


def draft_rows(station: Station, drafts: Iterable[Draft]) -> list[dict[str, Any]]:
    """Drafts as lists show them."""
    return [_row(station, draft) for draft in drafts]


def discard_draft(draft_id: str) -> ResponseReturnValue:
    """Give a draft up; pressed twice, or on a page that is old, it says so."""
    if station_of_app().drafts.discard(asker().name, draft_id):
        flash(_("This draft is deleted"), "good")
    else:
        flash(_("This draft was received or deleted before"), "info")
    return redirect(url_for("desk.drafts" if request.form.get("from") == "list" else "desk.home"), 303)


def autosave(draft_id: str, step: str) -> ResponseReturnValue:
    """Keep what stands on a page while it is being filled in."""
    station = station_of_app()
    draft = own_draft(station, draft_id)
    matter = matter_of(station.catalogue, draft.kind, draft.code, draft.typed.situations)
    if step not in steps_of(matter):
        raise NotFound(_("There is no such step"))
    form = request.form
    draft = station.drafts.change(asker().name, draft_id, lambda typed: typed_at(matter, step, form, typed))
    errors: Errors = {}
    draft = keep_photos(station, matter, step, draft, errors)
    names = matter.paper_names
    places = page_places(names, form)
    kept: dict[str, str] = {}
    if any(request.files):
        drawn = drawn_papers(matter.materials, {}, shown_photos(matter, draft))
        named = [{**paper, "name": places[paper["name"]]} for paper in drawn if paper["name"] in places]
        kept = {paper["name"]: render_template("desk/kept_photos.html", paper=paper) for paper in named}
    said = {places.get(place, place): sentence for place, sentence in errors.items()}
    said |= dict.fromkeys(photos_of_none(names, form, request.files), errors.get("materials", ""))
    saved = {"saved_at": time_text(draft.updated_ms)[11:16], "errors": said, "kept": kept}
    unkept = unkept_photos(station, matter, draft, errors)
    return told({**saved, "unkept": unkept, **_known(station, matter, step, draft)})


def _known(station: Station, matter: Matter, step: str, draft: Draft) -> dict[str, Any]:
    """What the register knows of whoever applies, as the page takes it in: {filled: {input: value}, person: html,
    authority: html, consents: the inputs of those he is to be asked for}."""
    if step != APPLICANT:
        return {"filled": {}}
    draft = fill_in(station, matter, draft)
    filled = {f"fields.{name}": value for name, value in draft.typed.prefilled.items()}
    applicant, asked = applicant_of(station, draft), asked_consents(station, draft)
    young = too_young(matter, draft, station.node.day_reached())
    person = render_template(
        "desk/known_person.html",
        applicant=applicant,
        died=death_told(station, draft),
        consents={"asked": asked},
        too_young=young,
    )
    under = authority_told(station, matter, draft, applicant)
    authority = render_template("desk/authority.html", authority=under).strip()
    consents = [f"{BEGINNING}{kind}" for kind in asked]
    return {"filled": filled, "person": person.strip(), "authority": authority, "consents": consents}


def draft_photo(draft_id: str, number: int) -> ResponseReturnValue:
    """A photo of a draft."""
    station = station_of_app()
    content = station.drafts.photo(own_draft(station, draft_id), number)
    response = Response(content, mimetype=photo_type(content))
    response.headers["Cache-Control"] = "no-store"
    return response


def _row(station: Station, draft: Draft) -> dict[str, Any]:
    row = {"id": draft.id, "who": _who(draft), "at": minute_text(time_text(draft.updated_ms)), "is_closed": False}
    if draft.kind == KEPT_PAPERS:
        item, href = draft.typed.fields.get("item_name", ""), url_for("desk.supplement", case_id=draft.code)
        name = _("Hand in more materials: %(item)s", item=item)
        return {**row, "name": name, "who": _("photos are kept"), "href": f"{href}?draft={draft.id}"}
    if draft.kind == SIGNED:
        page = draft.typed.fields.get("page", "")
        href = f"{page}{'&' if '?' in page else '?'}draft={draft.id}"
        return {**row, "name": _("Signed paper"), "href": href}
    try:
        matter = matter_of(station.catalogue, draft.kind, draft.code, draft.typed.situations)
    except NotFound:
        return {**row, "name": _("(the item is not in the catalogue any more)"), "href": ""}
    step = furthest(steps_of(matter), draft.typed.reached)
    name = _("Bundle: %(name)s", name=matter.name) if matter.kind == BUNDLE else matter.name
    href = url_for("desk.step", draft_id=draft.id, step=step)
    return {**row, "name": name, "href": href, "is_closed": not matter.takes_cases}


def _who(draft: Draft) -> str:
    return mask_name(draft.typed.fields.get("applicant_name", "").strip())


def _days() -> int:
    return station_of_app().settings.draft_days
