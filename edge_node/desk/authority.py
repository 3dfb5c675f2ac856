"""Under which authority on record the agent of a draft applies, said as soon as both are known, item by item.

Must not know: how an application is taken.
"""

from typing import Any

from flask import url_for

from edge_node.desk.agent_inputs import agent_of
from edge_node.desk.filled_step import parts_of
from edge_node.desk.register import Applicant
from edge_node.services.draft import Draft
from edge_node.services.draw_on_record import authority_for, errand_of
from edge_node.services.matter import Matter
from edge_node.station import Station
from sync.casework.tell_authority import kept_authority, tell_authority
from sync.records.agents import GUARDIAN, agent_named


def authority_told(
    station: Station, matter: Matter, draft: Draft, applicant: Applicant | None
) -> dict[str, Any] | None:
    """{"found": [(item, as `tell_authority`)], "lacking": [item], "href", "by_law"}; None where no agent applies.

    by_law  whether he needs none, as the applicant's guardian
    href  where an authority is registered, "" where the applicant is not on the register
    """
    named = [(item, part) for item, part in parts_of(matter, draft) if agent_named(part.fields)]
    if not named:
        return None
    person = str(applicant.summary["id"]) if applicant else ""
    found, lacking = [], []
    for item, part in named:
        authority = authority_for(station.node, person, errand_of(item, part)) if person else None
        if authority is None:
            lacking.append(item.name)
        else:
            found.append((item.name, tell_authority(kept_authority(authority), unfiled=authority.is_unfiled)))
    href = url_for("people_pages.act_form", person_id=person, name="entrust") if person else ""
    is_guardian = agent_of(draft.typed).relation == GUARDIAN
    return {"found": found, "lacking": lacking, "href": href, "by_law": is_guardian}
