"""补交材料: the form for papers that come after the application.

Must not know: how papers are kept.
"""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.desk.papers import (
    KIND_NAMES,
    Errors,
    Papers,
    Shown,
    drawn_papers,
    paper_labels,
    read_papers,
    usual_values,
)
from edge_node.desk.tray import Photos, tray_of_app
from edge_node.errors import NoRoomForPhotos
from edge_node.services.supplement_case import supplement_case
from edge_node.station import station_of_app
from sync.case_api.asking import asker
from sync.case_pages.forms import lawful_text, named_request, new_key, typed_text
from sync.casework.act_on_case import Doer
from sync.casework.look_at_photo import photo_type
from sync.casework.read_case import read_case
from sync.errors import Invalid, NotFound, Refused
from sync.node.answer_once import KeyReused
from sync.records.items import Copies, Necessity
from sync.records.items import Material as Wanted
from sync.values.json_text import parse_object
from sync.web.problems import problem_of


def supplement(case_id: str) -> ResponseReturnValue:
    """The form, empty or filled in."""
    station = station_of_app()
    case = read_case(station.node, station.catalogue.items(), case_id, by=asker().actor)
    asked_for = _asked_for(case)
    if request.method == "GET":
        return _form(case, asked_for, key=new_key(), values=usual_values(asked_for))
    kept = tray_of_app().photos(asker().name, request.form.get("tray", ""))
    largest = station.photos.largest_bytes
    names = [wanted.name for wanted in asked_for]
    papers = read_papers(names, request.form, request.files, kept, largest_photo_bytes=largest)
    typed = typed_text("reason")
    named = named_request(papers.content, typed)
    try:
        if papers.errors:
            raise Invalid("填写有误", fields=papers.errors.items())
        doer = Doer(asker().actor, lawful_text(typed), named)
        answer = supplement_case(
            station.node,
            case_id,
            papers.materials,
            doer,
            photos=station.photos,
            photos_refused=station.room.photos_refused(),
        )
    except NotFound:
        raise
    except KeyReused:
        sentence = "这张表已经提交过了。如果还有材料要补交，请核对后再提交一次。"
        return _again(case, asked_for, papers, {}, sentence=sentence, key=new_key()), 422
    except Invalid as refusal:
        errors = {papers.place(name) if name not in papers.errors else name: said for name, said in refusal.fields}
        return _again(case, asked_for, papers, errors), 422
    except NoRoomForPhotos as refusal:
        values = {**dict.fromkeys(usual_values(asked_for), ""), **request.form.to_dict(), **papers.got}
        sentence = f"{refusal.reason}。{refusal.remedy}"
        form = _form(case, asked_for, key=request.form.get("key", ""), values=values, sentence=sentence)
        return form, problem_of(refusal).status
    except Refused as refusal:
        return _again(case, asked_for, papers, {}, sentence=refusal.reason), problem_of(refusal).status
    done = parse_object(answer.body)
    flash(f"材料已补交，存在本机；现在的状态是“{done['state_name']}”", "good")
    return redirect(url_for("case_pages.case", case_id=case_id), 303)


def tried_photo(token: str, material: int, number: int) -> ResponseReturnValue:
    """A photo of a form that came back."""
    photos = tray_of_app().photos(asker().name, token).get(material, ())
    if not number < len(photos):
        raise NotFound("照片没有保留，请重新拍照")
    response = Response(photos[number], mimetype=photo_type(photos[number]))
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown(photos: Photos, token: str) -> Shown:
    return {
        row: [
            (url_for("desk.tried_photo", token=token, material=row, number=number), str(number))
            for number in range(len(some))
        ]
        for row, some in photos.items()
    }


def _asked_for(case: dict[str, Any]) -> tuple[Wanted, ...]:
    """The papers the item asks for, without the item those the case has; and those signed since."""
    item = station_of_app().catalogue.items().get(str(case.get("item", "")))
    known = () if item is None else item.materials
    names = {str(paper.get("name", "")): None for paper in case["materials"]} if item is None else {}
    names |= dict.fromkeys(case["signed_papers"])
    return (*known, *(Wanted(name, Necessity.OPTIONAL, Copies.ORIGINAL) for name in names if name))


def _again(
    case: dict[str, Any],
    asked_for: tuple[Wanted, ...],
    papers: Papers,
    errors: Errors,
    *,
    sentence: str = "",
    key: str = "",
) -> str:
    values = {**dict.fromkeys(usual_values(asked_for), ""), **request.form.to_dict()}
    key = key or request.form.get("key", "")
    return _form(case, asked_for, key=key, values=values, errors=errors, papers=papers, sentence=sentence)


def _form(
    case: dict[str, Any],
    asked_for: tuple[Wanted, ...],
    *,
    key: str,
    values: dict[str, str],
    errors: Errors | None = None,
    papers: Papers | None = None,
    sentence: str = "",
) -> str:
    photos = papers.photos if papers else {}
    tray = tray_of_app().keep(asker().name, photos)
    return render_template(
        "desk/supplement.html",
        case=case,
        materials=drawn_papers(asked_for, values, _shown(photos, tray)),
        here={str(paper.get("name", "")): len(paper["photos"]) for paper in case["materials"]},
        kinds=KIND_NAMES,
        photo_fit_bytes=station_of_app().settings.photo_fit_bytes,
        values=values,
        errors=errors or {},
        labels={**paper_labels(asked_for), "reason": "说明"},
        key=key,
        tray=tray,
        sentence=sentence,
        photos_refused=station_of_app().room.photos_refused(),
    )
