"""How each station stands, of all of them at one look: in use, revoked, silent, with a backlog.

However many stations there are, each table is read once; a centre of five thousand is asked this by every page and by
whoever watches its numbers.

Must not know: how it is shown, what else is known of a station.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from sync.casework.hear_stations import Backlog, backlogs
from sync.node.road.hearing import heard_at
from sync.store.ledger.certificates import all_certificates
from sync.store.ledger.stations import used_by_station
from sync.store.transaction import Reader
from sync.typed import Value

_DAY_MS = 24 * 3_600_000


class Way(StrEnum):
    """Ways to stand that somebody may look for."""

    SILENT = "silent"
    BEHIND = "behind"
    UNUSED = "unused"
    REVOKED = "revoked"


class Stand(Value):
    """How one station stands.

    writers   of its devices;  in_use, one of them holds;  revoked, it had some, and none does
    heard_ms  when it was heard last, by whatever way; None for never;  silent, not for too long
    backlog   what it has sealed and the centre does not hold
    """

    writers: tuple[str, ...]
    in_use: bool
    revoked: bool
    heard_ms: int | None
    silent: bool
    backlog: Backlog

    @property
    def is_behind(self) -> bool:
        """Whether the centre lacks anything of it."""
        return bool(self.backlog.events or self.backlog.photos)

    def stands(self, way: str) -> bool:
        """Whether it stands in a way of `Way`; "" for any."""
        answers = {
            "": True,
            Way.SILENT: self.silent,
            Way.BEHIND: self.is_behind,
            Way.UNUSED: not self.writers,
            Way.REVOKED: self.revoked,
        }
        return answers[way]


def stands_of(reader: Reader, sids: Iterable[str], *, now_ms: int, silent_days: int) -> dict[str, Stand]:
    """{sid: how it stands} of registered stations.

    silent_days  one in use that was not heard for so long is silent
    """
    devices: dict[str, dict[str, bool]] = {sid: {} for sid in sids}
    for known in all_certificates(reader):
        if known.sid in devices:
            devices[known.sid][known.writer] = not known.revoked
    heard, used, lacking = heard_at(reader, devices), used_by_station(reader), backlogs(reader)
    since_ms = now_ms - silent_days * _DAY_MS
    return {sid: _stand(own, _latest(heard.get(sid), used.get(sid)), lacking, since_ms) for sid, own in devices.items()}


def _stand(holds: Mapping[str, bool], heard_ms: int | None, lacking: Mapping[str, Backlog], since_ms: int) -> Stand:
    in_use = any(holds.values())
    return Stand(
        writers=tuple(holds),
        in_use=in_use,
        revoked=bool(holds) and not in_use,
        heard_ms=heard_ms,
        silent=in_use and (heard_ms is None or heard_ms < since_ms),
        backlog=Backlog.of(holds, lacking),
    )


def _latest(*times: int | None) -> int | None:
    """That a device asked to be certified was heard, too, by whatever way it came."""
    return max(filter(None, times), default=None)
