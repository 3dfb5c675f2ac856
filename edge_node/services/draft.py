"""What was typed so far of an application, kept by the names of fields and papers, whatever the catalogue says.

Must not know: forms, tables, what is lawful.
"""

from collections.abc import Mapping
from typing import Any

from sync.records import taken_as
from sync.records.ids import sha256_hex
from sync.store.ledger.drafts import DraftPhoto
from sync.typed import Value, field, replace
from sync.values.json_text import dump, dump_sorted, parse_object

# Where the applicant's name and number came from, as a case names it.
CARD, CAMERA, HAND = "card", "camera", "hand"
_IDENTITY = ("applicant_name", "id_number")
# How a paper is taken, as a draft names it: {name: (the kind of a record, whether its original was compared)}.
TAKEN = {
    "original": (taken_as.ORIGINAL, False),
    "copy_compared": (taken_as.COPY, True),
    "copy": (taken_as.COPY, False),
    "shown": (taken_as.PHOTO, True),
    "photo": (taken_as.PHOTO, False),
}
_VERSION_DIGITS = 16


class Paper(Value):
    """A paper as it was ticked: `kind` (in `TAKEN` or "") and `copies` as they stand in the form; `on_file`, the case
    it is taken from."""

    got: bool = False
    kind: str = ""
    copies: str = ""
    on_file: str = ""


class Typed(Value):
    """What was typed.

    fields   {name: text};  papers, {name: Paper}, those whose page was seen
    card     {name: text} as a card reader gave them;  photographed, whether the card was photographed for them
    person   the id of whoever applies, where he is registered;  prefilled, {name: text} as the register gave them
    reached  the furthest step that was opened;  situations, {question: answer} of the 情形引导
    consents  {kind of consent: by what means it was given, "" for not yet}, and who read it out; of whoever applies
    agent    what is told of whoever comes for him: {"relation", "id_number"}
    heard    {page: turn}, the latest that was heard of each page, the page heard last at the end
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, Paper] = field(default_factory=dict)
    channel: str = ""
    card: Mapping[str, str] = field(default_factory=dict)
    photographed: bool = False
    person: str = ""
    prefilled: Mapping[str, str] = field(default_factory=dict)
    reached: str = ""
    situations: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, str] = field(default_factory=dict)
    agent: Mapping[str, str] = field(default_factory=dict)
    heard: Mapping[str, int] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """Whether who applies was read off a card, or typed from its photo, or only typed."""
        if self.card and all(self.fields.get(name, "").strip() == self.card.get(name) for name in _IDENTITY):
            return CARD
        return CAMERA if self.photographed else HAND


class Draft(Value):
    """A draft of an account: what it is for, what was typed, its photos by paper in the order they came."""

    id: str
    account: str
    kind: str
    code: str
    typed: Typed
    updated_ms: int
    photos: Mapping[str, tuple[DraftPhoto, ...]] = field(default_factory=dict)


def version_of(typed: Typed) -> str:
    """What names what was typed, so that somebody can say what he has seen; which pages were open changes nothing."""
    return sha256_hex(dump_sorted(_as_kept(replace(typed, heard={}, reached=""))))[:_VERSION_DIGITS]


def typed_to_bytes(typed: Typed) -> bytes:
    """As it is kept."""
    return dump(_as_kept(typed))


def _as_kept(typed: Typed) -> dict[str, Any]:
    return {
        "fields": dict(typed.fields),
        "papers": {name: [one.got, one.kind, one.copies, one.on_file] for name, one in typed.papers.items()},
        "channel": typed.channel,
        "card": dict(typed.card),
        "photographed": typed.photographed,
        "person": typed.person,
        "prefilled": dict(typed.prefilled),
        "reached": typed.reached,
        "situations": dict(typed.situations),
        "consents": dict(typed.consents),
        "agent": dict(typed.agent),
        "heard": dict(typed.heard),
    }


def typed_from_bytes(body: bytes) -> Typed:
    """What was kept."""
    told = parse_object(body)
    return Typed(
        fields=told["fields"],
        papers={name: Paper(*one) for name, one in told["papers"].items()},
        channel=told["channel"],
        card=told["card"],
        photographed=told["photographed"],
        person=told["person"],
        prefilled=told["prefilled"],
        reached=told["reached"],
        situations=told.get("situations", {}),  # drafts of before have none
        consents=told.get("consents", {}),
        agent=told.get("agent", {}),
        heard=told.get("heard", {}),
    )
