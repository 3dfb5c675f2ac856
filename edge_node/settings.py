"""The settings of a station, and the only place here that reads the environment.

Must not know: what is done with them.
"""

import os
from collections.abc import Mapping

from edge_node.quiet_hours import Window, read_windows
from sync.node.budgets import Budgets, budgets_in_mb
from sync.outbox.address import CouchAddress, couch_address
from sync.store.key_folder import KeyFolder, key_folder
from sync.typed import Value, without
from sync.values.settings import Setting, read_settings
from sync.web.limits import Rates

PREFIX = "YIZHAN_"

SETTINGS = (
    Setting("host", "127.0.0.1", "Address to listen on. Other machines are answered over TLS only."),
    Setting("port", 8800, "Port to listen on."),
    Setting("certificate", "", "PEM file with the certificate browsers are shown; none: they are served here alone."),
    Setting("certificate_key", "", "PEM file with its private key; none: it stands in the same file."),
    Setting("allow_plain_http", False, "Answer other machines in the clear, too. Only on a network nobody else is on."),
    Setting(
        "allow_plain_upstream", False, "Reach another machine by http://, too. Only on a network nobody else is on."
    ),
    Setting("threads", 24, "Requests answered at once, waiting feeds not counted."),
    Setting("sync_interval_seconds", 30, "From one exchange with the upstream to the next, while nothing happens."),
    Setting("told_after_seconds", 3, "From a new record to the exchange that tells it; 0: it waits for the interval."),
    Setting("longest_wait_seconds", 60, "From one probe of a dead link to the next, at the most."),
    Setting("quiet_hours", "", "Windows of the day in which photos wait, as `08:30-11:30,18:00-20:00`; records go."),
    Setting("blob_budget_mb", 0, "What photos may send in a calendar month, in MB of 1,048,576 bytes; 0: any number."),
    Setting("link_timeout_seconds", 60, "How long one request may be silent before the link counts as broken."),
    Setting("idle_minutes", 15, "A session nobody uses for so long ends."),
    Setting(
        "device_requests_per_second", 100, "What a session may ask of the API for long; a minute's at once; 0: any."
    ),
    Setting("stranger_requests_per_second", 20, "Likewise one address, of those who are not signed in."),
    Setting("spare_disk_mb", 1024, "What is to be free on the disk, in MB; below it photos are given up step by step."),
    Setting("largest_store_mb", 0, "What the node's file may grow to, in MB, before photos are given up; 0: any size."),
    Setting("station_records_mb", 1024, "What the records of one station may come to, in MB; 0: any amount."),
    Setting("station_photos_mb", 20480, "What the photos of one station may come to, in MB; 0: any amount."),
    Setting("largest_application_bytes", 24 << 20, "The largest application taken, photos included, as they come."),
    Setting("largest_photo_bytes", 12 << 20, "The largest single photo taken, as it comes."),
    Setting("photo_fit_bytes", 300 << 10, "Larger photos are made about so small before they are filed; 0: never."),
    Setting("originals_bytes", 256 << 20, "Room for what such photos were before, until the centre has them; 0: none."),
    Setting("drafts_bytes", 256 << 20, "Room for the photos of drafts (暂存) of all accounts."),
    Setting("draft_days", 30, "A draft nobody has touched for so many days is forgotten; 0: never."),
    Setting(
        "let_go_days",
        180,
        "Photos of cases closed for so many days leave this disk once they are in the centre's backup; 0: never.",
    ),
    Setting("on_file_days", 366, "Papers of an earlier case stand for new ones for so many days; 0: never."),
    Setting("kiosk_idle_seconds", 120, "A kiosk nobody touches for so long asks, and a minute later goes home."),
    Setting(
        "citizen_url", "", "Where phones in the hall reach us, as `https://192.168.1.20:8800`; none: not on the slip."
    ),
    Setting(
        "id_reader_url",
        "",
        "The program of the ID card reader on this machine, as http://127.0.0.1:PORT/card; none: none.",
    ),
    Setting("id_reader_mapping", "", "A JSON file with the names that program uses; none: those of the how-to."),
    Setting("id_reader_seconds", 6, "How long it may take to read a card."),
    Setting("metrics_token", "", "Whoever brings it may read /metrics from another machine; none: nobody may."),
    Setting("couchdb_url", "", "The CouchDB that keeps the documents, with account and password; none: the directory."),
    Setting("couchdb_prefix", "", "Before every database's name there, so that several nodes may share one CouchDB."),
    Setting("encrypt", True, "Encrypt the data directory that `init` makes; one that is there stays as it is."),
    Setting("key_directory", "", "Where keys of encrypted directories are kept; none: in the user's configuration."),
)


class Settings(Value):
    """The values in force."""

    host: str
    port: int
    certificate: str
    certificate_key: str
    allow_plain_http: bool
    allow_plain_upstream: bool
    threads: int
    sync_interval_seconds: int
    told_after_seconds: int
    longest_wait_seconds: int
    quiet_hours: str
    blob_budget_mb: int
    link_timeout_seconds: int
    idle_minutes: int
    device_requests_per_second: int
    stranger_requests_per_second: int
    largest_application_bytes: int
    largest_photo_bytes: int
    spare_disk_mb: int
    largest_store_mb: int
    station_records_mb: int
    station_photos_mb: int
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
    metrics_token: str  # a secret
    couchdb_url: str  # a secret
    couchdb_prefix: str
    encrypt: bool
    key_directory: str

    def __repr__(self) -> str:
        return without(self, "metrics_token", "couchdb_url")

    def quiet_windows(self) -> tuple[Window, ...]:
        """When photos wait. Raises BadRequest on hours that are none."""
        return read_windows(self.quiet_hours)

    def rates(self) -> Rates:
        """How often the API may be asked."""
        return Rates(self.device_requests_per_second, self.stranger_requests_per_second)

    def budgets(self) -> Budgets:
        """What the node may keep."""
        return budgets_in_mb(
            self.spare_disk_mb, self.largest_store_mb, documents=self.station_records_mb, blobs=self.station_photos_mb
        )

    def couch(self) -> CouchAddress | None:
        """Where the documents are; None for the data directory. Raises BadRequest on a URL that is none."""
        return couch_address(self.couchdb_url, self.couchdb_prefix)

    def keys(self) -> KeyFolder:
        """Where the keys of encrypted data directories are."""
        return key_folder(self.key_directory, os.environ)

    def key_for_new(self) -> KeyFolder | None:
        """Where the key of a directory that is to be made is put; None when it is not to be encrypted."""
        return self.keys() if self.encrypt else None


def read(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Settings from the environment (or a mapping in its place); what is given by name and not None goes first."""
    values = read_settings(SETTINGS, os.environ if environment is None else environment, prefix=PREFIX)
    values.update({name: value for name, value in given.items() if value is not None})  # type: ignore[misc]
    return Settings(**values)  # type: ignore[arg-type]
