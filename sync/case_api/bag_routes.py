"""材料交接单 over HTTP, alike at every level: what may be packed, bags listed and read, and what is done with them.

    GET  /bags · /bags/<id> · /bags/<id>/page · /loose-papers · /cases/<id>/papers
    POST /bags · /bags/<id>/handing · taking · finding · giving-back · voiding

Must not know: how bags are kept.
"""

from collections.abc import Callable

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from sync.case_api.asking import answered, asker, request_named, told_if_new, told_page_if_new
from sync.case_api.draw_print import CONTENT_POLICY, bag_drawn_alone
from sync.case_api.record_acts import STAFF, ActRoutes, RecordAct
from sync.case_api.schemas import (
    LONGEST_REASON,
    MOST_ROWS,
    ReasonSchema,
    RequiredReasonSchema,
    not_blank,
    one_line,
    paragraph,
)
from sync.errors import Conflict, StoreUnreachable
from sync.messages import D_
from sync.node.acts.acting import Doer
from sync.node.node import Node
from sync.papers.move_bag import find_later, give_back, hand_over, pack_bag, take_bag, void_bag
from sync.papers.offer_papers import offer_papers
from sync.papers.place_papers import place_papers
from sync.papers.read_bag import read_bag, show_bags
from sync.records.handover_table import HANDOVER_2, MOST_PAPERS
from sync.typed import asdict, but
from sync.web.bodies import load, read_object
from sync.web.describing import Key, Media, Shapes, described
from sync.web.input_shapes import Figures
from sync.web.sessions import signed_in

_OF_BAGS = Shapes("sync.case_api.bag_answer_schemas")

_LARGEST_BYTES = 64 << 10
TAG = D_("Bag slips")
_ROUTES = ActRoutes("/bags/<bag_id>", "bag_", tag=TAG, answer=_OF_BAGS.BagDoneAnswer, largest_bytes=_LARGEST_BYTES)


def _name() -> fields.String:
    return fields.String(required=True, validate=[validate.Length(min=1, max=40), one_line, not_blank])


def _places() -> fields.List[int]:
    place = fields.Integer(strict=True, validate=validate.Range(min=1, max=MOST_PAPERS))
    return fields.List(place, required=True, validate=validate.Length(max=MOST_PAPERS))


class BagsSchema(Schema):
    """The query of a list of bags."""

    cursor = fields.String(load_default="", validate=[validate.Length(max=100), one_line])
    limit = Figures(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))
    state = fields.String(load_default="", validate=validate.OneOf(("", *HANDOVER_2.states)))


class LoosePapersSchema(Schema):
    """The query of what may be packed."""

    cursor = fields.String(load_default="", validate=validate.Length(max=400))


class PackingSchema(ReasonSchema):
    """Papers by their keys."""

    papers = fields.List(
        fields.String(validate=validate.Length(max=300)),
        required=True,
        validate=validate.Length(max=MOST_PAPERS),
        metadata={"description": D_("Keys of papers that may be packed")},
    )


class HandingSchema(ReasonSchema):
    """Who gave a bag, and who carries it."""

    giver, carrier = _name(), _name()


class TakingSchema(ReasonSchema):
    """The places of the list that were in the bag, what was in it beside them, and the two who sign."""

    found = _places()
    taker, bringer = _name(), _name()
    surplus = fields.String(
        load_default="",
        validate=[validate.Length(max=LONGEST_REASON), paragraph],
        metadata={"description": D_("What was in the bag and not on the list, in words; empty where nothing was")},
    )


class FindingSchema(ReasonSchema):
    """What came later."""

    found = _places()
    finder = _name()


class GivingBackSchema(RequiredReasonSchema):
    """Why papers go back, who gave them, and who carries them."""

    returner, carrier = _name(), _name()


BAG_ACTS = (
    RecordAct(
        "handing",
        D_("Hand over a bag"),
        lambda node, bag, sent, doer: hand_over(node, bag, giver=sent["giver"], carrier=sent["carrier"], doer=doer),
        HandingSchema(),
    ),
    RecordAct(
        "taking",
        D_("Take a bag"),
        lambda node, bag, sent, doer: take_bag(
            node,
            bag,
            found=sent["found"],
            taker=sent["taker"],
            bringer=sent["bringer"],
            surplus=sent["surplus"].strip(),
            doer=doer,
        ),
        TakingSchema(),
    ),
    RecordAct(
        "finding",
        D_("Note what came later"),
        lambda node, bag, sent, doer: find_later(node, bag, found=sent["found"], finder=sent["finder"], doer=doer),
        FindingSchema(),
    ),
    RecordAct(
        "giving-back",
        D_("Give papers back"),
        lambda node, bag, sent, doer: give_back(
            node, bag, returner=sent["returner"], carrier=sent["carrier"], doer=doer
        ),
        GivingBackSchema(),
    ),
    RecordAct("voiding", D_("Void"), lambda node, bag, sent, doer: void_bag(node, bag, doer)),
)


