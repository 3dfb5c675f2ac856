"""The shapes of what is answered of items, 一件事 and a search, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema, fields

from sync.case_api.answer_schemas import CaseRowAnswer
from sync.casework.search import MATCHES
from sync.messages import D_
from sync.people_api.answer_schemas import PersonRowAnswer
from sync.web.answer_shapes import flag, next_page, several, text, texts, whole


class ItemRowAnswer(Schema):
    """An item in short."""

    code = text(D_("Code of the item"))
    version = whole(D_("Version"))
    name = text(D_("Name of the item"))
    department = text(D_("Department responsible"))
    subjects = text(D_("Whom it is for"))
    least_age = whole(D_("Full years the applicant should have, 0 where age does not matter; nobody is refused for it"))
    village_role = text(D_("What the village does: decides, accepts, acts for people, helps, or informs"))
    decides = text(D_("Level that decides"))
    statutory = text(D_("Legal limit"))
    promise = text(D_("Promised limit"))
    on_the_spot = flag(D_("Done on the spot"))
    takes_cases = flag(D_("Whether applications are taken"))
    topics = texts(D_("Topics"))
    words = texts(D_("Words people use"))
    notice = text(D_("That it is an example"))


class ItemListAnswer(Schema):
    """A page of items."""

    items = several(ItemRowAnswer)
    next = next_page()


class ItemMaterialAnswer(Schema):
    """A paper an item asks for."""

    name = text(D_("Name of the material"))
    required = flag(D_("Whether it is necessary"))
    may_follow = flag(D_("Whether it may follow"))
    necessity = text(D_("Code of how necessary it is"))
    copies = text(D_("0 original, 1 copy, 2 original and copy"))
    source = text(D_("Code of the source"))
    source_text = text(D_("Source"))
    note = text(D_("What is examined"))


class FormFieldAnswer(Schema):
    """A field of an item's form."""

    name = text(D_("Name under which it is filled in"))
    label = text(D_("What the form calls it"))
    kind = text(D_("Type"))
    required = flag(D_("Whether it has to be filled in"))
    max_length = whole(D_("Most characters"))
    choices = fields.List(fields.String(), metadata={"description": D_("What may be chosen")})


class GuidePartAnswer(Schema):
    """A part of a guide."""

    name = text()
    label = text()
    text = text()


class SpecialAnswer(Schema):
    """A special procedure of an item."""

    name = text()
    days = text()


class SituationAnswerAnswer(Schema):
    """An answer to a question of the 情形引导."""

    name = text(D_("Code of the answer"))
    label = text(D_("Answer"))
    materials = fields.Dict(
        keys=fields.String(),
        values=fields.String(allow_none=True),
        required=True,
        metadata={
            "description": D_(
                "Materials become: 0 necessary, 1 handed in if there is one, 2 may follow, null not asked for"
            )
        },
    )
    fields_ = fields.Dict(
        data_key="fields",
        keys=fields.String(),
        values=fields.Boolean(allow_none=True),
        required=True,
        metadata={"description": D_("Fields become: true to be filled in, false may be filled in, null not asked")},
    )
    item = text(D_("Code of the item to apply for instead; empty where it is this one"))
    note = text(D_("Remark"))
    text = text(D_("What it changes; empty where it changes nothing"))


class SituationAnswer(Schema):
    """A question of the 情形引导."""

    name = text(D_("Code of the question"))
    question = text(D_("Question"))
    usual = text(D_("The answer that counts where none is given; where empty, one has to be given"))
    answers = several(SituationAnswerAnswer)


class ItemAnswer(ItemRowAnswer):
    """One item with its materials, its form and its guide."""

    materials = several(ItemMaterialAnswer)
    fields_ = fields.List(fields.Nested(FormFieldAnswer), data_key="fields", required=True)
    guide = several(GuidePartAnswer, D_("Guide"))
    special = several(SpecialAnswer, D_("Special procedures"))
    situations = several(SituationAnswer, D_("Questions about the situation"))
    decided_by = text(D_("Authority that decides"))
    offline = text(D_("How far it can be handled without a network"), among=("full", "check", "inform"))
    offline_text = text()
    mark = text(D_("What the figures rest on"), among=("national", "place", "default"))
    mark_text = text()


class BundleItemAnswer(Schema):
    """An item of a bundle."""

    code = text(D_("Code of the item"))
    name = text(D_("Name of the item"))


class SameFieldAnswer(Schema):
    """A field of a bundle's item that is asked under another name."""

    item = text(D_("Code of the item"))
    field = text(D_("Name of the field on the item's own form"))
    asked_as = text(D_("Name under which the bundle asks for it"))


class BundleAnswer(Schema):
    """A bundle (一件事)."""

    code = text(D_("Code"))
    version = whole(D_("Version"))
    name = text(D_("What it is called"))
    lead = text(D_("Department that leads"))
    mode = text(D_("Side by side or one after the other"), among=("parallel", "serial"))
    items = several(BundleItemAnswer)
    withdrawn = texts(D_("Names of the items that take no cases now, so that the bundle takes none"))
    same = several(SameFieldAnswer)
    guide = several(GuidePartAnswer)
    notice = text()


class BundleListAnswer(Schema):
    """A page of 一件事."""

    bundles = several(BundleAnswer)
    next = next_page()


_ABOUT_MATCHED = D_(
    "How it was found: what was typed stands in what it is called (text), or its pinyin or initials do (letters); it "
    "only sounds so (sound); or its guide says it (guide)"
)


class FoundItemAnswer(ItemRowAnswer):
    """An item that was found."""

    matched = text(_ABOUT_MATCHED, among=MATCHES)


class FoundBundleAnswer(BundleAnswer):
    """A bundle that was found."""

    matched = text(_ABOUT_MATCHED, among=MATCHES)


class FoundAnswer(Schema):
    """What a search found."""

    items = several(FoundItemAnswer)
    bundles = several(FoundBundleAnswer)
    people = several(PersonRowAnswer)
    cases = several(CaseRowAnswer)
