"""A village, its township and their centre before a browser: three real servers in one process."""

import re
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page

from central.registry.enrolling import enrol_station
from central.services.found_centre import found_centre
from central.settings import read as read_centre_settings
from central.wiring import build_app as build_centre_app
from central.wiring import build_centre
from edge_node.devices.simulator import Simulator, build_simulator
from edge_node.services.found_station import found_station
from edge_node.settings import read
from edge_node.station import Station
from edge_node.wiring import build_app, build_station
from fixtures.applications import sample_fields
from fixtures.catalogue import bring_county, publish_county
from fixtures.county import Person, county
from sync.http_api.feeds import FeedGate
from sync.node.node import Node
from sync.records.items import Item
from sync.web.accounts import Accounts
from sync.web.passwords import Passwords
from sync.web.roles import Role
from sync.web.serving import running

PASSWORD = "Shiqiao-2025"


class Road:
    """Three nodes that keep a desk, a desk and a console; `carry` brings everything up and back down."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self._directory, self._stack = directory, stack
        self.card = Simulator()  # what lies on the reader of every desk
        reader = self._serve(build_simulator(self.card))
        self._settings = read({"YIZHAN_ID_READER_URL": f"{reader}/card"})
        self._passwords = Passwords(memory_kib=64, passes=1)
        self.centre = stack.enter_context(
            found_centre(directory / "centre", name="青溪县政务服务中心", region="990281000000")
        )
        publish_county(self.centre)
        built = build_centre(self.centre, read_centre_settings({}), passwords=self._passwords)
        self._person(built.accounts, "zhou", "周主管", Role.SUPERVISOR)
        feeds = self._feeds()
        self.centre_url = self._serve(build_centre_app(built, feeds))
        self.township, self.township_url = self._station("柳河镇", self.centre_url, "li", "李审核", Role.REVIEWER)
        self.village, self.village_url = self._station("石桥村", self.township_url, "wang", "王春梅", Role.AGENT)

    def carry(self) -> None:
        """The township up, the village up, the township up, the village again for the receipts."""
        for station in (self.township, self.village, self.township, self.village):
            station.courier.synchronise()

    def restart_village(self) -> None:
        """The village's program ends and begins again over its directory: nothing in memory is left."""
        old = self.village
        old.courier.close()
        old.fetcher.close()
        old.node.close()
        node = Node.open(self._directory / "wang")
        self._stack.callback(node.close)
        self.village = build_station(node, self._settings, passwords=self._passwords)
        self._stack.callback(self.village.courier.close)
        self._stack.callback(self.village.fetcher.close)
        self.village_url = self._serve(build_app(self.village, self._feeds()))

    def _station(self, place: str, upstream: str, name: str, display: str, role: Role) -> tuple[Station, str]:
        region = county().place(place).code
        called = f"{place}便民服务站"
        code = enrol_station(self.centre, name=called, region=region, by="acct:zhou")
        node = found_station(self._directory / name, name=called, region=region, upstream=upstream, code=str(code))
        self._stack.callback(node.close)
        station = build_station(node, self._settings, passwords=self._passwords)
        self._stack.callback(station.courier.close)
        self._stack.callback(station.fetcher.close)
        bring_county(node)
        self._person(station.accounts, name, display, role)
        return station, self._serve(build_app(station, self._feeds()))

    def _feeds(self) -> FeedGate:
        feeds = FeedGate()
        self._stack.callback(feeds.close)
        return feeds

    def _serve(self, app) -> str:
        return f"http://127.0.0.1:{self._stack.enter_context(running(app, threads=12))}"

    @staticmethod
    def _person(accounts: Accounts, name: str, display: str, role: Role) -> None:
        accounts.create(name, display_name=display, role=role, phone="0990-5550101", password=PASSWORD)


def enter(page: Page, name: str) -> None:
    """Sign in on the page that asks for it."""
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def person(number: int = 0) -> Person:
    """Somebody of the village."""
    return county().residents(county().place("石桥村").code)[number]


RECEIVE = "收件，出具收件号"


def begin(page: Page, item: Item) -> None:
    """From the first page to the applicant's step of an item."""
    page.locator(".item-grid").get_by_role("link", name=item.name, exact=True).click()
    go_on(page)


def go_on(page: Page) -> None:
    """Press 下一步, and wait for the next one."""
    step = page.locator("form.wizard").get_attribute("data-step")
    page.get_by_role("button", name="下一步").click()
    page.wait_for_selector(f'form.wizard:not([data-step="{step}"])')


def type_in(page: Page, item: Item, number: int = 0) -> None:
    """Fill in what the step on the page asks for, and tick its papers."""
    for name, value in sample_fields(item, person(number), number=number).items():
        place = page.locator(f'[name="fields.{name}"]')
        if place.count() == 0:
            continue
        if place.evaluate("element => element.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(value)
    for row, paper in enumerate(item.materials):
        box = page.locator(f'[name="materials.{row}.got"]')
        if (paper.required or paper.may_follow) and box.count():
            box.check()
        on_file = page.locator(f'[name="materials.{row}.on_file"]')
        if on_file.count():
            on_file.uncheck()  # every test brings its own


def fill(page: Page, item: Item, number: int = 0) -> None:
    """From the step on the page to the last one, everything filled in."""
    while page.locator("form.wizard").get_attribute("data-step") != "confirm":
        type_in(page, item, number)
        go_on(page)


def receive(page: Page) -> None:
    """Press 收件 at the last step; tests share people, so that another is received where one is under way."""
    another = page.locator('[name="another"]')
    if another.count():
        another.check()
    page.get_by_role("button", name=RECEIVE).click()


def take(page: Page, item: Item, number: int = 0) -> str:
    """Take an application from the first page on; returns the case's id."""
    begin(page, item)
    fill(page, item, number)
    receive(page)
    page.wait_for_url(re.compile("/received$"))
    return page.url.split("/")[-2]
