"""The consents everybody is asked for, on a form: what is read out, and how each was given.

Must not know: how they are kept, on which forms they are asked for.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sync.messages import N_, _
from sync.people.ask_consents import ASKED, LONGEST_READER, Given
from sync.records.person_words import CONSENTS, MEANS
from sync.records.typed_text import can_be_shown

READ_BY = "read_by"
NAMES = (*ASKED, READ_BY)  # of the inputs, each behind `BEGINNING`
BEGINNING = "consents."
# To be read out as it stands.
_WORDS = {
    "processing": N_(
        "To handle this for you we write down your name, number of the paper, telephone, address and what you hand in, "
        "and pass it on to the offices that decide. It is used for nothing else and given to nobody else. You may look "
        "at it, have it corrected, and take your consent back here at any time. Do you agree?"
    ),
    "sensitive": N_(
        "Number of the paper, bank account, health, disability, income, photos and whatever is about a child under 14 "
        "are sensitive: in wrong hands they may harm you. Without what this matter needs of them it cannot be handled. "
        "Do you agree, apart from the above, that we use them for it?"
    ),
}


def consent_inputs(asked: Collection[str], typed: Mapping[str, str], *, reader: str) -> dict[str, Any]:
    """What `people/consents.html` draws.

    asked   the kinds that are asked for now; of the others the inputs are there and hidden
    typed   {name of an input without its beginning: value}
    reader  who reads it out unless another is named
    """
    means = [("", _("not agreed yet")), *((code, _(name)) for code, name in MEANS.items())]
    kinds = [
        {
            "name": f"{BEGINNING}{kind}",
            "label": _(CONSENTS[kind]),
            "words": _(_WORDS[kind]),
            "value": typed.get(kind, ""),
            "asked": kind in asked,
        }
        for kind in ASKED
    ]
    return {
        "kinds": kinds,
        "means": means,
        "asked": bool(asked),
        "reader": {"name": f"{BEGINNING}{READ_BY}", "value": typed.get(READ_BY) or reader, "most": LONGEST_READER},
    }


def consents_sent(form: Mapping[str, str]) -> dict[str, str]:
    """What a form says of consents: {name of an input without its beginning: value}; nothing of what it has not."""
    return {name: form[f"{BEGINNING}{name}"].strip() for name in NAMES if f"{BEGINNING}{name}" in form}


def consents_given(typed: Mapping[str, str], *, reader: str) -> tuple[Given, ...]:
    """The consents that were given, by what `consents_sent` told; `reader` read them out unless another is named."""
    named = typed.get(READ_BY, "")[:LONGEST_READER]
    read_by = named if named and can_be_shown(named) else reader
    return tuple(Given(kind, typed[kind], read_by) for kind in ASKED if typed.get(kind) in MEANS)


def consents_told(asked: Collection[str], given: Iterable[Given]) -> dict[str, Any]:
    """What is told before it is noted: {"given": [(label, how)], "lacking": [label]}, of those that are asked for."""
    told = {one.kind: one for one in given if one.kind in asked}
    return {
        "given": [(_(CONSENTS[kind]), _how(one)) for kind, one in told.items()],
        "lacking": [_(CONSENTS[kind]) for kind in asked if kind not in told],
    }


def _how(one: Given) -> str:
    return _("%(means)s, read out by %(name)s", means=_(MEANS[one.means]), name=one.read_by)
