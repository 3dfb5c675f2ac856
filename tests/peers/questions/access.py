"""Questions about who may do what: accounts, sessions, and a database closed, open, or shared with some.

The account `li` of the question's own is made first and removed last; that answers which tell a `rev` come only from
writing it lets `{rev}` stay the revision of its document. Nobody fails to sign in often enough to be locked out.
"""

from typing import Any

from tests.peers.asking import Ask, Question, Raw, question

USER = "/_users/org.couchdb.user:{db}-li"
LI = {"name": "{db}-li", "password": "pw", "roles": ["{db}-clerk"], "type": "user"}
_NOT_OWN = "an account may read and change its own document"
_NEW = {"docs": [{"_id": "new", "n": 1}, {"_id": "_design/new"}]}


def li(request: str, body: Any = None, differs: str = "") -> Ask:
    """A request of the account."""
    return Ask(request, body, {}, differs, by="li")


def stranger(request: str, body: Any = None, **headers: str) -> Ask:
    """A request of somebody who does not say who it is."""
    return Ask(request, body, {name.replace("_", "-"): value for name, value in headers.items()}, by="")


def with_li(name: str, *asks: Ask) -> Question:
    """A question in which there is the account."""
    return question(name, Ask(f"PUT {USER}", LI), *asks, f"DELETE {USER}?rev={{rev}}")


def by_both(*requests: tuple[str, Any]) -> list[Ask]:
    """Each request by a stranger, and by the account."""
    return [make(request, body) for request, body in requests for make in (stranger, li)]


def refused_user(differs: str = "", **changes: Any) -> Ask:
    """A user's document that breaks a rule."""
    fields = {"type": "user", "name": "{db}-x", "roles": []} | changes
    return Ask("PUT /_users/org.couchdb.user:{db}-x", fields, {}, differs)


_ON_A_DATABASE = (
    ("GET /{db}", None),
    ("GET /{db}/_all_docs?limit=0", None),
    ("GET /{db}/_security", None),
    ("POST /{db}/_bulk_docs", _NEW),
    ("POST /{db}/_revs_diff", {}),
    ("PUT /{db}/_design/x", {}),
    ("PUT /{db}/_security", {}),
    ("PUT /{db}/_revs_limit", 1),
    ("POST /{db}/_compact", {}),
    ("POST /{db}/_purge", {}),
    ("PUT /{db}/_purged_infos_limit", 1),
    ("GET /{db}/_revs_limit", None),
    ("DELETE /{db}", None),
    ("PUT /{db}", None),
)
_ON_THE_SERVER = (
    ("GET /_all_dbs", None),
    ("GET /_dbs_info", None),
    ("GET /_active_tasks", None),
    ("PUT /new-{db}", None),
    ("GET /no-such-{db}", None),
    ("PUT /_users", None),
    ("GET /_users", None),
    ("GET /_users/_all_docs", None),
    ("GET /_users/_changes", None),
    ("GET /_users/_security", None),
    ("GET /_users/_design/_auth", None),
    ("GET /_users/org.couchdb.user:{db}-x", None),
    ("POST /_users/_bulk_docs", {"docs": []}),
    ("POST /_users/_bulk_get", {"docs": []}),
    ("POST /_users/_find", {"selector": {}}),
    ("GET /_users/_design_docs", None),
    ("GET /_users/_local_docs", None),
    ("POST /_users/_all_docs/queries", {"queries": []}),
    ("GET /_scheduler/jobs", None),
    ("PUT /_replicator", None),
    ("GET /_replicator/_changes", None),
    ("PUT /_replicator/x", {}),
)

