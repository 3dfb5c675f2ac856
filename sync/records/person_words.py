"""What the codes in a person's record are called, and which there are now.

A record may hold a code that a newer version wrote; it is shown as it is.

Must not know: what is done with them.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sync.messages import N_, _
from sync.records.person_table import PERSON_2

# {code: message}, to be looked up where it is shown
SOURCES: Mapping[str, str] = MappingProxyType(
    {"card": N_("read from the card"), "camera": N_("photographed"), "hand": N_("typed by hand")}
)
# How somebody's identity was verified. Nothing of ours compares faces, so nobody can say that one was compared.
PROOFS: Mapping[str, str] = MappingProxyType(
    {
        "unverified": N_("not verified"),
        "manual": N_("verified by a person"),
        "card": N_("read from the card"),
    }
)
# What a record may say besides, of before it was asked what did it.
PROOFS_TOLD: Mapping[str, str] = MappingProxyType(
    {**PROOFS, "face": N_("face compared, as somebody said; no device did it")}
)
BY_CARD = ("source", "proof")  # the fields that may say that a card was read
ROLES: Mapping[str, str] = MappingProxyType(
    {
        "head": N_("head of the household"),
        "spouse": N_("spouse"),
        "child": N_("child"),
        "parent": N_("parent"),
        "other": N_("other"),
    }
)
RELATIONS: Mapping[str, str] = MappingProxyType(
    {
        "parent": N_("parent"),
        "child": N_("child"),
        "spouse": N_("spouse"),
        "guardian": N_("guardian"),
        "other": N_("other relative"),
    }
)
ERRAND = "errand"
CONSENTS: Mapping[str, str] = MappingProxyType(
    {
        "processing": N_("Consent to the use of what is told in cases"),
        "sensitive": N_("Separate consent to the use of sensitive data"),
        "economic": N_("Authority to check what the household lives on"),
        "family": N_("Tie to a relative"),
        ERRAND: N_("Errand"),
    }
)
MEANS: Mapping[str, str] = MappingProxyType(
    {"signature": N_("by signature"), "fingerprint": N_("by fingerprint"), "oral": N_("by word of mouth")}
)
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "name": N_("Name"),
        "cert_kind": N_("Kind of paper"),
        "cert_number": N_("Number of the paper"),
        "sex": N_("Sex"),
        "birthday": N_("Date of birth"),
        "address": N_("Where the person lives now"),
        "phone": N_("Telephone to call"),
        "bank_account": N_("Bank account"),
        "source": N_("Where the data is from"),
        "proof": N_("How it was verified"),
        "died_on": N_("Day of death"),
    }
)


def word_of(words: Mapping[str, str], code: str) -> str:
    """What screens call a code; one that is not known is shown as it is."""
    return _(words[code]) if code in words else code


def all_words(words: Mapping[str, str]) -> str:
    """What all codes are called, as a sentence tells them."""
    return _(", ").join(_(word) for word in words.values())


def person_state_name(code: str) -> str:
    """What screens call a person's state."""
    state = PERSON_2.states.get(code)
    return state.chinese if state else code


def person_act_name(event_type: str) -> str:
    """What screens call an act on a person."""
    act = PERSON_2.acts.get(event_type)
    return act.chinese if act else event_type