def bag_act(name: str) -> RecordAct | None:
    """The act of that name; None where there is none."""
    return next((one for one in BAG_ACTS if one.name == name), None)


def add_bags(blueprint: Blueprint, node_of_app: Callable[[], Node]) -> None:
    """Give a blueprint the routes of bags."""
    away = (StoreUnreachable,)

    @described(
        D_("List of bag slips"),
        tag=TAG,
        query=BagsSchema,
        answer=_OF_BAGS.BagListAnswer,
        etag=True,
        refusals=away,
        text=D_("The newest first, a page at a time."),
    )
    def listed() -> ResponseReturnValue:
        query = load(BagsSchema(), request.args.to_dict())
        states = (query["state"],) if query["state"] else ()
        return told_if_new(show_bags(node_of_app(), states=states, after=query["cursor"], limit=query["limit"]))

    @described(
        D_("See a bag slip"),
        tag=TAG,
        answer=_OF_BAGS.BagAnswer,
        etag=True,
        refusals=away,
        text=D_("Each look is noted."),
    )
    def shown(bag_id: str) -> ResponseReturnValue:
        bag = read_bag(node_of_app(), bag_id, by=asker().actor)
        return told_if_new(bag, version=bag["version"])

    @described(
        D_("A bag slip as a page for A4"),
        tag=TAG,
        answer=Media(("text/html",)),
        etag=True,
        refusals=away,
        text=D_("To be signed by both; it loads nothing and needs no network. Each look is noted."),
    )
    def page(bag_id: str) -> ResponseReturnValue:
        bag = read_bag(node_of_app(), bag_id, by=asker().actor)
        return told_page_if_new(bag_drawn_alone(bag), policy=CONTENT_POLICY)

    @described(
        D_("Papers that may be packed"),
        tag=TAG,
        query=LoosePapersSchema,
        answer=_OF_BAGS.LoosePapersAnswer,
        etag=True,
        refusals=away,
        text=D_("From the newest cases on, 200 at a time; next are earlier ones. At village stations alone."),
    )
    def loose() -> ResponseReturnValue:
        page = offer_papers(node_of_app(), **load(LoosePapersSchema(), request.args.to_dict()))
        papers = [
            {
                **but(one, "sheet"),
                "key": one.key,
                "shared_with": [asdict(other) for other in one.shared_with],
            }
            for one in page.papers
        ]
        return told_if_new({"papers": papers, "next": page.next or None})

    @described(
        D_("Where the papers of a case are"),
        tag=TAG,
        answer=_OF_BAGS.PlacedPapersAnswer,
        etag=True,
        refusals=away,
        text=D_("As told by bag slips alone."),
    )
    def placed(case_id: str) -> ResponseReturnValue:
        return told_if_new({"papers": place_papers(node_of_app(), case_id)})

    @described(
        D_("Pack a bag"),
        tag=TAG,
        body=PackingSchema,
        answer=_OF_BAGS.BagDoneAnswer,
        status=201,
        makes=True,
        key=Key.MUST,
        refusals=(Conflict, StoreUnreachable),
        text=D_("At village stations alone; papers are the keys of what may be packed."),
    )
    def packed() -> ResponseReturnValue:
        body = read_object(max_bytes=_LARGEST_BYTES)
        named = request_named(body, required=True)
        sent = load(PackingSchema(), body)
        doer = Doer(asker().actor, sent["reason"].strip(), named)
        return answered(pack_bag(node_of_app(), sent["papers"], doer), made=True)

    staff = signed_in(*STAFF)
    blueprint.add_url_rule("/bags", "bags", staff(listed))
    blueprint.add_url_rule("/bags", "bag_packed", staff(packed), methods=["POST"])
    blueprint.add_url_rule("/bags/<bag_id>", "bag", staff(shown))
    blueprint.add_url_rule("/bags/<bag_id>/page", "bag_page", staff(page))
    blueprint.add_url_rule("/loose-papers", "loose_papers", staff(loose))
    blueprint.add_url_rule("/cases/<case_id>/papers", "case_papers", staff(placed))
    _ROUTES.add(blueprint, BAG_ACTS, node_of_app)
