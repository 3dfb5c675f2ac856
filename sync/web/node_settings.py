"""The settings that every node has, and where they come from; each kind of node lists its own beside them.

Must not know: stations, centres, what is done with a setting.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sync.node.budgets import Budgets, budgets_in_mb
from sync.outbox.address import CouchAddress, couch_address
from sync.store.key_folder import KeyFolder, key_folder
from sync.typed import Value, without
from sync.values.settings import MOST_MB, Setting, read_settings
from sync.web.limits import Rates

# Each takes memory; more of them only wait for each other.
MOST_THREADS = 1_000
PREFIX = "YIZHAN_"
LAST_PORT = 65_535
_YEAR_MINUTES = 366 * 24 * 60

COMMON = (
    Setting("host", "127.0.0.1", "Address to listen on. Other machines are answered over TLS only."),
    Setting("certificate", "", "PEM file with the certificate browsers are shown; none: they are served here alone."),
    Setting("certificate_key", "", "PEM file with its private key; none: it stands in the same file."),
    Setting("allow_plain_http", False, "Answer other machines in the clear, too. Only on a network nobody else is on."),
    Setting("idle_minutes", 15, "A session nobody uses for so long ends.", least=1, most=_YEAR_MINUTES),
    Setting(
        "device_requests_per_second", 100, "What a session may ask of the API for long; a minute's at once; 0: any."
    ),
    Setting("stranger_requests_per_second", 20, "Likewise one address, of those who are not signed in."),
    Setting(
        "spare_disk_mb",
        1024,
        "What is to be free on the disk, in MB; below it photos are given up step by step.",
        most=MOST_MB,
    ),
    Setting(
        "largest_store_mb",
        0,
        "What the node's file may grow to, in MB, before photos are given up; 0: any size.",
        most=MOST_MB,
    ),
    Setting(
        "station_records_mb", 1024, "What the records of one station may come to, in MB; 0: any amount.", most=MOST_MB
    ),
    Setting(
        "station_photos_mb", 20480, "What the photos of one station may come to, in MB; 0: any amount.", most=MOST_MB
    ),
    Setting("metrics_token", "", "Whoever brings it may read /metrics from another machine; none: nobody may."),
    Setting("couchdb_url", "", "The CouchDB that keeps the documents, with account and password; none: the directory."),
    Setting("couchdb_prefix", "", "Before every database's name there, so that several nodes may share one CouchDB."),
    Setting("encrypt", True, "Encrypt the data directory that `init` makes; one that is there stays as it is."),
    Setting("key_directory", "", "Where keys of encrypted directories are kept; none: in the user's configuration."),
    Setting("page_directory", "", "Where pages are kept once they are compiled; none: in the data directory."),
)


class NodeSettings(Value):
    """The values in force, of `COMMON` and of what every node lists with a default of its own: port and threads."""

    host: str
    port: int
    certificate: str
    certificate_key: str
    allow_plain_http: bool
    threads: int
    idle_minutes: int
    device_requests_per_second: int
    stranger_requests_per_second: int
    spare_disk_mb: int
    largest_store_mb: int
    station_records_mb: int
    station_photos_mb: int
    metrics_token: str  # a secret
    couchdb_url: str  # a secret
    couchdb_prefix: str
    encrypt: bool
    key_directory: str
    page_directory: str

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

    def pages_in(self, data: Path) -> Path:
        """Where compiled pages are kept, of a node with this data directory."""
        return Path(self.page_directory) if self.page_directory else data / "pages"

    def key_for_new(self) -> KeyFolder | None:
        """Where the key of a directory that is to be made is put; None when it is not to be encrypted."""
        return self.keys() if self.encrypt else None


def read_common(environment: Mapping[str, str] | None = None) -> NodeSettings:
    """What every node has, for commands that belong to no application and serve nothing. Raises as `read_as` does."""
    return read_as(NodeSettings, COMMON, environment, {"port": 0, "threads": 0})


N = TypeVar("N", bound=NodeSettings)


def read_as(
    kind: type[N], settings: Iterable[Setting], environment: Mapping[str, str] | None, given: Mapping[str, object]
) -> N:
    """The values of one kind of node, from the environment or from a mapping in its place.

    given   what goes before all else, where it is not None
    raises  BadRequest naming the variable, when its text is not of the default's type or out of bounds
    """
    values: dict[str, Any] = {}
    values |= read_settings(settings, os.environ if environment is None else environment, prefix=PREFIX)
    values |= {name: value for name, value in given.items() if value is not None}
    return kind(**values)
