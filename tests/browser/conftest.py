"""A real Chromium before real servers: every test here needs one.

    open_page(url, size, scripts=True)   a page in a context of its own; whatever it logs as an error,
                                         fails to load or loads from elsewhere fails the test; what axe-core
                                         finds seriously wrong with a kind of page seen the first time, too
    require_fit(page)                    nothing sticks out, text can be read, targets can be hit; at both sizes
    road                                 centre, township and village, the same for all tests of a file
    look(page, name)                     both, at both sizes
    picture(page, name)                  a picture where YIZHAN_SCREENSHOTS names a directory, else none

`DESK` and `PHONE` are the two sizes; `size` parametrises a test over both.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.accessible import Checker
from tests.browser.road import Road

# Machines share their cores: a page is waited for longer than Playwright does.
expect.set_options(timeout=20_000)

DESK = (1280, 800)
PHONE = (360, 740)
# A long way is gone at one size; what it passes is looked at in both (`require_fit`).
at_desk = pytest.mark.parametrize("size", [DESK], ids=["desk"])
at_phone = pytest.mark.parametrize("size", [PHONE], ids=["phone"])
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A camera that shows a moving test picture, and nobody who has to allow it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)

# The least contrast of any text on the page with the colours behind it (WCAG 2, 1.4.3), with the worst text.
_CONTRAST = """
() => {
  const parse = (text) => (text.match(/[0-9.]+/g) || [0, 0, 0, 0]).map(Number);
  const curve = (c) => c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  const channel = (value) => curve(value / 255);
  const light = (c) => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) { return c; }
    }
    return [255, 255, 255];
  };
  let worst = [99, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.getClientRects().length || ["SCRIPT", "STYLE"].includes(element.tagName)) { continue; }
    const a = light(parse(getComputedStyle(element).color)) + 0.05;
    const b = light(behind(element)) + 0.05;
    const ratio = Math.max(a, b) / Math.min(a, b);
    if (ratio < worst[0]) { worst = [ratio, text]; }
  }
  return worst;
}
"""
# What a finger cannot hit well: its size and what it says. Links within a sentence are exempt (WCAG 2, 2.5.8).
_SMALL_TARGETS = """
() => Array.from(document.querySelectorAll("button, select, input:not([type=hidden]), nav a, a.button"))
  .filter((e) => e.getClientRects().length && !["checkbox", "radio"].includes(e.type))
  .map((e) => [e.getBoundingClientRect(), e.textContent.trim() || e.name])
  .map(([box, name]) => [Math.round(box.width), Math.round(box.height), name])
  .filter(([width, height]) => width < 44 || height < 44)
"""


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    with ExitStack() as stack:
        yield Road(tmp_path_factory.mktemp("road"), stack)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param


@pytest.fixture(scope="session")
def checker() -> Checker:
    return Checker()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, checker: Checker) -> Iterator[OpenPage]:
    contexts, faults, with_scripts = [], [], []

    def open_one(url: str, size: tuple[int, int] = DESK, *, scripts: bool = True) -> Page:
        own = urlsplit(url).netloc
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, locale="zh-CN", java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("request", lambda sent: _note_foreign(sent.url, own, faults))
        page.on("requestfailed", lambda sent: faults.append(f"failed: {sent.url} {sent.failure}"))
        page.on("console", lambda line: faults.append(f"console: {line.text}") if line.type == "error" else None)
        page.goto(url)
        if not scripts:
            checker.leave_out(page)
        else:
            with_scripts.append(page)
            go = page.goto

            def goto_another(*args: Any, **kwargs: Any) -> Any:
                faults.extend(checker.faults(page))
                return go(*args, **kwargs)

            page.goto = goto_another
        return page

    yield open_one
    for page in with_scripts:
        faults += checker.faults(page)
    for context in contexts:
        context.close()
    assert not [fault for fault in faults if not _is_expected(fault)]


def _note_foreign(url: str, own: str, faults: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != own:
        faults.append(f"loaded from elsewhere: {url}")


def _is_expected(fault: str) -> bool:
    # Going elsewhere before a page is whole is no fault of the page.
    if fault.endswith("net::ERR_ABORTED"):
        return True
    # Chromium reports every 4xx page as a console error; pages that refuse are part of the job.
    return fault.startswith("console: Failed to load resource: the server responded with a status of 4")


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    def take(page: Page, name: str) -> None:
        directory = os.environ.get("YIZHAN_SCREENSHOTS")
        if directory:
            page.screenshot(path=str(Path(directory) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)

    return take


@pytest.fixture
def require_fit(checker: Checker) -> Callable[[Page], None]:
    def require(page: Page) -> None:
        own = page.viewport_size
        other = PHONE if own["width"] == DESK[0] else DESK
        for width, height in (other, (own["width"], own["height"])):
            page.set_viewport_size({"width": width, "height": height})
            require_at_this_size(page)

    def require_at_this_size(page: Page) -> None:
        assert checker.faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        ratio, text = page.evaluate(_CONTRAST)
        assert ratio >= 4.5, f"contrast {ratio:.2f} of {text!r}"
        assert page.evaluate(_SMALL_TARGETS) == []
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 17

    return require


@pytest.fixture
def look(require_fit: Callable[[Page], None], picture: Callable[[Page, str], None]) -> Callable[..., None]:
    def both(page: Page, name: str = "") -> None:
        for width, height in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": height})
            require_fit(page)
            if name:
                picture(page, name)

    return both
