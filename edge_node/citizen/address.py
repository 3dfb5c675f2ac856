"""Where a citizen's telephone leads, as slips say it.

Must not know: slips.
"""

from flask import url_for

from edge_node.station import Station


def progress_page(station: Station, receipt_number: str) -> str:
    """Where it asks how a case stands, "" where none reaches us. The number stands behind #: no server is sent it."""
    base = station.settings.citizen_url.rstrip("/")
    return f"{base}{url_for('citizen.progress')}#{receipt_number}" if base else ""
