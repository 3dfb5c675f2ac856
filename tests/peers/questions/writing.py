"""Questions about writing one document."""

from dataclasses import replace

from tests.peers.asking import Ask, Raw, but, question

COUNTED = "each write of a local document counts its revision up, whatever it names"
DURABLE = "every write is on disk before it is answered, and its revision and any conflict are told"


def put(address: str, body: object = None, **headers: str) -> Ask:
    return Ask(
        "PUT /{db}/" + address,
        {} if body is None else body,
        {name.replace("_", "-"): value for name, value in headers.items()},
    )


def differing(differs: str, asked: Ask) -> Ask:
    return replace(asked, differs=differs)


def post(body: object, query: str = "", **headers: str) -> Ask:
    return Ask("POST /{db}" + query, body, {name.replace("_", "-"): value for name, value in headers.items()})


QUESTIONS = (
    question(
        "a new document",
        put("new", {"n": 1}),
        put("new", {"n": 2, "_rev": "{rev}"}),
        put("new?rev={rev}", {"n": 3}),
        put("new", {"n": 4}, If_Match="{rev}"),
        put("new", {"n": 5}, If_Match='"{rev}"'),
        "GET /{db}/new",
    ),
    question("a new document that names a revision", put("new", {"_rev": "1-a"}), put("new?rev=1-a")),
    question(
        "a conflict",
        put("a"),
        put("a", {"_rev": "1-z"}),
        put("b", {"_rev": "1-a"}),
        put("a?rev=2-a"),
        put("a", {}, If_Match="1-z"),
    ),
    question(
        "revisions that disagree",
        put("a?rev=1-a", {"_rev": "1-b"}),
        put("a?rev=1-a", {}, If_Match="1-b"),
        put("a", {"_rev": "1-a"}, If_Match="1-b"),
        put("a?rev=1-a", {"_rev": "1-a"}, If_Match="1-a"),
    ),
    question(
        "revisions that are none",
        put("a", {"_rev": "x"}),
        put("a", {"_rev": 1}),
        put("a", {"_rev": None}),
        put("a?rev=x"),
        put("a", {}, If_Match="x"),
        put("a", {"_rev": ""}),
        differing("no revision has an empty digest", put("a", {"_rev": "1-"})),
        put("a?rev="),
        put("a", {"_rev": True}),
    ),
    question(
        "bodies that are no document",
        put("x", []),
        put("x", "text"),
        put("x", 1),
        Ask("PUT /{db}/x", Raw(b"null")),
        Ask("PUT /{db}/x", Raw(b"")),
        Ask("PUT /{db}/x", Raw(b"{")),
        Ask("PUT /{db}/x", Raw(b"\xff")),
        Ask("PUT /{db}/x", Raw(b'{"a":1}x')),
        put("x", True),
    ),
    question(
        "reserved members",
        *(put("x", {name: 1}) for name in ("_a", "_", "_idx", "_revisions_", "_Rev")),
        put("y", {"_replication_state": 1}),
        differing("reserved like any other", put("z", {"_access": 1})),
    ),
    question(
        "members a reader gets",
        put("x", {"_revs_info": 1, "_conflicts": 2, "_deleted_conflicts": 3, "_local_seq": 4, "n": 1}),
        "GET /{db}/x",
    ),
    question(
        "an odd `_deleted`",
        put("x", {"_deleted": "true"}),
        put("x", {"_deleted": 1}),
        put("x", {"_deleted": None}),
        put("x", {"_deleted": False}),
    ),
    question(
        "an odd `_attachments`",
        put("x", {"_attachments": 1}),
        put("x", {"_attachments": []}),
        differing("refused; there left out in silence", put("x", {"_attachments": {"a": 1}})),
        put("x", {"_attachments": None}),
    ),
    question(
        "odd attachments",
        put("x", {"_attachments": {"_a": {"data": ""}}}),
        put("x", {"_attachments": {"a": {"data": "!"}}}),
        put("x", {"_attachments": {"a": {}}}),
        put("x", {"_attachments": {"a": {"stub": True}}}),
    ),
    question(
        "ids that disagree",
        put("x", {"_id": "y"}),
        put("x", {"_id": 1}),
        put("x", {"_id": "_y"}),
        put("x", {"_id": ""}),
    ),
    question(
        "ids no document may have",
        put("_x"),
        put("_design/"),
        put("_design"),
        put("_local"),
        put("_local/"),
        differing("refused in other words", put("_design%2F")),
        put("%20"),
        put("%FF"),
    ),
    question(
        "ids of every kind written",
        *(
            put(name)
            for name in (
                "%2Fx",
                "x%2F",
                "a%252Fb",
                "%E6%9D%91",
                "%22",
                "_design/x",
                "_design%2Fy",
                "x%20y",
                "%F0%9F%98%80",
                "0",
                "null",
            )
        ),
    ),
    question(
        "odd `_revisions`",
        put("x", {"_revisions": {"start": "1", "ids": ["a"]}}),
        put("x", {"_revisions": {"start": 1, "ids": "a"}}),
        put("x", {"_revisions": {"start": 1, "ids": [1]}}),
        put("x", {"_revisions": {}}),
        put("x", {"_revisions": {"start": 1}}),
    ),
    question(
        "a revision another chose",
        put("x?new_edits=false", {"_rev": "3-z"}),
        put("x?new_edits=false", {"_revisions": {"start": 3, "ids": ["y", "b"]}}),
        "GET /{db}/x?conflicts=true&revs=true",
        put("x?new_edits=false", {"n": 1}),
        put("x?new_edits=false&rev=4-q"),
        put("x?new_edits=x", {"_rev": "9-q"}),
        put("x?new_edits=true", {"_rev": "3-z"}),
    ),
    question(
        "a tombstone", Ask("DELETE /{db}/a?rev=1-a"), "GET /{db}/a", "DELETE /{db}/a", put("a"), "GET /{db}/a?revs=true"
    ),
    question(
        "a deletion refused",
        "DELETE /{db}/a",
        "DELETE /{db}/a?rev=1-z",
        "DELETE /{db}/no",
        "DELETE /{db}/no?rev=1-a",
        "DELETE /{db}/gone",
        "DELETE /{db}/gone?rev=2-g",
        "DELETE /{db}/a?rev=x",
        Ask("DELETE /{db}/a", None, {"If-Match": "1-z"}),
    ),
    question("a deletion by header", Ask("DELETE /{db}/a", None, {"If-Match": '"1-a"'})),
    question(
        "a deletion as a write",
        put("a", {"_rev": "1-a", "_deleted": True, "why": "x"}),
        "GET /{db}/a?rev={rev}",
        put("b?rev=2-b", {"_deleted": True}),
        put("new", {"_deleted": True}),
        put("gone", {"_deleted": True}),
    ),
    question(
        "a conflict deleted",
        "DELETE /{db}/conflicted?rev=2-d",
        "GET /{db}/conflicted?meta=true",
        "DELETE /{db}/conflicted?rev=3-c",
        "GET /{db}/conflicted",
    ),
    question(
        "a document without a name",
        post({"n": 1}),
        post({}),
        post({"_id": "named", "n": 1}),
        post({"_id": "named"}),
        post({"_id": "a", "_rev": "1-a", "n": 2}),
    ),
    question(
        "a document badly named",
        post({"_id": 1}),
        post({"_id": "_x"}),
        post({"_id": None}),
        post([]),
        post("x"),
        post({"_id": "x", "_x": 1}),
        post({"_id": "x", "_rev": "x"}),
        Ask("POST /{db}", Raw(b"{")),
        post({}, "", Content_Type="text/plain"),
        post({"_id": "_local/z"}),
        post({"_id": "_design/z"}),
    ),
    question("an empty name", post({"_id": ""})),
    question(
        "written in batch",
        post({"_id": "batched"}, "?batch=ok"),
        put("batched-too?batch=ok"),
        put("a?batch=ok"),
        differs=DURABLE,
    ),
    question("a document refused in batch", put("x?batch=ok", {"_x": 1})),
    question("a plus", put("x+y"), differs="a plus in an address is a plus; there it is a space"),
    question(
        "a copy",
        Ask("COPY /{db}/a", None, {"Destination": "copied"}),
        "GET /{db}/copied",
        Ask("COPY /{db}/files", None, {"Destination": "copied-files"}),
        but("a copy brings its files itself, so their `revpos` is 1", "GET /{db}/copied-files"),
        Ask("COPY /{db}/conflicted?rev=2-d", None, {"Destination": "copied-d"}),
        "GET /{db}/copied-d",
        Ask("COPY /{db}/conflicted?rev=3-t", None, {"Destination": "copied-t"}),
        "GET /{db}/copied-t",
    ),
    question(
        "a copy over another",
        Ask("COPY /{db}/a", None, {"Destination": "b"}),
        Ask("COPY /{db}/a", None, {"Destination": "b?rev=2-b"}),
        Ask("COPY /{db}/a", None, {"Destination": "gone"}),
        but("a conflict, as for any write", "COPY /{db}/a", Destination="new?rev=1-a"),
    ),
    question(
        "a copy refused",
        "COPY /{db}/a",
        Ask("COPY /{db}/no", None, {"Destination": "x"}),
        Ask("COPY /{db}/gone", None, {"Destination": "x"}),
        Ask("COPY /{db}/a", None, {"Destination": "_x"}),
        Ask("COPY /{db}/a", None, {"Destination": "x?rev=x"}),
        Ask("COPY /{db}/a?rev=9-z", None, {"Destination": "x"}),
        Ask("COPY /{db}/a", None, {"Destination": ""}),
    ),
    question(
        "copies of strange names",
        Ask("COPY /{db}/a", None, {"Destination": "x%2Fy"}),
        Ask("COPY /{db}/a", None, {"Destination": "/x"}),
        Ask("COPY /{db}/a", None, {"Destination": "%E6%9D%91"}),
        Ask("COPY /{db}/a", None, {"Destination": "石桥村".encode().decode("latin-1")}),
        Ask("COPY /{db}/a", None, {"Destination": "_design/q"}),
        Ask("COPY /{db}/_design/d", None, {"Destination": "plain"}),
        Ask("COPY /{db}/a", None, {"Destination": "http://elsewhere/db/x"}),
        Ask("COPY /{db}/a", None, {"Destination": "_local/q"}),
        Ask("COPY /{db}/_local/one", None, {"Destination": "from-local"}),
    ),
    question(
        "a copy by header",
        Ask("COPY /{db}/a", None, {"Destination": "x", "If-Match": "1-a"}),
        Ask("COPY /{db}/a", None, {"Destination": "y", "If-Match": "9-a"}),
    ),
    question(
        "local documents written",
        put("_local/new", {"n": 1}),
        differing(COUNTED, put("_local/new", {"n": 2})),
        but(COUNTED, "GET /{db}/_local/new"),
        put("_local/new", {"_rev": "0-2", "n": 3}),
        put("_local/new", {"_rev": "7-x"}),
        "DELETE /{db}/_local/new?rev=0-1",
        "GET /{db}/_local/new",
        "DELETE /{db}/_local/new",
        "DELETE /{db}/_local/two",
    ),
    question(
        "local documents written oddly",
        put("_local/a%2Fb", {"n": 1}),
        "GET /{db}/_local/a%2Fb",
        put("_local/x", []),
        put("_local/x", {"_x": 1}),
        put("_local/x", {"_attachments": {"a": {"data": ""}}}),
        put("_local/one/x"),
        put("_local/one", {"_deleted": True}),
        "GET /{db}/_local/one",
        put("_local/x", {"_rev": "x"}),
        differing(DURABLE, put("_local/two?batch=ok", {"n": 3})),
        put("_local/y", {"_id": "_local/z"}),
    ),
    question(
        "content types of a document",
        Ask("PUT /{db}/x", {"n": 1}, {"Content-Type": "text/plain"}),
        Ask("PUT /{db}/y", {"n": 1}, {"Content-Type": ""}),
        Ask("PUT /{db}/z", {"n": 1}, {"Content-Type": "application/json; charset=utf-8"}),
    ),
    question(
        "numbers and texts",
        Ask(
            "PUT /{db}/x",
            Raw(
                b'{"a":1.0,"b":1e2,"c":-0,"d":123456789012,"e":0.1,"f":"\\u6751\\ud83d\\ude00","g":"","":1,"h":[],"i":{},"j":null}'
            ),
        ),
        "GET /{db}/x",
    ),
    question("a text that is no Unicode", Ask("PUT /{db}/x", Raw(b'{"a":"\\ud800"}'))),
    question(
        "a member told twice",
        Ask("PUT /{db}/x", Raw(b'{"a":1,"a":2}')),
        "GET /{db}/x",
    ),
)
