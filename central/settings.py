"""The settings of a centre: its own, and those that every node has.

Must not know: what is done with them.
"""

from collections.abc import Mapping

from sync.values.settings import CENTURY_DAYS, DAY_SECONDS, Setting
from sync.web.node_settings import COMMON, LAST_PORT, MOST_THREADS, NodeSettings, read_as

SETTINGS = (
    *COMMON,
    Setting("port", 8700, "Port to listen on.", least=0, most=LAST_PORT),
    Setting("threads", 32, "Requests answered at once, waiting feeds not counted.", least=1, most=MOST_THREADS),
    Setting("silent_days", 3, "A station not heard for so many days is shown in red.", least=1, most=CENTURY_DAYS),
    Setting("backup_directory", "", "Where the centre backs itself up every night, on another disk; none: not at all."),
    Setting("backup_hour", 2, "From which hour of the night on, by Beijing time.", least=0, most=23),
    Setting("backups_kept", 7, "So many backups are kept; the oldest goes when another was made.", least=1),
    Setting("backup_same_disk", False, "Count a backup on the data's own disk. Only where its storage is kept twice."),
    Setting(
        "number_seconds",
        60,
        "So often cases that arrived get their numbers (办件编号); 0: never.",
        most=DAY_SECONDS,
    ),
)


class Settings(NodeSettings):
    """The values in force."""

    silent_days: int
    backup_directory: str
    backup_hour: int
    backups_kept: int
    backup_same_disk: bool
    number_seconds: int


def read(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Settings from the environment (or a mapping in its place); what is given by name and not None goes first."""
    return read_as(Settings, SETTINGS, environment, given)
