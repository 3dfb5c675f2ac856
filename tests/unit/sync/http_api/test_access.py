"""Who may do what on the plain server. Sentences and statuses were compared with Apache CouchDB 3.5."""

from collections.abc import Callable
from typing import Any

import pytest

from sync.http_api.access import Who
from sync.http_api.routes import ROUTES, Route

NO_SERVER_ADMIN = (401, "unauthorized", "You are not a server admin.")
NO_CARETAKER = (401, "unauthorized", "You are not a server or db admin.")
NO_DB_ADMIN = (403, "forbidden", "You are not a db or server admin.")
NO_DB_ADMIN_BUT_A_STRANGER = (401, "unauthorized", "You are not a db or server admin.")
NO_MEMBER = (403, "forbidden", "You are not allowed to access this db.")
NO_MEMBER_BUT_A_STRANGER = (401, "unauthorized", "You are not authorized to access this db.")
ADMINS_ONLY = {"members": {"roles": ["_admin"]}, "admins": {"roles": ["_admin"]}}

People = dict[str, Any]


@pytest.fixture
def people(server: Any, admin: Any, enrol: Callable[..., Any]) -> People:
    """A database with a member and an admin, an account that is neither, a stranger and the administrator."""
    admin.put("/db")
    admin.put("/db/doc", {"n": 1})
    admin.put("/db/_design/d", {})
    security = {"admins": {"names": ["head"], "roles": ["heads"]}, "members": {"names": ["li"], "roles": ["clerk"]}}
    admin.put("/db/_security", security, status=200)
    return {
        "stranger": server,
        "account": enrol("wang"),
        "member": enrol("li"),
        "by role": enrol("zhao", "clerk"),
        "db admin": enrol("head"),
        "administrator": admin,
    }


def path_of(route: Route) -> str:
    """An address of that route."""
    path = route.rule
    for name, value in {"<db>": "db", "<doc>": "doc", "<design>": "d", "<local>": "x", "<path:name>": "a"}.items():
        path = path.replace(name, value)
    return path


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.rule}")
def test_each_route_turns_away_those_it_is_not_for_and_nobody_else(people: People, route: Route) -> None:
    stranger = {
        Who.ANYONE: None,
        Who.SERVER_ADMIN: NO_SERVER_ADMIN,
    }.get(route.who, NO_MEMBER_BUT_A_STRANGER)
    account = NO_MEMBER if stranger == NO_MEMBER_BUT_A_STRANGER else stranger
    member = {
        Who.SERVER_ADMIN: NO_SERVER_ADMIN,
        Who.DB_ADMIN: NO_DB_ADMIN,
        Who.CARETAKER: NO_CARETAKER,
    }.get(route.who)
    db_admin = NO_SERVER_ADMIN if route.who is Who.SERVER_ADMIN else None
    told = {"stranger": stranger, "account": account, "member": member, "by role": member, "db admin": db_admin}
    for who, expected in told.items():
        if expected is not None:
            assert people[who].refused(route.method, path_of(route)) == expected, who
    # Whoever may is last: what the handler then says of an empty request is not ours to judge.
    allowed = [who for who, refusal in told.items() if refusal is None]
    if "_changes" not in route.rule and route.method == "GET":
        for who in [*allowed, "administrator"]:
            answer = people[who].ask(route.method, path_of(route))
            assert answer.status_code not in (401, 403), (who, answer.json)


def test_a_database_belongs_to_the_administrator_until_somebody_is_let_in(server: Any, admin: Any, enrol: Any) -> None:
    li = enrol("li")
    admin.put("/db")
    assert admin.get("/db/_security") == ADMINS_ONLY
    assert server.refused("GET", "/db") == NO_MEMBER_BUT_A_STRANGER
    assert li.refused("GET", "/db") == NO_MEMBER
    admin.put("/db/_security", {"members": {"roles": ["clerk"]}}, status=200)
    assert li.refused("GET", "/db") == NO_MEMBER
    admin.put("/db/_security", {"members": {"names": ["li"]}}, status=200)
    assert li.get("/db")["doc_count"] == 0
    assert server.refused("GET", "/db") == NO_MEMBER_BUT_A_STRANGER


@pytest.mark.parametrize("security", [{}, {"members": {"names": [], "roles": []}}, {"admins": {"names": ["a"]}}])
def test_a_database_that_names_no_members_is_everybodys(server: Any, admin: Any, security: Any) -> None:
    admin.put("/db")
    admin.put("/db/_security", security, status=200)
    assert admin.get("/db/_security") == security
    assert server.get("/db")["doc_count"] == 0
    server.put("/db/x", {})
    assert server.refused("PUT", "/db/_design/x", {}) == NO_DB_ADMIN_BUT_A_STRANGER
    assert server.refused("PUT", "/db/_security", {}) == NO_DB_ADMIN_BUT_A_STRANGER
    assert server.refused("POST", "/db/_compact", {}) == NO_CARETAKER
    assert server.refused("DELETE", "/db") == NO_SERVER_ADMIN


