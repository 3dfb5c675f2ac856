"""签字件拍照: the paper that somebody signed for a consent is photographed, on the form where it is given or later.

Must not know: how people and photos are kept.
"""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, MultiDict

from edge_node.desk.papers import Errors, new_photos
from edge_node.errors import NoRoomForPhotos
from edge_node.messages import _, pgettext
from edge_node.services.file_signed_paper import Terms, file_signed_paper
from edge_node.services.prepare_application import Photo
from edge_node.station import station_of_app
from sync.case_api.asking import asker
from sync.case_pages.forms import named_request, new_key
from sync.errors import Invalid, NotFound, Refused
from sync.node.acting import Doer
from sync.node.answer_once import Answer, KeyReused
from sync.people.describe_person import describe_person
from sync.people_pages.paper_form import PaperForm, Photos
from sync.records.ids import sha256_hex
from sync.web.problems import in_full, problem_of

_PLACE = "paper"


def signed_paper(person_id: str, kind: str) -> ResponseReturnValue:
    """The form, empty or with photos chosen."""
    station, item = station_of_app(), request.args.get("item", "")
    person = describe_person(station.node, person_id, by=asker().actor)
    consents = (one for one in person["consents"] if (one["kind"], one.get("item", "")) == (kind, item))
    consent = next(consents, None)
    if consent is None:
        raise NotFound(_("This person has no such consent registered"))
    if request.method == "GET":
        return _form(person, consent, {})
    errors: Errors = {}
    photos = new_photos(_PLACE, request.files, errors, station.photos.largest_bytes)
    if errors:
        return _form(person, consent, errors), 422
    try:
        file_signed_paper(
            station.node,
            person_id,
            kind,
            [Photo(content) for content in photos],
            Doer(asker().actor, request=named_request(kind, item, [sha256_hex(content) for content in photos])),
            intake=station.photos,
            photos_refused=station.room.photos_refused(),
            item=item,
        )
    except KeyReused:
        return _form(person, consent, {_PLACE: _("This form was handed in before; go back and check")}), 409
    except Invalid as refusal:
        said = pgettext("between sentences", "; ").join(sentence for _name, sentence in refusal.fields)
        return _form(person, consent, {_PLACE: said}), 422
    except NoRoomForPhotos as refusal:
        said = in_full(refusal)
        return _form(person, consent, {_PLACE: said}), problem_of(refusal).status
    except Refused as refusal:
        return _form(person, consent, {_PLACE: refusal.reason}), problem_of(refusal).status
    flash(_("The signed paper is photographed and filed, kept on this machine"), "good")
    return redirect(url_for("people_pages.person", person_id=person_id), 303)


def paper_on_form(most_bytes: int) -> PaperForm:
    """How it is photographed on the form of the consent itself.

    most_bytes  of a form with photos
    """
    return PaperForm(
        place=_PLACE,
        label=lambda: _("Signed paper"),
        head="desk/photo_head.html",
        inputs="desk/signed_photos.html",
        known=_known,
        most_bytes=most_bytes,
        chosen=_chosen,
        give=_give,
    )


def _known() -> dict[str, Any]:
    station = station_of_app()
    return {
        "place": _PLACE,
        "photo_fit_bytes": station.settings.photo_fit_bytes,
        "photos_refused": station.room.photos_refused(),
        "paper_hint": _("If it is signed already, photograph it here; otherwise leave it out and do so later"),
    }


def _chosen(files: MultiDict[str, FileStorage]) -> Photos:
    errors: Errors = {}
    contents = new_photos(_PLACE, files, errors, station_of_app().photos.largest_bytes)
    return Photos(contents, errors.get(_PLACE, ""))


def _give(person_id: str, sent: Mapping[str, Any], photos: tuple[bytes, ...], doer: Doer) -> Answer:
    station = station_of_app()
    return file_signed_paper(
        station.node,
        person_id,
        sent["kind"],
        [Photo(content) for content in photos],
        doer,
        intake=station.photos,
        photos_refused=station.room.photos_refused(),
        item=sent["item"],
        terms=Terms(sent["means"], sent["until"], sent["agent"], sent["scope"]),
    )


def _form(person: Mapping[str, Any], consent: Mapping[str, Any], errors: Errors) -> str:
    station = station_of_app()
    return render_template(
        "desk/signed_paper.html",
        person=person,
        consent=consent,
        place=_PLACE,
        errors=errors,
        labels={_PLACE: _("Signed paper")},
        key=new_key(),
        photo_fit_bytes=station.settings.photo_fit_bytes,
        photos_refused=station.room.photos_refused(),
    )
