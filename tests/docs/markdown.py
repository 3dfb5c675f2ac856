"""Reading our own pages: which there are, their links, their headings, and the code they show."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the documentation."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def text(self) -> str:
        """The page as it was written."""
        return self.path.read_text("utf-8")

    def code(self, *languages: str) -> list[str]:
        """What stands in its fences of these languages."""
        return [code for language, code in _FENCE.findall(self.text) if language in languages]

    def links(self) -> list[str]:
        """The addresses it links to."""
        return _LINK.findall(_FENCE.sub("", self.text))

    def anchors(self) -> set[str]:
        """What a link behind `#` may name."""
        headings = _HEADING.findall(_FENCE.sub("", self.text))
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def pages() -> list[Page]:
    """Every page: those at the root and all under `docs/`."""
    return [Page(path) for path in [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]]
