"""The routes of the pages about people.

    GET       /people                  the list, page by page
    GET POST  /people/find             who fits a name, its sound, or a number, which must not stand in an address
    GET POST  /people/new              register somebody (`registering`)
    GET POST  /people/relatives        how a person's cases stand, for a relative of his (`relatives`)
    GET       /people/<id>             one person, masked
    POST      /people/<id>/identity    the same page unmasked, for a reason, audited
    POST      /people/<id>/card        the card on the reader is compared with him (`verifying`)
    GET       /people/<id>/photos/<root>   a photo of what was signed

What is done to a person has its own page (`acting`).

Must not know: how people are kept, what else the application's pages are.
"""

from collections.abc import Mapping

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker, told_photo
from sync.case_api.record_acts import STAFF
from sync.case_pages.forms import lawful_text, new_key, typed_text
from sync.case_pages.listing import drawn_rows
from sync.case_pages.paper_form import PaperForm
from sync.case_pages.still_above import still_above
from sync.casework.describe_case import level_name
from sync.casework.errors import StillAbove
from sync.casework.list_cases import describe_rows
from sync.casework.name_people import people_on_road
from sync.casework.see_person import see_person, show_person_photo
from sync.errors import BadRequest, Invalid
from sync.messages import _
from sync.node.node import Node
from sync.node.road.fetching import Fetcher
from sync.people.find_person import MERGED
from sync.people.list_people import list_people
from sync.people.reveal_person import reveal_person
from sync.people.search_people import search_people
from sync.people.whose_cases import cases_of_person
from sync.people_pages.act_forms import TAKE_PAPERS, forms_for
from sync.people_pages.acting import add_acting
from sync.people_pages.registering import ReadCard, add_registering
from sync.people_pages.relatives import add_relatives
from sync.people_pages.verifying import add_verifying
from sync.records.events import LEVELS
from sync.records.person_table import PERSON_2
from sync.records.person_words import person_state_name
from sync.typed import Value
from sync.web.accounts import Accounts
from sync.web.sessions import signed_in

ROWS = 20
_MOST_FOUND, _MOST_CASES = 20, 20
_LARGEST_FORM_BYTES = 64 << 10
_EXTENSION = "yizhan.people_pages"
_LOOKS = {"registered": "running", "moved": "plain", "deceased": "plain", "merged": "waiting", "void": "bad"}


class PeoplePages(Value):
    """What the pages need of their application.

    registers  whether people are registered here at all
    signed     endpoint where the paper of a consent is photographed, given `person_id`, `kind` and `item`; "" where
               none are
    paper      how the photos of it are taken on the form of the consent itself; None where none are
    fetcher    brings photos from above when they are looked at; None where nobody is above
    read_card  reads the card on the reader beside the screen; None where there is no reader
    """

    node: Node
    accounts: Accounts
    registers: bool = True
    signed: str = ""
    paper: PaperForm | None = None
    fetcher: Fetcher | None = None
    read_card: ReadCard | None = None


