"""What the pages say and draw of a case's state, number, times and road.

Must not know: routes, roles, where anything is kept.
"""

from collections.abc import Mapping
from typing import Any

from sync.case_api.record_acts import is_colleague
from sync.casework.describe_case import level_name
from sync.messages import N_
from sync.records.clock import minute_text
from sync.web.accounts import Accounts
from sync.web.frame import HERE, Hop

DECISION = N_("Decision")
STEPS = (N_("Receipt"), N_("Acceptance"), N_("Examination"), DECISION, N_("Completion"), N_("Delivery"))
# Which step is being worked on; a case that left the road (撤回, 退件 …) has no place on it.
_WORKED_ON: Mapping[str, int] = {
    **dict.fromkeys(("received", "supplement_before"), 2),
    **dict.fromkeys(("accepted", "tolerance", "in_review", "special", "supplement"), 3),
    **dict.fromkeys(("approved", "denied"), 5),
    "completed": 6,
    **dict.fromkeys(("delivered", "reviewed", "archived"), len(STEPS) + 1),
}
_LOOKS: Mapping[str, str] = {
    **dict.fromkeys(("received", "accepted", "in_review", "special"), "running"),
    **dict.fromkeys(("supplement_before", "supplement", "tolerance"), "waiting"),
    **dict.fromkeys(("approved", "completed", "delivered", "reviewed", "archived"), "done"),
    **dict.fromkeys(("denied", "rejected", "returned", "terminated"), "bad"),
}
# What a list may be narrowed to, in the order of the day's work.
LISTED_STATES = (
    "received",
    "supplement_before",
    "tolerance",
    "accepted",
    "in_review",
    "special",
    "supplement",
    "approved",
    "denied",
    "completed",
    "delivered",
    "reviewed",
    "archived",
    "rejected",
    "withdrawn",
    "returned",
    "terminated",
)


def step_of(state: str) -> int:
    """Which of `STEPS` is being worked on, from 1; beyond the last when all are done, 0 when the case left the road."""
    return _WORKED_ON.get(state, 0)


def look_of(state: str) -> str:
    """How a state's tag looks: running, waiting, done, bad or plain."""
    return _LOOKS.get(state, "plain")


def moment(text: str | None) -> str:
    """An event's time as people read it, 2025-07-31 15:04; "" for none."""
    return minute_text(text or "")


def hops_of(custody: Mapping[str, Any], *, own_sid: str, received_at: str = "") -> list[Hop]:
    """The custody line, from what `trace_custody` told.

    received_at  when our own disk had it, where it was taken here; "" otherwise
    """
    return [
        Hop(
            HERE if one["sid"] == own_sid else one["level_name"],
            one["state"] != "none",
            moment(one["since"] or (received_at if one["sid"] == own_sid else "")),
            (one["materials_held"], one["materials"]),
        )
        for one in custody["hops"]
    ]


def arrival(custody: Mapping[str, Any], *, own_level: str) -> dict[str, Any]:
    """The highest hop reached, for a list: {"sign": icon, "words"}."""
    here = custody["reached"] == own_level
    place = HERE if here else level_name(custody["reached"])
    hop = Hop(place, True, blobs=(custody["materials_held"], custody["materials"]))
    return {"sign": "device" if here else "cloud", "words": hop.sentence}


def colleagues(accounts: Accounts, own: str) -> tuple[tuple[str, str], ...]:
    """(account, what he is called) of those who work with citizens here, beside whoever asks."""
    return tuple((one.name, one.display_name) for one in accounts.all() if one.name != own and is_colleague(one))
