"""Every route on one page: method, address, who answers, and who may ask.

Addresses are matched before they are decoded, so that `a%2Fb` is one segment, `%252F` is not a slash, and
an id may be any text. `<doc>`, `<db>` … are handed to the handler decoded.

source  CouchDB 3.3, API Reference

Must not know: Flask, what the handlers do.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any
from urllib.parse import unquote

from werkzeug.exceptions import NotFound as NoRule
from werkzeug.routing import Map

from sync.errors import NotAllowed, NotFound, NotOffered
from sync.http_api import (
    attachments,
    bulk,
    changes,
    conveying,
    database,
    document,
    finding,
    listing,
    local,
    purging,
    replication,
    server,
    sessions,
)
from sync.http_api.access import Who
from sync.http_api.not_offered import NOT_OFFERED
from sync.typed import Value
from sync.wire.names import DESIGN, LOCAL
from sync.wire.problems import IllegalDocId
from sync.wire.routing import Rule

# Of addresses as they come; what is made up beyond them is matched anew each time.
_MOST_SHAPES = 1024
_A_NAME = "x"
Handler = Callable[..., Any]


class WrongMethod(NotAllowed):
    """The address exists for other methods; `allowed` names them."""

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(f"Only {','.join(allowed)} allowed")
        self.allowed = tuple(allowed)


class Route(Value):
    """One line of the table.

    who  may ask, on the plain server; on a node all but ANYONE means whoever it admits
    """

    method: str
    rule: str
    handler: Handler
    who: Who


ANYONE, MEMBER, LISTER = Who.ANYONE, Who.MEMBER, Who.LISTER
DB_ADMIN, CARETAKER, SERVER_ADMIN = Who.DB_ADMIN, Who.CARETAKER, Who.SERVER_ADMIN

ROUTES: tuple[Route, ...] = (
    Route("GET", "/", server.welcome, ANYONE),
    Route("GET", "/_up", server.up, ANYONE),
    Route("GET", "/_session", sessions.show, ANYONE),
    Route("POST", "/_session", sessions.sign_in, ANYONE),
    Route("DELETE", "/_session", sessions.sign_out, ANYONE),
    Route("GET", "/_uuids", server.uuids, ANYONE),
    Route("GET", "/_all_dbs", server.all_dbs, SERVER_ADMIN),
    Route("GET", "/_dbs_info", server.dbs_info, SERVER_ADMIN),
    Route("POST", "/_dbs_info", server.dbs_info_of, SERVER_ADMIN),
    Route("GET", "/_active_tasks", server.active_tasks, SERVER_ADMIN),
    Route("POST", "/_replicate", replication.replicate, SERVER_ADMIN),
    Route("GET", "/_scheduler/jobs", replication.jobs, SERVER_ADMIN),
    Route("GET", "/_scheduler/jobs/<job>", replication.job, SERVER_ADMIN),
    Route("GET", "/_scheduler/docs", replication.default_docs, SERVER_ADMIN),
    Route("GET", "/_scheduler/docs/<replicator>", replication.docs, SERVER_ADMIN),
    Route("GET", "/_scheduler/docs/<replicator>/<doc>", replication.doc, SERVER_ADMIN),
    Route("GET", "/_scheduler/docs/<path:rest>", replication.plain_doc, SERVER_ADMIN),
    Route("GET", "/<db>", database.info, MEMBER),
    Route("PUT", "/<db>", database.create, SERVER_ADMIN),
    Route("DELETE", "/<db>", database.destroy, SERVER_ADMIN),
    Route("POST", "/<db>", document.add, MEMBER),
    Route("GET", "/<db>/_all_docs", listing.all_docs, LISTER),
    Route("POST", "/<db>/_all_docs", listing.all_docs, LISTER),
    Route("POST", "/<db>/_all_docs/queries", listing.all_docs_queries, LISTER),
    Route("GET", "/<db>/_design_docs", listing.design_docs, MEMBER),
    Route("POST", "/<db>/_design_docs", listing.design_docs, MEMBER),
    Route("POST", "/<db>/_design_docs/queries", listing.design_docs_queries, MEMBER),
    Route("GET", "/<db>/_local_docs", listing.local_docs, MEMBER),
    Route("POST", "/<db>/_local_docs", listing.local_docs, MEMBER),
    Route("POST", "/<db>/_local_docs/queries", listing.local_docs_queries, MEMBER),
    Route("POST", "/<db>/_find", finding.find, MEMBER),
    Route("POST", "/<db>/_explain", finding.explain, MEMBER),
    Route("GET", "/<db>/_index", finding.list_indexes, MEMBER),
    Route("POST", "/<db>/_index", finding.create_index, MEMBER),
    Route("POST", "/<db>/_index/_bulk_delete", finding.bulk_delete, MEMBER),
    Route("DELETE", "/<db>/_index/_design/<doc>/<kind>/<index>", finding.delete_index, MEMBER),
    Route("DELETE", "/<db>/_index/<doc>/<kind>/<index>", finding.delete_index, MEMBER),
    Route("GET", "/<db>/_changes", changes.changes, LISTER),
    Route("POST", "/<db>/_changes", changes.changes, LISTER),
    Route("POST", "/<db>/_bulk_docs", bulk.bulk_docs, MEMBER),
    Route("POST", "/<db>/_bulk_get", bulk.bulk_get, MEMBER),
    Route("POST", "/<db>/_revs_diff", bulk.revs_diff, MEMBER),
    Route("POST", "/<db>/_missing_revs", bulk.missing_revs, MEMBER),
    Route("POST", "/<db>/_exchange", conveying.exchange, LISTER),
    Route("POST", "/<db>/_ensure_full_commit", database.ensure_full_commit, MEMBER),
    Route("GET", "/<db>/_security", database.security, MEMBER),
    Route("PUT", "/<db>/_security", database.set_security, DB_ADMIN),
    Route("GET", "/<db>/_revs_limit", database.revs_limit, MEMBER),
    Route("PUT", "/<db>/_revs_limit", database.set_revs_limit, DB_ADMIN),
    Route("POST", "/<db>/_compact", database.compact, CARETAKER),
    Route("POST", "/<db>/_purge", purging.purge, SERVER_ADMIN),
    Route("GET", "/<db>/_purged_infos", purging.purged_infos, MEMBER),
    Route("GET", "/<db>/_purged_infos_limit", purging.infos_limit, SERVER_ADMIN),
    Route("PUT", "/<db>/_purged_infos_limit", purging.set_infos_limit, SERVER_ADMIN),
    *(Route(method, "/<db>/_local", local.nameless, MEMBER) for method in ("GET", "PUT", "DELETE", "COPY")),
    Route("GET", "/<db>/_local/<local>", local.read, MEMBER),
    Route("PUT", "/<db>/_local/<local>", local.write, MEMBER),
    Route("DELETE", "/<db>/_local/<local>", local.remove, MEMBER),
    Route("COPY", "/<db>/_local/<local>", local.copy, MEMBER),
    Route("GET", "/<db>/_local/<local>/<path:name>", local.attachment, MEMBER),
    Route("PUT", "/<db>/_local/<local>/<path:name>", local.attachment, MEMBER),
    Route("DELETE", "/<db>/_local/<local>/<path:name>", local.attachment, MEMBER),
    Route("GET", "/<db>/_design/<design>", document.read, MEMBER),
    Route("PUT", "/<db>/_design/<design>", document.write, DB_ADMIN),
    Route("DELETE", "/<db>/_design/<design>", document.remove, DB_ADMIN),
    Route("COPY", "/<db>/_design/<design>", document.copy, MEMBER),
    Route("GET", "/<db>/_design/<design>/<path:name>", attachments.read, MEMBER),
    Route("PUT", "/<db>/_design/<design>/<path:name>", attachments.put, DB_ADMIN),
    Route("DELETE", "/<db>/_design/<design>/<path:name>", attachments.remove, DB_ADMIN),
    Route("GET", "/<db>/<doc>", document.read, MEMBER),
    Route("PUT", "/<db>/<doc>", document.write, MEMBER),
    Route("DELETE", "/<db>/<doc>", document.remove, MEMBER),
    Route("COPY", "/<db>/<doc>", document.copy, MEMBER),
    Route("GET", "/<db>/<doc>/<path:name>", attachments.read, MEMBER),
    Route("PUT", "/<db>/<doc>/<path:name>", attachments.put, MEMBER),
    Route("DELETE", "/<db>/<doc>/<path:name>", attachments.remove, MEMBER),
)


class Found(Value):
    """The route of a request and the names in its address, decoded."""

    route: Route
    names: Mapping[str, str]


class Table:
    """The routes, ready to be asked.

    Which route an address has is decided by its own words among the names (`_changes`, `_design`) and by
    how many parts it has. There are few such shapes, and each is matched once; that is most of the work.
    """

    def __init__(self) -> None:
        rules = [Rule(each.rule, methods=[each.method], endpoint=each) for each in ROUTES]
        rules += [Rule(rule, endpoint=instead) for rule, instead in NOT_OFFERED]
        # The last of each address takes every other method: `_changes` must never be taken for a document's id.
        allowed: dict[str, list[str]] = {}
        for each in ROUTES:
            allowed.setdefault(each.rule, []).extend(("GET", "HEAD") if each.method == "GET" else (each.method,))
        rules += [Rule(rule, endpoint=tuple(methods)) for rule, methods in allowed.items()]
        self._words = {part for each in rules for part in each.rule.split("/")} - {"<db>", "<doc>"}
        self._adapter = Map(rules, strict_slashes=False, merge_slashes=False).bind("")
        self._matched = lru_cache(_MOST_SHAPES)(self._match)

    def find(self, raw_path: str, method: str) -> Found:
        """The route of an address that is still percent-encoded.

        raises  NotFound, NotAllowed, NotOffered; IllegalDocId when a name is not UTF-8
        """
        parts = _plain(raw_path).split("/")
        shape = "/".join([part if part in self._words else _A_NAME for part in parts])
        try:
            endpoint = self._matched(shape, method)
        except NoRule:
            raise NotFound("missing") from None
        if isinstance(endpoint, tuple):
            raise WrongMethod(endpoint)
        if isinstance(endpoint, str):
            raise NotOffered(endpoint)
        return Found(endpoint, _names(endpoint.rule, parts))

    def _match(self, shape: str, method: str) -> Any:
        return self._adapter.match(shape, method)[0]


@cache
def table() -> Table:
    """The table, made once: all servers of a process have the same routes."""
    return Table()


def _plain(raw_path: str) -> str:
    """The same address with reserved prefixes spelled one way: some clients encode their slash."""
    start = raw_path.find("/", 1) + 1
    if start and raw_path.startswith("_", start):
        for prefix in (DESIGN, LOCAL):
            encoded = prefix[:-1] + "%2F"
            if raw_path[start : start + len(encoded)].upper() == encoded.upper():
                return raw_path[:start] + prefix + raw_path[start + len(encoded) :]
    return raw_path.rstrip("/") or "/"


def _names(rule: str, parts: Sequence[str]) -> dict[str, str]:
    """What stands in an address for the names in its rule, decoded; the last may be several parts."""
    told = {}
    try:
        for place, name in enumerate(rule.split("/")):
            if name.startswith("<path:"):
                told[name[6:-1]] = unquote("/".join(parts[place:]), errors="strict")
            elif name.startswith("<"):
                told[name[1:-1]] = unquote(parts[place], errors="strict")
    except UnicodeDecodeError:
        raise IllegalDocId("Document id must be valid UTF-8") from None
    if "design" in told:
        told["doc"] = DESIGN + told.pop("design")
    return told
