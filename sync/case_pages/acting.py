"""The page of one act that asks for more than a reason.

    GET POST  /cases/<id>/acts/<name>

Must not know: what the acts are.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker
from sync.case_api.record_acts import STAFF
from sync.case_pages.act_form import About, ActForm, read_typed
from sync.case_pages.act_forms import form_named, forms_for
from sync.case_pages.clock import CONFIRMED, clock_question, require_time
from sync.case_pages.forms import (
    flash_done,
    lawful_text,
    named_request,
    new_key,
    seen_version,
    typed_text,
    was_done_last,
)
from sync.case_pages.paper_form import PaperForm, Photos
from sync.case_pages.words import colleagues
from sync.casework.describe_case import level_name
from sync.casework.describe_dispute import settled_sentence
from sync.casework.name_people import People, account_of, actor_of, called, people_on_road
from sync.casework.read_case import read_case
from sync.casework.see_changes import changes_since
from sync.errors import Forbidden, Invalid, NotFound, Refused
from sync.messages import _, pgettext
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import KeyReused
from sync.node.acts.name_version import ChangedMeanwhile
from sync.node.node import Node
from sync.records.case_assignee import had_before
from sync.records.case_table_2 import CASE_2
from sync.records.events import LEVELS
from sync.records.ids import sha256_hex, sid_of
from sync.records.situations import item_of_told
from sync.records.states import context_of, level_with_power
from sync.typed import replace
from sync.web.accounts import Accounts
from sync.web.bodies import load
from sync.web.problems import problem_of
from sync.web.sessions import signed_in


def add_acting(blueprint: Blueprint, node: Node, accounts: Accounts, *, paper: PaperForm | None) -> None:
    """Give the pages about cases this one.

    paper  how the paper that is signed for an act is photographed on its form; None where none is
    """

    def act(case_id: str, name: str) -> ResponseReturnValue:
        form = form_named(name)
        if not form.is_for(asker().role):
            raise Forbidden(_("Your post may not do this"))
        people = people_on_road(node, sid_of(case_id))
        case = read_case(node, node.catalogue.items(), case_id, by=asker().actor, people=people)
        about = _about(node, accounts, case, people)
        about = replace(about, clock=clock_question(node, form.events))
        taken = paper if form.paper and case["station"] == node.identity.sid else None
        draw = partial(_drawn, form, case, about, paper=taken)
        if request.method == "GET":
            return draw(tray=request.args.get("draft", ""))
        return _done(node, form, case, about, draw, taken)

    blueprint.add_url_rule("/cases/<case_id>/acts/<name>", "act_form", signed_in(*STAFF)(act), methods=["GET", "POST"])


def _done(
    node: Node, form: ActForm, case: dict[str, Any], about: About, draw: Callable[..., str], paper: PaperForm | None
) -> ResponseReturnValue:
    reason = typed_text("reason")
    filled = read_typed(form, request.form, reason)
    photos = paper.chosen() if paper else Photos()
    if photos.is_done:
        return redirect(url_for("case_pages.case", case_id=case["id"]), 303)  # sent twice, done once
    named = named_request(form.act, filled.sent, *[sha256_hex(content) for content in photos.contents])

    def again(**told: Any) -> str:
        """The form as it comes back; no browser keeps which photos were chosen, so they are kept here."""
        tray = paper.keep(case["id"], case["applicant"], photos) if paper else ""
        return draw(**told, values=filled.values, tray=tray)

    try:
        if paper and photos.problem:
            raise Invalid(_("Something is not filled in rightly"), fields=[(paper.place, photos.problem)])
        if form.needs_reason and not reason:
            raise Invalid(_("Something is not filled in rightly"), fields=[("reason", _("Please give the reason"))])
        lawful_text(reason)
        sent = _loaded(form, about, filled.sent)
        require_time(node, form.events, by=asker().actor)
        doer = Doer(asker().actor, reason, named, seen_version())
        if paper and photos.contents:
            answer = paper.done(case["id"], form.act, sent, photos, doer)
        else:
            answer = form.route.does(node, case["id"], sent, doer)
    except NotFound:
        raise
    except KeyReused:
        sentence = _("This form was handed in before; go back to the case and check")
        return again(sentence=sentence), 409
    except Invalid as refusal:
        errors = {_input(form, about, name, paper): sentence for name, sentence in refusal.fields}
        labels = {one.name: one.label for one in form.asks(about)}
        errors = {name: _beside(sentence, labels.get(name, "")) for name, sentence in errors.items()}
        return again(errors=errors), 422
    except ChangedMeanwhile as refusal:
        news = changes_since(node, case["id"], request.form["seen"], about.people)
        return again(news=news), problem_of(refusal).status
    except Refused as refusal:
        return again(sentence=refusal.reason), problem_of(refusal).status
    if paper:
        paper.forget(photos)
    if form.act == "settlement" and not answer.replayed:
        _flash_settled(about, sent["choices"])
    else:
        flash_done(answer)
    return redirect(url_for("case_pages.case", case_id=case["id"]), 303)


def _flash_settled(about: About, choices: Mapping[str, str]) -> None:
    """Say what was in dispute and whose word stands now."""
    settled = [one for one in about.disputes if one["field"] in choices]
    told = [settled_sentence(one, choices[one["field"]], about.people) for one in settled]
    flash(_("The dispute is settled: %(told)s", told=pgettext("between sentences", "; ").join(told)), "good")


def _loaded(form: ActForm, about: About, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, checked; raises Invalid naming everything, lists of which nothing is chosen as what they are."""
    lists = [one.name for one in form.asks(about) if one.kind == "select" and one.required and one.choices]
    wrong = {name: _("Please choose") for name in lists if not request.form.get(name)}
    try:
        loaded: dict[str, Any] = load(form.route.schema, sent)
    except Invalid as refusal:
        raise Invalid(refusal.reason, fields=({**dict(refusal.fields), **wrong}).items()) from None
    if wrong:
        raise Invalid(_("Something is not filled in rightly"), fields=wrong.items())
    return loaded