QUESTIONS = (
    with_li("a database nobody was let into", *by_both(*_ON_A_DATABASE)),
    with_li(
        "a database open to everybody",
        Ask("PUT /{db}/_security", {}),
        Ask("GET /{db}/_security"),
        *by_both(*(each for each in _ON_A_DATABASE if each[0] not in ("GET /{db}", "GET /{db}/_security"))),
    ),
    with_li(
        "a database shared with an account by name",
        Ask("PUT /{db}/_security", {"members": {"names": ["{db}-li"]}}),
        *by_both(*_ON_A_DATABASE[1:]),
    ),
    with_li(
        "a database shared with an account by role",
        Ask("PUT /{db}/_security", {"members": {"roles": ["{db}-clerk"]}, "admins": {"roles": ["{db}-head"]}}),
        *by_both(*_ON_A_DATABASE[1:6]),
    ),
    with_li(
        "a database of which an account is an admin",
        Ask("PUT /{db}/_security", {"admins": {"names": ["{db}-li"]}, "members": {"names": ["nobody"]}}),
        *(li(*each) for each in _ON_A_DATABASE[2:5]),
        li("PUT /{db}/_revs_limit", 10),
        li("POST /{db}/_compact", {}),
        li("POST /{db}/_purge", {}),
        li("PUT /{db}/_security", {"admins": {"names": ["{db}-li"]}}),
        stranger("GET /{db}/_security"),
    ),
    with_li(
        "what an account and a stranger may of the server",
        *by_both(*_ON_THE_SERVER),
        Ask("POST /_replicate", {}, {}, "replications are the administrator's", by=""),
        li("POST /_replicate", {}),
    ),
    with_li(
        "an account and its document",
        li(f"PUT {USER}?rev={{rev}}", LI | {"roles": []}, _NOT_OWN),
        li(f"PUT {USER}", LI | {"_rev": "1-0"}, _NOT_OWN),
    ),
    question("the security object of accounts", Ask("GET /_users/_security"), Ask("PUT /_users/_security", {})),
    question("documents that are no users'", *(Ask(f"PUT /_users/{name}", {}) for name in ("x", "{db}"))),
    question(
        "users' documents that break a rule",
        refused_user(type=None),
        refused_user(type="User"),
        refused_user(name=None),
        refused_user(name=""),
        refused_user(name=5),
        refused_user(name="y"),
        refused_user(roles=None),
        refused_user(roles={}),
        refused_user(roles="x"),
        refused_user(roles=[1]),
        refused_user(roles=["_admin"]),
        refused_user(roles=["_x"], name="y"),
        refused_user(password=5),
        refused_user(password_scheme="bcrypt"),
        refused_user(password_scheme="pbkdf2"),
        refused_user(password_scheme="pbkdf2", iterations=1),
        refused_user(password_sha="x"),
        Ask("PUT /_users/org.couchdb.user:_{db}", {"type": "user", "name": "_{db}", "roles": []}),
        Ask("PUT /_users/org.couchdb.user:{db}:x", {"type": "user", "name": "{db}:x", "roles": []}),
        Ask("POST /_users/_bulk_docs", {"docs": [{"_id": "{db}"}, {"_id": "org.couchdb.user:{db}", "type": "user"}]}),
        Ask("GET /_users/org.couchdb.user:{db}-x"),
    ),
    with_li(
        "who one is",
        Ask("GET /_session"),
        stranger("GET /_session"),
        li("GET /_session"),
        stranger("GET /_session?basic=true"),
        stranger("GET /_session", Cookie="AuthSession="),
        stranger("GET /_session", Authorization="Basic"),
        stranger("GET /_session", Authorization="Basic !!!"),
        stranger("GET /_session", Authorization="Basic Xzpf"),
        stranger("GET /_session", Authorization="Basic Y2hlbg=="),
        Ask("GET /_session", by="nobody"),
        Ask("GET /_up", by="nobody"),
        stranger("GET /_up", Authorization="Bearer x"),
        stranger("GET /_up", Cookie="AuthSession=x"),
        stranger("GET /{db}", Cookie="AuthSession=bm9ib2R5"),
        stranger("GET /{db}", Cookie="AuthSession=bm9ib2R5OjZCMDc2MDJGOng"),
    ),
    with_li(
        "signing in",
        stranger("POST /_session", {"name": "{db}-li", "password": "pw"}),
        stranger("POST /_session", {"username": "{db}-li", "password": "pw"}),
        stranger("POST /_session", {"name": "{db}-li", "username": "{db}-li", "password": "pw"}),
        stranger("POST /_session", Raw(b"password=x"), Content_Type="application/x-www-form-urlencoded"),
        stranger("POST /_session", {"name": "{db}-li", "password": "wrong"}),
        stranger("POST /_session", {"name": "{db}-li"}),
        stranger("POST /_session", {"name": "{db}-nobody", "password": ""}),
        stranger("POST /_session", {"name": "a", "username": "b"}),
        stranger("POST /_session", {"password": "pw"}),
        stranger("POST /_session", {}),
        stranger("POST /_session", []),
        stranger("POST /_session", {"name": 1, "password": "x"}),
        stranger("POST /_session", Raw(b"{")),
        stranger("POST /_session", Raw(b"name=a"), Content_Type="text/plain"),
        stranger("DELETE /_session"),
        stranger("PUT /_session", {}),
    ),
)
