from typing import Any

import pytest
from flask import Flask
from werkzeug.wrappers import Request

from sync.errors import Forbidden
from sync.http_api.blueprint import couch_blueprint
from sync.http_api.call import Server
from sync.http_api.feeds import FeedGate
from sync.users.accounts import Session
from sync.users.caller import Caller


def test_the_welcome_is_one_that_couchdb_clients_understand(caller: Any) -> None:
    told = caller.get("/")
    assert told["couchdb"] == "Welcome"
    assert told["version"].split(".")[0] == "3"
    assert told["uuid"] == "5d7f0b6f"
    assert told["vendor"]["name"] == "yizhan"


def test_it_is_up(caller: Any) -> None:
    assert caller.get("/_up") == {"status": "ok", "seeds": {}}
    assert caller.get("/_active_tasks") == []


def test_uuids_are_as_many_as_asked_for_and_no_two_alike(caller: Any) -> None:
    assert len(caller.get("/_uuids")["uuids"]) == 1
    assert len(set(caller.get("/_uuids?count=20")["uuids"])) == 20
    assert caller.get("/_uuids?count=0") == {"uuids": []}
    assert caller.refused("GET", "/_uuids?count=1001") == (400, "bad_request", "count parameter too large")
    assert caller.refused("GET", "/_uuids?count=x") == (400, "bad_request", "count must be a positive integer")


def test_databases_are_listed_in_order_and_in_ranges(caller: Any) -> None:
    for name in ("c", "a", "b%2Fx"):
        caller.put(f"/{name}")
    assert caller.get("/_all_dbs") == ["a", "b/x", "c"]
    assert caller.get("/_all_dbs?descending=true&limit=2") == ["c", "b/x"]
    assert caller.get('/_all_dbs?startkey="b"') == ["b/x", "c"]
    assert caller.get('/_all_dbs?endkey="b"&skip=0') == ["a"]
    assert caller.get('/_all_dbs?endkey="b/x"&inclusive_end=false') == ["a"]
    assert caller.get('/_all_dbs?key="c"') == ["c"]
    assert caller.get('/_all_dbs?keys=["c","no","a"]') == ["c", "a"]
    assert caller.get("/_all_dbs?endkey=1") == []
    assert caller.refused("GET", "/_all_dbs?startkey=a")[:2] == (400, "bad_request")


def test_databases_are_told_in_numbers_listed_or_by_name(caller: Any) -> None:
    for name in ("a", "b"):
        caller.put(f"/{name}")
    info = caller.get("/a")
    assert caller.get('/_dbs_info?endkey="a"') == [{"key": "a", "info": info}]
    told = caller.post("/_dbs_info", {"keys": ["no", "b", "a", 1]})
    assert [each["key"] for each in told] == ["no", "b", "a", 1]
    assert told[0] == {"key": "no", "error": "not_found"}
    assert told[2]["info"] == info
    for body, reason in (
        ({}, "`keys` member must exist."),
        ({"keys": "a"}, "`keys` member must be an array."),
        ({"keys": ["a"] * 101}, "too_many_keys"),
    ):
        assert caller.refused("POST", "/_dbs_info", body) == (400, "bad_request", reason)


@pytest.mark.parametrize(
    ("headers", "admitted"),
    [
        ({}, True),
        ({"Host": "127.0.0.1:5984", "Origin": "http://127.0.0.1:5984"}, True),
        ({"Host": "[::1]:5984"}, True),
        ({"Host": "127.0.0.1:5984", "Origin": "http://evil.example"}, False),
        ({"Host": "127.0.0.1:5984", "Origin": "http://127.0.0.1:8080"}, False),
        ({"Origin": "null"}, False),
        ({"Host": "evil.example"}, False),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, False),
    ],
)
def test_where_everyone_is_admitted_a_page_of_another_site_is_not(
    caller: Any, headers: dict[str, str], admitted: bool
) -> None:
    answer = caller.ask("PUT", "/db", headers=headers)
    assert answer.status_code == (201 if admitted else 403)
    assert caller.get("/_all_dbs") == (["db"] if admitted else [])


def test_a_node_mounts_the_same_routes_under_a_prefix_with_its_own_admission(databases: Any, caller: Any) -> None:
    def shut_out(request: Request) -> Session:
        raise Forbidden("this station is revoked")

    for prefix, admit in (("/couch", lambda request: Session(Caller("v1"))), ("/shut", shut_out)):
        app = Flask(__name__)
        app.add_url_rule("/", "home", lambda: "home")
        server = Server(lambda caller: databases, admit, FeedGate(), uuid="u")
        app.register_blueprint(couch_blueprint(server, prefix=prefix))
        mounted = type(caller)(app, prefix)
        assert app.test_client().get("/").data == b"home"
        assert mounted.get("/")["couchdb"] == "Welcome"
        if prefix == "/couch":
            mounted.put("/db")
            answered = mounted.ask("PUT", "/db/a%2Fb%252Fc", {"n": 1})
            assert answered.status_code == 201
            assert mounted.get("/db/a%2Fb%252Fc")["_id"] == "a/b%2Fc"
            assert mounted.get("/_session")["userCtx"]["name"] == "v1"
        else:
            assert mounted.refused("GET", "/_all_dbs") == (403, "forbidden", "this station is revoked")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/_replicate"), ("GET", "/_scheduler/jobs"), ("GET", "/_scheduler/docs")]
)
def test_where_nobody_may_send_a_server_anywhere_replication_is_not_offered(
    caller: Any, method: str, path: str
) -> None:
    status, error, reason = caller.refused(method, path, {"source": "a", "target": "http://a.example/b"})
    assert (status, error) == (501, "not_implemented")
    assert "from your own side" in reason