def _input(form: ActForm, about: About, name: str, paper: PaperForm | None) -> str:
    """The input a refusal is about: of `gaps.0.what` the list; what no input bears stands beside the reason."""
    names = {CONFIRMED, *(one.name for one in form.asks(about)), *((paper.place,) if paper else ())}
    first = name.split(".")[0]
    return name if name in names else first if first in names else "reason"


def _beside(sentence: str, label: str) -> str:
    """A sentence without the label it stands beside."""
    return sentence.removeprefix(_("%(name)s: %(sentence)s", name=label, sentence="")) if label else sentence


def _about(node: Node, accounts: Accounts, case: Mapping[str, Any], people: People) -> About:
    item = node.catalogue.item_of(case)
    handed = {paper.get("name", "") for paper in case["materials"]}
    item = item_of_told(item, case["situations"]) if item else None
    asked_for = item.materials if item else ()
    own = asker().name
    shown = {one["name"]: str(one["value"]) for one in case["fields"]}
    return About(
        papers=tuple((one.name, one.name in handed, one.may_follow) for one in asked_for),
        fields=tuple((one, shown.get(one.name, "")) for one in item.fields) if item else (),
        colleagues=colleagues(accounts, own),
        had_before=_had_before(case["log"], node.identity.level, people),
        special=_(", ").join(f"{one.name} {one.days.label}" for one in item.special) if item else "",
        level=node.identity.level,
        people=people,
        disputes=tuple(case["disputes"]),
    )


def _had_before(log: Sequence[Mapping[str, Any]], level: str, people: People) -> tuple[tuple[str, str], ...]:
    """Who had the case at another level, as choices of 转办."""
    had = had_before([(one["type"], actor_of(one["by"]), one["level"]) for one in log], level=level)

    def read(actor: str, at: str) -> str:
        told = {"level": level_name(at), "person": called(actor, at, people)}
        if LEVELS.index(at) < LEVELS.index(level):
            return _("Return to %(level)s: %(person)s", **told)
        return _("Hand up to %(level)s: %(person)s", **told)

    return tuple((f"{account_of(actor)}@{at}", read(actor, at)) for at, actor in had.items())


def _done_by(form: ActForm, case: Mapping[str, Any], level: str) -> str:
    """Which level does it, where this one has not the power; else ""."""
    able = level_with_power(CASE_2, case["state"], form.events, level=level, context=context_of(case))
    return level_name(able) if able else ""


def _drawn(
    form: ActForm,
    case: Mapping[str, Any],
    about: About,
    *,
    paper: PaperForm | None,
    tray: str = "",
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
    sentence: str = "",
    news: Sequence[Mapping[str, Any]] = (),
) -> str:
    asks = form.asks(about)
    return render_template(
        "cases/act.html",
        form=form,
        case=case,
        asks=asks,
        handed=[name for name, is_handed, _follows in about.papers if is_handed],
        labels={
            CONFIRMED: _("The time now"),
            **{one.name: one.label for one in asks},
            **({paper.place: form.paper} if paper else {}),
            "reason": _("Reason") if form.needs_reason else _("Remark"),
        },
        errors=errors or {},
        values=values or {},
        sentence=sentence,
        news=news,
        people=about.people,
        is_closed=form not in forms_for(case, asker().role),
        done_by=_done_by(form, case, about.level),
        is_again=not values
        and not form.ends_by_itself
        and was_done_last(case["log"], form.events, node_level=about.level),
        key=new_key(),
        paper=paper,
        **about.clock,
        **(paper.known(tray) if paper else {}),
    )
