"""Papers that are signed in the course of a case: each stands behind a step, and is kept as a photo.

    容缺补正承诺书   behind 容缺受理          授权委托书   behind 授权委托, and wherever the form names a 代办人

They are printed when the step is done, so they come after it; a case whose step has no such paper says so.

Must not know: how papers are printed or brought.
"""

from collections.abc import Mapping
from typing import Any

AGENT = "agent_name"  # what forms call whoever applies for the applicant
# {the field that the step sets: the paper behind it, by the name records have it under}
_BEHIND = {"tolerance_materials": "容缺补正承诺书", "authority": "授权委托书", AGENT: "授权委托书"}  # data
SIGNED_PAPERS = tuple(dict.fromkeys(_BEHIND.values()))


def signed_papers(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The papers that stand behind what was done with a case."""
    return tuple(dict.fromkeys(paper for field, paper in _BEHIND.items() if fields.get(field)))


def unfiled_papers(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of which there is no photo yet."""
    papers = fields.get("materials", ())
    filed = {
        paper.get("name")
        for paper in (papers if isinstance(papers, list) else ())
        if isinstance(paper, dict) and paper.get("photos")
    }
    return tuple(paper for paper in signed_papers(fields) if paper not in filed)
