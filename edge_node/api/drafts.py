"""暂存的件 over HTTP: those of whoever asks, the same that the desk goes on with.

    GET POST        /drafts         all of them · begin one
    GET PUT DELETE  /drafts/<id>    one, unmasked · what it holds from now on · give it up

Photos are kept by the pages, or come with the application. What pages keep of papers handed in later is theirs.

Must not know: how drafts are kept, what is lawful in an application.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from edge_node.api.draft_schemas import DraftChangeSchema, DraftSchema
from edge_node.api.drafts_told import application_of, tell_draft, tell_row, typed_of
from edge_node.errors import TooManyDrafts
from edge_node.messages import _
from edge_node.services.draft import Draft, Typed, version_of
from edge_node.services.matter import BUNDLE, ITEM, Matter, matter_of
from edge_node.station import Station, station_of_app
from sync.case_api.asking import answered, asker, request_named, seen_versions, told, told_if_new
from sync.case_api.record_acts import STAFF
from sync.errors import Invalid, NotFound
from sync.messages import D_
from sync.node.acts.name_version import ChangedMeanwhile
from sync.web.bodies import load, read_object
from sync.web.describing import Key, Shapes, described
from sync.web.sessions import signed_in

_OF_DRAFTS = Shapes("edge_node.api.draft_answers")

_TAG = D_("Drafts")
_LARGEST_BYTES = 256 << 10
_GONE = 204
_ID_BYTES = 16

drafts = Blueprint("drafts_api", __name__)


@drafts.get("/drafts")
@described(
    D_("Drafts"),
    tag=_TAG,
    answer=_OF_DRAFTS.DraftsAnswer,
    etag=True,
    text=D_("Applications that whoever asks has begun here, at the desk or over the API; nobody else is told of them."),
)
@signed_in(*STAFF)
def listed() -> ResponseReturnValue:
    """All of them."""
    station = station_of_app()
    own = [one for one in station.drafts.listed(asker().name) if _is_application(one)]
    return told_if_new({"drafts": [tell_row(station, one) for one in own]})


@drafts.post("/drafts")
@described(
    D_("Begin a draft"),
    tag=_TAG,
    body=DraftSchema,
    answer=_OF_DRAFTS.DraftKeptAnswer,
    status=201,
    makes=True,
    key=Key.MUST,
    refusals=(TooManyDrafts,),
    text=D_("Nothing has to be complete or right yet; only what the item does not ask for is refused."),
)
@signed_in(*STAFF)
def begun() -> ResponseReturnValue:
    """Begin one."""
    station = station_of_app()
    body = read_object(max_bytes=_LARGEST_BYTES)
    named = request_named(body, required=True)
    assert named is not None
    sent = load(DraftSchema(), body)
    kind, code = (BUNDLE, sent["bundle"]) if sent["bundle"] else (ITEM, sent["item"])
    matter = _matter(station, kind, code, sent)
    if not matter.takes_cases:
        raise _invalid((kind, _("“%(name)s” takes no new cases now", name=matter.name)))
    typed = typed_of(matter, sent, Typed())
    draft = Draft(secrets.token_urlsafe(_ID_BYTES), asker().name, kind, code, typed, 0)
    return answered(station.drafts.begin_once(named, draft), made=True)


@drafts.get("/drafts/<draft_id>")
@described(
    D_("See a draft"),
    tag=_TAG,
    answer=_OF_DRAFTS.DraftAnswer,
    etag=True,
    text=D_("What was typed, unmasked, for whoever typed it; of photos how many there are."),
)
@signed_in(*STAFF)
def shown(draft_id: str) -> ResponseReturnValue:
    """One of them."""
    station = station_of_app()
    draft = _own(station, draft_id)
    return told_if_new(tell_draft(station, draft), version=version_of(draft.typed))


@drafts.put("/drafts/<draft_id>")
@described(
    D_("Change a draft"),
    tag=_TAG,
    body=DraftChangeSchema,
    answer=_OF_DRAFTS.DraftKeptAnswer,
    refusals=(ChangedMeanwhile,),
    if_match=True,
    text=D_("It holds what is sent from then on, and nothing else but its photos."),
)
@signed_in(*STAFF)
def changed(draft_id: str) -> ResponseReturnValue:
    """What it holds from now on."""
    station, seen = station_of_app(), seen_versions()
    draft = _own(station, draft_id)
    sent = load(DraftChangeSchema(), read_object(max_bytes=_LARGEST_BYTES))
    matter = _matter(station, draft.kind, draft.code, sent)

    def change(typed: Typed) -> Typed:
        if seen is not None and version_of(typed) not in seen:
            raise ChangedMeanwhile
        return typed_of(matter, sent, typed)

    kept = station.drafts.change(asker().name, draft_id, change)
    return told({"id": kept.id, "version": version_of(kept.typed)})


@drafts.delete("/drafts/<draft_id>")
@described(
    D_("Give a draft up"),
    tag=_TAG,
    status=_GONE,
    text=D_("Its photos go with it."),
)
@signed_in(*STAFF)
def given_up(draft_id: str) -> ResponseReturnValue:
    """Give one up."""
    station = station_of_app()
    _own(station, draft_id)
    station.drafts.discard(asker().name, draft_id)
    return Response(status=_GONE)


def _own(station: Station, draft_id: str) -> Draft:
    """The draft of an application of whoever asks; raises NotFound."""
    draft = station.drafts.read(asker().name, draft_id)
    if not _is_application(draft):
        raise NotFound(_("There is no such draft, perhaps it was received or deleted"))
    return draft


def _is_application(draft: Draft) -> bool:
    """Whether it is one, and not what pages keep of papers handed in later."""
    return draft.kind in (ITEM, BUNDLE)


def _matter(station: Station, kind: str, code: str, sent: Mapping[str, Any]) -> Matter:
    """What it is for, with what is answered; raises Invalid where there is no such thing, or it does not ask for what
    was sent."""
    try:
        matter = matter_of(station.catalogue, kind, code, sent["situations"])
    except NotFound as error:
        raise _invalid((kind, error.reason)) from None
    problems = matter.strange(application_of(code, sent))
    if problems:
        raise _invalid(*problems)
    return matter


def _invalid(*problems: tuple[str, str]) -> Invalid:
    return Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)
