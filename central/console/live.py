"""The bar above every page of the console: how the stations stand, in numbers.

Must not know: how it is found out, who is sent it.
"""

from collections.abc import Hashable

from central.centre import Centre
from central.fan_in.stations import count_stations
from central.messages import _
from central.services.read_centre import read_centre
from sync.casework.count_attention import attention_text, count_attention
from sync.store.ledger.contacts import all_contacts
from sync.store.ledger.custody import last_arrival
from sync.store.transaction import Reader
from sync.store.wakes import ANYTHING
from sync.web.live import Live, Sign

_MINUTE_MS = 60_000


def look(centre: Centre) -> Live:
    """How the stations stand, in the words of the pages."""
    stations = count_stations(centre.node, silent_days=centre.settings.silent_days)
    status = read_centre(centre.node, centre.room, stations)
    return Live(
        signs=(
            Sign("cases", "cloud", _("%(cases)s cases at the centre", cases=status["cases"])),
            Sign("enrolled", "station", _("%(stations)s stations", stations=stations["enrolled"])),
        ),
        line=_line(stations["behind"]),
        trouble=_("%(stations)s stations silent", stations=stations["silent"]) if stations["silent"] else "",
        badge=attention_text(status["alarms"] + status["set_aside"]),
        texts={f"centre.{name}": str(count) for name, count in {**stations, "cases": status["cases"]}.items()},
        more={"stations": stations, "cases": status["cases"]},
    )


def changed(centre: Centre) -> Hashable:
    """Another value whenever `look` may say something else; a station falls silent by nothing but time."""
    node = centre.node

    def work(reader: Reader) -> tuple[Hashable, ...]:
        return last_arrival(reader), hash(all_contacts(reader)), count_attention(reader)

    return node.documents.wakes.count(ANYTHING), node.clock() // _MINUTE_MS, node.engine.read(work)


def _line(behind: int) -> str:
    return (
        _("The data of %(stations)s stations is not here in full", stations=behind)
        if behind
        else _("All that the stations have signed is here")
    )
