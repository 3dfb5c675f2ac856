"""An application as it was handed in, checked as a whole, and everything wrong with it said at once.

Nothing is stored here: what comes out is what `receive_application` writes.

Must not know: accounts, receipt numbers, databases.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from edge_node.messages import _
from sync.blobs.storing import Blob, store_bytes
from sync.casework.look_at_photo import photo_problem, photo_type
from sync.errors import Invalid
from sync.people.ask_consents import Given
from sync.records.agents import Agent, agent_fields, agent_problems
from sync.records.applicant_paper import KIND, USUAL, asked_with
from sync.records.application import MAX_PHOTO_BYTES, Handed, check_application
from sync.records.form import kept_value
from sync.records.items import Item
from sync.records.powers import context_of_item
from sync.records.situations import situated, situation_problems
from sync.records.taken_as import COMPARED
from sync.typed import Value, asdict, field
from sync.values.documents import Document, Outcome

CHANNELS = ("counter", "visit", "phone")


class Photo(Value):
    """A photo as it was sent; `declared` is the media type the client claims, "" for none."""

    content: bytes
    declared: str = ""


class Material(Value):
    """A paper as it was handed in: `kind` in `taken_as.KINDS` or "", `copies` 0 when not told.

    on_file  the case at this station whose photos of this paper are taken over; "" for none
    compared  已核原件: whether its original was seen and compared
    """

    name: str
    photos: tuple[Photo, ...] = ()
    kind: str = ""
    copies: int = 0
    on_file: str = ""
    compared: bool = False


class Application(Value):
    """What a citizen applies for.

    item      the item's code;  fields, {name: what was filled in}, unchecked
    channel   in `CHANNELS`
    confirmed_ms  date and time as the agent says they are, where the clock was in doubt
    person    the id of whoever applies, where he is registered; "" to go by the number on the form
    prefilled  names of the fields that were filled in from the register and left as they were
    source    where name and number came from, card, camera or hand; "" where nobody says
    register  whether he is to be registered with it, where he is not yet
    situations  {question of the item: answer}; see `sync.records.situations`
    incomplete  whether it is taken though papers it must have are missing, and they are told with it (一次性告知)
    consents    what whoever applies agreed to, as he was asked when he came
    agent       what is told of the agent that the form names
    """

    item: str
    fields: Mapping[str, object]
    materials: tuple[Material, ...] = ()
    channel: str = "counter"
    confirmed_ms: int | None = None
    person: str = ""
    prefilled: tuple[str, ...] = ()
    source: str = ""
    register: bool = False
    situations: Mapping[str, str] = field(default_factory=dict)
    incomplete: bool = False
    consents: tuple[Given, ...] = ()
    agent: Agent = Agent()

    @property
    def has_photos(self) -> bool:
        """Whether photos came with it."""
        return any(material.photos for material in self.materials)


class Prepared(Value):
    """A lawful application: the fields its first event sets, the chunks of its new photos, and how many photos it has.

    photos  on file among them
    gaps    what is to be told as missing with it, as a notice names it; none where it is complete
    """

    fields: Mapping[str, Any]
    chunks: tuple[Document, ...]
    photos: int
    gaps: tuple[Mapping[str, str], ...] = ()


def prepare_application(
    items: Mapping[str, Item],
    application: Application,
    *,
    today: date,
    largest_photo_bytes: int,
    on_file: Mapping[str, Sequence[Mapping[str, Any]]] = MappingProxyType({}),
) -> Prepared:
    """Check an application and make of it what is to be stored.

    on_file  {name of a paper: its photos as an earlier case names them}, for those that name such a case
    raises   Invalid, naming every field that is wrong
    """
    item = require_lawful(items, application, today=today, largest_photo_bytes=largest_photo_bytes)
    chunks: dict[str, Document] = {}
    materials = [named_material(one, chunks, on_file=on_file.get(one.name, ())) for one in application.materials]
    fields = {
        **_filled_in(item, application.fields, today),
        **agent_fields(application.agent, application.fields, today),
        **_context(items[item.code]),  # what gives power is the item's, whatever the situation
        "materials": materials,
        "channel": application.channel,
        **({"person": application.person} if application.person else {}),
        **({"prefilled": list(application.prefilled)} if application.prefilled else {}),
        **({"applicant_source": application.source} if application.source else {}),
        **({"situations": dict(application.situations)} if application.situations else {}),
    }
    photos = len({photo["blob"] for one in materials for photo in one["photos"]})
    return Prepared(fields, tuple(chunks.values()), photos, _gaps(item, application.materials))


def _gaps(item: Item, materials: Sequence[Material]) -> tuple[Mapping[str, str], ...]:
    """All that is missing, where something is that it must have: what may follow, too, as it is told only once."""
    handed = {one.name for one in materials}
    missing = [one for one in item.materials if (one.required or one.may_follow) and one.name not in handed]
    if not any(one.required for one in missing):
        return ()
    return tuple(
        {"material": one.name, "what": _("not handed in; may follow later") if one.may_follow else _("not handed in")}
        for one in missing
    )


def require_lawful(
    items: Mapping[str, Item],
    application: Application,
    *,
    today: date,
    largest_photo_bytes: int,
    will_be_fit: bool = False,
) -> Item:
    """The item of an application that is in order, as it is in the applicant's situation.

    will_be_fit  photos are made smaller before they are filed, so that the catalogue's bound is not asked yet
    raises       Invalid, naming every field that is wrong
    """
    item = item_applied_for(items, application)
    answers = situation_problems(item, application.situations, items)
    item = situated(item, application.situations)
    problems = [
        *((f"situations.{name}", sentence) for name, sentence in answers),
        *check_application(
            item,
            application.fields,
            _handed(application.materials, MAX_PHOTO_BYTES if will_be_fit else largest_photo_bytes),
            today=today,
            incomplete=application.incomplete,
        ),
        *agent_problems(application.agent, application.fields, today),
        *photo_problems(application.materials, largest_photo_bytes),
    ]
    if problems:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)
    return item


def item_applied_for(items: Mapping[str, Item], application: Application) -> Item:
    """The item an application is for; raises Invalid where there is none, or none that takes cases."""
    item = items.get(application.item)
    if item is None:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("item", _("The catalogue has no such item, check its code"))],
        )
    if not item.takes_cases:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[
                ("item", _("“%(item)s” is %(state)s and takes no new cases", item=item.name, state=item.state.chinese))
            ],
        )
    return item


def _handed(materials: Sequence[Material], largest_bytes: int) -> list[Handed]:
    """Papers by the sizes of their photos, of which none counts more than `largest_bytes`."""
    return [
        Handed(one.name, tuple(min(len(photo.content), largest_bytes) for photo in one.photos)) for one in materials
    ]


def photo_problems(materials: Sequence[Material], largest_bytes: int) -> list[tuple[str, str]]:
    """What is wrong with photos handed in: (materials.<row>.photos.<column>, sentence)."""
    return [
        (f"materials.{row}.photos.{column}", problem)
        for row, material in enumerate(materials)
        for column, photo in enumerate(material.photos)
        if (problem := photo_problem(photo.content, photo.declared, largest_bytes=largest_bytes))
    ]


def _filled_in(item: Item, given: Mapping[str, object], today: date) -> dict[str, str]:
    """What was filled in, as records keep it."""
    values: dict[str, str] = {}
    for one in item.fields:
        value = given.get(one.name)
        if isinstance(value, str) and value.strip():
            values[one.name] = kept_value(asked_with(one, given), value, today)
    if values.get(KIND) == USUAL:
        del values[KIND]  # a 公民身份号码 tells itself which of the papers that bear one it is of
    return values


def _context(item: Item) -> dict[str, Any]:
    """What a case keeps of its item, whatever becomes of the catalogue."""
    return {
        "item": item.code,
        "item_version": item.version,
        "item_name": item.name,
        **asdict(context_of_item(item)),
        **{name: limit.text for name, limit in (("promise", item.promise), ("statutory", item.statutory)) if limit},
    }


def named_material(
    material: Material, chunks: dict[str, Document], *, on_file: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """How the record names a paper and its photos; what the new ones consist of is added to `chunks`."""
    taken = [_cut_up(photo, chunks).reference() for photo in material.photos]
    kept: dict[str, Any] = {"name": material.name, "photos": [*(dict(photo) for photo in on_file), *taken]}
    if material.on_file:
        kept["on_file"] = material.on_file
    if material.kind:
        kept["kind"] = material.kind
    if material.copies:
        kept["copies"] = material.copies
    if material.compared:
        kept[COMPARED] = True
    return kept


def _cut_up(photo: Photo, chunks: dict[str, Document]) -> Blob:
    def collect(documents: Sequence[Document]) -> list[Outcome]:
        chunks.update((document.id, document) for document in documents)
        return [Outcome(document.id, document.revision) for document in documents]

    return store_bytes(collect, photo.content, media_type=photo_type(photo.content))
