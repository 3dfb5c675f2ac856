"""Why photos wait at a station that spares its link, in words; for whoever asks a running node, too.

Must not know: how it is counted.
"""

from collections.abc import Mapping
from typing import Any

from edge_node.messages import _


def why_held(standing: Mapping[str, Any]) -> str:
    """Why photos wait, of what `PhotoMeter.standing` says; "" while they go."""
    if standing["used_up"]:
        return _("the budget is used up, photos wait for the next month or a sync by hand")
    return _("these are quiet hours, photos go up later") if standing["quiet"] else ""
