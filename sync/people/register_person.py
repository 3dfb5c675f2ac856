"""登记: somebody is registered at this station, once.

Must not know: how his paper was read.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sync.errors import Forbidden, Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer, answer_once, earlier_answer
from sync.node.acts.recording import Act, record
from sync.node.node import Node
from sync.node.own_clock import note_time
from sync.node.sharing import ensure_homes
from sync.people.act_on_person import answer_of
from sync.people.ask_consents import Given, give_in, missing_consents, told_kinds
from sync.people.card_readings import CardRead, reading_problems
from sync.people.errors import AlreadyRegistered
from sync.people.find_person import row_by_number
from sync.records.clock import Quality
from sync.records.events import LEVELS
from sync.records.ids import RANDOM_BYTES, new_record_id
from sync.records.log import Record
from sync.records.person_facts import Facts, first_facts
from sync.records.person_table import PERSON
from sync.store.transaction import Transaction

CREATED = 201


def register_person(
    node: Node,
    told: Mapping[str, object],
    doer: Doer,
    *,
    consents: Sequence[Given] = (),
    read: CardRead | None = None,
) -> Answer:
    """Register somebody; durable on return.

    told     {field: text}: name, cert_kind, cert_number; and sex, birthday, address, phone, bank_account, source, proof
    consents  what he agreed to, noted with it
    read     the card that was read here just now: only of its name and number may source and proof say so
    returns  201 with {id, version, act, act_name, state, state_name, warnings, consents_missing}
    raises   Invalid naming every wrong field; AlreadyRegistered, with the id; Forbidden where
             there is no station yet, and at the centre
    """
    earlier = earlier_answer(node, doer.request)
    if earlier is not None:
        return earlier
    sid = node.identity.sid
    if not sid:
        raise Forbidden(_("This station is not enrolled yet and cannot register people"))
    if node.identity.level == LEVELS[-1]:
        raise Forbidden(_("People are registered at the village station or township"))
    facts, problems = first_facts(told, today=node.today())
    problems += reading_problems(told, facts.fields, read)
    if problems:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)
    ensure_homes(node, sid)
    now_ms = node.clock()

    def work(tx: Transaction) -> Answer:
        def register() -> dict[str, Any]:
            known = row_by_number(tx, sid, facts.fields["cert_kind"], facts.fields["cert_number"])
            if known is not None:
                raise AlreadyRegistered(known.id)
            quality = note_time(tx, now_ms)
            person = register_in(tx, node, facts, by=doer.by, at_ms=now_ms, quality=quality, note=doer.reason)
            if consents:
                person = give_in(tx, node, person.id, consents, by=doer.by, at_ms=now_ms, quality=quality)
            missing = told_kinds(missing_consents(tx, node, person, node.today()))
            warnings = list(facts.warnings)
            return {**answer_of(person, "registered"), "warnings": warnings, "consents_missing": missing}

        return answer_once(tx, doer.request, register, status=CREATED, now_ms=now_ms)

    return node.write(work)


def register_in(
    tx: Transaction, node: Node, facts: Facts, *, by: str, at_ms: int, quality: Quality, note: str = ""
) -> Record:
    """Write that somebody is registered, in the transaction of whatever he is registered with; the new record.

    facts    that were found lawful, of somebody whose paper is not known at this station
    by       as events name actors;  at_ms, what the clock showed, and how far it is believed
    """
    doc_id = new_record_id(PERSON, node.identity.sid, at_ms=at_ms, chance=secrets.token_bytes(RANDOM_BYTES))
    act = Act(doc_id, "registered", facts.fields, by, at_ms, quality, note=note)
    return record(tx, node.documents, node.identity, act, newborn=True)
