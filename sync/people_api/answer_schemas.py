"""The shapes of what is answered about people, for the description of the API.

Must not know: routes, how answers are made.
"""

from typing import Any

from marshmallow import Schema, fields

from sync.case_api.answer_schemas import (
    ActAnswer,
    CaseRowAnswer,
    ClockAnswer,
    CustodyAnswer,
    IdentityAnswer,
    MissingConsentAnswer,
)
from sync.messages import D_
from sync.records.person_table import PERSON_2
from sync.web.answer_shapes import flag, next_page, one, several, text, texts, whole

_STANDINGS = ("stands", "withdrawn", "ended", "disputed", "unwritten", "lapsed")


class PersonRowAnswer(Schema):
    """A person of a list, masked."""

    id = text(D_("Id of the person"))
    station = text(D_("Id of the station that registered the person"))
    name = text(D_("Name, masked"))
    cert_kind = text(D_("Code of the kind of the paper"))
    cert_kind_name = text(D_("Kind of the paper"))
    cert_number = text(D_("Number of the paper, masked"))
    sex = text(D_("Sex"))
    age = whole(D_("Age in years; null where the birthday is not known"), maybe=True)
    phone = text(D_("Telephone, masked"))
    household_role = text(D_("Code of the relation to the head; empty without a household"))
    household_role_name = text(D_("Relation to the head"))
    state = text(D_("Code of the state of the registration"))
    state_name = text(D_("State of the registration"))
    disputes = whole(D_("Number of disputes"))


class PeopleListAnswer(Schema):
    """A page of people."""

    people = several(PersonRowAnswer, D_("In the order of the pinyin of names"))
    next = next_page()


class LookedUpAnswer(Schema):
    """Who is registered by a paper."""

    person = one(PersonRowAnswer, D_("null where nobody is registered"), maybe=True)


class PersonFieldAnswer(Schema):
    """What is known of a person in one field, masked."""

    name = text(D_("What it is called"))
    label = text(D_("What screens call it"))
    value = text(D_("Its content, masked"))
    verified = flag(D_("Whether it was verified"))


class RelationAnswer(Schema):
    """A relative."""

    person = text(D_("Id of the relative"))
    name = text(D_("Name, masked"))
    kind = text(D_("Code of the relation"))
    kind_name = text(D_("Relation"))
    until = text(D_("The last day it counts"))
    means_name = text(D_("How it was agreed to"))
    stands = flag(D_("Whether it is in force now"))


class NamedByAnswer(Schema):
    """Who names this person as a relative."""

    person = text(D_("Id of that person"))
    name = text(D_("Name, masked"))
    kind = text(D_("Code of the relation: what the person is to that one"))
    kind_name = text(D_("Relation"))
    until = text(D_("The last day it counts"))
    stands = flag(D_("Whether it is in force now"))


class SignedPhotoAnswer(Schema):
    """A photo of a signed paper."""

    blob = text(D_("Id of the photo"))
    size = whole(D_("Bytes"))
    held = flag(D_("Whether it is on this machine"))


def missing_consents() -> fields.List[Any]:
    """What everybody is asked to agree to and somebody has not."""
    return several(
        MissingConsentAnswer, D_("What everybody is asked to agree to once, and is not on record; ask for it")
    )


class ConsentAnswer(Schema):
    """A consent; `item` and `item_name` with 代办委托 alone."""

    kind = text(D_("Code of what is consented to"))
    kind_name = text(D_("Consent to"))
    state = text(among=_STANDINGS)
    state_name = text(D_("Whether it is in force"))
    at = text(D_("When it was given or withdrawn"))
    until = text(D_("The last day it counts; empty where there is none"))
    means_name = text(D_("How it was agreed to"))
    read_by = text(D_("Who read it out; empty where that is not told"))
    photos = several(SignedPhotoAnswer, D_("Photos of the signed paper"))
    unfiled = flag(D_("Whether it was signed and the signed paper is not photographed yet"))
    item = fields.String()
    item_name = fields.String()
    agent = fields.String(metadata={"description": D_("Who runs the errand, masked")})
    agent_id_number = fields.String(metadata={"description": D_("Citizen number of who runs the errand, masked")})
    scope = fields.String()


class PersonLogAnswer(Schema):
    """One act in the log of a person."""

    type = text(D_("Code of the operation"))
    name = text(D_("Operation"))
    at = text(D_("When"))
    clock = text(D_("Whether the time is to be believed"), among=("heard", "confirmed", "doubtful"))
    by = text(D_("Account"))
    level = text()
    fields_ = fields.List(
        fields.String(),
        data_key="fields",
        required=True,
        metadata={"description": D_("Which fields it changed; empty when registered")},
    )
    note = text(D_("Remark"))


