"""签字件拍照: the paper that somebody signed for a consent is photographed, on the form where it is given or later; and
the one that is signed for an act on a case (容缺补正承诺书, 送达回证) on the form of the act.

Must not know: how people and photos are kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.desk.kept_papers import (
    SIGNED,
    Tray,
    keep_photos_of,
    kept_draft,
    kept_photos,
    shown_kept,
    was_handed_in,
)
from edge_node.desk.papers import Errors, photos_at
from edge_node.errors import NoRoomForPhotos
from edge_node.messages import _, pgettext
from edge_node.services.file_papers import act_with_paper
from edge_node.services.file_signed_paper import Terms, file_signed_paper
from edge_node.services.prepare_application import Material, Photo
from edge_node.station import station_of_app
from sync.case_api.act_schemas import receiver_sent
from sync.case_api.asking import asker
from sync.case_pages.forms import named_request, new_key
from sync.case_pages.paper_form import PaperForm, Photos
from sync.casework.act_on_case import Fill
from sync.casework.deliver_case import deliver_case
from sync.casework.tolerate_case import tolerate_case
from sync.errors import Invalid, NotFound, Refused
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer, KeyReused
from sync.node.node import Node
from sync.people.describe_person import describe_person
from sync.records.ids import sha256_hex
from sync.records.signed_papers import PROMISE, PROOF
from sync.records.taken_as import ORIGINAL
from sync.web.problems import in_full, problem_of

_PLACE = "paper"
Give = Callable[[str, str, Mapping[str, Any], tuple[bytes, ...], Doer], Answer]
# {act: the paper that is signed for it, and how it is done with it}
_ACTS: Mapping[str, tuple[str, Callable[[Node, str, Mapping[str, Any], Doer, Fill], Answer]]] = {
    "tolerance": (
        PROMISE,
        lambda node, case, sent, doer, also: tolerate_case(node, case, sent["materials"], sent["due"], doer, also=also),
    ),
    "delivery": (
        PROOF,
        lambda node, case, sent, doer, also: deliver_case(
            node, case, sent["method"], receiver_sent(sent), doer, also=also
        ),
    ),
}


def signed_paper(person_id: str, kind: str) -> ResponseReturnValue:
    """The form, empty or with photos chosen."""
    station, item = station_of_app(), request.args.get("item", "")
    person = describe_person(station.node, person_id, by=asker().actor)
    consents = (one for one in person["consents"] if (one["kind"], one.get("item", "")) == (kind, item))
    consent = next(consents, None)
    if consent is None:
        raise NotFound(_("This person has no such consent registered"))
    if request.method == "GET":
        return _form(person, consent, {}, request.args.get("draft", ""))
    photos = _chosen()
    if photos.is_done:
        return redirect(url_for("people_pages.person", person_id=person_id), 303)  # sent twice, filed once

    def again(said: str) -> str:
        return _form(person, consent, {_PLACE: said}, _keep(str(person["id"]), str(person["name"]), photos))

    if photos.problem:
        return again(photos.problem), 422
    try:
        file_signed_paper(
            station.node,
            person_id,
            kind,
            [Photo(content) for content in photos.contents],
            Doer(asker().actor, request=named_request(kind, item, list(map(sha256_hex, photos.contents)))),
            intake=station.photos,
            photos_refused=station.room.photos_refused(),
            item=item,
        )
    except KeyReused:
        return again(_("This form was handed in before; go back and check")), 409
    except Invalid as refusal:
        return again(pgettext("between sentences", "; ").join(said for _name, said in refusal.fields)), 422
    except NoRoomForPhotos as refusal:
        return again(in_full(refusal)), problem_of(refusal).status
    except Refused as refusal:
        return again(refusal.reason), problem_of(refusal).status
    _forget(photos)
    flash(_("The signed paper is photographed and filed, kept on this machine"), "good")
    return redirect(url_for("people_pages.person", person_id=person_id), 303)


def paper_of_consent(most_bytes: int) -> PaperForm:
    """How it is photographed on the form of the consent itself.

    most_bytes  of a form with photos
    """
    return _on_form(most_bytes, _give)


def paper_of_act(most_bytes: int) -> PaperForm:
    """How it is photographed on the form of an act on a case; most_bytes as before."""
    return _on_form(most_bytes, _act)


def _on_form(most_bytes: int, give: Give) -> PaperForm:
    return PaperForm(
        place=_PLACE,
        label=lambda: _("Signed paper"),
        head="desk/photo_head.html",
        inputs="desk/signed_photos.html",
        known=_known,
        most_bytes=most_bytes,
        chosen=_chosen,
        keep=_keep,
        forget=_forget,
        give=give,
    )


def _known(tray: str) -> dict[str, Any]:
    station = station_of_app()
    return {
        **_kept(tray),
        "photo_fit_bytes": station.settings.photo_fit_bytes,
        "photos_refused": station.room.photos_refused(),
        "paper_hint": _("If it is signed already, photograph it here; otherwise leave it out and do so later"),
    }


def _kept(tray: str) -> dict[str, Any]:
    """The photos kept under an id, as the inputs are drawn with them."""
    draft = kept_draft(station_of_app(), asker().name, tray, SIGNED)
    shown = shown_kept(draft, [_PLACE]).get(0, [])
    return {"place": _PLACE, "tray": tray if draft else "", "kept": shown}


def _chosen() -> Photos:
    station, tray = station_of_app(), request.form.get("tray", "")
    draft = kept_draft(station, asker().name, tray, SIGNED)
    if tray and draft is None and was_handed_in(station, asker().name, request.form.get("key", "")):
        return Photos(is_done=True)
    errors: Errors = {}
    before = kept_photos(station, draft, [_PLACE]).get(0, ())
    contents = photos_at(_PLACE, request.form, request.files, before, errors, station.photos.largest_bytes)
    return Photos(contents, errors.get(_PLACE, ""), tray if draft else "")


def _keep(record_id: str, whose: str, photos: Photos) -> str:
    asked: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict()}
    page = url_for(str(request.endpoint), **{name: value for name, value in asked.items() if name != "draft"})
    tray = Tray(SIGNED, record_id, {"page": page, "applicant_name": whose})
    kept = keep_photos_of(station_of_app(), asker().name, photos.tray or new_key(), tray, {_PLACE: photos.contents})
    return kept.id if kept else ""


def _forget(photos: Photos) -> None:
    if photos.tray:
        station_of_app().drafts.discard(asker().name, photos.tray)


def _give(person_id: str, _act: str, sent: Mapping[str, Any], photos: tuple[bytes, ...], doer: Doer) -> Answer:
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
        terms=Terms(**{name: sent[name] for name in ("means", "until", "agent", "agent_id_number", "scope")}),
    )


def _act(case_id: str, act: str, sent: Mapping[str, Any], photos: tuple[bytes, ...], doer: Doer) -> Answer:
    station = station_of_app()
    paper, does = _ACTS[act]
    return act_with_paper(
        station.node,
        case_id,
        Material(paper, tuple(Photo(content) for content in photos), ORIGINAL, 1),
        lambda also: does(station.node, case_id, sent, doer, also),
        doer,
        photos=station.photos,
        photos_refused=station.room.photos_refused(),
    )


def _form(person: Mapping[str, Any], consent: Mapping[str, Any], errors: Errors, tray: str) -> str:
    station = station_of_app()
    return render_template(
        "desk/signed_paper.html",
        person=person,
        consent=consent,
        **_kept(tray),
        errors=errors,
        labels={_PLACE: _("Signed paper")},
        key=new_key(),
        photo_fit_bytes=station.settings.photo_fit_bytes,
        photos_refused=station.room.photos_refused(),
    )
