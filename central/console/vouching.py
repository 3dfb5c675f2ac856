"""Registering a station, and giving out codes: each is shown to the supervisor, who reads it over the telephone.

Must not know: what a code is made of.
"""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from central.centre import Centre, centre_of_app
from central.console.stations import station_page
from central.fan_in.stations import name_stations
from central.messages import _
from central.registry.enrolling import Wanted
from central.services.enrol_station import enrol_again, enrol_station
from sync.case_api.asking import asker
from sync.case_pages.forms import named_request, new_key
from sync.errors import Invalid, NotFound, Refused
from sync.messages import N_
from sync.node.acts.answer_once import Answer, KeyReused
from sync.records.typed_text import narrow_number
from sync.values.json_text import parse_object
from sync.web.problems import in_full, problem_of

_LARGEST_FORM_BYTES = 16 << 10
_LABELS = {"name": N_("Station name"), "region": N_("Region code"), "under": N_("Above")}


def most_bytes() -> None:
    """Before a form is read: how large it may be."""
    request.max_content_length = _LARGEST_FORM_BYTES


def register() -> ResponseReturnValue:
    """The form of a new station, empty or filled in."""
    centre = centre_of_app()
    if request.method == "GET":
        return _form(centre, {}, {}, key=new_key())
    typed = {name: request.form.get(name, "").strip() for name in _LABELS}
    typed["region"] = narrow_number(typed["region"])
    named = named_request(typed)
    try:
        answer = enrol_station(centre.node, Wanted(**typed), by=asker().actor, request=named)
    except KeyReused:
        sentence = _(
            "This form has registered a station before. To register another, check it and hand it in once more."
        )
        return _form(centre, typed, {}, key=new_key(), sentence=sentence), 422
    except Invalid as refusal:
        return _form(centre, typed, dict(refusal.fields), key=request.form["key"]), 422
    except Refused as refusal:
        sentence = in_full(refusal)
        return _form(centre, typed, {}, key=request.form["key"], sentence=sentence), problem_of(refusal).status
    return _code(answer)


def code_given(sid: str) -> ResponseReturnValue:
    """Another code for a station."""
    named = named_request()
    try:
        answer = enrol_again(centre_of_app().node, sid, by=asker().actor, request=named)
    except NotFound:
        raise
    except Refused as refusal:
        return station_page(sid, sentence=refusal.reason), problem_of(refusal).status
    return _code(answer)


def _form(centre: Centre, typed: dict[str, str], errors: dict[str, str], *, key: str, sentence: str = "") -> str:
    above = [(sid, name) for sid, name, _level in name_stations(centre.node, level="township")]
    own = centre.node.identity
    return render_template(
        "console/register.html",
        typed=typed,
        errors=errors,
        labels={name: _(label) for name, label in _LABELS.items()},
        key=key,
        sentence=sentence,
        choices=[
            ("", _("By the region code, by itself")),
            (own.sid, _("%(station)s (directly below)", station=own.name)),
            *above,
        ],
        own_region=own.region,
    )


def _code(answer: Answer) -> ResponseReturnValue:
    given = parse_object(answer.body)
    return render_template("console/code.html", given=given, groups=str(given["code"]).split("-")), answer.status
