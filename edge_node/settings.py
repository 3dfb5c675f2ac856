"""The settings of a station: its own, and those that every node has.

Must not know: what is done with them.
"""

from collections.abc import Mapping

from edge_node.quiet_hours import Window, read_windows
from sync.values.settings import CENTURY_DAYS, DAY_SECONDS, MOST_MB, Setting
from sync.web.node_settings import COMMON, LAST_PORT, MOST_THREADS, NodeSettings, read_as

# Less takes no application at all: the smallest photo a camera makes, and a form that is filled.
_LEAST_TAKEN_BYTES = 64 << 10

SETTINGS = (
    *COMMON,
    Setting("port", 8800, "Port to listen on.", least=0, most=LAST_PORT),
    Setting(
        "allow_plain_upstream", False, "Reach another machine by http://, too. Only on a network nobody else is on."
    ),
    Setting("threads", 24, "Requests answered at once, waiting feeds not counted.", least=1, most=MOST_THREADS),
    Setting(
        "sync_interval_seconds",
        30,
        "From one exchange with the upstream to the next, while nothing happens.",
        least=1,
        most=DAY_SECONDS,
    ),
    Setting(
        "told_after_seconds",
        3,
        "From a new record to the exchange that tells it; 0: it waits for the interval.",
        most=DAY_SECONDS,
    ),
    Setting(
        "longest_wait_seconds", 60, "From one probe of a dead link to the next, at the most.", least=1, most=DAY_SECONDS
    ),
    Setting("quiet_hours", "", "Windows of the day in which photos wait, as `08:30-11:30,18:00-20:00`; records go."),
    Setting(
        "blob_budget_mb",
        0,
        "What photos may send in a calendar month, in MB of 1,048,576 bytes; 0: any number.",
        most=MOST_MB,
    ),
    Setting(
        "link_timeout_seconds",
        60,
        "How long one request may be silent before the link counts as broken.",
        least=1,
        most=DAY_SECONDS,
    ),
    Setting(
        "largest_application_bytes",
        24 << 20,
        "The largest application taken, photos included, as they come.",
        least=_LEAST_TAKEN_BYTES,
    ),
    Setting("largest_photo_bytes", 12 << 20, "The largest single photo taken, as it comes.", least=_LEAST_TAKEN_BYTES),
    Setting("photo_fit_bytes", 300 << 10, "Larger photos are made about so small before they are filed; 0: never."),
    Setting("originals_bytes", 256 << 20, "Room for what such photos were before, until the centre has them; 0: none."),
    Setting("drafts_bytes", 256 << 20, "Room for the photos of drafts (暂存) of all accounts."),
    Setting("draft_days", 30, "A draft nobody has touched for so many days is forgotten; 0: never.", most=CENTURY_DAYS),
    Setting(
        "let_go_days",
        180,
        "Photos of cases closed for so many days leave this disk once they are in the centre's backup; 0: never.",
        most=CENTURY_DAYS,
    ),
    Setting(
        "on_file_days",
        366,
        "Papers of an earlier case stand for new ones for so many days; 0: never.",
        most=CENTURY_DAYS,
    ),
    Setting(
        "kiosk_idle_seconds",
        120,
        "A kiosk nobody touches for so long asks, and a minute later goes home.",
        least=10,
        most=DAY_SECONDS,
    ),
    Setting(
        "citizen_url", "", "Where phones in the hall reach us, as `https://192.168.1.20:8800`; none: not on the slip."
    ),
    Setting(
        "id_reader_url",
        "",
        "The program of the ID card reader on this machine, as http://127.0.0.1:PORT/card; none: none.",
    ),
    Setting("id_reader_mapping", "", "A JSON file with the names that program uses; none: those of the how-to."),
    Setting("id_reader_seconds", 6, "How long it may take to read a card.", least=1, most=DAY_SECONDS),
)


class Settings(NodeSettings):
    """The values in force."""

    allow_plain_upstream: bool
    sync_interval_seconds: int
    told_after_seconds: int
    longest_wait_seconds: int
    quiet_hours: str
    blob_budget_mb: int
    link_timeout_seconds: int
    largest_application_bytes: int
    largest_photo_bytes: int
    photo_fit_bytes: int
    originals_bytes: int
    drafts_bytes: int
    draft_days: int
    let_go_days: int
    on_file_days: int
    kiosk_idle_seconds: int
    citizen_url: str
    id_reader_url: str
    id_reader_mapping: str
    id_reader_seconds: int

    def quiet_windows(self) -> tuple[Window, ...]:
        """When photos wait. Raises BadRequest on hours that are none."""
        return read_windows(self.quiet_hours)


def read(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Settings from the environment (or a mapping in its place); what is given by name and not None goes first."""
    return read_as(Settings, SETTINGS, environment, given)
