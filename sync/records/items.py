"""事项: what stations handle, with materials, limits, deciding level, form and guide; and 一件事, several at once.

Frozen values: an item is read once (`catalogue`), and a case keeps the version it was opened with.

Must not know: files and documents, who publishes items, clocks.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sync.errors import BadRequest
from sync.messages import N_, _
from sync.records.form import Field
from sync.records.regions import Level
from sync.records.working_days import Unit
from sync.typed import Value

_LIMIT = re.compile(r"([0-9]{1,5})([WNH])\Z")


class VillageRole(StrEnum):
    """What the village does for an item."""

    FINISHES = "直"  # data
    ACCEPTS = "受"  # data
    CARRIES = "代"  # data
    ASSISTS = "协"  # data
    INFORMS = "公开告知"  # data


class ItemState(StrEnum):
    """task_state of an item, by the catalogue's codes; only one in use takes new cases."""

    IN_USE = "1"
    SUSPENDED = "2"
    WITHDRAWN = "3"

    @property
    def chinese(self) -> str:
        """What screens call it."""
        return _(_STATE_NAMES[self.value])


_STATE_NAMES = {"1": N_("in use"), "2": N_("suspended"), "3": N_("taken out of use")}


class Offline(StrEnum):
    """How far an item goes without a network."""

    FULL = "full"  # received, and all the rest follows when there is a link
    CHECK = "check"  # received, but the centre checks something before there is a result
    INFORM = "inform"  # help and information only


class Necessity(StrEnum):
    """必要性 of a material, by the catalogue's codes."""

    REQUIRED = "0"
    OPTIONAL = "1"
    LATER = "2"  # 容缺后补: may follow against a signed promise


class Copies(StrEnum):
    """类型 of a material, by the catalogue's codes."""

    ORIGINAL = "0"
    COPY = "1"
    BOTH = "2"


class Source(StrEnum):
    """来源 of a material, by the catalogue's codes."""

    APPLICANT = "0"
    GOVERNMENT = "1"
    OTHER = "2"


class Mark(StrEnum):
    """Whose practice an item's figures are."""

    NATIONAL = "national"
    PLACE = "place"
    DEFAULT = "default"


class Material(Value):
    """A paper asked for.

    name  how the slip and the screens call it;  note, what is looked at (审查要点)
    """

    name: str
    necessity: Necessity
    copies: Copies
    source: Source = Source.APPLICANT
    note: str = ""

    @property
    def required(self) -> bool:
        """Whether an application without it is not complete."""
        return self.necessity is Necessity.REQUIRED

    @property
    def may_follow(self) -> bool:
        """可容缺: whether the case may go on without it against a signed promise."""
        return self.necessity is Necessity.LATER


class Limit(Value):
    """法定 or 承诺时限; an amount of 0 means on the spot (即办)."""

    amount: int
    unit: Unit

    @property
    def label(self) -> str:
        """As the guide page prints it."""
        return self.unit.length(self.amount) if self.amount else _("on the spot")

    @property
    def text(self) -> str:
        """As a case carries it: 22W."""
        return f"{self.amount}{self.unit.value}"

    @property
    def fifths_of_an_hour(self) -> int:
        """A length that compares: five working days take a week of natural ones."""
        return self.amount * {Unit.HOURS: 5, Unit.NATURAL_DAYS: 5 * 24, Unit.WORKING_DAYS: 7 * 24}[self.unit]


def limit_from_text(text: object) -> Limit | None:
    """The limit a case carries; None where it carries none. Raises BadRequest when it is no such text."""
    if text is None or text == "":
        return None
    found = _LIMIT.match(text) if isinstance(text, str) else None
    if found is None:
        raise BadRequest(_("A limit is written as 22W, 7N or 24H"))
    return Limit(int(found[1]), Unit(found[2]))


def carried_limit(fields: Mapping[str, Any], name: str) -> Limit | None:
    """The limit of that name among a case's fields; None where it carries none that can be read."""
    try:
        return limit_from_text(fields.get(name))
    except BadRequest:
        return None


class Special(Value):
    """特别程序 that belongs to an item: 公示, 听证, 勘验 …, which pauses its clocks for so long."""

    name: str
    days: Limit


class Answer(Value):
    """An answer to a question of the 情形引导, and what it changes of its item.

    materials  of the item's papers: (name, how it is asked for then, None for not at all)
    fields     of the form's fields: (name, whether it must be filled in then, None for not asked)
    item       the code of the item that is to be applied for instead; "" for this one
    note       what is said to whoever chooses it
    """

    name: str
    label: str
    materials: tuple[tuple[str, Necessity | None], ...] = ()
    fields: tuple[tuple[str, bool | None], ...] = ()
    item: str = ""
    note: str = ""


class Situation(Value):
    """情形: a question that decides what of an item is asked for; usual, the answer that counts when none is given."""

    name: str
    question: str
    answers: tuple[Answer, ...]
    usual: str = ""


class Guide(Value):
    """办事指南 as it is read aloud; "" where nothing is said."""

    conditions: str = ""
    steps: str = ""
    basis: str = ""
    fee: str = ""
    result: str = ""
    ask: str = ""
    note: str = ""


class Item(Value):
    """A matter citizens apply for.

    code        实施编码 or a local code; any text (one place's codes pass as text)
    task_code   实施编码 of 31 characters, with which the centre makes a 办件编号; "" where there is none
    statutory   None where no law sets a limit; promise, None where nothing is promised
    decides     the level whose decision ends the case;  decided_by, who it is where that is no authority
    notice      shown beside every figure: whose practice this is
    words       日常用语, by which people ask for it;  topics, the zones it stands in
    common      whether it stands on the first page
    situations  questions that decide what of materials and fields is asked for (`situations`)
    least_age   full years the applicant has who has what it takes; 0 where age does not matter
    """

    code: str
    version: int
    name: str
    department: str
    subjects: str
    materials: tuple[Material, ...]
    statutory: Limit | None
    promise: Limit | None
    village_role: VillageRole
    decides: Level
    fields: tuple[Field, ...]
    notice: str
    state: ItemState = ItemState.IN_USE
    offline: Offline = Offline.FULL
    mark: Mark = Mark.DEFAULT
    decided_by: str = ""
    task_code: str = ""
    common: bool = False
    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    special: tuple[Special, ...] = ()
    guide: Guide = Guide()
    situations: tuple[Situation, ...] = ()
    least_age: int = 0

    @property
    def on_the_spot(self) -> bool:
        """即办件: finished while the citizen waits."""
        return self.promise is not None and self.promise.amount == 0

    @property
    def takes_cases(self) -> bool:
        """Whether it can be applied for now; a case that runs goes on whatever becomes of its item."""
        return self.state is ItemState.IN_USE


class Bundle(Value):
    """一件事: several items on one occasion.

    lead   the department that leads;  items, their codes in order
    is_serial  whether one begins only when the one before it is done
    same   (item, its field, the name of another item's field) of what two ask under two names, or of two choices
    """

    code: str
    version: int
    name: str
    lead: str
    items: tuple[str, ...]
    is_serial: bool
    notice: str
    state: ItemState = ItemState.IN_USE
    words: tuple[str, ...] = ()
    guide: Guide = Guide()
    same: tuple[tuple[str, str, str], ...] = ()