def test_members_are_told_by_their_old_name_too(server: Any, admin: Any, enrol: Any) -> None:
    admin.put("/db")
    admin.put("/db/_security", {"readers": {"names": ["li"]}}, status=200)
    assert enrol("li").get("/db")["doc_count"] == 0
    assert enrol("wang").refused("GET", "/db") == NO_MEMBER


def test_a_member_writes_documents_and_an_admin_design_documents_whatever_the_road(people: People) -> None:
    member, db_admin = people["member"], people["db admin"]
    member.put("/db/x", {"n": 1})
    member.put("/db/_local/x", {})
    docs = [{"_id": "_design/x"}, {"_id": "y"}]
    told = member.post("/db/_bulk_docs", {"docs": docs}, status=201)
    assert told[0] == {"id": "_design/x", "error": "forbidden", "reason": NO_DB_ADMIN[2]}
    assert told[1]["ok"] is True
    rev = member.get("/db/_design/d")["_rev"]
    replicas = {"docs": [{"_id": "_design/x", "_rev": "1-a"}, {"_id": "z", "_rev": "1-a"}], "new_edits": False}
    assert [row["id"] for row in member.post("/db/_bulk_docs", replicas, status=201)] == ["_design/x"]
    for method, path, body, headers in (
        ("PUT", "/db/_design/x", {}, {}),
        ("PUT", "/db/_design%2Fx", {}, {}),
        ("PUT", "/db/%5Fdesign%2Fx", {}, {}),
        ("PUT", "/db/_design/x?new_edits=false", {"_rev": "1-a"}, {}),
        ("POST", "/db", {"_id": "_design/x"}, {}),
        ("COPY", "/db/x", None, {"Destination": "_design/x"}),
        ("DELETE", "/db/_design/d", None, {}),
        ("DELETE", "/db/%5Fdesign%2Fd", None, {}),
        ("PUT", "/db/_design/d/file", {}, {}),
        ("PUT", f"/db/%5Fdesign%2Fd/file?rev={rev}", {}, {}),
    ):
        assert member.refused(method, path, body, headers=headers) == NO_DB_ADMIN, path
    assert [row["id"] for row in member.get("/db/_design_docs")["rows"]] == ["_design/d"]
    db_admin.put("/db/_design/x", {})
    db_admin.put("/db/_revs_limit", 10, status=200)
    db_admin.put("/db/_security", {"members": {"names": ["nobody"]}}, status=200)
    assert member.refused("GET", "/db") == NO_MEMBER
    assert db_admin.refused("GET", "/db") == NO_MEMBER


@pytest.mark.parametrize(
    "route", [each for each in ROUTES if "<db>" in each.rule], ids=lambda r: f"{r.method} {r.rule}"
)
def test_rules_about_documents_take_no_other_ability_away(people: People, route: Route) -> None:
    for who, db in (("administrator", "_users"), ("member", "db")):
        answer = people[who].ask(route.method, path_of(route).replace("/db", f"/{db}", 1), {})
        assert answer.status_code < 500, (who, answer.json)


def test_a_database_that_is_not_there_is_not_there_for_anybody(people: People) -> None:
    for who in people.values():
        assert who.refused("GET", "/other") == (404, "not_found", "Database does not exist.")


def test_a_refusal_asks_people_for_a_password_and_programs_not(server: Any) -> None:
    # A browser would open its own window over the page that asked.
    assert "Basic" in server.ask("GET", "/_all_dbs").headers["WWW-Authenticate"]
    for headers in ({"Accept": "application/json"}, {"Origin": "http://a.example"}, {"Sec-Fetch-Mode": "cors"}):
        assert "WWW-Authenticate" not in server.ask("GET", "/_all_dbs", headers=headers).headers
    asked = {"X-CouchDB-WWW-Authenticate": "Cookie", "Accept": "application/json"}
    assert server.ask("GET", "/_all_dbs", headers=asked).headers["WWW-Authenticate"] == "Cookie"


