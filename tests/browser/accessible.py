"""axe-core over the pages that tests open: none may have a serious or critical fault.

A page is checked once: as its address says without the ids in it, at its width, in its size of text, with and without
something wrong on it. Contrast is measured by `require_fit`, which is quicker and looks at every text.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """
async () => {
  const found = await axe.run({ resultTypes: ["violations"], rules: { "color-contrast": { enabled: false } } });
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}
"""
# A photo alone is no page of ours; and where a test holds the clock axe-core would wait for ever.
_IS_ABLE = "document.contentType === 'text/html' && !('__pwClock' in window)"
_KIND = """
() => [
  document.documentElement.className,
  document.querySelector("[role=alert]") ? "wrong" : "",
  document.querySelector("main") ? "" : "no frame",
].join(" ")
"""
# What stands in an address and is not the page's kind: ids, codes, numbers of photos.
_OF_ONE = re.compile(r"/[^/]*(?:[0-9:]|[A-Z]{2}-)[^/]*")


class Checker:
    """Checks each kind of page once while the tests run."""

    def __init__(self) -> None:
        self._checked: set[tuple[str, ...]] = set()
        self._without_scripts: set[Page] = set()
        self._axe = ""

    def leave_out(self, page: Page) -> None:
        """This one runs no scripts, and so not axe-core either."""
        self._without_scripts.add(page)

    def faults(self, page: Page) -> list[str]:
        """What is seriously wrong with a page of a kind that was not checked before."""
        if not AXE.is_file():
            if os.environ.get("CI"):
                pytest.fail("axe-core is not installed; in CI this is a failure", pytrace=False)
            return []
        if page in self._without_scripts:
            return []
        try:
            if not page.evaluate(_IS_ABLE):
                return []
            kind = (*_address(page), str(page.viewport_size["width"]), page.evaluate(_KIND))
            if kind in self._checked:
                return []
            self._checked.add(kind)
            self._axe = self._axe or AXE.read_text("utf-8")
            page.evaluate(self._axe)
            return [f"{page.url}: {fault}" for fault in page.evaluate(_RUN)]
        except Error as gone:
            if "navigation" in str(gone) or "closed" in str(gone):
                return []  # it was on its way to another, which is checked when it is there
            raise


def _address(page: Page) -> tuple[str, str]:
    """Where the page is: its title's last part tells applications apart, its path their pages."""
    path = re.sub(r"^https?://[^/]*", "", page.url).partition("#")[0].partition("?")[0]
    return page.title().rpartition("·")[2], _OF_ONE.sub("/*", path)
