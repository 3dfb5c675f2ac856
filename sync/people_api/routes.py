"""People over HTTP, alike at every level: listed, registered and read; what may be done to them is `act_routes`'s.

    GET  /people                 list;  POST /people, register;  POST /people/lookup, who has this paper
    GET  /people/<id>            one;  GET /people/<id>/cases, the cases
    POST /people/<id>/relative-queries   the same for a relative who may ask
    GET  /people/<id>/prefill    what a form need not ask;  POST /people/<id>/identity, the fields unmasked
    GET  /people/<id>/photos/<root>   a photo of what was signed

No address holds anything of a person but the id.

Must not know: how people are kept.
"""

from flask import Blueprint, Flask, current_app, request
from flask.typing import ResponseReturnValue

from sync.case_api.asking import answered, asker, request_named, told, told_if_new, told_photo
from sync.case_api.record_acts import STAFF
from sync.case_api.routes import PHOTO
from sync.case_api.schemas import RequiredReasonSchema
from sync.casework.errors import StillAbove
from sync.casework.list_cases import describe_rows
from sync.casework.see_person import see_person, show_person_photo
from sync.casework.tell_relative import tell_relative
from sync.errors import Conflict, StoreUnreachable
from sync.messages import D_
from sync.node.acts.acting import Doer
from sync.node.node import Node
from sync.node.road.fetching import Fetcher
from sync.people.card_readings import CardReadings
from sync.people.describe_person import describe_row
from sync.people.errors import AlreadyRegistered
from sync.people.find_person import person_by_number
from sync.people.list_people import list_people
from sync.people.materials_on_file import MOST_DAYS
from sync.people.prefill_form import prefill_form
from sync.people.register_person import register_person
from sync.people.reveal_person import reveal_person
from sync.people.whose_cases import cases_of_person
from sync.people_api.act_routes import add_acts
from sync.people_api.card_reading import attach_readings, card_read
from sync.people_api.schemas import PaperSchema, PeopleSchema, PrefillSchema, RegistrationSchema, RelativeQuerySchema
from sync.web.bodies import load, read_object
from sync.web.describing import Key, Shapes, described
from sync.web.sessions import signed_in

_OF_PEOPLE = Shapes("sync.people_api.answer_schemas")

_EXTENSION, _ON_FILE, _FETCHER = "yizhan.people", "yizhan.people.on_file_days", "yizhan.people.fetcher"
_LARGEST_BYTES = 8192
_MOST_CASES = 100
TAG = D_("People")

people = Blueprint("people", __name__)


def register_people(
    app: Flask, node: Node, *, prefix: str, on_file_days: int = MOST_DAYS, fetcher: Fetcher | None = None
) -> None:
    """Give an application the routes of the people its node keeps.

    on_file_days  how old a paper on file may be
    fetcher       brings photos from above when they are asked for; None where nobody is above
    """
    app.extensions[_FETCHER] = fetcher
    app.extensions[_EXTENSION] = node
    attach_readings(app, CardReadings(node.clock))
    app.extensions[_ON_FILE] = on_file_days
    app.register_blueprint(people, url_prefix=prefix)


def _node() -> Node:
    node: Node = current_app.extensions[_EXTENSION]
    return node


@people.get("/people")
@described(
    D_("List of people"),
    tag=TAG,
    query=PeopleSchema,
    answer=_OF_PEOPLE.PeopleListAnswer,
    etag=True,
    text=D_("In the order of the pinyin of names, a page at a time, masked."),
)
@signed_in(*STAFF)
def listed() -> ResponseReturnValue:
    """A page of the list."""
    query = load(PeopleSchema(), request.args.to_dict())
    return told_if_new(list_people(_node(), **query))


@people.post("/people")
@described(
    D_("Register a person"),
    tag=TAG,
    body=RegistrationSchema,
    answer=_OF_PEOPLE.RegisteredAnswer,
    status=201,
    makes=True,
    key=Key.MUST,
    refusals=(Conflict, AlreadyRegistered, StoreUnreachable),
    text=D_(
        "Once at a station; where the paper is registered already, 409 is answered and person is the "
        "registration that is there."
    ),
)
@signed_in(*STAFF)
def registered() -> ResponseReturnValue:
    """Register somebody."""
    body = read_object(max_bytes=_LARGEST_BYTES)
    named = request_named(body, required=True)
    sent = load(RegistrationSchema(), body)
    consents, read = sent.pop("consents"), card_read(sent.pop("reading"))
    doer = Doer(asker().actor, request=named)
    return answered(register_person(_node(), sent, doer, consents=consents, read=read), made=True)


