"""What forms carry beside what they ask: a key, so that sent twice they are done once, and lines as people type them;
and whether whoever opens one has just done what it asks.

Must not know: what the forms are for.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import flash, request

from sync.case_api.asking import LONGEST_KEY, asker
from sync.errors import BadRequest, Invalid
from sync.messages import _
from sync.node.acts.answer_once import Answer, Request, request_of
from sync.records.typed_text import can_be_shown
from sync.values.json_text import parse_object

LONGEST_REASON = 500


def new_key() -> str:
    """What a form carries so that, sent twice, it is done once."""
    return secrets.token_urlsafe(16)


def named_request(*parts: Any) -> Request:
    """The request a form makes, by its hidden key, its sender, its address and its content.

    raises  BadRequest when the form carries no key of ours
    """
    key = request.form.get("key", "")
    if not 0 < len(key) <= LONGEST_KEY or not ((key.isascii() and key.isalnum()) or set(key) & set("-_")):
        raise BadRequest(_("The form is incomplete; go back and open the page again"))
    return request_of(asker().name, key, request.method, request.path, *parts)


def seen_version() -> frozenset[str] | None:
    """What the case was called when the form was drawn; None on a form that does not say."""
    said = request.form.get("seen", "")
    return frozenset((said,)) if said else None


def typed_text(name: str) -> str:
    """What was typed into a field of several lines."""
    # Forms send lines with a carriage return, records keep them without.
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def lawful_text(text: str, *, name: str = "reason") -> str:
    """The text of a reason, when it can be kept; raises Invalid naming the field."""
    if len(text) > LONGEST_REASON:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[(name, _("At most %(most)s characters", most=LONGEST_REASON))],
        )
    if not can_be_shown(text.replace("\n", "")):
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[(name, _("There are characters in it that cannot be shown"))],
        )
    return text


def was_done_last(log: Sequence[Mapping[str, Any]], events: Collection[str], *, node_level: str) -> bool:
    """Whether the last step of a record is one of these, and was done by whoever asks: he may have come back to it."""
    last = log[-1]
    return last["type"] in events and (last["by"], last["level"]) == (asker().name, node_level)


def flash_done(answer: Answer) -> None:
    """Say that an act is done; of one answered before, as it was done then, nothing of a state that may be past."""
    done = parse_object(answer.body)
    if answer.replayed:
        told = _("“%(act)s” was done before and not once more; this is how it stands now", act=done["act_name"])
        flash(told, "info")
        return
    flash(_("Done: “%(act)s”; the state is “%(state)s” now", act=done["act_name"], state=done["state_name"]), "good")
