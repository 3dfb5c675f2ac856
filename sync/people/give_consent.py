"""同意 and 撤回: what a person agreed to, until when and by what means; 代办委托 item by item.

A consent that two people wrote differently unseen by each other is not leaned on until it is told anew. Of one that was
signed a photo is kept: it comes with the consent or later, and stays when the consent is taken back.

Must not know: what a consent is asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sync.errors import Invalid
from sync.messages import N_, _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.people.act_on_person import act_on_person
from sync.people.leave_register import require_alive
from sync.people.read_days import day_problem
from sync.people.standing_consents import ON_PAPER, consent_name, consent_of
from sync.records.agents import agent_number_problem
from sync.records.applicant_paper import USUAL
from sync.records.application import MAX_PHOTOS
from sync.records.clock import time_text
from sync.records.id_papers import canonical_number, citizen_number
from sync.records.log import Record
from sync.records.person_words import CONSENTS, ERRAND, MEANS, all_words
from sync.records.typed_text import plain_name
from sync.store.transaction import Transaction

LONGEST_SCOPE = 200
_LONGEST_AGENT = 50
_NOT_TO_ADD_TO = {
    "withdrawn": N_("This consent was taken back"),
    "disputed": N_("This consent is in dispute; check it and register it anew"),
    "unwritten": N_("This authority was given by word of mouth and is none; register the signed one"),
}

# Stores photos in the transaction that names them; returns them as records name photos: {"blob", "type", "size"}.
File = Callable[[Transaction], Sequence[Mapping[str, Any]]]


def no_photos(tx: Transaction) -> Sequence[Mapping[str, Any]]:
    """Nothing is filed with it."""
    return ()


def give_consent(
    node: Node,
    person_id: str,
    kind: str,
    doer: Doer,
    *,
    means: str,
    until: str = "",
    errand: Mapping[str, str] | None = None,
    file: File = no_photos,
) -> Answer:
    """Note that a person agreed; see `act_on_person`.

    kind    in `CONSENTS`;  means, in `MEANS`;  until, YYYY-MM-DD, "" for no end (代办委托 has one)
    errand  for 代办委托: {item: code, agent: who goes, agent_id_number: his, where it is told, scope: what for}
    file    stores photos of the signed paper in the same transaction
    raises  Invalid naming every wrong field; Forbidden where the person died
    """
    problems = _problems(node, kind, means, until, errand or {}, node.today())
    if problems:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)
    said: dict[str, Any] = {"at": time_text(node.clock()), "until": until, "by": means}
    if kind == ERRAND and errand is not None:
        number = canonical_number(USUAL, errand.get("agent_id_number", ""))
        said |= {"agent": errand["agent"].strip(), "agent_id_number": number, "scope": errand.get("scope", "").strip()}
    name = consent_name(kind, (errand or {}).get("item", ""))

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        require_alive(person)
        _require_another(person, said)
        consent = {**said, "photos": list(file(tx))}
        return {name: {member: value for member, value in consent.items() if value}}

    return act_on_person(node, person_id, "consented", fill, doer)


def _require_another(person: Record, said: Mapping[str, Any]) -> None:
    """Raise Invalid where the agent is the person himself: by his number, or where none is told by his name."""
    kind, own = str(person.fields.get("cert_kind", "")), str(person.fields.get("cert_number", ""))
    number, name = said.get("agent_id_number", ""), plain_name(said.get("agent"))
    if number and number == citizen_number(kind, own):
        place = "agent_id_number"
    elif name and not number and name == plain_name(person.fields.get("name")):
        place = "agent"
    else:
        return
    said_why = _("Nobody runs his own errand: this is whoever gives the authority")
    raise Invalid(_("Something is not filled in rightly"), fields=[(place, said_why)])


def add_consent_photos(node: Node, person_id: str, kind: str, doer: Doer, *, file: File, item: str = "") -> Answer:
    """Add photos of its signed paper to a consent that stands; see `act_on_person`.

    file    stores them in the same transaction
    raises  Invalid where the consent does not stand, or has too many photos
    """
    name, today = consent_name(kind, item), node.today()

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        known = consent_of(tx, node, person, name, today)
        if known is None or known.standing not in ("stands", "ended", "lapsed"):
            why = _(_NOT_TO_ADD_TO[known.standing]) if known else _("This consent is not registered, register it first")
            raise Invalid(_("Something is not filled in rightly"), fields=[("kind", why)])
        photos = {str(photo.get("blob")): photo for photo in (*known.photos, *file(tx))}
        if len(photos) > MAX_PHOTOS:
            raise Invalid(
                _("Something is not filled in rightly"),
                fields=[("photos", _("A signed paper has at most %(most)s photos in all", most=MAX_PHOTOS))],
            )
        return {name: {**known.said, "photos": list(photos.values())}}

    return act_on_person(node, person_id, "consented", fill, doer)


def withdraw_consent(node: Node, person_id: str, kind: str, doer: Doer, *, item: str = "") -> Answer:
    """Take a consent back; see `act_on_person`. The photos of its paper stay. Raises Invalid where none stands."""
    name, today = consent_name(kind, item), node.today()

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        known = consent_of(tx, node, person, name, today)
        if known is None or "withdrawn_at" in known.said:
            raise Invalid(
                _("Something is not filled in rightly"),
                fields=[("kind", _("There is no consent that could be taken back"))],
            )
        photos = {"photos": list(known.photos)} if known.photos else {}
        return {name: {"withdrawn_at": time_text(node.clock()), **photos}}

    return act_on_person(node, person_id, "consent_withdrawn", fill, doer)


def _problems(
    node: Node, kind: str, means: str, until: str, errand: Mapping[str, str], today: date
) -> list[tuple[str, str]]:
    problems = []
    if kind not in CONSENTS:
        problems.append(("kind", _("What is consented to has to be one of %(choices)s", choices=all_words(CONSENTS))))
    if means not in MEANS:
        problems.append(("means", _("How it was agreed to has to be one of %(choices)s", choices=all_words(MEANS))))
    elif kind == ERRAND and means not in ON_PAPER:
        problems.append(("means", _("An authority is written: by signature or fingerprint, not by word of mouth")))
    if (until or kind == ERRAND) and (problem := day_problem(until, today)):
        problems.append(("until", problem))
    if kind == ERRAND:
        if errand.get("item") not in node.catalogue.items():
            problems.append(("item", _("Choose the item of the errand")))
        if not errand.get("agent", "").strip():
            problems.append(("agent", _("Fill in who runs the errand")))
        wrong = agent_number_problem(errand.get("agent_id_number", ""), today)
        problems += [("agent_id_number", wrong)] if wrong else []
        if len(errand.get("scope", "")) > LONGEST_SCOPE or len(errand.get("agent", "")) > _LONGEST_AGENT:
            problems.append(
                (
                    "scope",
                    _(
                        "What the errand covers has at most %(scope)s characters, who runs it at most %(agent)s",
                        scope=LONGEST_SCOPE,
                        agent=_LONGEST_AGENT,
                    ),
                )
            )
    return problems
