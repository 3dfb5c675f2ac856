"""The 代办委托 on record under which an agent applies for somebody: for that agent and item, on paper, on that day.

By word of mouth nobody is given authority (an authority is written), and one that was taken back, or that two people
wrote differently, gives none.

Must not know: cases, screens.
"""

from datetime import date

from sync.node.node import Node
from sync.people.find_person import find_going_on
from sync.people.standing_consents import ON_PAPER, Consent, consents_of
from sync.records.applicant_paper import USUAL
from sync.records.id_papers import canonical_number
from sync.records.person_words import ERRAND
from sync.records.typed_text import plain_name
from sync.store.transaction import Reader
from sync.typed import Value


class Errand(Value):
    """What is to be done, by whom: code of the item, the agent's name, and his number, "" where it is not known."""

    item: str
    agent: str
    number: str = ""


def find_authority(reader: Reader, node: Node, person_id: str, errand: Errand, day: date) -> Consent | None:
    """The authority a person gave, or whom he goes on as, that covers an errand on a day; None where there is none.

    raises  NotFound where nobody has that id
    """
    person = find_going_on(reader, node, person_id)
    return next((one for one in consents_of(reader, node, person, day) if _covers(one, errand, day)), None)


def _covers(one: Consent, errand: Errand, day: date) -> bool:
    if (one.kind, one.item, one.standing) != (ERRAND, errand.item, "stands") or one.said.get("by") not in ON_PAPER:
        return False
    if plain_name(one.said.get("agent")) != plain_name(errand.agent):
        return False
    # Where both say a number it is the same person by that; a name alone is believed as the paper it stands on.
    number = one.said.get("agent_id_number")
    return not (number and errand.number) or number == canonical_number(USUAL, errand.number)
