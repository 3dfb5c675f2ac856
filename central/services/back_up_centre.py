"""The centre backs itself up, at night, to where the operator said; what is in the backup is `safe` from then on.

A night that was missed, because the machine was off or the disk was not there, is made up for as soon as it can be.

Must not know: who calls it, how often.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from central.messages import _
from sync.casework.read_status import ago
from sync.errors import Damaged, Forbidden, NotFound, StorageError, SyncError
from sync.node.node import Node
from sync.node.vouching.lost_photos import look_through
from sync.node.vouching.safety import (
    is_of_this_life,
    look_after_backup,
    newest_backup,
    note_trouble,
    sign_safe,
    trouble_of,
)
from sync.records.clock import beijing, time_text
from sync.store.backup import back_up, is_on_another_disk
from sync.store.transaction import Reader

_HOUR_MS = 3_600_000
_ONE_A_NIGHT_MS = 12 * _HOUR_MS
_MISSED_MS = 30 * _HOUR_MS
_NAME = "yizhan-centre-"
_ENDING = ".sqlite"


def back_up_when_due(node: Node, directory: str, *, hour: int, keep: int, trust_same_disk: bool) -> Path | None:
    """Look after the newest backup, and make another when it is time; returns it, or None when it was not.

    directory  where backups are put; "" where the operator makes them himself
    hour       of the night, in Beijing, from which on it is time
    keep       how many are kept
    raises     SyncError when it did not come to be; that is noted, and changes nothing else
    """
    stands = look_after_backup(node, trust_same_disk=trust_same_disk)
    if not directory or not (is_due(node, hour=hour) or not stands):
        return None
    try:
        made = _back_up(node, Path(directory), trust_same_disk=trust_same_disk)
    except SyncError as error:
        note_trouble(node, _("The backup was not made: %(reason)s", reason=error.reason))
        if isinstance(error, Damaged):
            look_through(node)  # what it stopped at may be a photo, which others have; then the next one goes through
        raise
    except OSError as error:
        note_trouble(node, _("The backup was not made: %(reason)s", reason=error.strerror))
        raise StorageError(f"the backup's disk refused: {error.strerror}") from error
    _forget_old(Path(directory), keep=keep, newest=made)
    return made


def is_due(node: Node, *, hour: int) -> bool:
    """Whether it is night and none was made in it, or a night was missed."""
    now_ms = node.clock()

    def work(reader: Reader) -> bool:
        known = newest_backup(reader)
        if known is None or not is_of_this_life(reader, known):
            return True
        age_ms = now_ms - known.at_ms
        is_night = beijing(now_ms).hour == hour
        # A clock that was put back makes the last one look as if it were still to come.
        return age_ms < 0 or age_ms >= _MISSED_MS or (is_night and age_ms >= _ONE_A_NIGHT_MS)

    return node.read(work)


def read_backup(node: Node) -> dict[str, Any]:
    """{"at", "text", "file", "trouble"}: when the newest backup was made, what it is called, and what is wrong."""

    def work(reader: Reader) -> dict[str, Any]:
        known = newest_backup(reader)
        return {
            "at": None if known is None else time_text(known.at_ms),
            "text": ago(None if known is None else known.at_ms, node.clock()),
            "file": "" if known is None else Path(known.file).name,
            "trouble": trouble_of(reader),
        }

    return node.read(work)


def _back_up(node: Node, directory: Path, *, trust_same_disk: bool) -> Path:
    if not directory.is_dir():
        raise NotFound(
            _("The directory %(directory)s for backups is not there, connect the backup disk", directory=directory)
        )
    # Where a disk was pulled out its place is left, on the system's own disk, which must not fill up with backups.
    if not (trust_same_disk or is_on_another_disk(node.engine.directory, directory)):
        raise Forbidden(
            _(
                "The directory %(directory)s for backups is on the same disk as the data, connect the backup disk",
                directory=directory,
            )
        )
    stamp = beijing(node.clock()).strftime("%Y%m%d-%H%M%S")
    target = directory / f"{_NAME}{stamp}{_ENDING}"
    back_up(node.engine.directory, target, keys=node.keys)
    sign_safe(node, target, trust_same_disk=trust_same_disk)
    return target


def _forget_old(directory: Path, *, keep: int, newest: Path) -> None:
    """Remove all but some of the backups made here; other files there are nobody's business."""
    others = sorted((path for path in directory.glob(f"{_NAME}*{_ENDING}") if path != newest), reverse=True)
    for path in others[max(keep - 1, 0) :]:
        with suppress(OSError):  # it goes next time
            path.unlink(missing_ok=True)
