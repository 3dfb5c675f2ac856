"""Under which authority on record (代办委托 in the register) the agent of a case acts.

A case keeps the one it was received under. While it is under way the register is asked, too: one that was registered
since counts as a paper that was handed in later does, and one that was taken back counts no more.

Must not know: how papers are asked for.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from sync.errors import NotFound, StoreUnreachable
from sync.messages import _
from sync.node.node import Node
from sync.people.find_authority import Errand, find_authority
from sync.people.standing_consents import Consent
from sync.records.agents import AGENT_NUMBER, ON_RECORD, agent_named
from sync.records.case_table import BEFORE_DECISION
from sync.records.log import Record
from sync.records.person_words import MEANS, word_of
from sync.records.signed_papers import AUTHORITY
from sync.store.transaction import Reader


def kept_authority(found: Consent) -> dict[str, Any]:
    """What a case keeps of the authority it is received under: {"consent", "at", "until", "by"}."""
    return {"consent": found.name, **{name: found.said[name] for name in ("at", "until", "by") if name in found.said}}


def authority_of(node: Node, case: Record) -> dict[str, Any] | None:
    """{"at", "until", "means_name", "unfiled", "sentence"}; None where the agent acts under none, or there is none."""
    if not agent_named(case.fields) or case.fields.get(AUTHORITY):
        return None  # what was written for the case itself stands in place of it
    kept = case.fields.get(ON_RECORD)
    if case.status in BEFORE_DECISION and case.fields.get("person"):
        with suppress(NotFound, StoreUnreachable, ValueError):  # of others, whose times may be none
            found = node.read(lambda reader: _now(reader, node, case))
            return tell_authority(kept_authority(found), unfiled=found.is_unfiled) if found else None
    return tell_authority(kept) if isinstance(kept, dict) else None


def tell_authority(kept: Mapping[str, Any], *, unfiled: bool = False) -> dict[str, Any]:
    """An authority as screens say it.

    unfiled  whether its signed paper has no photo yet
    """
    at, until, means = (str(kept.get(name, "")) for name in ("at", "until", "by"))
    told = {"day": at[:10], "means": word_of(MEANS, means), "until": until}
    sentence = _("Acts under the errand registered on %(day)s (%(means)s), valid until %(until)s", **told)
    return {"at": at, "until": until, "means_name": told["means"], "unfiled": unfiled, "sentence": sentence}


def _now(reader: Reader, node: Node, case: Record) -> Consent | None:
    fields = case.fields
    errand = Errand(str(fields.get("item", "")), agent_named(fields), str(fields.get(AGENT_NUMBER, "")))
    day = date.fromisoformat(str(fields.get("received_at", ""))[:10])
    return find_authority(reader, node, str(fields["person"]), errand, day)
