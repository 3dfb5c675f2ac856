"""The law for people (人员): who is registered at a station, with relations, households and consents.

    registered 在册 ──► moved 迁出 ──► deceased 身故 ──► merged 并入 (the same person, registered twice)
         └──────────────────┴─────────────┴──► void 作废          reinstated 恢复在册 leads back from all

A person is a log like a case, folded by version 2 from the first event on; a node that knows less keeps it byte for
byte. Of what people do unseen by each other the later state stands: a death before a removal, a merging before both.

Fields that come in families have one name each, so that what is said of one never contradicts what is said of another:

    relation:<person id>    亲情: {kind, until, …}, or null when it was ended
    consent:<kind>          {at, until, by, …}, or {withdrawn_at}; 代办委托 is consent:errand:<item code>

Codes in fields are checked for their shape alone: which there are is the service's business, so that a new one needs
no new law. A number is not held against its kind here for the same reason.

Must not know: how events are ordered, where people are kept, screens.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sync.messages import N_
from sync.records.ids import parse_record_id
from sync.records.states import Act, Clock, Family, Shape, State, StateTable, Who, moves_to

PERSON = "person"
RELATION, CONSENT = "relation:", "consent:"
_CODE = re.compile(r"[a-z][a-z_]{0,31}\Z")
_HOUSEHOLD = re.compile(r"[a-z2-7]{16}\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_CONSENTED = re.compile(r"[a-z][a-z_]{0,31}(:[\x21-\x7e]{1,64})?\Z")
_LONGEST_TEXT, _LONGEST_NUMBER = 200, 40
_MOST_MEMBERS = 16

_STATES = (
    State("registered", N_("on the register"), Clock.NONE),
    State("moved", N_("Moved away"), Clock.NONE),
    State("deceased", N_("Died"), Clock.NONE),
    State("merged", N_("merged into another"), Clock.NONE),
    State("void", N_("void"), Clock.NONE),
)


def _text(longest: int, *, empty: bool = True) -> Shape:
    def fits(value: object, _level: str) -> bool:
        return isinstance(value, str) and len(value) <= longest and (empty or bool(value.strip()))

    return fits


def _matching(pattern: re.Pattern[str], *, empty: bool = False) -> Shape:
    def fits(value: object, _level: str) -> bool:
        return isinstance(value, str) and (bool(pattern.match(value)) or (empty and not value))

    return fits


def _is_person(value: object) -> bool:
    parts = parse_record_id(value) if isinstance(value, str) else None
    return parts is not None and parts.type == PERSON


def _is_small_object(value: object) -> bool:
    return isinstance(value, dict) and len(value) <= _MOST_MEMBERS


def _relates(rest: str, value: object) -> bool:
    return _is_person(rest) and (value is None or _is_small_object(value))


def _agrees(rest: str, value: object) -> bool:
    return bool(_CONSENTED.match(rest)) and _is_small_object(value)


def _belongs(rest: str, value: object) -> bool:
    shape = _matching(_HOUSEHOLD if not rest else _CODE, empty=True)
    return rest in ("", "_role") and shape(value, "")


def _merges(rest: str, value: object) -> bool:
    return not rest and (value == "" or _is_person(value))


_FIELDS: Mapping[str, Shape] = MappingProxyType(
    {
        "name": _text(50, empty=False),
        "cert_kind": _matching(_CODE),
        "cert_number": _text(_LONGEST_NUMBER, empty=False),
        "sex": _text(1),
        "birthday": _matching(_DAY, empty=True),
        "address": _text(_LONGEST_TEXT),
        "phone": _text(_LONGEST_NUMBER),
        "bank_account": _text(_LONGEST_NUMBER),
        "died_on": _matching(_DAY, empty=True),
        "source": _matching(_CODE, empty=True),
        "proof": _matching(_CODE, empty=True),
    }
)
_NOWHERE: Mapping[str, str] = MappingProxyType({})


def _stays(event_type: str, message: str, *, verifies: bool = False, requires: tuple[str, ...] = ()) -> Act:
    return Act(event_type, message, Who.ANYONE, _NOWHERE, verifies=verifies, requires=requires, shapes=_FIELDS)


def _moves(event_type: str, message: str, target: str, *sources: str, late: int, requires: tuple[str, ...] = ()) -> Act:
    return Act(event_type, message, Who.ANYONE, moves_to(target, sources), late=late, requires=requires, shapes=_FIELDS)


_ACTS = (
    _moves("registered", N_("Register"), "registered", "", late=0, requires=("name", "cert_kind", "cert_number")),
    _stays("corrected", N_("Correct")),
    _stays("verified", N_("Verify"), verifies=True),
    _stays("joined_household", N_("Join the household"), requires=("household", "household_role")),
    _stays("left_household", N_("Leave the household"), requires=("household",)),
    _stays("related", N_("Register a family relation")),
    _stays("unrelated", N_("End a family relation")),
    _stays("consented", N_("Consent")),
    _stays("consent_withdrawn", N_("Withdraw a consent")),
    _stays("noted", N_("Note")),
    # The later in life, the later told of what nobody ordered.
    _moves("moved", N_("Moved away"), "moved", "registered", late=1),
    _moves("died", N_("Died"), "deceased", "registered", "moved", late=2),
    _moves("voided", N_("Void"), "void", "registered", "moved", "deceased", late=3),
    _moves(
        "merged", N_("Merge"), "merged", "registered", "moved", "deceased", "void", late=4, requires=("merged_into",)
    ),
    _moves("reinstated", N_("Reinstate"), "registered", "moved", "deceased", "merged", "void", late=0),
)

_FAMILIES: Mapping[str, tuple[tuple[str, ...], Callable[[str, object], bool]]] = {
    RELATION: (("related", "unrelated"), _relates),
    CONSENT: (("consented", "consent_withdrawn"), _agrees),
    "household": (("joined_household", "left_household"), _belongs),
    "merged_into": (("merged", "reinstated"), _merges),
}

PERSON_2 = StateTable(
    record_type=PERSON,
    states=MappingProxyType({state.code: state for state in _STATES}),
    acts=MappingProxyType({act.type: act for act in _ACTS}),
    first="registered",
    money=frozenset(("bank_account",)),
    families=MappingProxyType(
        {beginning: Family(frozenset(acts), fits) for beginning, (acts, fits) in _FAMILIES.items()}
    ),
)
