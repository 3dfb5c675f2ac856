"""The page of one act on a person.

    GET POST  /people/<id>/acts/<name>

Must not know: what the acts are.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker
from sync.case_api.record_acts import STAFF
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
from sync.casework.describe_case import level_name
from sync.casework.name_people import People, people_on_road
from sync.errors import Conflict, Invalid, NotFound, Refused
from sync.messages import N_, _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer, KeyReused, earlier_answer
from sync.node.acts.name_version import ChangedMeanwhile
from sync.node.node import Node
from sync.people.describe_person import changes_of_person, describe_person
from sync.people.find_person import first_by_number
from sync.people.standing_consents import ON_PAPER
from sync.people_pages.act_forms import Ask, PersonForm, form_named, forms_for
from sync.records.id_papers import PAPER_KINDS
from sync.records.ids import sha256_hex
from sync.records.items import ItemState
from sync.values.json_text import dump_sorted
from sync.web.accounts import Accounts
from sync.web.bodies import load
from sync.web.problems import problem_of
from sync.web.sessions import signed_in

_OF_HOUSEHOLDS = ("joined_household", "left_household")
_HOUSEHOLD_CHANGED = N_(
    "Who else is in this household, or as what, changed since you opened the page, so nothing was done. "
    "Below is how it stands now; please check and press again."
)


def add_acting(blueprint: Blueprint, node: Node, accounts: Accounts, *, paper: PaperForm | None) -> None:
    """Give the pages about people this one.

    paper  how the signed paper of a consent is photographed on its form; None where none is
    """

    def act(person_id: str, name: str) -> ResponseReturnValue:
        form = form_named(name)
        person = describe_person(node, person_id, by=asker().actor)
        people = people_on_road(node, person["station"])
        taken = paper if form.event == "consented" and _is_own(node, person) else None
        items = _items(node).values() if any(ask.kind == "item" for ask in form.asks) else ()
        draw = partial(_drawn, form, person, people, paper=taken, level=node.identity.level, items=tuple(items))
        if request.method == "GET":
            return draw(tray=request.args.get("draft", ""))
        return _done(node, form, person, draw, taken)

    view = signed_in(*STAFF)(act)
    blueprint.add_url_rule("/people/<person_id>/acts/<name>", "act_form", view, methods=["GET", "POST"])


def _done(
    node: Node, form: PersonForm, person: dict[str, Any], draw: Callable[..., str], paper: PaperForm | None
) -> ResponseReturnValue:
    reason = typed_text("reason")
    typed = {ask.name: request.form.get(ask.name, "").strip() for ask in form.asks}
    photos = paper.chosen() if paper else Photos()
    if photos.is_done:
        return redirect(url_for("people_pages.person", person_id=person["id"]), 303)  # sent twice, done once
    named = named_request(form.name, typed, reason, *[sha256_hex(content) for content in photos.contents])

    def again(**told: Any) -> str:
        """The form as it comes back; no browser keeps which photos were chosen, so they are kept here."""
        return draw(**told, tray=paper.keep(person["id"], person["name"], photos) if paper else "")

    try:
        if request.form.get("household", "") not in ("", _household(person)) and earlier_answer(node, named) is None:
            raise Conflict(_(_HOUSEHOLD_CHANGED))
        if paper and photos.problem:
            raise Invalid(_("Something is not filled in rightly"), fields=[(paper.place, photos.problem)])
        if form.needs_reason and not reason:
            raise Invalid(_("Something is not filled in rightly"), fields=[("reason", _("Please give the reason"))])
        lawful_text(reason)
        sent = load(form.route.schema, {**form.sends, **_sent(node, form, typed), "reason": reason})
        doer = Doer(asker().actor, reason, named, seen_version())
        if paper and photos.contents:
            answer = _given_on_paper(person["id"], form.route.name, sent, paper, photos, doer)
        else:
            answer = form.route.does(node, person["id"], sent, doer)
    except NotFound:
        raise
    except KeyReused:
        sentence = _("This form was handed in before; go back and check")
        return again(sentence=sentence, values={**typed, "reason": reason}), 409
    except Invalid as refusal:
        names = {ask.name for ask in form.asks} | ({paper.place} if paper else set())
        errors = {name if name in names else "reason": sentence for name, sentence in refusal.fields}
        return again(errors=errors, values={**typed, "reason": reason}), 422
    except ChangedMeanwhile as refusal:
        news = changes_of_person(node, person["id"], request.form["seen"])
        shown = again(news=news, values={**typed, "reason": reason})
        return shown, problem_of(refusal).status
    except Refused as refusal:
        shown = again(sentence=refusal.reason, values={**typed, "reason": reason})
        return shown, problem_of(refusal).status
    if paper:
        paper.forget(photos)
    flash_done(answer)
    return redirect(url_for("people_pages.person", person_id=person["id"]), 303)


def _household(person: Mapping[str, Any]) -> str:
    """Who else is in the household and as what, in short: what is done to one of them counts for the others."""
    return sha256_hex(dump_sorted([[one["id"], one["household_role"]] for one in person["household"]]))


def _given_on_paper(
    person_id: str, act: str, sent: Mapping[str, Any], paper: PaperForm, photos: Photos, doer: Doer
) -> Answer:
    if sent["means"] not in ON_PAPER:
        said = _("Who agreed by word of mouth has signed no paper; leave the photos out, or say how it was signed")
        raise Invalid(_("Something is not filled in rightly"), fields=[(paper.place, said)])
    return paper.done(person_id, act, sent, photos, doer)


def _is_own(node: Node, person: Mapping[str, Any]) -> bool:
    return bool(person["station"] == node.identity.sid)


def _sent(node: Node, form: PersonForm, typed: Mapping[str, str]) -> dict[str, str]:
    """What was filled in, as the API takes it: of a person's number the id, of an item the code, of a consent both."""
    sent = {name: value for name, value in typed.items() if value}
    for ask in form.asks:
        if ask.kind == "person" and ask.name in sent:
            sent[ask.name] = _person_by(node, ask.name, sent[ask.name])
    if form.name == "withdraw" and " " in sent.get("kind", ""):
        sent["kind"], sent["item"] = sent["kind"].split(" ", 1)
    missing = [(ask.name, _lacking(ask)) for ask in form.asks if ask.required and ask.name not in sent]
    if missing:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=missing)
    for ask in form.asks:
        if ask.kind == "confirm":
            sent.pop(ask.name, None)
        if ask.kind == "item":
            sent[ask.name] = _item_by(node, ask.name, sent[ask.name])
    return sent


