"""登记人员: the form with which somebody is registered; a card on the reader fills it in.

    GET POST  /people/new

That a card was read is offered only of what was read here, in this session, a moment ago.

Must not know: how people are kept, how a card is read.
"""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker
from sync.case_api.record_acts import STAFF
from sync.case_pages.forms import named_request, new_key
from sync.errors import Forbidden, Invalid, LinkError
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import KeyReused
from sync.node.node import Node
from sync.people.ask_consents import ASKED
from sync.people.card_readings import CardRead
from sync.people.errors import AlreadyRegistered
from sync.people.register_person import register_person
from sync.people_api.card_reading import card_read, keep_reading
from sync.people_pages.consent_inputs import consent_inputs, consents_given, consents_sent
from sync.records.applicant_paper import USUAL
from sync.records.id_papers import PAPER_KINDS
from sync.records.people import SEXES
from sync.records.person_words import LABELS, PROOFS, SOURCES
from sync.values.json_text import parse_object
from sync.web.problems import in_full
from sync.web.sessions import signed_in

# Reads the card on the reader beside the screen; raises LinkError in words for whoever stands there.
ReadCard = Callable[[], CardRead]
_FORM = ("name", "cert_kind", "cert_number", "sex", "birthday", "phone", "address", "bank_account", "source", "proof")
_NEW = {"cert_kind": USUAL, "source": "hand"}


def add_registering(blueprint: Blueprint, node: Node | None, *, read_card: ReadCard | None) -> None:
    """Give the pages about people this one.

    node  where people are registered; None where none are
    """

    def new() -> ResponseReturnValue:
        if node is None:
            raise Forbidden(_("People are registered at the village station or township"))
        has_reader = read_card is not None
        if request.method == "GET":
            return _form(_NEW, has_reader=has_reader)
        typed = {name: request.form.get(name, "").strip() for name in _FORM}
        if request.form.get("go") == "card" and read_card is not None:
            return _filled_in(typed, read_card)
        return _registered(node, typed, has_reader=has_reader)

    view = signed_in(*STAFF)(new)
    blueprint.add_url_rule("/people/new", "new", view, methods=["GET", "POST"])


def _filled_in(typed: Mapping[str, str], read_card: ReadCard) -> ResponseReturnValue:
    """The form with what lies on the reader, or with why nothing was read."""
    try:
        card = read_card()
    except LinkError as error:
        return _form(typed, sentence=in_full(error), has_reader=True), 422
    read = {"name": card.name, "cert_kind": USUAL, "cert_number": card.number, "source": "card", "proof": ""}
    address = typed["address"] or card.address  # where one lives now may be elsewhere
    values = {**typed, **read, "address": address, "sex": "", "birthday": ""}
    return _form(values, reading=keep_reading(card), has_reader=True, has_expired=card.has_expired)


def _registered(node: Node, typed: Mapping[str, str], *, has_reader: bool) -> ResponseReturnValue:
    told, reading = {name: value for name, value in typed.items() if value}, request.form.get("reading", "")
    consents = consents_sent(request.form)
    try:
        by = Doer(asker().actor, request=named_request("new", typed, consents))
        given = consents_given(consents, reader=asker().display_name)
        answer = register_person(node, told, by, consents=given, read=card_read(reading))
    except KeyReused:
        sentence = _("This form was handed in before. If it is somebody else, check it and hand it in once more.")
        return _form(typed, sentence=sentence, reading=reading, has_reader=has_reader), 409
    except AlreadyRegistered as refusal:
        return _form(typed, known=refusal.person, reading=reading, has_reader=has_reader), 409
    except Invalid as refusal:
        return _form(typed, errors=dict(refusal.fields), reading=reading, has_reader=has_reader), 422
    done = parse_object(answer.body)
    flash(_("Registered, kept on this machine"), "good")
    for warning in done["warnings"]:
        flash(warning, "warning")
    return redirect(url_for("people_pages.person", person_id=done["id"]), 303)


def _form(
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    sentence: str = "",
    known: str = "",
    reading: str = "",
    has_reader: bool = False,
    has_expired: bool = False,
) -> str:
    was_read = card_read(reading) is not None
    offered = ("card", "hand") if was_read else ("hand",)  # no photo is taken on this page
    return render_template(
        "people/new.html",
        values={**values, "source": values["source"] if values.get("source") in offered else "hand"},
        errors=errors or {},
        sentence=sentence,
        known=known,
        reading=reading if was_read else "",
        has_reader=has_reader,
        has_expired=has_expired,
        labels={name: _(label) for name, label in LABELS.items()},
        kinds=tuple((code, _(name)) for code, name in PAPER_KINDS.items()),
        sources=tuple((code, _(SOURCES[code])) for code in offered),
        sexes=(("", _("left out")), *((sex, sex) for sex in SEXES)),
        proofs=(("", _("as its source tells")), *((code, _(PROOFS[code])) for code in ("unverified", "manual"))),
        consents=consent_inputs(ASKED, consents_sent(request.form), reader=asker().display_name),
        key=new_key(),
    )
