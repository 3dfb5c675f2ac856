"""同意 that is asked of everybody who is registered, once: to the use of what he tells, and apart from it to that of
sensitive data (个人信息保护法 13, 29).

It is noted where it was given, by word of mouth too, with who read it out. Nobody is refused for not having given it
yet: what is missing is told beside his cases and on his page until it is there.

Must not know: how it is asked, screens.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from sync.errors import NotFound, StoreUnreachable
from sync.node.acts.recording import Act, record
from sync.node.node import Node
from sync.people.find_person import LIVING, find_going_on
from sync.people.standing_consents import consent_name, consents_of
from sync.records.clock import Quality, time_text
from sync.records.log import Record
from sync.records.person_words import CONSENTS, word_of
from sync.store.transaction import Reader, Transaction
from sync.typed import Value

ASKED = ("processing", "sensitive")
LONGEST_READER = 50


class Given(Value):
    """A consent as it was just given: kind in `ASKED`, means in `MEANS`; read_by, who read it out, "" for not told."""

    kind: str
    means: str
    read_by: str = ""


def missing_consents(reader: Reader, node: Node, person: Record, today: date) -> tuple[str, ...]:
    """Which of `ASKED` a person has not given, or has taken back; none of whoever is on the register no more."""
    if person.status not in LIVING:
        return ()
    standing = {one.name for one in consents_of(reader, node, person, today) if one.standing == "stands"}
    return tuple(kind for kind in ASKED if consent_name(kind) not in standing)


def consents_lacking(node: Node, person_id: str) -> tuple[str, ...] | None:
    """The same by the id of whoever is registered, all where nobody is; None where it cannot be read just now."""
    if not person_id:
        return ASKED
    today = node.today()
    with suppress(NotFound, StoreUnreachable):
        return node.read(lambda reader: missing_consents(reader, node, find_going_on(reader, node, person_id), today))
    return None


def told_kinds(kinds: Sequence[str]) -> list[dict[str, str]]:
    """Kinds of consents with what they are called: [{"kind", "kind_name"}]."""
    return [{"kind": kind, "kind_name": word_of(CONSENTS, kind)} for kind in kinds]


def give_in(
    tx: Transaction, node: Node, person_id: str, given: Sequence[Given], *, by: str, at_ms: int, quality: Quality
) -> Record:
    """Note what somebody agreed to, in the transaction of whatever he is there for; the person as he stands then."""
    fields = {consent_name(one.kind): _said(one, at_ms) for one in given}
    return record(tx, node.documents, node.identity, Act(person_id, "consented", fields, by, at_ms, quality))


def _said(one: Given, at_ms: int) -> Mapping[str, Any]:
    read_by = {"read_by": one.read_by} if one.read_by else {}
    return {"at": time_text(at_ms), "by": one.means, **read_by}
