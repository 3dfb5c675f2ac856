"""同意 and 撤回: what a person agreed to, until when and by what means; 代办委托 item by item.

A consent that two people wrote differently unseen by each other is not leaned on until it is told anew. Of one that was
signed a photo is kept: it comes with the consent or later, and stays when the consent is taken back.

Must not know: what a consent is asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sync.errors import Invalid
from sync.node.acting import Doer
from sync.node.answer_once import Answer
from sync.node.node import Node
from sync.people.act_on_person import act_on_person
from sync.people.read_days import day_problem
from sync.people.standing_consents import consent_name, consent_of
from sync.records.application import MAX_PHOTOS
from sync.records.clock import time_text
from sync.records.log import Record
from sync.records.person_words import CONSENTS, ERRAND, MEANS
from sync.store.transaction import Transaction

LONGEST_SCOPE = 200
_NOT_TO_ADD_TO = {"withdrawn": "这项同意已经撤回", "disputed": "这项同意有争议，请核对后重新登记"}

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
    errand  for 代办委托: {item: code, agent: who goes, scope: what for}
    file    stores photos of the signed paper in the same transaction
    raises  Invalid naming every wrong field
    """
    problems = _problems(node, kind, means, until, errand or {}, node.today())
    if problems:
        raise Invalid("填写有误，请检查标出的各项", fields=problems)
    said: dict[str, Any] = {"at": time_text(node.clock()), "until": until, "by": means}
    if kind == ERRAND and errand is not None:
        said |= {"agent": errand["agent"].strip(), "scope": errand.get("scope", "").strip()}
    name = consent_name(kind, (errand or {}).get("item", ""))

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        consent = {**said, "photos": list(file(tx))}
        return {name: {member: value for member, value in consent.items() if value}}

    return act_on_person(node, person_id, "consented", fill, doer)


def add_consent_photos(node: Node, person_id: str, kind: str, doer: Doer, *, file: File, item: str = "") -> Answer:
    """Add photos of its signed paper to a consent that stands; see `act_on_person`.

    file    stores them in the same transaction
    raises  Invalid where the consent does not stand, or has too many photos
    """
    name, today = consent_name(kind, item), node.today()

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        known = consent_of(tx, node, person, name, today)
        if known is None or known.standing not in ("stands", "ended"):
            why = _NOT_TO_ADD_TO[known.standing] if known else "没有登记这项同意，请先登记"
            raise Invalid("填写有误", fields=[("kind", why)])
        photos = {str(photo.get("blob")): photo for photo in (*known.photos, *file(tx))}
        if len(photos) > MAX_PHOTOS:
            raise Invalid("填写有误", fields=[("photos", f"一份签字件的照片合计最多 {MAX_PHOTOS} 张")])
        return {name: {**known.said, "photos": list(photos.values())}}

    return act_on_person(node, person_id, "consented", fill, doer)


def withdraw_consent(node: Node, person_id: str, kind: str, doer: Doer, *, item: str = "") -> Answer:
    """Take a consent back; see `act_on_person`. The photos of its paper stay. Raises Invalid where none stands."""
    name, today = consent_name(kind, item), node.today()

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        known = consent_of(tx, node, person, name, today)
        if known is None or "withdrawn_at" in known.said:
            raise Invalid("填写有误", fields=[("kind", "没有可以撤回的同意")])
        photos = {"photos": list(known.photos)} if known.photos else {}
        return {name: {"withdrawn_at": time_text(node.clock()), **photos}}

    return act_on_person(node, person_id, "consent_withdrawn", fill, doer)


def _problems(
    node: Node, kind: str, means: str, until: str, errand: Mapping[str, str], today: date
) -> list[tuple[str, str]]:
    problems = []
    if kind not in CONSENTS:
        problems.append(("kind", f"同意事项应为 {'、'.join(CONSENTS.values())} 之一"))
    if means not in MEANS:
        problems.append(("means", f"同意方式应为 {'、'.join(MEANS.values())} 之一"))
    if (until or kind == ERRAND) and (problem := day_problem(until, today)):
        problems.append(("until", problem))
    if kind == ERRAND:
        if errand.get("item") not in node.catalogue.items():
            problems.append(("item", "请选择委托办理的事项"))
        if not errand.get("agent", "").strip():
            problems.append(("agent", "请填写受托人"))
        if len(errand.get("scope", "")) > LONGEST_SCOPE or len(errand.get("agent", "")) > 50:
            problems.append(("scope", f"委托内容最多 {LONGEST_SCOPE} 个字，受托人最多 50 个字"))
    return problems