class PersonDisputeAnswer(Schema):
    """A field that two people set unseen by each other."""

    field = text(D_("Which field"))
    label = text()
    values = texts(D_("What each side wrote, masked"))


class PersonAnswer(PersonRowAnswer):
    """One person, masked."""

    version = text(D_("What names how far it was handled; in the ETag, too"))
    going_on_as = text(D_("Which one counts after a merge; its own id where it was not merged"))
    also = texts(D_("Ids of people merged into this one"))
    same_paper = texts(D_("Ids of people registered with the same paper and not merged"))
    household = several(PersonRowAnswer, D_("The others of the household"))
    fields_ = fields.List(fields.Nested(PersonFieldAnswer), data_key="fields", required=True)
    relations = several(RelationAnswer, D_("Family relations"))
    named_by = several(NamedByAnswer, D_("Those who name this person as a relative"))
    consents = several(ConsentAnswer, D_("Consents and errands, with those of registrations merged into this one"))
    consents_missing = missing_consents()
    log = several(PersonLogAnswer, D_("What was done to it, the oldest first"))
    fields_in_dispute = several(PersonDisputeAnswer, D_("One correction settles it"))
    acts = several(ActAnswer, D_("What this level may do now"))
    understood = flag(D_("Whether the program of this machine understands all of it"))
    custody = one(CustodyAnswer, D_("How far the registration and the photos of signed papers have come"))


class ErrandIdentityAnswer(Schema):
    """Who runs an errand, unmasked."""

    agent = text(D_("Who runs the errand"))
    agent_id_number = text(D_("Citizen number of who runs the errand; empty where it is not told"))


class PersonIdentityAnswer(IdentityAnswer):
    """The fields of a person unmasked, and who runs his errands."""

    errands = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(ErrandIdentityAnswer),
        required=True,
        metadata={"description": D_("Who runs his errands, by the code of the item")},
    )


class PersonCasesAnswer(Schema):
    """A person's cases."""

    cases = several(CaseRowAnswer, D_("The newest first, at most 100"))


class ToldCaseAnswer(Schema):
    """A case as it is told to whoever it belongs to."""

    item_name = text(D_("Name of the item"))
    receipt_number = text(D_("Receipt number"))
    received_at = text(D_("Received at"))
    station_name = text(D_("Station that took it"))
    state = text(D_("Code of the state"))
    state_name = text(D_("State"))
    told = text(D_("How it stands, in plain words"))
    missing = texts(D_("What still has to be handed in"))
    missing_due = text(D_("The last day on which it does some good; empty where none was set, or it has passed"))
    clock = one(ClockAnswer, D_("How much time is left"), maybe=True)


class RelativeToldAnswer(Schema):
    """What a relative is told of a person's cases."""

    person = text(D_("Name of whose cases they are, masked"))
    relative = text(D_("Name of who asks, masked"))
    relation = text(D_("Code of the relation"))
    relation_name = text(D_("Relation"))
    until = text(D_("The last day it counts"))
    cases = several(ToldCaseAnswer, D_("The newest first, at most 20"))


class OnFileAnswer(Schema):
    """A paper on file."""

    name = text(D_("Name of the material"))
    case = text(D_("The case with which it came"))
    receipt_number = text(D_("Receipt number of that case"))
    handed_at = text(D_("When it was handed in"))
    photos = whole(D_("How many photos"))


class PrefillAnswer(Schema):
    """What a form need not ask, in plain text, and papers that need not be brought."""

    fields_ = fields.Dict(
        data_key="fields",
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": D_("The fields that can be filled in beforehand, unmasked")},
    )
    on_file = several(OnFileAnswer, D_("Materials that need not be handed in"))


class PersonDoneAnswer(Schema):
    """What was done to a person."""

    id = text(D_("Id of the person"))
    version = text(D_("What names how far it was handled; If-Match takes it"))
    act = text(D_("Code of the operation"))
    act_name = text(D_("Operation"))
    state = text(D_("Code of the state of the registration after it"), among=tuple(PERSON_2.states))
    state_name = text(D_("State of the registration after it"))


class RegisteredAnswer(PersonDoneAnswer):
    """Who was registered."""

    warnings = texts(D_("What to check"))
    consents_missing = missing_consents()
