"""The settings of a centre, and the only place here that reads the environment.

Must not know: what is done with them.
"""

import os
from collections.abc import Mapping

from sync.node.budgets import Budgets, budgets_in_mb
from sync.outbox.address import CouchAddress, couch_address
from sync.store.key_folder import KeyFolder, key_folder
from sync.typed import Value, without
from sync.values.settings import Setting, read_settings
from sync.web.limits import Rates

PREFIX = "YIZHAN_"

SETTINGS = (
    Setting("host", "127.0.0.1", "Address to listen on. Other machines are answered over TLS only."),
    Setting("port", 8700, "Port to listen on."),
    Setting("certificate", "", "PEM file with the certificate browsers are shown; none: they are served here alone."),
    Setting("certificate_key", "", "PEM file with its private key; none: it stands in the same file."),
    Setting("allow_plain_http", False, "Answer other machines in the clear, too. Only on a network nobody else is on."),
    Setting("threads", 32, "Requests answered at once, waiting feeds not counted."),
    Setting("idle_minutes", 15, "A session nobody uses for so long ends."),
    Setting(
        "device_requests_per_second", 100, "What a session may ask of the API for long; a minute's at once; 0: any."
    ),
    Setting("stranger_requests_per_second", 20, "Likewise one address, of those who are not signed in."),
    Setting("silent_days", 3, "A station not heard for so many days is shown in red."),
    Setting("spare_disk_mb", 1024, "What is to be free on the disk, in MB; below it photos are given up step by step."),
    Setting("largest_store_mb", 0, "What the node's file may grow to, in MB, before photos are given up; 0: any size."),
    Setting("station_records_mb", 1024, "What the records of one station may come to, in MB; 0: any amount."),
    Setting("station_photos_mb", 20480, "What the photos of one station may come to, in MB; 0: any amount."),
    Setting("backup_directory", "", "Where the centre backs itself up every night, on another disk; none: not at all."),
    Setting("backup_hour", 2, "From which hour of the night on, by Beijing time."),
    Setting("backups_kept", 7, "So many backups are kept; the oldest goes when another was made."),
    Setting("backup_same_disk", False, "Count a backup on the data's own disk. Only where its storage is kept twice."),
    Setting("number_seconds", 60, "So often cases that arrived get their numbers (办件编号); 0: never."),
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
    threads: int
    idle_minutes: int
    device_requests_per_second: int
    stranger_requests_per_second: int
    silent_days: int
    spare_disk_mb: int
    largest_store_mb: int
    station_records_mb: int
    station_photos_mb: int
    backup_directory: str
    backup_hour: int
    backups_kept: int
    backup_same_disk: bool
    number_seconds: int
    metrics_token: str  # a secret
    couchdb_url: str  # a secret
    couchdb_prefix: str
    encrypt: bool
    key_directory: str

    def __repr__(self) -> str:
        return without(self, "metrics_token", "couchdb_url")

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
