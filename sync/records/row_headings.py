"""What the members of a file's rows are called in Chinese, and what their codes mean: the headings of the sheets that
items are kept in, so that whoever keeps one finds the cell.

Must not know: what may stand in a member.
"""

from collections.abc import Mapping
from enum import StrEnum

from sync.messages import N_, _
from sync.records.items import Copies, ItemState, Mark, Necessity, Offline, Source, VillageRole
from sync.records.working_days import Unit
from sync.typed import Value


class Kind(Value):
    """A kind of row: how the n-th of it is named, the member that tells it apart for people, and its headings."""

    label: str
    called: str
    headings: Mapping[str, str]


_PUBLISHED = {
    "code": N_("Code of the row"),
    "version": N_("Version of the row"),
    "state": N_("Whether it is in use"),
    "words": N_("Folk words"),
    "guide": N_("Guide texts"),
}

ITEM = Kind(
    N_("Item row %(number)s"),
    "code",
    {
        **_PUBLISHED,
        "name": N_("Name of the item"),
        "department": N_("Responsible department"),
        "subjects": N_("For whom an item is"),
        "materials": N_("Materials"),
        "statutory": N_("Legal limit"),
        "promise": N_("Promised limit"),
        "village_role": N_("What the village does"),
        "decides": N_("Level that decides"),
        "fields": N_("Fields of the form"),
        "offline": N_("How far it goes without a network"),
        "mark": N_("Whose practice the figures are"),
        "task_code": N_("Task code"),
        "topics": N_("Topics"),
        "special": N_("Special procedures"),
        "situations": N_("Situations of an item"),
        "least_age": N_("Least age in years"),
        "common": N_("Whether it stands on the first page"),
        "decided_by": N_("Who decides that is no authority"),
    },
)
BUNDLE = Kind(
    N_("Occasion row %(number)s"),
    "code",
    {
        **_PUBLISHED,
        "name": N_("Name of the occasion"),
        "lead": N_("Department that leads"),
        "items": N_("Items of the occasion"),
        "mode": N_("Order of its items"),
        "same": N_("Fields that ask for one fact"),
    },
)
REGION = Kind(
    N_("Place row %(number)s"),
    "code",
    {
        "code": N_("Region code"),
        "name": N_("Name of the place"),
        "valid_from": N_("First day of a code"),
        "valid_to": N_("Last day of a code"),
        "replaced_by": N_("What took its place"),
    },
)
CALENDAR = Kind(
    N_("Calendar of %(number)s"), "", {"holidays": N_("Days off"), "working_weekends": N_("Weekends that are worked")}
)
MATERIAL = Kind(
    N_("material %(number)s"),
    "name",
    {
        "name": N_("Name of the material"),
        "necessity": N_("Whether it has to be handed in"),
        "copies": N_("Original or copy"),
        "source": N_("Where a material comes from"),
        "note": N_("What is looked at in a material"),
    },
)
FIELD = Kind(
    N_("field %(number)s"),
    "label",
    {
        "name": N_("Code of the field"),
        "label": N_("Label of a field"),
        "kind": N_("Kind of the field"),
        "required": N_("Whether it has to be filled in"),
        "max_length": N_("Characters at the most"),
        "choices": N_("What may be chosen"),
    },
)
SPECIAL = Kind(
    N_("special procedure %(number)s"),
    "name",
    {"name": N_("Name of the procedure"), "days": N_("Days of the procedure")},
)
LIMIT = Kind("", "", {"amount": N_("So many of a limit"), "unit": N_("Unit of a limit")})
GUIDE = Kind(
    "",
    "",
    {
        "conditions": N_("Conditions"),
        "steps": N_("How it is handled"),
        "fee": N_("Fee"),
        "result": N_("What comes of it"),
        "basis": N_("Legal basis"),
        "ask": N_("Questions and complaints"),
        "note": N_("Remark"),
    },
)
SITUATION = Kind(
    N_("situation %(number)s"),
    "question",
    {
        "name": N_("Code of the situation"),
        "question": N_("Question of the situation"),
        "answers": N_("Answers to choose from"),
        "usual": N_("Usual answer"),
    },
)
ANSWER = Kind(
    N_("answer %(number)s"),
    "label",
    {
        "name": N_("Code of the answer"),
        "label": N_("Words of the answer"),
        "materials": N_("Materials"),
        "fields": N_("Fields of the form"),
        "item": N_("Item to apply for instead"),
        "note": N_("Remark"),
    },
)

CODES: Mapping[type[StrEnum], Mapping[str, str]] = {
    ItemState: {"1": N_("in use"), "2": N_("suspended"), "3": N_("taken out of use")},
    Necessity: {"0": N_("has to be handed in"), "1": N_("if there is one"), "2": N_("may follow later")},
    Copies: {"0": N_("original"), "1": N_("copy"), "2": N_("original and copy")},
    Source: {"0": N_("brought by the applicant"), "1": N_("issued by an authority"), "2": N_("other")},
    Unit: {"W": N_("counted in working days"), "N": N_("natural days"), "H": N_("hours")},
    Offline: {"full": N_("can be received"), "check": N_("checked by the centre"), "inform": N_("informed about")},
    Mark: {"national": N_("national rule"), "place": N_("practice of one place"), "default": N_("a default")},
    VillageRole: {},
}


def heading(kind: Kind, name: str) -> str:
    """A member as it is found in the sheet and in the file: 承诺时限（promise）."""
    words = kind.headings.get(name)
    return _("%(heading)s (%(member)s)", heading=_(words), member=name) if words else name


def codes_in_words(kind: type[StrEnum]) -> str:
    """The codes of a member with what each means: 0 必要、1 有则提交、2 可后补."""
    words = CODES[kind]
    return _(", ").join(f"{code} {_(words[code])}" if code in words else code for code in kind)
