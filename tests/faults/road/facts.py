"""What a node has on its disk, read beside the running process, or after it was killed: the facts.

Must not know: what screens say, who wrote it.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.custody.materials import materials_of
from sync.store.connection import FILE_NAME

Happened = tuple[str, str, str, str]  # level, who, type, note
_BUSY_SECONDS = 5


class Unreadable(Exception):
    """The directory is being exchanged, or is not there yet."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case on a disk: what happened, in whatever leaf it stands, and the roots of its photos by who named them."""

    happened: frozenset[Happened]
    photos: dict[str, frozenset[str]]  # {level of the event: roots}


class Facts:
    """One snapshot of a node's disk."""

    def __init__(self, connection: sqlite3.Connection, sid: str) -> None:
        self._connection = connection
        self._sid = sid

    def case_ids(self) -> frozenset[str]:
        """The cases of the station that stand here."""
        rows = self._rows("SELECT id FROM documents JOIN databases USING (database) WHERE name = ?", self._records)
        return frozenset(doc_id for (doc_id,) in rows if doc_id.startswith("case:"))

    def case(self, case_id: str) -> Case:
        """One case; with nothing in it when there is none."""
        happened, photos = set(), dict[str, set[str]]()
        for event in self._events(case_id):
            happened.add(_happened(event))
            photos.setdefault(event["level"], set()).update(materials_of(event["set"]))
        return Case(frozenset(happened), {level: frozenset(roots) for level, roots in photos.items()})

    def everything(self) -> frozenset[tuple[str, Happened]]:
        """(case, what happened) of the whole station."""
        return frozenset((case_id, one) for case_id in self.case_ids() for one in self.case(case_id).happened)

    def photos(self, case_id: str) -> list[str]:
        """The roots of a case's photos, each as often as an event names it."""
        return [root for event in self._events(case_id) for root in materials_of(event["set"])]

    def whole_photos(self) -> frozenset[str]:
        """The roots of the photos of the whole station that are here to the last chunk."""
        roots = {root for case_id in self.case_ids() for root in self.photos(case_id)}
        return frozenset(root for root in roots if self.whole(root))

    def whole(self, root: str) -> bool:
        """Whether the list of a photo's chunks is here, and every one of them."""
        found = self._body(f"blob:{root}")
        return found is not None and all(self._body(f"chunk:{digest}") is not None for digest in found["chunks"])

    def life(self) -> str:
        """The life that is lived in this directory."""
        return str(self._rows("SELECT life FROM lives ORDER BY ordinal DESC LIMIT 1")[0][0])

    def life_reasons(self) -> list[str]:
        """Why each life began, oldest first."""
        return [reason for (reason,) in self._rows("SELECT reason FROM lives ORDER BY ordinal")]

    def device(self) -> str:
        """The device code of the present life; "" for none."""
        rows = self._rows("SELECT device FROM device_codes WHERE life = ? ORDER BY position DESC", self.life())
        return str(rows[0][0]) if rows else ""

    def writer(self) -> str:
        """The id of the key."""
        return str(self._rows("SELECT writer FROM node_key")[0][0])

    def is_certified(self) -> bool:
        """Whether the centre's certificate for the key is here."""
        return bool(self._rows("SELECT 1 FROM certificates JOIN node_key USING (writer)"))

    def lives_heard_of(self, signer: str) -> frozenset[str]:
        """The lives whose receipts are the newest kept of a signer."""
        rows = self._rows("SELECT payload FROM statements WHERE kind = 'receipt' AND signer = ?", signer)
        return frozenset(json.loads(payload)["life"] for (payload,) in rows)

    def has_heard(self, life: str) -> bool:
        """Whether a node in this life has called here."""
        return bool(self._rows("SELECT 1 FROM heard_requests WHERE life = ?", life))

    def alarms(self) -> list[str]:
        """The kinds of the alarms that were raised."""
        return [kind for (kind,) in self._rows("SELECT kind FROM alarms ORDER BY alarm")]

    @property
    def _records(self) -> str:
        return f"station_{self._sid}"

    def _events(self, case_id: str) -> Iterator[dict[str, Any]]:
        rows = self._rows(
            "SELECT body FROM revisions JOIN documents USING (document) JOIN databases USING (database) "
            "WHERE name = ? AND id = ? AND NOT revisions.deleted",
            self._records,
            case_id,
        )
        # A replaced body may lie there still: an event counts once, in however many revisions it stands.
        events = (event for (body,) in rows for event in json.loads(body).get("events", ()))
        yield from {json.dumps(one, sort_keys=True): one for one in events}.values()

    def _body(self, doc_id: str) -> Any:
        rows = self._rows(
            "SELECT body FROM revisions JOIN documents USING (document) JOIN databases USING (database) "
            "WHERE name = ? AND id = ?",
            f"blobs_{self._sid}",
            doc_id,
        )
        return json.loads(rows[0][0]) if rows else None

    def _rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise Unreadable(str(error)) from error


@contextmanager
def facts_of(place: Path, sid: str) -> Iterator[Facts]:
    """A snapshot of a node's disk, given its directory or a backup of it; raises Unreadable."""
    path = place if place.is_file() else place / FILE_NAME
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
    except sqlite3.Error as error:
        raise Unreadable(str(error)) from error
    try:
        connection.isolation_level = None
        connection.execute("BEGIN")
        yield Facts(connection, sid)
    except sqlite3.Error as error:
        raise Unreadable(str(error)) from error
    finally:
        connection.close()


def _happened(event: dict[str, Any]) -> Happened:
    return event["level"], event["by"].removeprefix("acct:"), event["type"], event.get("note", "")
