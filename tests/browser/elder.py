"""长辈版, measured on the page as it stands: sizes of text, line heights, gaps between paragraphs, and targets.

source  移动互联网应用适老化通用设计规范: text ≥ 18, to ≥ 30; line height ≥ 1.3; the gap between paragraphs ≥ 1.3 × that
        between lines; main targets ≥ 60 × 60, others ≥ 44 × 44. Contrast is measured on every page (`require_fit`).
"""

from playwright.sync_api import Page

LEAST_TEXT = 18
LARGEST_TEXT = 30
_FAULTS = """
([leastText, main]) => {
  const faults = [];
  const isSeen = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden"
    && !e.closest(".for-readers, .skip");
  const called = (e) => (e.innerText || e.value || e.name || e.tagName).trim().slice(0, 20);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const isText = walker.currentNode.textContent.trim() && !["SCRIPT", "STYLE", "OPTION"].includes(element.tagName);
    if (!isText || !isSeen(element)) { continue; }
    texts += 1;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const line = parseFloat(style.lineHeight);
    if (size < leastText) { faults.push(`text ${size}: ${called(element)}`); }
    if (!(line / size >= 1.3 - 0.001) && !element.closest("button, .button, .brand")) {
      faults.push(`line ${line} of ${size}: ${called(element)}`);
    }
  }
  for (const first of document.querySelectorAll("main p")) {
    const next = first.nextElementSibling;
    if (!next || next.tagName !== "P" || !isSeen(first) || !isSeen(next)) { continue; }
    const style = getComputedStyle(first);
    const between = parseFloat(style.lineHeight) - parseFloat(style.fontSize);
    const gap = next.getBoundingClientRect().top - first.getBoundingClientRect().bottom;
    if (gap < 1.3 * between - 0.1) { faults.push(`gap ${gap} of ${between}: ${called(first)}`); }
  }
  let targets = 0;
  const isInSentence = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline"
    && e.parentElement.innerText.trim() !== e.innerText.trim();
  for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!isSeen(one) || isInSentence(one)) { continue; }
    targets += 1;
    const box = (one.closest("label.choice") || one).getBoundingClientRect();
    const [width, height] = [Math.round(box.width), Math.round(box.height)];
    const least = one.matches(main) ? 60 : 44;
    if (width < least || height < least) { faults.push(`target ${width} × ${height}: ${called(one)}`); }
  }
  return { faults, texts, targets };
}
"""
# Whatever one is there for: fields, buttons, tiles, the menu.
_MAIN = "button, .button, input, select, textarea, .tiles a, .item-grid a, nav a, .text-size"


def faults_of(page: Page) -> list[str]:
    """What on this page is not as 长辈版 has to be, in words."""
    found = page.evaluate(_FAULTS, [LEAST_TEXT, _MAIN])
    assert found["texts"] > 5, "hardly anything was measured"
    assert found["targets"] > 3, "hardly anything was measured"
    return found["faults"]


def text_size(page: Page) -> float:
    """The size of the page's main text."""
    return page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)")
