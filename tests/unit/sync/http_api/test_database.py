from typing import Any

import pytest

from sync.http_api.api import create_app
from sync.http_api.not_offered import NOT_OFFERED
from sync.http_api.routes import ROUTES


def test_a_database_is_created_once_and_destroyed_once(caller: Any) -> None:
    answer = caller.ask("PUT", "/db")
    assert (answer.status_code, answer.json) == (201, {"ok": True})
    assert answer.headers["Location"].endswith("/db")
    assert caller.refused("PUT", "/db") == (
        412,
        "file_exists",
        "The database could not be created, the file already exists.",
    )
    assert caller.ask("DELETE", "/db").json == {"ok": True}
    assert caller.refused("DELETE", "/db") == (404, "not_found", "Database does not exist.")
    assert caller.refused("GET", "/db") == (404, "not_found", "Database does not exist.")


def test_destroying_a_database_by_mistake_for_a_document_is_noticed(db: Any) -> None:
    assert db.refused("DELETE", "/db?rev=1-a")[:2] == (400, "bad_request")
    assert db.get("/_all_dbs") == ["db"]


@pytest.mark.parametrize("name", ["Db", "1db", "_db", "d.b", "%E7%9F%B3", "d%20b"])
def test_an_unlawful_name_is_refused(caller: Any, name: str) -> None:
    assert caller.refused("PUT", f"/{name}")[:2] == (400, "illegal_database_name")


def test_of_couchdbs_own_databases_there_may_be_those_that_mean_something_here(caller: Any) -> None:
    for name in ("_users", "_replicator"):
        assert caller.put(f"/{name}") == {"ok": True}
        assert caller.get(f"/{name}")["db_name"] == name
    assert caller.refused("PUT", "/_global_changes")[:2] == (501, "not_implemented")
    assert caller.refused("GET", "/_global_changes")[0] == 404


def test_a_name_with_a_slash_is_one_name(caller: Any) -> None:
    caller.put("/a%2Fb")
    caller.put("/a%2Fb/x", {"n": 1})
    assert caller.get("/a%2Fb")["db_name"] == "a/b"
    assert caller.get("/a%2Fb/x")["n"] == 1


def test_info_counts_documents_and_tombstones(db: Any) -> None:
    rev = db.put("/db/a", {"n": 1})["rev"]
    db.put("/db/b", {})
    db.ask("DELETE", f"/db/a?rev={rev}")
    told = db.get("/db")
    assert (told["doc_count"], told["doc_del_count"]) == (1, 1)
    assert told["update_seq"] == db.get("/db/_changes")["last_seq"]
    assert {"file", "active", "external"} == set(told["sizes"])
    assert db.ask("HEAD", "/db").status_code == 200
    assert db.ask("HEAD", "/db").data == b""


def test_everything_is_on_disk_before_it_is_answered_so_a_full_commit_is_at_once(db: Any) -> None:
    told = db.post("/db/_ensure_full_commit", {}, status=201)
    assert told["ok"] is True
    assert told["instance_start_time"] == db.get("/db")["instance_start_time"]


def test_the_security_object_is_kept(db: Any) -> None:
    assert db.get("/db/_security") == {"members": {"roles": ["_admin"]}, "admins": {"roles": ["_admin"]}}
    db.put("/db/_security", {}, status=200)
    assert db.get("/db/_security") == {}
    security = {"admins": {"names": ["陈"], "roles": []}, "members": {"roles": ["clerk"]}, "more": 1}
    db.put("/db/_security", security, status=200)
    assert db.get("/db/_security") == security
    for wrong in ([], {"admins": []}, {"members": {"names": "chen"}}, {"members": {"roles": [1]}}):
        assert db.refused("PUT", "/db/_security", wrong)[:2] == (400, "bad_request")
    assert db.get("/db/_security") == security


def test_the_revision_limit_can_be_set(db: Any) -> None:
    assert db.get("/db/_revs_limit") == 1000
    db.put("/db/_revs_limit", 5, status=200)
    assert db.get("/db/_revs_limit") == 5
    for wrong in (0, -1, "5", True, 1.5, 2**40):
        assert db.refused("PUT", "/db/_revs_limit", wrong)[:2] == (400, "bad_request")


def test_a_database_is_compacted_when_asked(db: Any) -> None:
    assert db.ask("POST", "/db/_compact", {}).status_code == 202
    assert db.refused("POST", "/db/_compact", data=b"", content_type="text/plain")[0] == 415


def test_a_database_without_such_abilities_says_so(databases: Any, caller: Any) -> None:
    class Plain:
        """A database as narrow as the protocol."""

        def __init__(self, whole: Any) -> None:
            self._whole = whole

        def info(self) -> Any:
            return self._whole.info()

    class Narrow:
        def open(self, name: str) -> Plain:
            return Plain(databases.open(name))

    databases.create("db")
    narrow = type(caller)(create_app(Narrow(), uuid="u"))  # type: ignore[arg-type]
    assert narrow.get("/db")["db_name"] == "db"
    for method, path in (
        ("GET", "_security"),
        ("PUT", "_security"),
        ("GET", "_revs_limit"),
        ("POST", "_compact"),
        ("POST", "_purge"),
    ):
        assert narrow.refused(method, f"/db/{path}", {})[:2] == (501, "not_implemented")


@pytest.mark.parametrize(("rule", "instead"), NOT_OFFERED)
def test_what_is_not_offered_says_what_to_use_instead(db: Any, rule: str, instead: str) -> None:
    path = rule.replace("<db>", "db").replace("<design>", "d").replace("<path:rest>", "a/b")
    for method in ("GET", "POST"):
        assert db.refused(method, path) == (501, "not_implemented", instead)


@pytest.mark.parametrize("rule", sorted({route.rule for route in ROUTES}))
def test_a_wrong_method_is_told_the_right_ones(db: Any, rule: str) -> None:
    path = rule
    for name in ("<db>", "<doc>", "<design>", "<local>", "<path:name>"):
        path = path.replace(name, "db")
    answer = db.ask("PATCH", path)
    assert (answer.status_code, answer.json["error"]) == (405, "method_not_allowed")
    allowed = {route.method for route in ROUTES if route.rule == rule}
    assert allowed <= set(answer.headers["Allow"].split(","))


def test_an_unheard_of_method_is_answered_in_json(db: Any) -> None:
    assert db.refused("BREW", "/db")[:2] == (405, "method_not_allowed")
