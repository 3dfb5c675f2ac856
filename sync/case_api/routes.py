"""Cases over HTTP, alike at every level: listed and read; what may be done to them is `act_routes`'s.

    GET  /cases                       list;  GET /cases/<id>, one;  GET /cases/<id>/custody, how far it has come
    GET  /cases/<id>/materials/<n>    a photo;  POST /cases/<id>/identity, the fields unmasked

Must not know: how cases are kept.
"""

from collections.abc import Callable

from flask import Blueprint, Flask, current_app, request
from flask.typing import ResponseReturnValue

from sync.case_api.act_routes import add_acts
from sync.case_api.asking import asker, told, told_if_new, told_photo
from sync.case_api.attention_routes import add_attention
from sync.case_api.bag_routes import add_bags
from sync.case_api.print_routes import add_prints
from sync.case_api.record_acts import STAFF
from sync.case_api.schemas import ListingSchema, RequiredReasonSchema
from sync.casework.errors import StillAbove
from sync.casework.list_cases import list_cases
from sync.casework.narrow_cases import Wish, narrow_cases
from sync.casework.read_case import read_case
from sync.casework.reveal_identity import reveal_identity
from sync.casework.show_material import show_material
from sync.casework.trace_custody import trace_custody
from sync.errors import StoreUnreachable
from sync.messages import D_
from sync.node.node import Node
from sync.node.road.fetching import Fetcher
from sync.web.bodies import load, read_object
from sync.web.describing import Media, Shapes, described
from sync.web.sessions import signed_in

_OF_CASES = Shapes("sync.case_api.answer_schemas")

_EXTENSION, _FETCHER, _QUERY_PAGE = "yizhan.cases", "yizhan.cases.fetcher", "yizhan.cases.query_page"
_LARGEST_ACT_BYTES = 8192
TAG = D_("Cases")
# What a photo is, is looked at; of another's making it may be anything.
PHOTO = Media(("image/jpeg", "image/png", "application/octet-stream"))

cases = Blueprint("cases", __name__, template_folder="templates")


def register_cases(
    app: Flask,
    node: Node,
    *,
    prefix: str,
    fetcher: Fetcher | None = None,
    query_page_of: Callable[[str], str] = lambda receipt_number: "",
) -> None:
    """Give an application the routes of the cases its node keeps.

    fetcher        brings photos from above when they are asked for; None where nobody is above
    query_page_of  where a telephone asks how the case of a receipt number stands, as slips say it; "" for nowhere
    """
    app.extensions[_QUERY_PAGE] = query_page_of
    app.extensions[_EXTENSION] = node
    app.extensions[_FETCHER] = fetcher
    app.register_blueprint(cases, url_prefix=prefix)


def node_of_app() -> Node:
    """The node whose cases the current application serves."""
    node: Node = current_app.extensions[_EXTENSION]
    return node


def query_page_of_app() -> Callable[[str], str]:
    """Where a telephone asks how a case stands, as slips of the current application say it."""
    found: Callable[[str], str] = current_app.extensions[_QUERY_PAGE]
    return found


@cases.get("/cases")
@described(
    D_("List of cases"),
    tag=TAG,
    query=ListingSchema,
    answer=_OF_CASES.CaseListAnswer,
    etag=True,
    text=D_("The newest first, a page at a time."),
)
@signed_in(*STAFF)
def listed() -> ResponseReturnValue:
    """A page of the list."""
    node, query = node_of_app(), load(ListingSchema(), request.args.to_dict())
    order, cursor, limit = query.pop("sort"), query.pop("cursor"), query.pop("limit")
    states = tuple(one for one in query.pop("state").split(",") if one)
    narrow = narrow_cases(node, Wish(states=states, **query), by=asker().actor)
    return told_if_new(list_cases(node, narrow, order=order, cursor=cursor, limit=limit))


@cases.get("/cases/<case_id>")
@described(
    D_("See a case"),
    tag=TAG,
    answer=_OF_CASES.CaseAnswer,
    etag=True,
    refusals=(StoreUnreachable,),
    text=D_(
        "What is known of the applicant is masked; each look is noted. In the ETag the version stands before "
        "the colon and changes with acts alone."
    ),
)
@signed_in(*STAFF)
def shown(case_id: str) -> ResponseReturnValue:
    """One case."""
    node = node_of_app()
    case = read_case(node, node.catalogue.items(), case_id, by=asker().actor)
    return told_if_new(case, version=case["version"])


@cases.get("/cases/<case_id>/custody")
@described(
    D_("How far a case has come"),
    tag=TAG,
    answer=_OF_CASES.TraceAnswer,
    etag=True,
    refusals=(StoreUnreachable,),
    text=D_("As told by the receipts of each level alone."),
)
@signed_in(*STAFF)
def traced(case_id: str) -> ResponseReturnValue:
    """How far it has come."""
    return told_if_new(trace_custody(node_of_app(), case_id))


@cases.get("/cases/<case_id>/materials/<int:number>")
@described(
    D_("See a photo of a material"),
    tag=TAG,
    answer=PHOTO,
    refusals=(StillAbove, StoreUnreachable),
    text=D_("What is not on this machine is fetched from above."),
)
@signed_in(*STAFF)
def material(case_id: str, number: int) -> ResponseReturnValue:
    """One photo."""
    fetcher = current_app.extensions[_FETCHER]
    photo = show_material(node_of_app(), case_id, number, by=asker().actor, fetcher=fetcher)
    return told_photo(photo.content, photo.media_type)


@cases.post("/cases/<case_id>/identity")
@described(
    D_("See the fields unmasked"),
    tag=TAG,
    body=RequiredReasonSchema,
    answer=_OF_CASES.IdentityAnswer,
    refusals=(StoreUnreachable,),
    text=D_("Give the reason; it is noted."),
)
@signed_in(*STAFF)
def revealed(case_id: str) -> ResponseReturnValue:
    """The fields unmasked, for a reason."""
    sent = load(RequiredReasonSchema(), read_object(max_bytes=_LARGEST_ACT_BYTES))
    return told(reveal_identity(node_of_app(), case_id, by=asker().actor, reason=sent["reason"]))


add_acts(cases, node_of_app)
add_bags(cases, node_of_app)
add_prints(cases, node_of_app, query_page_of_app)
add_attention(cases, node_of_app)
