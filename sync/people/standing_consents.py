"""What a person agreed to, whichever of his registrations it was told to: those of one merged into him count as his.

Of what two registrations say of one consent the later stands, by the time of giving or taking back; told again at the
one that goes on it is that one's.

Must not know: how a consent is given, screens.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sync.node.node import Node
from sync.people.find_person import DECEASED, registrations_of
from sync.records.log import Record
from sync.records.person_table import CONSENT
from sync.records.person_words import ERRAND
from sync.store.transaction import Reader
from sync.typed import Value
from sync.values.json_text import objects_in

# Given with a paper, of which a photo is kept; what was said is not.
ON_PAPER = ("signature", "fingerprint")


class Consent(Value):
    """One consent.

    name      of the field: consent:<kind>, of 代办委托 with the item
    said      {at, until, by, photos, …}, or with `withdrawn_at`
    standing  `stands`, `withdrawn`, `ended`, `disputed`; `unwritten`, a 代办委托 by word of mouth, which is no
              authority; `lapsed`, of somebody who died
    """

    name: str
    said: Mapping[str, Any]
    standing: str

    @property
    def kind(self) -> str:
        """In `CONSENTS`."""
        return self.name.removeprefix(CONSENT).partition(":")[0]

    @property
    def item(self) -> str:
        """The item of a 代办委托; "" of others."""
        return self.name.removeprefix(CONSENT).partition(":")[2]

    @property
    def photos(self) -> tuple[Mapping[str, Any], ...]:
        """Photos of the signed paper, as materials name theirs."""
        return tuple(objects_in(self.said.get("photos")))

    @property
    def is_unfiled(self) -> bool:
        """Whether a paper was signed for it of which there is no photo yet."""
        return self.standing == "stands" and self.said.get("by") in ON_PAPER and not self.photos


def consent_name(kind: str, item: str = "") -> str:
    """What the field of a consent is called."""
    return CONSENT + (f"{kind}:{item}" if kind == ERRAND and item else kind)


def consents_of(reader: Reader, node: Node, person: Record, today: date) -> tuple[Consent, ...]:
    """Everything a person said of consents, by name, with what he said as those merged into him."""
    newest: dict[str, Record] = {}
    for one in registrations_of(reader, node, person):
        for name, said in one.fields.items():
            if name.startswith(CONSENT) and isinstance(said, dict):
                known = newest.get(name)
                newest[name] = one if known is None or _moment(said) > _moment(known.fields[name]) else known
    has_died = person.status == DECEASED
    return tuple(
        Consent(name, one.fields[name], _standing(one, name, one.fields[name], today, has_died=has_died))
        for name, one in sorted(newest.items())
    )


def has_consent(reader: Reader, node: Node, person: Record, kind: str, today: date, *, item: str = "") -> bool:
    """Whether a consent stands today and nobody contradicts it."""
    found = consent_of(reader, node, person, consent_name(kind, item), today)
    return found is not None and found.standing == "stands"


def consent_of(reader: Reader, node: Node, person: Record, name: str, today: date) -> Consent | None:
    """One consent by its name; None where nothing was ever said."""
    return next((one for one in consents_of(reader, node, person, today) if one.name == name), None)


def _moment(said: Mapping[str, Any]) -> str:
    return str(said.get("withdrawn_at") or said.get("at", ""))


def _standing(person: Record, name: str, said: Mapping[str, Any], today: date, *, has_died: bool) -> str:
    if any(one.get("field") == name for one in person.disputes):
        return "disputed"
    if "withdrawn_at" in said:
        return "withdrawn"
    until = str(said.get("until", ""))
    if until and until < today.isoformat():
        return "ended"
    if name.startswith(f"{CONSENT}{ERRAND}:") and said.get("by") not in ON_PAPER:
        return "unwritten"
    return "lapsed" if has_died else "stands"
