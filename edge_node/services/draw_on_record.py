"""少填少报: what of an application the station has already, from the register of people and from earlier cases.

Whatever a client claims is held against what is known here: a field counts as filled in for the citizen only where it
is what the register says, and photos are taken over only from a case of the same person in which they are on file.

Must not know: accounts, receipt numbers, how an application came here.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from edge_node.messages import _
from edge_node.services.prepare_application import Application, Material
from sync.errors import Invalid, NotFound, StoreUnreachable
from sync.messages import N_
from sync.node.node import Node
from sync.people.find_authority import Errand, find_authority
from sync.people.find_person import DECEASED, LIVING, first_by_number, going_on
from sync.people.known_fields import known_fields
from sync.people.materials_on_file import OnFile, materials_on_file
from sync.people.standing_consents import Consent
from sync.records.agents import agent_named
from sync.records.applicant_paper import paper_kind, papers_of
from sync.records.application import MAX_PHOTOS
from sync.records.id_papers import CITIZEN_KINDS, canonical_number, citizen_number
from sync.records.items import Item
from sync.store.ledger.people import PersonRow, person_row
from sync.store.transaction import Reader
from sync.typed import Value, field


class Drawn(Value):
    """What the station has of it.

    person     the id of whoever applies; "" where nobody is registered
    prefilled  names of the fields that were filled in from the register and left so
    on_file    {name of a paper: where it is}, of those the application asks for
    authority  the 代办委托 under which the agent applies; None where there is none
    """

    person: str = ""
    prefilled: tuple[str, ...] = ()
    on_file: Mapping[str, OnFile] = field(default_factory=dict)
    authority: Consent | None = None


NOTHING = Drawn()
_DECEASED = N_(
    "This number is registered at this station as that of somebody who died, who cannot be the applicant; check it. If "
    "that was registered in error, first put the person back on the register under “People”"
)


def draw_on_record(node: Node, item: Item, application: Application, *, most_days: int) -> Drawn:
    """Say what of an application for an item the station has already.

    most_days  how old a paper on file may be
    raises     Invalid where the application names somebody who cannot apply or is another, or a paper that is not on
               file for this person
    """
    row = _applicant(node, application)
    asked = [(place, one) for place, one in enumerate(application.materials) if one.on_file]
    if row is None:
        _require_no_papers(asked)
        return NOTHING
    known = _known(node, row.id, item) if application.prefilled else {}
    prefilled = [name for name in application.prefilled if name in known and _is_left(application, name, known[name])]
    on_file = materials_on_file(node, row.id, item, most_days=most_days) if asked else {}
    problems = [
        (f"materials.{place}.on_file", problem)
        for place, one in asked
        if (problem := _problem(one, on_file.get(one.name)))
    ]
    if problems:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)
    return Drawn(
        row.id,
        tuple(dict.fromkeys(prefilled)),
        {one.name: on_file[one.name] for _place, one in asked},
        authority_for(node, row.id, errand_of(item, application)),
    )


def errand_of(item: Item, application: Application) -> Errand:
    """What the agent of an application is there for."""
    return Errand(item.code, agent_named(application.fields), application.agent.id_number)


def authority_for(node: Node, person: str, errand: Errand) -> Consent | None:
    """The authority on record for an errand today; None where there is none, or it cannot be read just now."""
    if not errand.agent:
        return None

    with suppress(NotFound, StoreUnreachable):
        return node.read(lambda reader: find_authority(reader, node, person, errand, node.today()))
    return None


def _known(node: Node, person: str, item: Item) -> Mapping[str, str]:
    """What the register knows; nothing while the document store is away, for an application is taken all the same."""
    with suppress(StoreUnreachable):
        return known_fields(node, person, item)
    return {}


def _problem(paper: Material, found: OnFile | None) -> str:
    """Why a paper cannot be taken over; "" when it can."""
    if found is None or found.case_id != paper.on_file:
        return _("%(paper)s has nothing on file in that case, please hand it in anew", paper=paper.name)
    too_many = len(found.photos) + len(paper.photos) > MAX_PHOTOS
    return (
        _("The photos of %(paper)s are more than %(most)s together", paper=paper.name, most=MAX_PHOTOS)
        if too_many
        else ""
    )


def _applicant(node: Node, application: Application) -> PersonRow | None:
    """Who applies: whom the application names, else whose number stands on it."""
    number = _told(application, "id_number")
    if not application.person:
        row = first_by_number(node, papers_of(application.fields), number) if number else None
        if row is not None and row.status == DECEASED:
            raise Invalid(_("Something is not filled in rightly"), fields=[("fields.id_number", _(_DECEASED))])
        return row if row is not None and row.status in LIVING else None

    def work(reader: Reader) -> PersonRow | None:
        named = person_row(reader, application.person)
        return going_on(reader, named) if named is not None and named.sid == node.identity.sid else None

    row = node.engine.read(work)
    if row is None:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("person", _("Nobody like that is registered at this station"))],
        )
    if row.status not in LIVING:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("person", _("This person is not on the register any more and cannot be the applicant"))],
        )
    if number and not _may_be_of(paper_kind(application.fields), number, row):
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("person", _("The number of the paper is not that of the person chosen"))],
        )
    return row


def _may_be_of(kind: str, number: str, row: PersonRow) -> bool:
    """Whether a number may be a person's; of a paper of another kind than he is registered by nobody can say."""
    is_citizen_s = bool(citizen_number(row.cert_kind, row.cert_number))
    is_told_alike = kind in ("", *CITIZEN_KINDS) if is_citizen_s else kind == row.cert_kind
    return not is_told_alike or canonical_number(row.cert_kind, number) == row.cert_number


def _require_no_papers(asked: list[tuple[int, Any]]) -> None:
    if asked:
        sentence = _("The applicant is not registered and has no materials on file")
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[(f"materials.{place}.on_file", sentence) for place, _paper in asked],
        )


def _is_left(application: Application, name: str, known: str) -> bool:
    told = _told(application, name)
    return known in (told, told.upper())  # the X of a number may be typed small


def _told(application: Application, name: str) -> str:
    value = application.fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""
