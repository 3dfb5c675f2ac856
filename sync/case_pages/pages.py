"""The routes of the pages about cases.

    GET  /cases/<id>                 one case
    GET  /cases/<id>/road            how far it has come, the part of that page that follows what happens
    GET  /cases/<id>/photos/<n>      a photo
    POST /cases/<id>/acts            something is done to it
    POST /cases/<id>/identity        the same page with people unmasked, for a reason, audited

The list has its own (`listing`), what somebody has to look into (`attention`), and acts that ask for more than a
reason (`acting`).

Must not know: how cases are kept, what else the application's pages are.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker, told_photo
from sync.case_api.record_acts import DECIDERS, STAFF
from sync.case_pages.act_forms import TAKE_PAPERS, forms_for
from sync.case_pages.acting import add_acting
from sync.case_pages.acts import button_named, not_yet, offers, withheld
from sync.case_pages.attention import add_attention_pages
from sync.case_pages.clock import clock_question, require_time
from sync.case_pages.forms import flash_done, lawful_text, named_request, new_key, seen_version, typed_text
from sync.case_pages.listing import add_listing
from sync.case_pages.paper_form import PaperForm
from sync.case_pages.prints import add_prints
from sync.case_pages.still_above import still_above
from sync.case_pages.words import DECISION, STEPS, hops_of, look_of, moment, step_of
from sync.casework.describe_steps import CODED
from sync.casework.errors import StillAbove
from sync.casework.find_case import find_case
from sync.casework.name_people import people_on_road, who_did
from sync.casework.read_case import read_case
from sync.casework.reveal_identity import reveal_identity
from sync.casework.see_changes import changes_since
from sync.casework.show_material import show_material
from sync.casework.trace_custody import trace_case
from sync.errors import Forbidden, Invalid, NotFound, Refused
from sync.messages import N_, _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import KeyReused
from sync.node.acts.name_version import ChangedMeanwhile
from sync.node.node import Node
from sync.node.road.fetching import Fetcher
from sync.papers.place_papers import place_papers
from sync.papers.prints import prints_of
from sync.records.ids import sid_of
from sync.records.receipt_number import short_number
from sync.records.signed_papers import PROOF
from sync.typed import Value
from sync.web.accounts import Accounts
from sync.web.problems import problem_of
from sync.web.sessions import signed_in

LARGEST_FORM_BYTES = 64 << 10
_EXTENSION = "yizhan.case_pages"
_USED_UP = N_(
    "What was asked for on this page was done before; below is how the case stands now, check it before you go on"
)


class CasePages(Value):
    """What the pages need of their application.

    query_page_of  where a telephone asks how the case of a receipt number stands, as slips say it; "" for nowhere
    person      endpoint of the page of a person, given `person_id`; "" where there is none
    supplement  endpoint where papers are added, given `case_id`; "" where none are
    original    endpoint of a photo as it came, given `case_id` and `number`; "" where none are kept
    original_sizes  {number: bytes} of those of a case that are here
    bag         endpoint of a 材料交接单, given `bag_id`; "" where there are no pages of them
    paper       how the photos of a signed paper are taken on the form of its act; None where none are
    fetcher     brings photos from above when they are looked at; None where nobody is above
    stations    endpoint of the page where a station is looked for; "" where there is none
    """

    node: Node
    accounts: Accounts
    person: str = ""
    query_page_of: Callable[[str], str] = lambda receipt_number: ""
    supplement: str = ""
    original: str = ""
    original_sizes: Callable[[str], Mapping[int, int]] = lambda case_id: {}
    bag: str = ""
    paper: PaperForm | None = None
    fetcher: Fetcher | None = None
    stations: str = ""


def register_case_pages(app: Flask, pages: CasePages) -> None:
    """Give an application the pages; frame and sessions have to be registered too."""
    app.extensions[_EXTENSION] = pages
    blueprint = Blueprint(
        "case_pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/case-pages",
    )
    blueprint.app_template_filter("moment")(moment)
    blueprint.app_template_filter("doer")(who_did)
    blueprint.app_template_filter("short_number")(short_number)
    blueprint.app_template_filter("look_of")(look_of)
    blueprint.before_request(_most_bytes)
    gate = signed_in(*STAFF)
    blueprint.add_url_rule("/cases/<case_id>", "case", gate(_case))
    blueprint.add_url_rule("/cases/<case_id>/road", "road", gate(_road))
    blueprint.add_url_rule("/cases/<case_id>/photos/<int:number>", "photo", gate(_photo))
    blueprint.add_url_rule("/cases/<case_id>/acts", "act", gate(_act), methods=["POST"])
    blueprint.add_url_rule("/cases/<case_id>/identity", "identity", gate(_identity), methods=["POST"])
    add_listing(blueprint, pages.node, pages.accounts, stations_page=pages.stations)
    add_attention_pages(blueprint, pages.node, pages.accounts)
    add_acting(blueprint, pages.node, pages.accounts, paper=pages.paper)
    add_prints(blueprint, pages.node, pages.accounts, pages.query_page_of)
    app.register_blueprint(blueprint)


def _pages() -> CasePages:
    pages: CasePages = current_app.extensions[_EXTENSION]
    return pages


def _most_bytes() -> None:
    """Before a form is read, and whoever sent it is known: how large it may be."""
    paper = _pages().paper
    with_photos = paper is not None and (request.view_args or {}).get("name") in TAKE_PAPERS
    request.max_content_length = paper.most_bytes if paper and with_photos else LARGEST_FORM_BYTES


def _case(case_id: str) -> ResponseReturnValue:
    return _page(case_id)


def _road(case_id: str) -> ResponseReturnValue:
    # Nothing of a person stands there, so that it was looked at is not audited: it is asked for by itself.
    return render_template("cases/road.html", **_custody(case_id))


def _photo(case_id: str, number: int) -> ResponseReturnValue:
    pages = _pages()
    try:
        photo = show_material(pages.node, case_id, number, by=asker().actor, fetcher=pages.fetcher)
    except StillAbove as waiting:
        here = url_for("case_pages.photo", case_id=case_id, number=number)
        return still_above(waiting, here, url_for("case_pages.case", case_id=case_id), _("Back to the case"))
    return told_photo(photo.content, photo.media_type)


def _act(case_id: str) -> ResponseReturnValue:
    pages = _pages()
    button = button_named(request.form.get("act", ""))
    if button.decides and asker().role not in DECIDERS:
        raise Forbidden(_("Only for: %(roles)s", roles=_(", ").join(role.label for role in DECIDERS)))
    typed = typed_text("reason")
    try:
        named = named_request(button.name, typed)
        require_time(pages.node, button.events, by=asker().actor)
        answer = button.deed(pages.node, case_id, Doer(asker().actor, lawful_text(typed), named, seen_version()))
    except KeyReused:
        return _page(case_id, sentence=_(_USED_UP), typed=typed), 409
    except Invalid as refusal:
        return _page(case_id, errors=dict(refusal.fields), typed=typed), 422
    except NotFound:
        raise
    except ChangedMeanwhile as refusal:
        people = people_on_road(pages.node, sid_of(case_id))
        news = changes_since(pages.node, case_id, request.form["seen"], people)
        return _page(case_id, news=news, typed=typed), problem_of(refusal).status
    except Refused as refusal:
        return _page(case_id, sentence=refusal.reason, typed=typed), problem_of(refusal).status
    flash_done(answer)
    return redirect(url_for("case_pages.case", case_id=case_id), 303)


def _identity(case_id: str) -> ResponseReturnValue:
    typed = typed_text("why")
    if not typed:
        return _page(case_id, errors={"why": _("Please write down why you look")}), 422
    try:
        shown = reveal_identity(_pages().node, case_id, by=asker().actor, reason=lawful_text(typed, name="why"))
    except Invalid as refusal:
        return _page(case_id, errors=dict(refusal.fields), typed_why=typed), 422
    return _page(case_id, unmasked=shown["fields"], sides=shown["disputes"], waiting=shown["parked"])


def _page(
    case_id: str,
    *,
    sentence: str = "",
    news: Sequence[Mapping[str, Any]] = (),
    errors: Mapping[str, str] | None = None,
    typed: str = "",
    typed_why: str = "",
    unmasked: Mapping[str, str] | None = None,
    sides: Mapping[str, Mapping[str, str]] | None = None,
    waiting: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    pages = _pages()
    node, account = pages.node, asker()
    people = people_on_road(node, sid_of(case_id))
    case = read_case(node, node.catalogue.items(), case_id, by=account.actor, people=people)
    own = node.identity
    offered = offers(case["acts"], may_decide=account.role in DECIDERS)
    return render_template(
        "cases/case.html",
        case=case,
        steps=[_(step) for step in STEPS],
        step=step_of(case["state"]),
        **_custody(case_id),
        offers=offered,
        **clock_question(node, [event for offer in offered for event in offer.button.events]),
        withheld=withheld(case["acts"], may_decide=account.role in DECIDERS),
        not_yet=not_yet(case["withheld_acts"], may_decide=account.role in DECIDERS),
        forms=forms_for(case, account.role),
        people=people,
        prints=prints_of(case),
        person=pages.person,
        original=pages.original,
        original_sizes=pages.original_sizes(case_id),
        fetches=pages.fetcher is not None,
        supplement=pages.supplement if _takes_papers(case, own.sid) else "",
        key=new_key(),
        sentence=sentence,
        news=news,
        errors=errors or {},
        typed=typed,
        typed_why=typed_why,
        unmasked=unmasked,
        coded=CODED,
        sides=sides or {},
        waiting=waiting or {},
    )


def _custody(case_id: str) -> dict[str, Any]:
    """What `cases/road.html` shows."""
    pages, own_sid = _pages(), _pages().node.identity.sid
    case = pages.node.read(lambda reader: find_case(reader, pages.node, case_id))
    custody = trace_case(pages.node, case)
    taken_here = str(case.fields.get("received_at", "")) if sid_of(case_id) == own_sid else ""
    return {
        "hops": hops_of(custody, own_sid=own_sid, received_at=taken_here),
        "paper_places": place_papers(pages.node, case_id),
        "bag": pages.bag,
        "safe": [(hop["level_name"], hop["safe_since"]) for hop in custody["hops"] if hop["safe_since"]],
        "fell_back": [hop["level_name"] for hop in custody["hops"] if hop["fell_back"]],
    }


def _takes_proof(case: Mapping[str, Any]) -> bool:
    return case["state"] in ("delivered", "reviewed") and PROOF in case["signed_papers"]


def _takes_papers(case: Mapping[str, Any], own_sid: str) -> bool:
    """Papers are brought to the station that took it, until it is decided; 送达回证 once it is delivered."""
    until_decided = 0 < step_of(case["state"]) <= STEPS.index(DECISION) + 1
    return case["station"] == own_sid and (until_decided or _takes_proof(case))