def register_people_pages(app: Flask, pages: PeoplePages) -> None:
    """Give an application the pages; frame, sessions and the pages about cases have to be registered too."""
    app.extensions[_EXTENSION] = pages
    blueprint = Blueprint("people_pages", __name__, template_folder="templates")
    blueprint.app_template_filter("person_look")(lambda code: _LOOKS.get(code, "plain"))
    blueprint.before_request(_most_bytes)
    gate = signed_in(*STAFF)
    blueprint.add_url_rule("/people", "list", gate(_list))
    blueprint.add_url_rule("/people/find", "find", gate(_find), methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<person_id>", "person", gate(_person))
    blueprint.add_url_rule("/people/<person_id>/identity", "identity", gate(_identity), methods=["POST"])
    blueprint.add_url_rule("/people/<person_id>/photos/<root>", "photo", gate(_photo))
    add_registering(blueprint, pages.node if pages.registers else None, read_card=pages.read_card)
    if pages.read_card:
        add_verifying(blueprint, pages.node, read_card=pages.read_card)
    add_relatives(blueprint, pages.node)
    add_acting(blueprint, pages.node, pages.accounts, paper=pages.paper)
    app.register_blueprint(blueprint)


def _pages() -> PeoplePages:
    pages: PeoplePages = current_app.extensions[_EXTENSION]
    return pages


def _most_bytes() -> None:
    """Before a form is read, and whoever sent it is known: how large it may be."""
    paper = _pages().paper
    with_photos = paper is not None and (request.view_args or {}).get("name") in TAKE_PAPERS
    request.max_content_length = paper.most_bytes if paper and with_photos else _LARGEST_FORM_BYTES


def _list() -> ResponseReturnValue:
    state, cursor = request.args.get("state", ""), request.args.get("cursor", "")
    state = state if state in PERSON_2.states else ""
    try:
        page = list_people(_pages().node, cursor=cursor, limit=ROWS, state=state)
    except BadRequest:
        return redirect(url_for("people_pages.list", state=state))
    return _listing(page["people"], state=state, next_cursor=page["next"] or "", is_first=not cursor)


def _find() -> ResponseReturnValue:
    asked = typed_text("asked")[:100]
    if not asked:
        return redirect(url_for("people_pages.list"), 303)
    return _listing(search_people(_pages().node, asked, limit=_MOST_FOUND), asked=asked)


def _listing(
    people: list[dict[str, object]], *, state: str = "", asked: str = "", next_cursor: str = "", is_first: bool = True
) -> str:
    return render_template(
        "people/list.html",
        people=people,
        state=state,
        states=[("", _("All states")), *((code, person_state_name(code)) for code in PERSON_2.states)],
        asked=asked,
        next_cursor=next_cursor,
        is_first=is_first,
        registers=_pages().registers,
        most=_MOST_FOUND,
    )


def _person(person_id: str) -> ResponseReturnValue:
    return _page(person_id)


def _identity(person_id: str) -> ResponseReturnValue:
    typed = typed_text("why")
    if not typed:
        return _page(person_id, errors={"why": _("Please write down why you look")}), 422
    try:
        reason = lawful_text(typed, name="why")
    except Invalid as refusal:
        return _page(person_id, errors=dict(refusal.fields), typed_why=typed), 422
    shown = reveal_person(_pages().node, person_id, by=asker().actor, reason=reason)
    return _page(person_id, unmasked=shown["fields"], sides=shown["disputes"], errands=shown["errands"])


def _photo(person_id: str, root: str) -> ResponseReturnValue:
    pages = _pages()
    try:
        shown = show_person_photo(pages.node, person_id, root, by=asker().actor, fetcher=pages.fetcher)
    except StillAbove as waiting:
        here = url_for("people_pages.photo", person_id=person_id, root=root)
        return still_above(waiting, here, url_for("people_pages.person", person_id=person_id), _("Back to the person"))
    return told_photo(shown.content, shown.media_type)


def _page(
    person_id: str,
    *,
    errors: Mapping[str, str] | None = None,
    typed_why: str = "",
    unmasked: Mapping[str, str] | None = None,
    sides: Mapping[str, Mapping[str, str]] | None = None,
    errands: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    pages = _pages()
    node = pages.node
    person = see_person(node, person_id, by=asker().actor)
    forms = forms_for(person)
    return render_template(
        "people/person.html",
        person=person,
        cases=drawn_rows(node, describe_rows(node, cases_of_person(node, person_id, limit=_MOST_CASES))),
        forms=forms,
        reads_card=pages.read_card is not None and any(form.event == "verified" for form in forms),
        key=new_key(),
        signed=pages.signed if person["station"] == node.identity.sid and person["state"] != MERGED else "",
        fetches=pages.fetcher is not None,
        errors=errors or {},
        typed_why=typed_why,
        unmasked=unmasked or {},
        sides=sides or {},
        errands=errands or {},
        coded=("cert_kind", "source", "proof"),
        levels={level: level_name(level) for level in LEVELS},
        colleagues=people_on_road(node, person["station"]),
        most=_MOST_CASES,
    )
