"""收件: the form of an item, and what becomes of it when it is sent.

Everything wrong is said at once, beside the fields, and nothing typed or photographed is lost by it.
The form carries a key, so that sent twice it is one case.

Must not know: how an application is checked and stored.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.desk.filled_form import CONFIRMED, Filled, beside_fields, read_form
from edge_node.desk.papers import KIND_NAMES, Errors, drawn_papers, paper_labels, usual_values
from edge_node.desk.tray import Photos, tray_of_app
from edge_node.errors import NoRoomForPhotos, NotEnrolled
from edge_node.services.prepare_application import require_lawful
from edge_node.services.receive_application import receive_application
from edge_node.station import Station, station_of_app
from sync.case_api.asking import asker
from sync.case_pages.forms import named_request, new_key
from sync.casework.errors import ClockDoubtful
from sync.casework.look_at_photo import photo_type
from sync.errors import Invalid, NotFound, Refused
from sync.node.answer_once import KeyReused
from sync.node.own_clock import read_clock
from sync.records.clock import beijing, time_text
from sync.records.form import Field
from sync.records.items import Item
from sync.values.json_text import parse_object
from sync.web.problems import problem_of

# Beside the photos: what is typed, and what separates the parts.
_FORM_BYTES = 1 << 18
_CHANNELS = (("counter", "窗口"), ("visit", "上门"), ("phone", "电话"))
_INPUTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "id_number": ("text", {"spellcheck": "false", "autocapitalize": "characters"}),
    "phone": ("tel", {"inputmode": "tel"}),
    "date": ("date", {}),
    "number": ("text", {"inputmode": "numeric"}),
    "money": ("text", {"inputmode": "decimal"}),
    "long_text": ("textarea", {}),
    "choice": ("select", {}),
}
_HINTS = {"money": "单位：元，最多两位小数", "number": "整数"}
# What a form left half filled may keep in the browser of a shared PC: not these.
_SECRET_KINDS = ("id_number",)
_SECRET_NAMES = ("bank_card",)


def most_bytes() -> None:
    """Before a form is read: how large it may be."""
    station = station_of_app()
    request.max_content_length = station.settings.largest_application_bytes + _FORM_BYTES


def take(code: str) -> ResponseReturnValue:
    """The form of one item, empty or filled in."""
    station = station_of_app()
    item = station.catalogue.items().get(code)
    if item is None:
        raise NotFound("目录中没有这个事项")
    if request.method == "GET" and not item.takes_cases:
        return redirect(url_for("desk.guide", code=code))
    if request.method == "GET":
        return _form(station, item, key=new_key(), values=_empty(item))
    account = asker()
    kept = tray_of_app().photos(account.name, request.form.get("tray", ""))
    largest = station.photos.largest_bytes
    filled = read_form(item, request.form, request.files, kept, largest_photo_bytes=largest)
    named = named_request(filled.content)
    if filled.errors:
        return _again(station, item, filled, {**_checked(station, filled), **filled.errors}), 422
    try:
        answer = receive_application(
            station.node,
            station.catalogue.items(),
            filled.application,
            by=account.actor,
            request=named,
            photos=station.photos,
            photos_refused=station.room.photos_refused(),
            on_file_days=station.settings.on_file_days,
        )
    except Refused as refusal:
        return _refused(station, item, filled, refusal)
    return redirect(url_for("desk.received", case_id=parse_object(answer.body)["id"]), 303)


def tried_photo(token: str, material: int, number: int) -> ResponseReturnValue:
    """A photo of a form that came back."""
    photos = tray_of_app().photos(asker().name, token).get(material, ())
    if not number < len(photos):
        raise NotFound("照片没有保留，请重新拍照")
    response = Response(photos[number], mimetype=photo_type(photos[number]))
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(station: Station, item: Item, filled: Filled, refusal: Refused) -> ResponseReturnValue:
    status = problem_of(refusal).status
    if isinstance(refusal, KeyReused):
        sentence = "这张表已经收过件了。如果是另一件申请，请核对后再提交一次。"
        return _again(station, item, filled, {}, sentence=sentence, key=new_key()), status
    if isinstance(refusal, Invalid):
        return _again(station, item, filled, beside_fields(item, filled.papers, refusal.fields)), status
    if isinstance(refusal, ClockDoubtful):
        return _again(station, item, filled, {CONFIRMED: refusal.reason}), status
    if isinstance(refusal, NotEnrolled):
        return _again(station, item, filled, {}, sentence=f"{refusal.reason}。{refusal.remedy}"), status
    if isinstance(refusal, NoRoomForPhotos):
        return _without_photos(station, item, filled, f"{refusal.reason}。{refusal.remedy}"), status
    return _again(station, item, filled, {}, sentence=refusal.reason), status


def _without_photos(station: Station, item: Item, filled: Filled, sentence: str) -> str:
    """The form with everything but the photos, whose papers count as handed in: one click more takes it."""
    values = {**dict.fromkeys(_empty(item), ""), **request.form.to_dict(), **filled.papers.got}
    return _form(station, item, key=request.form.get("key", ""), values=values, sentence=sentence)


def _checked(station: Station, filled: Filled) -> Errors:
    """What else is wrong, where the form itself is already: everything is to be said at once."""
    items = station.catalogue.items()
    today = beijing(station.node.clock()).date()
    try:
        photos = station.photos
        require_lawful(
            items,
            filled.application,
            today=today,
            largest_photo_bytes=photos.largest_bytes,
            will_be_fit=photos.fitter.is_on,
        )
    except Invalid as refusal:
        return beside_fields(items[filled.application.item], filled.papers, refusal.fields)
    return {}


def _again(station: Station, item: Item, filled: Filled, errors: Errors, *, sentence: str = "", key: str = "") -> str:
    values = {**dict.fromkeys(_empty(item), ""), **request.form.to_dict()}
    return _form(
        station,
        item,
        key=key or request.form.get("key", ""),
        values=values,
        errors=errors,
        photos=filled.papers.photos,
        sentence=sentence,
    )


def _empty(item: Item) -> dict[str, str]:
    """The values a form begins with."""
    return {**{f"fields.{field.name}": "" for field in item.fields}, **usual_values(item.materials)}


def _form(
    station: Station,
    item: Item,
    *,
    key: str,
    values: dict[str, str],
    errors: Errors | None = None,
    photos: Photos | None = None,
    sentence: str = "",
) -> str:
    now_ms = station.node.clock()
    clock = station.node.read(lambda reader: read_clock(reader, now_ms))
    errors = errors or {}
    return render_template(
        "desk/take.html",
        item=item,
        inputs=[_input(field) for field in item.fields],
        materials=drawn_papers(item.materials, values, photos or {}),
        values=values,
        errors=errors,
        labels=_labels(item),
        sentence=sentence,
        key=key,
        tray=tray_of_app().keep(asker().name, photos or {}),
        channels=_CHANNELS,
        kinds=KIND_NAMES,
        photo_fit_bytes=station.settings.photo_fit_bytes,
        is_fresh=request.method == "GET",
        asks_time=clock.must_ask or CONFIRMED in errors,
        clock_reason=clock.reason,
        clock_shows=time_text(now_ms)[:16].replace("T", " "),
        photos_refused=station.room.photos_refused(),
        can_receive=bool(station.node.identity.sid and station.node.identity.device),
    )


def _input(field: Field) -> dict[str, Any]:
    kind, attrs = _INPUTS.get(field.kind, ("text", {}))
    more: dict[str, str | int] = {**attrs, "autocomplete": "off"}
    if kind not in ("date", "select"):
        more["maxlength"] = field.max_length
    if field.kind in _SECRET_KINDS or field.name in _SECRET_NAMES:
        more["data-secret"] = ""
    return {
        "name": f"fields.{field.name}",
        "label": field.label,
        "kind": kind,
        "required": field.required,
        "hint": _HINTS.get(field.kind, ""),
        "choices": [("", "请选择"), *((choice, choice) for choice in field.choices)],
        "attrs": more,
        "wide": kind == "textarea",
    }


def _labels(item: Item) -> dict[str, str]:
    labels = {f"fields.{field.name}": field.label for field in item.fields}
    return {**labels, **paper_labels(item.materials), CONFIRMED: "现在的时间", "item": "事项"}
