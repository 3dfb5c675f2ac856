"""预警 for everybody: what holds and concerns this station stands above every page for people without an account.

Only what has a colour: 通知 are told to those who work here.

Must not know: how alerts come here.
"""

import logging
from typing import Any

from edge_node.station import station_of_app
from sync.casework.list_alerts import alerts_here
from sync.errors import SyncError

_FOR_STAFF = "notice"
_log = logging.getLogger(__name__)


def warnings() -> dict[str, Any]:
    """For a page: {"warnings": those in force, the worst first}; a page is drawn whatever is wrong with it."""
    try:
        here = alerts_here(station_of_app().node)
    except SyncError as error:
        _log.warning("the warnings are left out: %s", type(error).__name__)
        return {}
    return {"warnings": [one for one in here if one["severity"] != _FOR_STAFF]}