def test_an_account_reads_and_changes_its_own_document_and_no_other(people: People) -> None:
    stranger, member, admin = people["stranger"], people["member"], people["administrator"]
    own = member.get("/_users/org.couchdb.user:li")
    assert own["derived_key"]
    assert "password" not in own
    revised = member.put("/_users/org.couchdb.user:li", {**own, "phone": "1"})["rev"]
    assert member.refused("PUT", "/_users/org.couchdb.user:li", {**own, "_rev": revised, "roles": ["clerk"]}) == (
        403,
        "forbidden",
        "Only _admin may edit roles",
    )
    copied = {"Destination": "org.couchdb.user:other"}
    assert member.refused("COPY", "/_users/org.couchdb.user:li", headers=copied)[0] == 404
    for method, path, body in (
        ("GET", "/_users/org.couchdb.user:head", None),
        ("PUT", "/_users/org.couchdb.user:head", {**own, "name": "head"}),
        ("GET", "/_users", None),
        ("GET", "/_users/_security", None),
        ("GET", "/_users/_design_docs", None),
        ("GET", "/_users/_local/x", None),
        ("POST", "/_users", own),
        ("POST", "/_users/_bulk_docs", {"docs": [own]}),
        ("POST", "/_users/_bulk_get", {"docs": [{"id": "org.couchdb.user:head"}]}),
        ("PUT", "/_users/_design/x", {}),
        ("PUT", "/_users/_revs_limit", 1),
        ("POST", "/_users/_compact", {}),
    ):
        assert member.refused(method, path, body) == NO_MEMBER, path
        assert stranger.refused(method, path, body) == NO_MEMBER_BUT_A_STRANGER, path
    for path in ("/_users/_all_docs", "/_users/_changes"):
        assert member.refused("GET", path) == stranger.refused("GET", path) == NO_SERVER_ADMIN
        assert admin.ask("GET", path).status_code == 200
    assert member.ask("DELETE", f"/_users/org.couchdb.user:li?rev={revised}").status_code == 200
    assert member.refused("GET", "/_session")[0] == 401


def test_who_manages_accounts_and_jobs_cannot_be_changed(admin: Any, enrol: Any) -> None:
    admin.put("/_replicator")
    assert admin.get("/_users/_security") == admin.get("/_replicator/_security") == ADMINS_ONLY
    assert admin.refused("PUT", "/_users/_security", {}) == (
        403,
        "forbidden",
        "You can't edit the security object of the user database.",
    )
    assert admin.refused("PUT", "/_replicator/_security", {})[0] == 403
    li = enrol("li")
    assert li.refused("PUT", "/_replicator/job", {}) == NO_MEMBER
    assert li.refused("GET", "/_replicator/_all_docs") == NO_SERVER_ADMIN


def test_jobs_are_read_by_nobody_but_the_administrator_for_they_hold_passwords(admin: Any, enrol: Any) -> None:
    admin.put("/ours%2F_replicator")
    admin.put("/ours%2F_replicator/job", {"source": "http://chen:secret@a.example/a", "target": "b"})
    admin.ask("PUT", "/ours%2F_replicator/_security", {"members": {"names": ["li"]}, "admins": {"names": ["li"]}})
    li = enrol("li")
    assert li.refused("GET", "/ours%2F_replicator/job") == NO_MEMBER
    for address in ("_all_docs", "_changes"):
        assert li.refused("GET", f"/ours%2F_replicator/{address}") == NO_SERVER_ADMIN


def test_a_password_is_hashed_however_it_is_written(server: Any, admin: Any) -> None:
    def user(name: str) -> dict[str, Any]:
        return {"_id": f"org.couchdb.user:{name}", "name": name, "type": "user", "roles": [], "password": f"pw-{name}"}

    admin.post("/_users", user("a"), status=201)
    told = admin.post("/_users/_bulk_docs", {"docs": [user("b"), {"_id": "odd"}]}, status=201)
    assert told[0]["ok"]
    assert told[1] == {"id": "odd", "error": "forbidden", "reason": "doc.type must be user"}
    replica = user("c") | {"_rev": "1-abc"}
    assert admin.post("/_users/_bulk_docs", {"docs": [replica], "new_edits": False}, status=201) == []
    for name in "abc":
        kept = admin.get(f"/_users/org.couchdb.user:{name}")
        assert "password" not in kept
        assert (kept["password_scheme"], kept["pbkdf2_prf"], len(kept["derived_key"])) == ("pbkdf2", "sha256", 64)
        assert server.signed_in(name, f"pw-{name}").get("/_session")["userCtx"]["name"] == name
    again = {"docs": [{**admin.get("/_users/org.couchdb.user:c"), "_id": "org.couchdb.user:c", "_rev": "1-d"}]}
    assert admin.post("/_users/_bulk_docs", again | {"new_edits": False}, status=201) == []
    reason = "User document conflicts must be resolved before the document is used for authentication purposes."
    assert server.signed_in("c", "pw-c").refused("GET", "/") == (401, "unauthorized", reason)


def test_a_password_is_hashed_for_every_program_that_is_admitted_too(caller: Any) -> None:
    caller.put("/_users")
    caller.put("/_users/org.couchdb.user:a", {"name": "a", "type": "user", "roles": [], "password": "x"})
    assert "password" not in caller.get("/_users/org.couchdb.user:a")
    assert caller.refused("PUT", "/_users/b", {})[:2] == (403, "forbidden")
