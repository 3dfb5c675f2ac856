"""The shapes of what is answered about cases, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema, fields

from sync.messages import D_
from sync.records.case_table_2 import CASE_2
from sync.records.events import LEVELS
from sync.web.answer_shapes import flag, next_page, one, several, text, texts, whole

_LIGHTS = ("green", "yellow", "red")
STATES = ("", *CASE_2.states)


class CustodyAnswer(Schema):
    """How far a case has come, in short."""

    reached = text(
        D_("The highest level that signed for it; empty while the document store is not reached"), among=("", *LEVELS)
    )
    materials_held = whole(D_("How many photos that level has"))
    materials = whole(D_("How many photos"))
    sentence = text(D_("As screens say it, such as: at the township (materials 1/2)"))


class HopAnswer(Schema):
    """One hop of the road."""

    level = text()
    level_name = text()
    name = text(D_("Name of the node"))
    sid = text(D_("Id of the station"))
    state = text(
        D_("held: it has all, records: photos are missing, none: nothing came"), among=("held", "records", "none")
    )
    since = text(D_("When its receipt was signed"), maybe=True)
    materials_held = whole()
    materials = whole()
    safe_since = text(D_("When it was in the backup of that level"), maybe=True)
    fell_back = flag(D_("Whether it had it once and was restored since"))


class TraceAnswer(CustodyAnswer):
    """How far a case has come, hop by hop."""

    hops = several(HopAnswer, D_("From below upwards"))


class ClockAnswer(Schema):
    """One clock of a case."""

    sentence = text(D_("As screens say it"))
    light = text(D_("Its light"), among=_LIGHTS)
    standing = text(among=("not_started", "running", "paused", "stopped"))
    limit = text(D_("The limit, such as: 20 working days"))
    due = text(D_("The last day it counts"), maybe=True)
    used = whole(D_("Used"), maybe=True)
    remaining = whole(D_("What is left; less than 0 when late"), maybe=True)
    unit = text(D_("W working days, N days, H hours"))
    kept = flag(D_("Whether what is done was done in time"), maybe=True)


class ClockNoteAnswer(Schema):
    """Something else to be watched."""

    sentence = text()
    is_late = flag(D_("Whether it is late"))


class ClocksAnswer(Schema):
    """All clocks of a case."""

    now = one(ClockAnswer, D_("The limit whose clock runs in this state"), maybe=True)
    answer = fields.Nested(ClockAnswer, allow_none=True)
    promise = fields.Nested(ClockAnswer, allow_none=True)
    statutory = fields.Nested(ClockAnswer, allow_none=True)
    deemed_accepted = fields.Boolean(
        metadata={"description": D_("Not answered in time, so that it counts as accepted")}
    )
    accepted_on = fields.String(allow_none=True)
    notes = fields.List(fields.Nested(ClockNoteAnswer))


class HeldAnswer(Schema):
    """How many photos are here."""

    held = whole(D_("How many photos are on this machine"))
    photos = whole(D_("How many photos"))


class CaseRowAnswer(Schema):
    """A case of a list, people masked."""

    id = text(D_("Id of the case"))
    receipt_number = text(D_("Receipt number"))
    case_number = text(D_("Case number; empty until the centre has given one"))
    received_at = text(D_("Received at"))
    state = text(D_("Code of the state"))
    state_name = text(D_("State"))
    item = text(D_("Code of the item"))
    item_name = text(D_("Name of the item"))
    applicant = text(D_("Applicant, masked"))
    station = text(D_("Station that took it"))
    station_name = text()
    disputes = whole(D_("Number of disputes"))
    parked = whole(D_("How many edits wait to be taken or left"))
    assignee = text(
        D_("Account of the assignee, who received it until it is given to somebody; empty where there is none")
    )
    assignee_name = text(D_("What the assignee is called; the account where that is not known here"))
    turn = text(D_("Whose turn it is; empty where nothing is to be done"))
    due = text(
        D_("The day it is due next, such as 2026-12-20; null where there is none, or it is not worked out yet"),
        maybe=True,
    )
    materials = one(HeldAnswer)
    custody = one(CustodyAnswer)
    time = one(ClockAnswer, D_("The limit that counts now"), maybe=True)


class CaseListAnswer(Schema):
    """A page of cases."""

    cases = several(CaseRowAnswer, D_("The newest first"))
    next = next_page()


class FieldAnswer(Schema):
    """A field of the form as it was filled in, masked."""

    name = text()
    label = text(D_("What the form calls it"))
    value = fields.Raw(required=True, metadata={"description": D_("What was filled in, masked")})


class PhotoAnswer(Schema):
    """A photo of a paper."""

    number = whole(D_("Number of the photo, from 1"))
    type = text(D_("Media type"))
    size = whole(D_("Bytes"))
    held = flag(D_("Whether this machine has it"))


class PaperAnswer(Schema):
    """A paper handed in."""

    name = fields.String()
    kind = fields.String(metadata={"description": D_("What stays at the station: original, copy, or no paper (photo)")})
    compared = fields.Boolean(metadata={"description": D_("Whether its original was seen and compared")})
    kind_name = text(D_("How it was taken, in words; empty where nobody said"))
    copies = fields.Integer()
    on_file = fields.String(metadata={"description": D_("Not handed in: the case with which it came")})
    photos = several(PhotoAnswer)


class LogAnswer(Schema):
    """One act in the log."""

    event = text(D_("What names it"))
    type = text(D_("Code of the act"))
    name = text(D_("Name of the act"))
    effect = text(
        D_("Empty for what counts, else what became of it"),
        among=("", "waits", "taken", "left", "asks", "repeat", "disputed", "idle"),
    )
    effect_name = text(D_("The same in words"))
    at = text(D_("When"))
    clock = text(D_("Whether the time is to be believed"), among=("heard", "confirmed", "doubtful"))
    by = text(D_("Account"))
    level = text()
    level_name = text()
    note = text(D_("Remark"))
    said = texts(D_("Remarks one by one"))


class SideAnswer(Schema):
    """One side of a dispute."""

    side = text(D_("A, B and so on"))
    event = text(D_("The id that settles for it"))
    value = text(D_("What this side wrote"))
    by = text()
    level = text()
    level_name = text()
    at = text()
    stands = flag(D_("Whether this counts for now"))


class DisputeAnswer(Schema):
    """A dispute."""

    field = text(D_("The field"))
    label = text()
    sides = several(SideAnswer)


class RequestAnswer(Schema):
    """A withdrawal that came too late."""

    event = text()
    type = text()


class ActAnswer(Schema):
    """What may be done next."""

    type = text(D_("Code of the act"))
    name = text(D_("Name of the act"))


class WithheldActAnswer(ActAnswer):
    """What may not be done yet, though this level may do it in this state."""

    why = text(D_("What it waits for, papers or the days of a public notice, and what may be done instead"))


class ParkedChangeAnswer(Schema):
    """A field that an edit that waits would set."""

    field = text(D_("Name of the field"))
    label = text(D_("What the form calls it"))
    before = text(D_("What stands there now, people masked"))
    after = text(D_("What would stand there, people masked"))


class ParkedAnswer(Schema):
    """An edit that waits."""

    event = text(D_("What names it; with it the full values stand in what is unmasked"))
    note = text(D_("What was said with it, as the log tells it"))
    name = text(D_("Name of the act"))
    to_be_redone = flag(D_("Whether it has no effect by being taken: a move of the case is made anew"))
    by = text()
    level = text()
    at = text()
    changes = several(ParkedChangeAnswer)


class BundleCaseAnswer(Schema):
    """One of the cases of a 一件事."""

    id = text(D_("Id of the case"))
    item_name = text(D_("Name of the item"))
    receipt_number = text(D_("Receipt number"))


class SparedAnswer(Schema):
    """What the citizen did not have to tell and to bring again."""

    filled = whole(D_("How many fields were filled in beforehand"))
    waived = whole(D_("How many need not be handed in"))
    sentence = text(D_("As screens say it; empty where there is nothing"))


class ToldSituationAnswer(Schema):
    """An answer of the 情形引导 with which a case was taken."""

    name = text(D_("Code of the question"))
    question = text(D_("Question"))
    answer = text(D_("Code of the answer"))
    label = text(D_("Answer"))


class LackingAnswer(Schema):
    """A paper that was not handed in."""

    name = text(D_("What it is called"))
    may_follow = flag(D_("Whether it may follow later"))


class MissingConsentAnswer(Schema):
    """A consent that everybody is asked for and somebody has not given."""

    kind = text(D_("Code of what is consented to"))
    kind_name = text(D_("Consent to"))


class AuthorityAnswer(Schema):
    """The 代办委托 on record under which an agent applied."""

    at = text(D_("When it was given"))
    until = text(D_("The last day it counts"))
    means_name = text(D_("How it was agreed to"))
    unfiled = flag(D_("Whether it was signed and the signed paper is not photographed yet"))
    sentence = text(D_("As screens say it"))


class CaseAnswer(Schema):
    """One case."""

    id = text(D_("Id of the case"))
    version = text(D_("What names how far it was handled; in the ETag, too"))
    station = text(D_("Station that took it"))
    station_name = text()
    state = text(D_("Code of the state"))
    state_name = text(D_("State"))
    decision = text(D_("How it was decided, approved or denied, also once it has gone on; empty before"))
    decision_name = text(D_("Decision"))
    clock = text(D_("How its clock stands"))
    applicant = text(D_("Applicant, masked"))
    item = fields.String()
    item_version = fields.Integer()
    item_name = fields.String()
    receipt_number = fields.String()
    case_number = fields.String()
    received_at = fields.String()
    channel = fields.String()
    applicant_source = fields.String(
        metadata={"description": D_("Where name and number come from: card, camera or hand")}
    )
    bundle = fields.String()
    bundle_name = fields.String()
    bundle_number = fields.String()
    bundle_cases = fields.List(fields.Nested(BundleCaseAnswer))
    promise = fields.String()
    statutory = fields.String()
    village_role = fields.String()
    deciding_level = fields.String()
    on_the_spot = fields.Boolean()
    tolerable = fields.Boolean()
    station_may_reject = fields.Boolean()
    gaps = fields.Raw(metadata={"description": D_("What was asked to be supplemented")})
    special_days = fields.Raw(metadata={"description": D_("Days of the special procedure")})
    special_unit = fields.Raw(metadata={"description": D_("Unit of the days of the special procedure")})
    fields_ = fields.List(fields.Nested(FieldAnswer), data_key="fields", required=True)
    person = fields.String(
        metadata={"description": D_("Id of the applicant in the register; not there where there is none")}
    )
    prefilled = fields.List(
        fields.String(), metadata={"description": D_("The fields filled in from the register of people")}
    )
    situations = several(ToldSituationAnswer, D_("Answers about the situation with which it was taken"))
    materials = several(PaperAnswer)
    signed_papers = texts(D_("Papers that stand behind steps of the case, most of them signed"))
    unfiled_papers = texts(D_("Those of them without photos"))
    authority_on_record = one(
        AuthorityAnswer,
        D_("The errand on record under which the agent acts, so that no paper is asked for; null where there is none"),
        maybe=True,
    )
    consents_missing = several(
        MissingConsentAnswer,
        D_("What the applicant was not asked to agree to yet, or did not, until it is decided; it hinders nothing"),
    )
    spared = one(SparedAnswer, D_("What need not be told and brought again"))
    log = several(LogAnswer, D_("What has happened, the oldest first"))
    requests = several(RequestAnswer)
    disputes = several(DisputeAnswer)
    acts = several(ActAnswer, D_("What this level may do now with the case"))
    withheld_acts = several(WithheldActAnswer, D_("What state and level allow, and the case as it stands does not yet"))
    understood = flag(D_("Whether the program of this machine understands all of it"))
    parked_edits = several(ParkedAnswer)
    parked_answering = text(D_("Whether who asks may answer them: yours, heads where he decides here, empty where not"))
    custody = one(CustodyAnswer)
    clocks = one(ClocksAnswer)
    turn = text(D_("Whose turn it is; empty where nothing is to be done"))
    turn_name = text(D_("Name of that level, or of the station"))
    turn_here = flag(D_("Whether it is the turn of this node"))
    lacking = several(LackingAnswer, D_("Papers asked for that were not handed in, until it is decided"))
    late_gaps = texts(D_("What was not told at one time"))


class DoneAnswer(Schema):
    """What was done to a case."""

    id = text(D_("Id of the case"))
    version = text(D_("What names how far it was handled; If-Match takes it"))
    receipt_number = text(D_("Receipt number"))
    act = text(D_("Code of the act"))
    act_name = text(D_("Name of the act"))
    state = text(D_("Code of the state after it"))
    state_name = text(D_("State after it"))


class IdentityAnswer(Schema):
    """The fields unmasked."""

    id = text(D_("Id of the case"))
    fields_ = fields.Dict(data_key="fields", keys=fields.String(), values=fields.String(), required=True)
    disputes = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.String()),
        required=True,
        metadata={"description": D_("Of each field in dispute what its sides wrote, by their event")},
    )
    parked = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.String()),
        metadata={"description": D_("Of a case, what each edit that waits would set, by its event")},
    )
