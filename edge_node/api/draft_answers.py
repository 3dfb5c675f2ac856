"""The shapes of what is answered about drafts, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema, fields

from sync.messages import D_
from sync.web.answer_shapes import flag, one, several, text, texts, whole


class DraftRowAnswer(Schema):
    """A draft in the list."""

    id = text(D_("Id of the draft"))
    item = text(D_("Code of the item; empty where it is for a bundle"))
    bundle = text(D_("Code of the bundle; empty where it is for one item"))
    name = text(D_("Name of the item or bundle; empty where the catalogue has it no more"))
    applicant = text(D_("Name of the applicant, masked"))
    updated_at = text(D_("When something was last kept of it"))
    takes_cases = flag(D_("Whether it still takes new cases"))


class DraftsAnswer(Schema):
    """The drafts of whoever asks."""

    drafts = several(DraftRowAnswer, D_("The one that was changed last stands first"))


class DraftMaterialAnswer(Schema):
    """A paper of a draft."""

    name = text(D_("Name of the material"))
    kind = text(D_("What stays at the station: original, copy, or no paper (photo)"))
    compared = flag(D_("Whether its original was seen and compared"))
    copies = whole(D_("Copies; 0 where nobody told"))
    on_file = text(D_("Id of the case with which it came; empty where it is handed in anew"))
    photos = whole(D_("How many photos of it are kept"))


class DraftAgentAnswer(Schema):
    """Whoever applies for the applicant."""

    relation = text(D_("What the agent is to the applicant"))
    id_number = text(D_("Citizen number of the agent"))


class DraftConsentAnswer(Schema):
    """A consent that was given."""

    kind = text(D_("What kind it is"))
    means = text(D_("How it was agreed to"))
    read_by = text(D_("Who read it out"))


class DraftAnswer(DraftRowAnswer):
    """A draft, unmasked."""

    version = text(D_("What names what is kept; If-Match takes it"))
    channel = text(D_("How it came: counter, visit or phone"))
    fields_ = fields.Dict(
        data_key="fields",
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": D_("The fields of the form")},
    )
    situations = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": D_("Answers about the situation")},
    )
    materials = several(DraftMaterialAnswer)
    person = text(D_("Id of the applicant in the register; empty where there is none"))
    prefilled = texts(D_("Which fields were filled in from the register of people"))
    agent = one(DraftAgentAnswer)
    consents = several(DraftConsentAnswer)


class DraftKeptAnswer(Schema):
    """What was kept."""

    id = text(D_("Id of the draft"))
    version = text(D_("What names what is kept; If-Match takes it"))