def _lacking(ask: Ask) -> str:
    if ask.kind == "confirm":
        return _("Please check it and tick the box")
    return _("Please fill in: %(label)s", label=_(ask.label))


def _items(node: Node) -> dict[str, str]:
    """{code: name} of the items that take cases."""
    labels = node.catalogue.labels()
    return {code: one.name for code, one in labels.items() if one.state == ItemState.IN_USE}


def _item_by(node: Node, name: str, text: str) -> str:
    if text in node.catalogue.items():
        return text
    found = [code for code, called in _items(node).items() if called == text]
    if len(found) != 1:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[(name, _("No item is called so; choose it from the list, or type its code"))],
        )
    return found[0]


def _person_by(node: Node, name: str, number: str) -> str:
    row = first_by_number(node, PAPER_KINDS, number)
    if row is None:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[(name, _("Nobody with this number is registered here, register first"))],
        )
    return row.id


def _drawn(
    form: PersonForm,
    person: Mapping[str, Any],
    people: People,
    *,
    paper: PaperForm | None,
    level: str,
    items: Sequence[str] = (),
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    sentence: str = "",
    news: Sequence[Mapping[str, Any]] = (),
    tray: str = "",
) -> str:
    return render_template(
        "people/act.html",
        form=form,
        person=person,
        asks=[(ask, ask.choices(person) if ask.choices else ()) for ask in form.asks],
        items=items,
        labels={
            **{ask.name: _(ask.label) for ask in form.asks},
            **({paper.place: paper.label()} if paper else {}),
            "reason": _("Remark"),
        },
        errors=errors or {},
        values=values or {},
        sentence=sentence,
        news=[{**one, "level_name": level_name(one["level"])} for one in news],
        people=people,
        paper=paper,
        household=_household(person) if form.event in _OF_HOUSEHOLDS else "",
        is_closed=form not in forms_for(person),
        is_again=not values and was_done_last(person["log"], (form.event,), node_level=level),
        last={**person["log"][-1], "level_name": level_name(person["log"][-1]["level"])},
        key=new_key(),
        **(paper.known(tray) if paper else {}),
    )
