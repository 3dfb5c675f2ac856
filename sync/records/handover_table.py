"""The law of 材料交接单: a bag of papers on its way from a village to its township, as a record of its own.

    packed 已装袋 ─► handed 在途 ─► taken 已接收                    packed ─► void 作废
                        └────────► short 缺件 ─► complete 已补齐      taken, short, complete ─► given_back 已退回

The village packs and hands over; only who sits above may say what arrived, so that no village receives its own bag. A
township may take a bag whose handing over it was never told: paper goes faster than a cut cable. A paper is named by
its place in `papers`, from 1; `missing` are those places that were not in the bag.

Must not know: which case a paper belongs to, what a list looks like when it is printed.
"""

from types import MappingProxyType

from sync.messages import N_
from sync.records.bag_number import is_bag_number
from sync.records.ids import parse_record_id
from sync.records.states import CONTEXT_FIELDS, Act, Clock, State, StateTable, Who, moves_to, shapes_of
from sync.records.typed_text import can_be_shown

MOST_PAPERS = 200  # a bag that a person carries; and a record far below the size where doors close
KINDS = ("original", "copy", "")  # "" where the application did not say
_LONGEST = {"case": 100, "receipt_number": 40, "material": 200}
_PAPER = frozenset((*_LONGEST, "kind", "copies"))
_MOST_COPIES = 99
_LONGEST_NAME = 40

_STATES = (
    State("packed", N_("packed"), Clock.NONE),
    State("handed", N_("on the way"), Clock.NONE),
    State("taken", N_("bag taken"), Clock.NONE),
    State("short", N_("papers missing"), Clock.NONE),
    State("complete", N_("made complete"), Clock.NONE),
    State("given_back", N_("given back"), Clock.NONE),
    State("void", N_("void"), Clock.NONE),
)
# What was in a bag in these is at the village again, and may be packed anew.
LET_GO = frozenset(("void", "given_back"))
# Those above have counted what was in a bag in these.
COUNTED = ("taken", "short", "complete")


def _is_paper(value: object) -> bool:
    if not isinstance(value, dict) or set(value) != _PAPER:
        return False
    parts = parse_record_id(value["case"]) if isinstance(value["case"], str) else None
    return (
        parts is not None
        and parts.type == "case"
        and all(isinstance(value[name], str) and 0 < len(value[name]) <= most for name, most in _LONGEST.items())
        and value["kind"] in KINDS
        and type(value["copies"]) is int
        and 0 <= value["copies"] <= _MOST_COPIES
    )


def _are_papers(value: object, _level: str) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MOST_PAPERS and all(map(_is_paper, value))


def _are_places(value: object) -> bool:
    return (
        isinstance(value, list)
        and all(type(one) is int and 0 < one <= MOST_PAPERS for one in value)
        and sorted(set(value)) == value
    )


def _none_missing(value: object, _level: str) -> bool:
    return value == []


def _some_missing(value: object, _level: str) -> bool:
    return _are_places(value) and bool(value)


def _is_name(value: object, _level: str) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= _LONGEST_NAME and can_be_shown(value)


def _never(value: object, _level: str) -> bool:
    return False


def _is_number(value: object, _level: str) -> bool:
    return is_bag_number(value)


_SIGNED = ("taker_name", "bringer_name", "missing")
# What those above say of a bag; whoever packs it says none of it, with any act.
_OF_THOSE_ABOVE = dict.fromkeys((*_SIGNED, "finder_name", "returner_name"), _never)
# What gives power over a case gives none here: nobody may write it in.
_NO_POWERS = dict.fromkeys(CONTEXT_FIELDS, _never)
_ACTS = (
    Act(
        "packed",
        N_("Pack a bag"),
        Who.ANYONE,
        moves_to("packed", ("",)),
        requires=("bag_number", "papers"),
        shapes=shapes_of(bag_number=_is_number, papers=_are_papers, **_OF_THOSE_ABOVE, **_NO_POWERS),
    ),
    Act(
        "handed",
        N_("Hand over"),
        Who.ANYONE,
        moves_to("handed", ("packed",)),
        requires=("giver_name", "carrier_name"),
        shapes=shapes_of(giver_name=_is_name, carrier_name=_is_name, **_OF_THOSE_ABOVE),
    ),
    # Whoever took the bag knows what was in it: a list made void meanwhile, unseen, does not undo it.
    Act(
        "taken",
        N_("Take the bag"),
        Who.ABOVE,
        moves_to("taken", ("packed", "handed")),
        decides=True,
        requires=_SIGNED,
        shapes=shapes_of(taker_name=_is_name, bringer_name=_is_name, missing=_none_missing),
    ),
    Act(
        "taken_short",
        N_("Take the bag with papers missing"),
        Who.ABOVE,
        moves_to("short", ("packed", "handed")),
        decides=True,
        requires=_SIGNED,
        shapes=shapes_of(taker_name=_is_name, bringer_name=_is_name, missing=_some_missing),
    ),
    Act(
        "found_some",
        N_("Some papers turned up"),
        Who.ABOVE,
        moves_to("short", ("short",)),
        requires=("missing", "finder_name"),
        shapes=shapes_of(missing=_some_missing, finder_name=_is_name),
    ),
    Act(
        "found_later",
        N_("The papers turned up"),
        Who.ABOVE,
        moves_to("complete", ("short",)),
        requires=("missing", "finder_name"),
        shapes=shapes_of(missing=_none_missing, finder_name=_is_name),
    ),
    Act(
        "given_back",
        N_("Give back"),
        Who.ABOVE,
        moves_to("given_back", COUNTED),
        requires=("returner_name", "carrier_name"),
        shapes=shapes_of(returner_name=_is_name, carrier_name=_is_name),
        late=1,
    ),
    Act("voided", N_("Void"), Who.ANYONE, moves_to("void", ("packed",)), late=1, shapes=shapes_of(**_OF_THOSE_ABOVE)),
)

HANDOVER_2 = StateTable(
    record_type="handover",
    states=MappingProxyType({state.code: state for state in _STATES}),
    acts=MappingProxyType({act.type: act for act in _ACTS}),
    first="packed",
    fixed=frozenset(("bag_number", "papers", *CONTEXT_FIELDS)),
)