@people.post("/people/lookup")
@described(
    D_("Who is registered with a paper"),
    tag=TAG,
    body=PaperSchema,
    answer=_OF_PEOPLE.LookedUpAnswer,
    text=D_("Only among those registered at this station."),
)
@signed_in(*STAFF)
def looked_up() -> ResponseReturnValue:
    """Who is registered at this station by a paper."""
    sent = load(PaperSchema(), read_object(max_bytes=_LARGEST_BYTES))
    row = person_by_number(_node(), sent["cert_kind"], sent["cert_number"])
    return told({"person": None if row is None else describe_row(row, _node().today())})


@people.get("/people/<person_id>")
@described(
    D_("See a person"),
    tag=TAG,
    answer=_OF_PEOPLE.PersonAnswer,
    etag=True,
    refusals=(StoreUnreachable,),
    text=D_("Masked; each look is noted."),
)
@signed_in(*STAFF)
def shown(person_id: str) -> ResponseReturnValue:
    """One person."""
    person = see_person(_node(), person_id, by=asker().actor)
    return told_if_new(person, version=person["version"])


@people.get("/people/<person_id>/cases")
@described(
    D_("Cases of a person"), tag=TAG, answer=_OF_PEOPLE.PersonCasesAnswer, etag=True, refusals=(StoreUnreachable,)
)
@signed_in(*STAFF)
def cases(person_id: str) -> ResponseReturnValue:
    """The person's cases, the newest first."""
    node = _node()
    return told_if_new({"cases": describe_rows(node, cases_of_person(node, person_id, limit=_MOST_CASES))})


@people.post("/people/<person_id>/relative-queries")
@described(
    D_("Tell a relative how a person’s cases stand"),
    tag=TAG,
    body=RelativeQuerySchema,
    answer=_OF_PEOPLE.RelativeToldAnswer,
    refusals=(StoreUnreachable,),
    text=D_(
        "Only where the person has a family relation in force to who asks; otherwise 403. Each question is noted, and "
        "each refusal."
    ),
)
@signed_in(*STAFF)
def told_relative(person_id: str) -> ResponseReturnValue:
    """The person's cases for a relative."""
    sent = load(RelativeQuerySchema(), read_object(max_bytes=_LARGEST_BYTES))
    return told(tell_relative(_node(), person_id, sent["relative"], by=asker().actor))


@people.get("/people/<person_id>/prefill")
@described(
    D_("What need not be told and brought again"),
    tag=TAG,
    query=PrefillSchema,
    answer=_OF_PEOPLE.PrefillAnswer,
    refusals=(StoreUnreachable,),
    text=D_("The fields that can be filled in beforehand are unmasked; it is noted."),
)
@signed_in(*STAFF)
def prefilled(person_id: str) -> ResponseReturnValue:
    """What an item's form need not ask."""
    query = load(PrefillSchema(), request.args.to_dict())
    days = current_app.extensions[_ON_FILE]
    return told(prefill_form(_node(), person_id, query["item"], by=asker().actor, most_days=days))


@people.get("/people/<person_id>/photos/<root>")
@described(
    D_("See a photo of a signed paper"),
    tag=TAG,
    answer=PHOTO,
    refusals=(StillAbove, StoreUnreachable),
    text=D_(
        "root is the blob of a photo in consents; what is not on this machine is fetched from above. Each "
        "look is noted."
    ),
)
@signed_in(*STAFF)
def photo(person_id: str, root: str) -> ResponseReturnValue:
    """One photo of what was signed."""
    fetcher = current_app.extensions[_FETCHER]
    shown = show_person_photo(_node(), person_id, root, by=asker().actor, fetcher=fetcher)
    return told_photo(shown.content, shown.media_type)


@people.post("/people/<person_id>/identity")
@described(
    D_("See a person unmasked"),
    tag=TAG,
    body=RequiredReasonSchema,
    answer=_OF_PEOPLE.PersonIdentityAnswer,
    refusals=(StoreUnreachable,),
    text=D_("Give the reason; it is noted."),
)
@signed_in(*STAFF)
def revealed(person_id: str) -> ResponseReturnValue:
    """The fields unmasked, for a reason."""
    sent = load(RequiredReasonSchema(), read_object(max_bytes=_LARGEST_BYTES))
    return told(reveal_person(_node(), person_id, by=asker().actor, reason=sent["reason"]))


add_acts(people, _node)
