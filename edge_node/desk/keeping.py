"""What every page about drafts does with them: find one's own, keep the photos a page sent, see what became of one.

Must not know: templates, what a step shows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from edge_node.desk.papers import Errors, chosen, new_photos
from edge_node.desk.rows import in_rows, page_places, photos_of_none, ticked_of_none
from edge_node.desk.steps import APPLICANT, PAPERS
from edge_node.errors import NoRoomForPhotos
from edge_node.messages import _, pgettext
from edge_node.services.draft import Draft
from edge_node.services.matter import Matter
from edge_node.station import Station
from sync.case_api.asking import asker
from sync.errors import StorageError
from sync.store.ledger.requests import kept_answer
from sync.typed import replace
from sync.values.json_text import parse_object
from sync.web.problems import problem_of


def own_draft(station: Station, draft_id: str) -> Draft:
    """A draft of whoever asks; raises NotFound."""
    return station.drafts.read(asker().name, draft_id)


def kept_case(station: Station, draft_id: str) -> str | None:
    """Where the case is that a draft became; None while it has become none."""
    name = asker().name
    answer = station.node.engine.read(lambda reader: kept_answer(reader, name, draft_id))
    if answer is None:
        return None
    return url_for("desk.received", case_id=first_case(parse_object(answer.body)))


def first_case(told: Mapping[str, Any]) -> str:
    """The id of the case an application became; of a 一件事, of the first."""
    case: str = told["applications"][0]["id"] if "applications" in told else told["id"]
    return case


def keep_photos(station: Station, matter: Matter, step: str, draft: Draft, errors: Errors) -> Draft:
    """Keep the photos a step sent and let go of those crossed out; what could not be kept is named in `errors`."""
    if step not in (APPLICANT, PAPERS):
        return draft
    names = matter.paper_names
    form, files = (in_rows(names, request.form, sent) for sent in (request.form, request.files))
    for row, name in enumerate(names):
        place = f"materials.{row}"
        _drop(station, draft, name, form.getlist(f"{place}.drop"))
        photos = new_photos(place, files, errors, station.photos.largest_bytes)
        if photos:
            _add(station, draft, name, photos, place, errors)
    if step == APPLICANT and any(file.filename for file in files.values()) and not errors:
        # Who applies is typed from the photo of the card.
        station.drafts.change(draft.account, draft.id, lambda typed: replace(typed, photographed=True))
    errors |= not_asked_for(names)
    return own_draft(station, draft.id)


def not_asked_for(names: Sequence[str]) -> Errors:
    """What is said of papers, photographed or ticked, that are not asked for any more; nothing where there are none."""
    photographed = photos_of_none(names, request.form, request.files).values()
    ticked = [name for name in ticked_of_none(names, request.form) if name not in photographed]
    said = []
    if photographed:
        papers = _(", ").join(photographed)
        said.append(_("What is to be handed in has changed; not kept are the photos of: %(papers)s", papers=papers))
    if ticked:
        papers = _(", ").join(ticked)
        said.append(
            _("What is to be handed in has changed; ticked here, but not asked for any more: %(papers)s", papers=papers)
        )
    return {"materials": pgettext("between sentences", "; ").join(said)} if said else {}


def unkept_photos(station: Station, matter: Matter, draft: Draft, errors: Errors) -> dict[str, list[int]]:
    """Of the photos just chosen those that are not kept, by paper and numbered from 1; only of papers in `errors`.

    A paper is named as its page names it.
    """
    names, unkept = matter.paper_names, {}
    places = page_places(names, request.form)
    for row, name in enumerate(names):
        place = places.get(f"materials.{row}")
        if place is not None and f"materials.{row}" in errors:
            here = {station.drafts.photo(draft, one.photo) for one in draft.photos.get(name, ())}
            unkept[place] = [number for number, content in chosen(place, request.files) if content not in here]
    for place in photos_of_none(names, request.form, request.files):
        unkept[place] = [number for number, _content in chosen(place, request.files)]
    return unkept


def _drop(station: Station, draft: Draft, paper: str, numbers: list[str]) -> None:
    going = [one.photo for one in draft.photos.get(paper, ()) if str(one.photo) in numbers]
    if going:
        station.drafts.drop_photos(draft, going)


def _add(station: Station, draft: Draft, paper: str, photos: tuple[bytes, ...], place: str, errors: Errors) -> None:
    here = sum(one.size for group in own_draft(station, draft.id).photos.values() for one in group)
    refused = station.room.photos_refused()
    if refused:
        errors[place] = _("The photos just chosen were not kept: %(reason)s", reason=refused)
    elif here + sum(map(len, photos)) > station.settings.largest_application_bytes:
        errors[place] = _(
            "The photos just chosen were not kept: an application may have at most %(megabytes)s MB of photos",
            megabytes=station.settings.largest_application_bytes >> 20,
        )
    else:
        try:
            station.drafts.add_photos(draft, paper, photos)
        except NoRoomForPhotos as error:
            errors[place] = _(
                "The photos just chosen were not kept: %(reason)s. %(advice)s", reason=error.reason, advice=error.remedy
            )
        except StorageError as error:
            errors[place] = _(
                "The photos just chosen were not kept: %(reason)s. %(advice)s",
                reason=problem_of(error).title,
                advice=problem_of(error).advice,
            )
