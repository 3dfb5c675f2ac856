"""材料交接单: bags of papers at both ends; packed and printed at the village, scanned and ticked at the township.

    GET        /bags               the list, and the box for a scanner
    GET POST   /bags/new           which papers go into the bag
    GET        /bags/<id>          one bag, with what may be done to it here
    POST       /bags/<id>/<act>    handing, taking, finding, giving-back, voiding
    GET        /bags/<id>/print    the list on A4, to be signed by both

Must not know: how bags are kept, what is lawful.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.messages import _
from edge_node.station import station_of_app
from sync.case_api.asking import asker
from sync.case_api.bag_routes import bag_act
from sync.case_api.record_acts import STAFF, RecordAct
from sync.case_pages.forms import lawful_text, named_request, new_key, seen_version, typed_text
from sync.casework.name_people import people_on_road
from sync.errors import BadRequest, Invalid, NotFound, Refused
from sync.messages import N_
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import KeyReused
from sync.node.acts.name_version import ChangedMeanwhile
from sync.papers.find_bag import look_up_bag
from sync.papers.move_bag import pack_bag
from sync.papers.offer_papers import offer_papers
from sync.papers.read_bag import read_bag, show_bags, steps_since
from sync.records.bag_number import short_bag_number
from sync.records.ids import sid_of
from sync.values.json_text import parse_object
from sync.web.bodies import load
from sync.web.problems import problem_of
from sync.web.qr_codes import qr_code
from sync.web.sessions import signed_in

# What a bag's look says: on its way, there, something lacks, nothing to be done.
LOOKS = {"packed": "waiting", "handed": "running", "taken": "done", "complete": "done", "short": "bad"}
_LABELS = {
    "found": N_("Materials"),
    "papers": N_("Materials"),
    "giver": N_("Given by"),
    "carrier": N_("Brought by"),
    "taker": N_("Taken by"),
    "bringer": N_("Brought by"),
    "finder": N_("Taken by"),
    "returner": N_("Given back by"),
    "surplus": N_("Papers that are not on the list"),
    "reason": N_("Remark"),
}
_USED_UP = N_("This form was handed in before; below is how the bag stands now, please check it")
_BY_KEY = N_("Nothing was recorded: Enter signs nothing here. Please check once more, then press the button")
_LONGEST = 200  # characters of what a scanner types
_LONGEST_CURSOR = 400


def add_bag_pages(blueprint: Blueprint) -> None:
    """Give the desk these pages."""
    staff = signed_in(*STAFF)
    blueprint.add_app_template_filter(lambda state: LOOKS.get(state, "plain"), "bag_look")
    blueprint.add_url_rule("/bags", "bags", staff(_listed))
    blueprint.add_url_rule("/bags/new", "new_bag", staff(_new), methods=["GET", "POST"])
    blueprint.add_url_rule("/bags/<bag_id>", "bag", staff(_shown))
    blueprint.add_url_rule("/bags/<bag_id>/<act>", "bag_act", staff(_done), methods=["POST"])
    blueprint.add_url_rule("/bags/<bag_id>/print", "bag_print", staff(_printed))


def _listed() -> ResponseReturnValue:
    node = station_of_app().node
    typed = request.args.get("q", "")[:_LONGEST]
    found = look_up_bag(node, typed) if typed.strip() else None
    if found and found.id:
        return redirect(url_for("desk.bag", bag_id=found.id), 303)
    try:
        page = show_bags(node, after=request.args.get("cursor", "")[:_LONGEST])
    except BadRequest:
        return redirect(url_for("desk.bags"))
    return render_template(
        "desk/bags.html",
        page=page,
        typed=typed,
        found=found,
        short=short_bag_number(found.number) if found else "",
        is_village=node.identity.level == "village",
    )


def _new() -> ResponseReturnValue:
    node = station_of_app().node
    if request.method == "GET":
        try:
            return _choosing()
        except BadRequest:
            return redirect(url_for("desk.new_bag"))
    chosen = request.form.getlist("papers")
    if request.form.get("by_key"):
        return _choosing(sentence=_(_BY_KEY), chosen=chosen), 422
    named = named_request(chosen)
    try:
        answer = pack_bag(node, chosen, Doer(asker().actor, "", named))
    except KeyReused:
        sentence = _(
            "This form has made a bag slip before, it is in the list of them. Below are the papers that are still "
            "here; for another bag tick them and hand it in once more."
        )
        return _choosing(sentence=sentence, chosen=chosen), 409
    except Invalid as refusal:
        return _choosing(errors=dict(refusal.fields), chosen=chosen), 422
    except Refused as refusal:
        return _choosing(sentence=refusal.reason, chosen=chosen), problem_of(refusal).status
    packed = parse_object(answer.body)
    flash(
        _(
            "Bag slip %(number)s is made, %(papers)s papers. Please print it and both sign.",
            number=packed["short_number"],
            papers=packed["papers"],
        ),
        "good",
    )
    return redirect(url_for("desk.bag", bag_id=packed["id"]), 303)


def _choosing(*, errors: Mapping[str, str] | None = None, chosen: Any = None, sentence: str = "") -> str:
    cursor = request.args.get("cursor", "")[:_LONGEST_CURSOR]
    page = offer_papers(station_of_app().node, cursor=cursor)
    return render_template(
        "desk/new_bag.html",
        cases=[list(group) for _case, group in groupby(page.papers, key=lambda paper: paper.case)],
        is_first=not cursor,
        next=page.next,
        chosen=None if chosen is None else frozenset(chosen),
        errors=errors or {},
        labels={name: _(label) for name, label in _LABELS.items()},
        sentence=sentence,
        key=new_key(),
    )


def _shown(bag_id: str) -> ResponseReturnValue:
    return _page(bag_id)


def _printed(bag_id: str) -> ResponseReturnValue:
    bag = read_bag(station_of_app().node, bag_id, by=asker().actor)
    return render_template("desk/bag_print.html", bag=bag, code=qr_code(bag["code"]))


def _done(bag_id: str, act: str) -> ResponseReturnValue:
    known = bag_act(act)
    if known is None:
        raise NotFound(_("There is no such act"))
    node = station_of_app().node
    sent = _sent(bag_id, known)
    if request.form.get("by_key"):
        return _page(bag_id, act=act, sentence=_(_BY_KEY), values=sent), 422
    is_all = bool(request.form.get("all"))
    unsure = _unsure(bag_id, sent["found"]) if act == "taking" and not is_all else []
    if unsure:
        return _page(bag_id, act=act, unsure=unsure, values=sent), 422
    named = named_request(act, sent)
    try:
        lawful_text(sent["reason"])
        answer = known.does(
            node, bag_id, load(known.schema, sent), Doer(asker().actor, sent["reason"], named, seen_version())
        )
    except NotFound:
        raise
    except KeyReused:
        return _page(bag_id, act=act, sentence=_(_USED_UP), values=sent), 409
    except Invalid as refusal:
        errors = {name.split(".")[0]: said for name, said in refusal.fields}
        return _page(bag_id, act=act, errors=errors, values=sent), 422
    except ChangedMeanwhile as refusal:
        news = steps_since(node, bag_id, request.form["seen"])
        return _page(bag_id, act=act, news=news, values=sent), problem_of(refusal).status
    except Refused as refusal:
        return _page(bag_id, act=act, sentence=refusal.reason, values=sent), problem_of(refusal).status
    done = parse_object(answer.body)
    flash(_("Bag slip %(number)s: %(state)s", number=done["short_number"], state=done["state_name"]), "good")
    return redirect(url_for("desk.bag", bag_id=bag_id), 303)


def _unsure(bag_id: str, found: Sequence[int]) -> list[int]:
    """The places that would be put down as missing, where nobody has said yet that it is these: it is not undone."""
    bag = read_bag(station_of_app().node, bag_id, by=asker().actor)
    missing = [paper["place"] for paper in bag["papers"] if paper["place"] not in found]
    is_said = request.form.get("lacking") == " ".join(map(str, missing))
    is_open = "taken" in {one["type"] for one in bag["acts"]}  # else whoever asks is told why it is not done
    return missing if missing and is_open and not is_said else []


def _places(bag_id: str) -> list[int]:
    """The places of a bag's list that may be ticked now: all of it, or what was missing."""
    bag = read_bag(station_of_app().node, bag_id, by=asker().actor)
    return bag["missing"] if bag["state"] == "short" else [paper["place"] for paper in bag["papers"]]


