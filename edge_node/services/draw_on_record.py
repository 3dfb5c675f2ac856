"""少填少报: what of an application the station has already, from the register of people and from earlier cases.

Whatever a client claims is held against what is known here: a field counts as filled in for the citizen only where it
is what the register says, and photos are taken over only from a case of the same person in which they are on file.

Must not know: accounts, receipt numbers, how an application came here.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from edge_node.messages import _
from edge_node.services.find_applicant import living_applicant, told_field
from edge_node.services.prepare_application import Application, Material
from sync.errors import Invalid, NotFound, StoreUnreachable
from sync.node.node import Node
from sync.people.find_authority import Errand, find_authority
from sync.people.known_fields import known_fields
from sync.people.materials_on_file import OnFile, materials_on_file
from sync.people.standing_consents import Consent
from sync.records.agents import agent_named
from sync.records.application import MAX_PHOTOS
from sync.records.items import Item
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


def draw_on_record(node: Node, item: Item, application: Application, *, most_days: int) -> Drawn:
    """Say what of an application for an item the station has already.

    most_days  how old a paper on file may be
    raises     Invalid where the application names somebody who cannot apply or is another, or a paper that is not on
               file for this person
    """
    row = living_applicant(node, application)
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


def _require_no_papers(asked: list[tuple[int, Any]]) -> None:
    if asked:
        sentence = _("The applicant is not registered and has no materials on file")
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[(f"materials.{place}.on_file", sentence) for place, _paper in asked],
        )


def _is_left(application: Application, name: str, known: str) -> bool:
    told = told_field(application, name)
    return known in (told, told.upper())  # the X of a number may be typed small
