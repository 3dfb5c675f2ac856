"""Every page of the desk in one place; those about cases, people, 搜索 and U盘传送 are `sync`'s (`case_pages` …),
材料交接单 are in `bags`.

    GET       /                                the day's work, and what may be applied for
    POST      /call                            call the node above now
    GET       /items                           everything that may be applied for, and 一件事
    GET       /items/<code>                    办事指南
    GET POST  /items/<code>/application        an application is begun
    GET POST  /bundles/<code>/application      applications for a 一件事 are begun
    GET POST  /drafts/<id>/<step>              a step of what was begun
    GET       /drafts                          what was begun and not yet taken (暂存)
    POST      /drafts/<id>/discarding          give it up
    POST      /drafts/<id>/<step>/autosave     what stands on the page of a step now
    GET       /drafts/<id>/photos/<n>          a photo of it
    GET       /cases/<id>/received             it is received
    GET POST  /cases/<id>/papers               papers that come later
    GET       /cases/<id>/photos/<n>/original  a photo as it came
    GET       /alerts                          预警通知 that hold and concern this station
    POST      /alerts/<code>/reading           one of them has been read
    GET POST  /people/<id>/signed/<kind>       the paper of a consent is photographed
    GET       /road                            what waits for the node above, and how far everything has come

Must not know: how anything is done.
"""

from functools import partial

from flask import Blueprint, Flask, request

from edge_node.citizen.address import progress_page
from edge_node.desk.alerts import alert_read, alerts_page, banners
from edge_node.desk.bags import add_bag_pages
from edge_node.desk.drafts import autosave, discard_draft, draft_photo, drafts_page
from edge_node.desk.home import call, home
from edge_node.desk.items import guide, items
from edge_node.desk.live import road_page
from edge_node.desk.original import original
from edge_node.desk.received import received
from edge_node.desk.signed_paper import paper_of_act, paper_of_consent, signed_paper
from edge_node.desk.supplementing import supplement
from edge_node.desk.wizard import step_page, take, take_bundle
from edge_node.services.read_card import read_card
from edge_node.services.show_original import original_sizes
from edge_node.station import station_of_app
from sync.case_api.attention_routes import LOOKERS
from sync.case_api.record_acts import STAFF
from sync.case_pages.pages import CasePages, register_case_pages
from sync.messages import N_
from sync.people_pages.pages import PeoplePages, register_people_pages
from sync.records.people import mask_name
from sync.search_pages.pages import SearchPages, register_search_pages
from sync.stick_pages.pages import StickPages, register_stick_pages
from sync.web.frame import MenuItem
from sync.web.roles import Role
from sync.web.sessions import signed_in

HOME = "desk.home"
# Beside the photos: what is typed, and what separates the parts.
_FORM_BYTES = 1 << 18
MENU = (
    MenuItem(HOME, N_("Home"), "home"),
    MenuItem("case_pages.list", N_("Cases"), "list", roles=STAFF),
    MenuItem("people_pages.list", N_("People"), "people", roles=STAFF),
    MenuItem("desk.bags", N_("Bag slip"), "bag", roles=STAFF),
    MenuItem("stick.page", N_("USB stick"), "stick", roles=STAFF, at_desk=True),
    MenuItem("sessions.password_page", N_("Mine"), "person"),
)


def register_desk(app: Flask) -> None:
    """Give an application the desk; the station, the frame and the sessions have to be there."""
    with app.app_context():
        station = station_of_app()
    most_bytes = station.settings.largest_application_bytes + _FORM_BYTES
    register_case_pages(
        app,
        CasePages(
            station.node,
            station.accounts,
            person="people_pages.person",
            query_page_of=partial(progress_page, station),
            supplement="desk.supplement",
            original="desk.original",
            original_sizes=lambda case_id: original_sizes(station.node, case_id),
            fetcher=station.fetcher,
            bag="desk.bag",
            paper=paper_of_act(most_bytes),
        ),
    )
    people = PeoplePages(
        station.node,
        station.accounts,
        signed="desk.signed_paper",
        paper=paper_of_consent(most_bytes),
        fetcher=station.fetcher,
        read_card=partial(read_card, station.node, station.id_reader) if station.id_reader else None,
    )
    register_people_pages(app, people)
    register_search_pages(
        app,
        SearchPages(
            station.node, HOME, "desk.guide", take="desk.take", take_bundle="desk.take_bundle", items="desk.items"
        ),
    )
    register_stick_pages(app, StickPages(station.transfers, STAFF))
    blueprint = Blueprint("desk", __name__, static_folder="static", static_url_path="/desk")
    app.add_template_filter(mask_name, "masked_name")
    blueprint.before_request(_most_bytes)
    staff = signed_in(*STAFF)
    blueprint.add_url_rule("/", "home", signed_in(*STAFF, Role.ADMIN)(home))
    blueprint.add_url_rule("/call", "call", signed_in(*STAFF, Role.ADMIN)(call), methods=["POST"])
    blueprint.add_url_rule("/road", "road", signed_in(*STAFF, Role.ADMIN)(road_page))
    lookers = signed_in(*LOOKERS)
    blueprint.add_url_rule("/alerts", "alerts", lookers(alerts_page))
    blueprint.add_url_rule("/alerts/<code>/reading", "alert_read", lookers(alert_read), methods=["POST"])
    app.context_processor(banners)
    blueprint.add_url_rule("/items", "items", staff(items))
    blueprint.add_url_rule("/items/<code>", "guide", staff(guide))
    blueprint.add_url_rule("/items/<code>/application", "take", staff(take), methods=["GET", "POST"])
    blueprint.add_url_rule("/bundles/<code>/application", "take_bundle", staff(take_bundle), methods=["GET", "POST"])
    blueprint.add_url_rule("/drafts", "drafts", staff(drafts_page))
    blueprint.add_url_rule("/drafts/<draft_id>/<step>", "step", staff(step_page), methods=["GET", "POST"])
    blueprint.add_url_rule("/drafts/<draft_id>/discarding", "discard", staff(discard_draft), methods=["POST"])
    blueprint.add_url_rule("/drafts/<draft_id>/<step>/autosave", "autosave", staff(autosave), methods=["POST"])
    blueprint.add_url_rule("/drafts/<draft_id>/photos/<int:number>", "draft_photo", staff(draft_photo))
    blueprint.add_url_rule("/cases/<case_id>/received", "received", staff(received))
    blueprint.add_url_rule("/cases/<case_id>/papers", "supplement", staff(supplement), methods=["GET", "POST"])
    blueprint.add_url_rule("/cases/<case_id>/photos/<int:number>/original", "original", staff(original))
    signing = staff(signed_paper)
    blueprint.add_url_rule("/people/<person_id>/signed/<kind>", "signed_paper", signing, methods=["GET", "POST"])
    add_bag_pages(blueprint)
    app.register_blueprint(blueprint)


def _most_bytes() -> None:
    """Before a form is read: how large it may be."""
    request.max_content_length = station_of_app().settings.largest_application_bytes + _FORM_BYTES