def _sent(bag_id: str, act: RecordAct) -> dict[str, Any]:
    """What a form says, as the API takes it."""
    sent: dict[str, Any] = {"reason": typed_text("reason")}
    for name in act.schema.fields:
        if name == "found":
            ticked = {
                int(one) for one in request.form.getlist("found") if one.isascii() and one.isdigit() and len(one) < 4
            }
            sent[name] = _places(bag_id) if request.form.get("all") else sorted(ticked)
        elif name != "reason":
            sent[name] = typed_text(name)
    return sent


def _page(
    bag_id: str,
    *,
    act: str = "",
    sentence: str = "",
    news: Sequence[Mapping[str, Any]] = (),
    unsure: Sequence[int] = (),
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
) -> str:
    station = station_of_app()
    bag = read_bag(station.node, bag_id, by=asker().actor)
    return render_template(
        "desk/bag.html",
        bag=bag,
        open_acts={one["type"] for one in bag["acts"]},
        me=asker().display_name,
        act=act,
        sentence=sentence,
        news=news,
        unsure=unsure,
        errors=errors or {},
        values=values or {},
        labels={name: _(label) for name, label in _LABELS.items()},
        people=people_on_road(station.node, sid_of(bag_id)),
        own_level=station.node.identity.level,
        key=new_key(),
    )
