"""送达, told to the citizen whose case it is: by which way it was delivered, and where somebody else took it, who.

Must not know: who asks, how it is shown.
"""

from collections.abc import Mapping
from typing import Any

from sync.casework.receiver import NAME, NOTICE, POST, RECEIVER_RELATION, taken_by_another
from sync.messages import N_, _
from sync.records.agents import AGENT_RELATIONS
from sync.records.masks import masked
from sync.records.person_words import word_of

_BY, _BY_ANOTHER = "", "another"  # by whatever way; and into whose hands
# {how it was delivered: what that means for whoever asks}
_RESULT: Mapping[str, str] = {
    _BY: N_("It is done and the result was handed to you."),
    _BY_ANOTHER: N_(
        "It is done and the result was handed to %(name)s, who took it for you. If you know nothing of it, ask at the "
        "station that received it."
    ),
    POST: N_("It is done and the result was sent to you by post."),
    NOTICE: N_(
        "It is done. The result was announced in public and handed to nobody; you may ask for it at the station that "
        "received it."
    ),
}
_DECISION: Mapping[str, str] = {
    _BY: N_(
        "It is done: it was not approved, and the decision was handed to you. The reason is in it; if you do not "
        "agree you may apply for administrative review or go to court."
    ),
    _BY_ANOTHER: N_(
        "It is done: it was not approved, and the decision was handed to %(name)s, who took it for you. If you know "
        "nothing of it, ask at the station that received it. The reason is in it; if you do not agree you may apply "
        "for administrative review or go to court."
    ),
    POST: N_(
        "It is done: it was not approved, and the decision was sent to you by post. The reason is in it; if you do "
        "not agree you may apply for administrative review or go to court."
    ),
    NOTICE: N_(
        "It is done: it was not approved. The decision was announced in public and handed to nobody; please fetch it "
        "at the station that received it. The reason is in it; if you do not agree you may apply for administrative "
        "review or go to court."
    ),
}


def told_of_delivery(case: Mapping[str, Any], *, is_denied: bool) -> str:
    """A delivered case in a sentence or two, by its fields; whoever took it is masked."""
    method, name = str(case.get("delivery_method", "")), taken_by_another(case)
    way = method if method in (POST, NOTICE) else _BY_ANOTHER if name else _BY
    return _((_DECISION if is_denied else _RESULT)[way], name=_receiver(case) if name else "")


def _receiver(case: Mapping[str, Any]) -> str:
    name, relation = masked(NAME, case.get(NAME, "")), str(case.get(RECEIVER_RELATION, ""))
    return _("%(name)s (%(relation)s)", name=name, relation=word_of(AGENT_RELATIONS, relation)) if relation else name
