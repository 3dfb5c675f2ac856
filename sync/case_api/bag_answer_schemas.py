"""The shapes of what is answered about bags of papers, for the description of the API.

Must not know: routes, how answers are made.
"""

from marshmallow import Schema, fields

from sync.case_api.answer_schemas import ActAnswer
from sync.messages import D_
from sync.records.handover_table import HANDOVER_2
from sync.web.answer_shapes import flag, next_page, several, text, whole

_WHERE = ("station", "packed", "on_the_way", "township", "missing", "given_back")


class SharedAnswer(Schema):
    """Another case of the bundle."""

    case = text(D_("Id of the case"))
    receipt_number = text(D_("Receipt number"))


class LoosePaperAnswer(Schema):
    """A paper that is to go into a bag."""

    key = text(D_("The key with which it is packed"))
    case = text(D_("Id of the case"))
    receipt_number = text(D_("Receipt number"))
    material = text(D_("Name of the material"))
    kind = text(D_("original or copy; empty where it was not noted"))
    kind_name = text(D_("How it was taken, in words"))
    copies = whole(D_("Copies"))
    item_name = text(D_("Name of the item"))
    applicant = text(D_("Applicant, masked"))
    received_at = text(D_("Received at"))
    goes_home = flag(D_("Whether it is an original that an authority issued, which its holder usually takes home"))
    shared_with = several(SharedAnswer, D_("The other cases of the bundle for which this same sheet was handed in"))
    returning = text(
        D_(
            "The end of the number of the bag slip with which it was given back last, if it was not packed since; "
            "or empty"
        )
    )
    offered_with = text(
        D_(
            "Receipt number of that one of them with which the sheet is offered; empty where it is this one. Packed "
            "with either, it is offered with none any more"
        )
    )


class LoosePapersAnswer(Schema):
    """What is to go into bags."""

    papers = several(LoosePaperAnswer, D_("The first received first"))
    next = next_page()


class PlacedPaperAnswer(Schema):
    """Where a paper is."""

    material = text(D_("Name of the material"))
    where = text(D_("Where it is"), among=_WHERE)
    sentence = text(D_("As screens say it, such as: on its way, bag slip 01-0003-K"))
    bag = text(D_("Which bag slip; empty where it was never packed"))
    short_number = text(D_("The end of the number of the bag slip"))
    listed_with = text(
        D_("Receipt number of the other case of the bundle with which the slip lists a sheet both share; or empty")
    )
    earlier = text(
        D_("Where the sheet of before is, if this one was handed in in its place and that one is away; or empty")
    )


class PlacedPapersAnswer(Schema):
    """Where the papers of a case are."""

    papers = several(PlacedPaperAnswer)


class BagDoneAnswer(Schema):
    """A bag after something was done with it."""

    id = text(D_("Id of the bag slip"))
    version = text(D_("What names how far it was handled; If-Match takes it"))
    bag_number = text(D_("Number of the bag slip"))
    short_number = text(D_("The end of the number of the bag slip"))
    papers = whole(D_("How many papers"))
    state = text(D_("Code of the state"), among=tuple(HANDOVER_2.states))
    state_name = text(D_("State"))


class BagRowAnswer(Schema):
    """A bag of a list."""

    id = text(D_("Id of the bag slip"))
    bag_number = text(D_("Number of the bag slip"))
    short_number = text(D_("The end of the number of the bag slip"))
    station = text(D_("Id of the station that packed it"))
    station_name = text(D_("Station that packed it"))
    packed_at = text(D_("When it was packed"))
    state = text(D_("Code of the state"))
    state_name = text(D_("State"))
    papers = whole(D_("How many papers"))
    missing = whole(D_("How many are missing"))


class BagListAnswer(Schema):
    """A page of bags."""

    bags = several(BagRowAnswer, D_("The newest first"))
    next = next_page()


class BagPaperAnswer(Schema):
    """A paper on the list of a bag."""

    place = whole(D_("Place on the list, from 1"))
    case = text(D_("Id of the case"))
    receipt_number = text(D_("Receipt number"))
    material = text(D_("Name of the material"))
    kind = text(D_("original or copy; empty where it was not noted"))
    kind_name = text(D_("How it was taken, in words"))
    copies = whole(D_("Copies"))
    item_name = text(D_("Name of the item; empty where the case has not come to this machine"))
    applicant = text(D_("Applicant, masked"))
    known = flag(D_("Whether the case has come to this machine"))
    missing = flag(D_("Whether it is missing"))
    stopped = text(
        D_("The state of a case that goes no further, whose applicant gets it back: withdrawn, returned; or empty")
    )
    shared_with = several(SharedAnswer, D_("The other cases of the bundle that this sheet is for, and are not listed"))
    counted_with = text(
        D_("The end of the number of another bag slip with which this sheet was counted as there; or empty")
    )


class BagLogAnswer(Schema):
    """One act in the log of a bag."""

    type = text(D_("Code of the operation"))
    name = text(D_("Operation"))
    at = text(D_("When"))
    by = text(D_("Account"))
    level = text()
    level_name = text()
    names = text(D_("Who signed"))
    note = text(D_("Remark"))


class BagAnswer(Schema):
    """One bag with its list."""

    id = text(D_("Id of the bag slip"))
    version = text(D_("What names how far it was handled; in the ETag, too"))
    bag_number = text(D_("Number of the bag slip"))
    short_number = text(D_("The end of the number of the bag slip"))
    station = text(D_("Id of the station that packed it"))
    station_name = text(D_("Station that packed it"))
    state = text(D_("Code of the state"))
    state_name = text(D_("State"))
    packed_at = text(D_("When it was packed"))
    papers = several(BagPaperAnswer, D_("The list"))
    missing = fields.List(
        fields.Integer(strict=True),
        required=True,
        metadata={"description": D_("Places on the list of what is missing")},
    )
    surplus = text(D_("What was in the bag and not on the list, in words; empty where nothing was"))
    void_unseen = flag(
        D_("Whether it was made void beside being taken, neither knowing of the other; what was taken counts")
    )
    giver_name = text(D_("Who gave it"))
    carrier_name = text(D_("Who carries it"))
    taker_name = text(D_("Who took it"))
    bringer_name = text(D_("Who carried it when it came"))
    finder_name = text(D_("Who took what came later"))
    returner_name = text(D_("Who gave it back"))
    log = several(BagLogAnswer, D_("What happened to it, the oldest first"))
    acts = several(ActAnswer, D_("What this level may do now"))
    understood = flag(D_("Whether the program of this machine understands all of it"))
    code = text(D_("What the QR code holds: number and id of the bag slip"))
