"""What whoever applies agreed to when he came is noted with his application; what is still missing is told with it.

Nobody waits for it: without a word about it, or while the register cannot be read, the application is taken alike.

Must not know: what he applies for, how he was asked.
"""

from collections.abc import Sequence
from typing import Any

from edge_node.services.file_application import Receipt
from sync.node.node import Node
from sync.people.ask_consents import Given, consents_lacking, give_in, told_kinds
from sync.store.transaction import Transaction
from sync.typed import Value


class Consenting(Value):
    """What is noted, of what was given, and what a person lacks before: kinds, all of them where nobody is known."""

    given: tuple[Given, ...]
    lacking: tuple[str, ...]


def consenting(node: Node, person: str, given: Sequence[Given]) -> Consenting:
    """What of all that was given is to be noted of whoever applies: what stands already is not noted again.

    person  the id of whoever is registered; "" where nobody is
    """
    lacking = consents_lacking(node, person)
    if lacking is None:
        return Consenting((), tuple(one.kind for one in given))
    return Consenting(tuple(one for one in given if one.kind in lacking), lacking)


def note_in(tx: Transaction, node: Node, person: str, consents: Consenting, receipt: Receipt) -> list[dict[str, Any]]:
    """Note it, in the transaction that takes the application; what is missing then: [{"kind", "kind_name"}].

    person  the id of whoever applies, who may have been registered a moment ago; "" where nobody is
    """
    if not person or not consents.given:
        return told_kinds(consents.lacking)
    give_in(tx, node, person, consents.given, by=receipt.by, at_ms=receipt.now_ms, quality=receipt.quality)
    given = {one.kind for one in consents.given}
    return told_kinds([kind for kind in consents.lacking if kind not in given])
