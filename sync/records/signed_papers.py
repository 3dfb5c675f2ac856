"""Papers that stand behind a step of a case, most of them signed in its course, and are kept as photos.

    容缺补正承诺书   behind 容缺受理          授权委托书   behind 授权委托, and wherever the form names a 代办人
    送达回证        behind 送达               unless he acts under an authority that is on record
                                       监护证明     in place of it where he is the applicant's guardian: whom the law
                                                      gives authority nobody else has to

What is signed is printed when the step is done, so they come with it or after it; a case whose step has no such paper
says so, but for 送达回证: the result is in the citizen's hands, and nothing waits for it any more.

Must not know: how papers are printed or brought.
"""

from collections.abc import Mapping
from typing import Any

from sync.records.agents import AGENT, GUARDIAN, RELATION

AUTHORITY = "authority"
PROMISE, PROXY, PROOF = "容缺补正承诺书", "授权委托书", "送达回证"  # data
# {the field that the step sets: the paper behind it, by the name records have it under}
_BEHIND = {"tolerance_materials": PROMISE, AUTHORITY: PROXY, AGENT: PROXY, "receiver_name": PROOF}
_OF_GUARDIANS = "监护证明"  # data
SIGNED_PAPERS = (*dict.fromkeys(_BEHIND.values()), _OF_GUARDIANS)


def signed_papers(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The papers that stand behind what was done with a case."""
    behind = {**_BEHIND, AGENT: _OF_GUARDIANS} if fields.get(RELATION) == GUARDIAN else _BEHIND
    return tuple(dict.fromkeys(paper for field, paper in behind.items() if fields.get(field)))


def unfiled_papers(fields: Mapping[str, Any], *, on_record: bool = False) -> tuple[str, ...]:
    """Those that are asked for and of which there is no photo yet.

    on_record  whether the agent acts under an authority on record, so that the form's naming him asks for none
    """
    asked = {name: value for name, value in fields.items() if name != AGENT} if on_record else fields
    papers = fields.get("materials", ())
    filed = [  # names of whatever shape: whoever signs events may write any
        paper.get("name")
        for paper in (papers if isinstance(papers, list) else ())
        if isinstance(paper, dict) and paper.get("photos")
    ]
    return tuple(paper for paper in signed_papers(asked) if paper not in (*filed, PROOF))
