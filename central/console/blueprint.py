"""Every page of the console in one place; those about cases, people, 搜索 and U盘传送 are `sync`'s (`case_pages` …).

    GET       /                        every station, the silent ones in red
    GET POST  /stations/new            register a station: its code is shown
    GET POST  /alerts                  预警通知: what was published, and another one
    POST      /alerts/<code>/withdrawal    take one back
    GET       /items/<code>            办事指南 of an item, where a search leads to
    GET       /misses                  what was looked for at the stations and not found
    GET       /stations/<sid>          one station with its devices
    POST      /stations/<sid>/codes    another code
    GET       /stations/<sid>/devices/<device>    one device; POST …/revocation, …/reinstatement

Must not know: how anything is done.
"""

from flask import Blueprint, Flask

from central.centre import centre_of
from central.console.alerts import alerts_page, withdraw
from central.console.devices import device_page, reinstate, revoke
from central.console.items import guide
from central.console.misses import misses_page
from central.console.stations import listed, shown
from central.console.vouching import code_given, most_bytes, register
from sync.case_api.record_acts import STAFF
from sync.case_pages.pages import CasePages, register_case_pages
from sync.messages import N_
from sync.people_pages.pages import PeoplePages, register_people_pages
from sync.search_pages.pages import SearchPages, register_search_pages
from sync.stick_pages.pages import StickPages, register_stick_pages
from sync.web.frame import MenuItem
from sync.web.roles import Role
from sync.web.sessions import signed_in

HOME = "console.stations"
MENU = (
    MenuItem(HOME, N_("Stations"), "station"),
    MenuItem("case_pages.list", N_("Cases"), "list", roles=STAFF),
    MenuItem("people_pages.list", N_("People"), "people", roles=STAFF),
    MenuItem("console.alerts", N_("Alerts"), "alert"),
    MenuItem("stick.page", N_("USB stick"), "stick", roles=(Role.SUPERVISOR,)),
    MenuItem("sessions.password_page", N_("Mine"), "person"),
)


def register_console(app: Flask) -> None:
    """Give an application the console; the centre, the frame and the sessions have to be there."""
    centre = centre_of(app)
    register_case_pages(app, CasePages(centre.node, centre.accounts, person="people_pages.person", stations=HOME))
    register_people_pages(app, PeoplePages(centre.node, centre.accounts, registers=False))
    register_search_pages(app, SearchPages(centre.node, HOME, "console.guide"))
    register_stick_pages(app, StickPages(centre.transfers, (Role.SUPERVISOR,)))
    blueprint = Blueprint("console", __name__, static_folder="static", static_url_path="/console")
    blueprint.before_request(most_bytes)
    seeing, vouching = signed_in(Role.SUPERVISOR, Role.ADMIN), signed_in(Role.SUPERVISOR)
    blueprint.add_url_rule("/", "stations", seeing(listed))
    blueprint.add_url_rule("/stations/new", "register", vouching(register), methods=["GET", "POST"])
    blueprint.add_url_rule("/alerts", "alerts", seeing(alerts_page), methods=["GET", "POST"])
    blueprint.add_url_rule("/alerts/<code>/withdrawal", "withdraw_alert", vouching(withdraw), methods=["POST"])
    blueprint.add_url_rule("/items/<code>", "guide", signed_in(*STAFF)(guide))
    blueprint.add_url_rule("/misses", "misses", seeing(misses_page))
    blueprint.add_url_rule("/stations/<sid>", "station", seeing(shown))
    blueprint.add_url_rule("/stations/<sid>/codes", "code_given", vouching(code_given), methods=["POST"])
    device = "/stations/<sid>/devices/<device>"
    blueprint.add_url_rule(device, "device", seeing(device_page))
    blueprint.add_url_rule(f"{device}/revocation", "revoke_device", vouching(revoke), methods=["POST"])
    blueprint.add_url_rule(f"{device}/reinstatement", "reinstate_device", vouching(reinstate), methods=["POST"])
    app.register_blueprint(blueprint)
