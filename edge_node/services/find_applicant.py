"""Who applies, of those on the register: whom the application names, else whose number stands on it.

Whoever died applies for nothing, by whatever he is named; a relative who comes after a death is the applicant himself.
It is asked before an application is made ready, and again by the transaction that takes it: somebody may have noted the
death in between.

Another name than the one that is registered for the number is taken, for people change their names and clerks mistype
them; it is told.

Must not know: what is applied for, what is known of a person beside who he is.
"""

from contextlib import suppress

from edge_node.messages import _
from edge_node.services.prepare_application import Application
from sync.errors import Invalid, NotFound, StoreUnreachable
from sync.node.node import Node
from sync.people.find_person import DECEASED, LIVING, find_person, first_row, going_on
from sync.people.leave_register import DIED_ON
from sync.records.applicant_paper import NUMBER, paper_kind, papers_of
from sync.records.id_papers import CITIZEN_KINDS, canonical_number, citizen_number
from sync.records.people import mask_name
from sync.records.typed_text import plain_name
from sync.store.ledger.people import PersonRow, person_row
from sync.store.transaction import Reader, Transaction


def living_applicant(node: Node, application: Application) -> PersonRow | None:
    """Whoever is registered and applies; None where nobody is, or he is not in force any more.

    raises  Invalid where the application names somebody who is another or cannot apply
    """
    row = node.engine.read(lambda reader: _applicant(reader, node, application))
    if row is not None and row.status == DECEASED:
        raise _refusal(application, death_sentence(node, row))
    return row if row is not None and row.status in LIVING else None


def require_living(tx: Transaction, node: Node, application: Application) -> None:
    """The same once more, in the transaction that takes the application; raises Invalid."""
    row = _applicant(tx, node, application)
    if row is not None and row.status == DECEASED:
        raise _refusal(application, _sentence(_when(tx, node, row)))


def death_sentence(node: Node, row: PersonRow) -> str:
    """That somebody who died cannot be the applicant, when that was, and what to do."""
    when = ""
    with suppress(NotFound, StoreUnreachable):
        when = node.read(lambda reader: _when(reader, node, row))
    return _sentence(when)


def registered_as(row: PersonRow | None, named: str) -> str:
    """The name, masked, by which whoever applies is registered, where the application has another; "" otherwise."""
    if row is None or plain_name(named) in ("", plain_name(row.name)):
        return ""
    return mask_name(row.name)


def told_field(application: Application, name: str) -> str:
    """What an application says in a field; "" for nothing, or no text."""
    value = application.fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _applicant(reader: Reader, node: Node, application: Application) -> PersonRow | None:
    """Whoever it is, in whatever state where it is found by the number; raises Invalid."""
    number = told_field(application, NUMBER)
    if not application.person:
        return first_row(reader, node.identity.sid, papers_of(application.fields), number) if number else None
    named = person_row(reader, application.person)
    row = going_on(reader, named) if named is not None and named.sid == node.identity.sid else None
    if row is None:
        raise _refusal(application, _("Nobody like that is registered at this station"))
    if row.status not in (*LIVING, DECEASED):
        raise _refusal(application, _("This person is not on the register any more and cannot be the applicant"))
    if number and not _may_be_of(paper_kind(application.fields), number, row):
        raise _refusal(application, _("The number of the paper is not that of the person chosen"))
    return row


def _refusal(application: Application, sentence: str) -> Invalid:
    place = "person" if application.person else f"fields.{NUMBER}"
    return Invalid(_("Something is not filled in rightly"), fields=[(place, sentence)])


def _when(reader: Reader, node: Node, row: PersonRow) -> str:
    """The day of a death where the register was told it, else that on which it was noted, as the sentence says it."""
    person = find_person(reader, node, row.id)
    died_on = person.fields.get(DIED_ON)
    if died_on:
        return _(" (on %(day)s)", day=died_on)
    noted = next((event.at[:10] for event in reversed(person.events) if event.type == "died"), "")
    return _(" (noted on %(day)s)", day=noted) if noted else ""


def _sentence(when: str) -> str:
    return _(
        "Whoever this is, is registered at this station as having died%(when)s and cannot be the applicant; check the "
        "number. A relative who comes after a death is the applicant himself. If the death was registered in error, "
        "first put the person back on the register under “People”",
        when=when,
    )


def _may_be_of(kind: str, number: str, row: PersonRow) -> bool:
    """Whether a number may be a person's; of a paper of another kind than he is registered by nobody can say."""
    is_citizen_s = bool(citizen_number(row.cert_kind, row.cert_number))
    is_told_alike = kind in ("", *CITIZEN_KINDS) if is_citizen_s else kind == row.cert_kind
    return not is_told_alike or canonical_number(row.cert_kind, number) == row.cert_number
