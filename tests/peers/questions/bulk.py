"""Questions about many documents in one request."""

from tests.peers.asking import Ask, Raw, but, question


def docs(*each: object, **more: object) -> Ask:
    return Ask("POST /{db}/_bulk_docs", {"docs": list(each), **more})


def get(*each: object, query: str = "") -> Ask:
    return Ask("POST /{db}/_bulk_get" + query, {"docs": list(each)})


QUESTIONS = (
    question(
        "a batch",
        docs(
            {"_id": "x"},
            {"_id": "a"},
            {"_id": "a", "_rev": "1-a"},
            {"_id": "b", "_rev": "2-b", "_deleted": True},
            {"n": 1},
        ),
    ),
    question("an empty batch", docs(), docs(new_edits=False)),
    question("one id twice in a batch", docs({"_id": "x", "n": 1}, {"_id": "x", "n": 2})),
    question(
        "a batch refused whole",
        docs({"_id": "x"}, {"_id": "_y"}),
        docs({"_id": "x"}, {"_y": 1}),
        docs({"_id": "x"}, 1),
        docs({"_id": "x"}, {"_id": 1}),
        docs({"_id": "x"}, {"_rev": "x"}),
        docs({"_id": "x"}, {"_attachments": {"_a": {"data": ""}}}),
        docs({"_id": "x"}, {"_id": ""}),
        "GET /{db}/x",
    ),
    question(
        "no batch at all",
        Ask("POST /{db}/_bulk_docs", {}),
        Ask("POST /{db}/_bulk_docs", {"docs": 1}),
        Ask("POST /{db}/_bulk_docs", []),
        Ask("POST /{db}/_bulk_docs", Raw(b"{")),
        Ask("POST /{db}/_bulk_docs", Raw(b"")),
        Ask("POST /{db}/_bulk_docs", {"docs": []}, {"Content-Type": "text/plain"}),
        docs(new_edits="x"),
        Ask("POST /{db}/_bulk_docs", {"docs": None}),
    ),
    question(
        "a batch of replicas",
        docs({"_id": "x", "_rev": "2-x"}, {"_id": "a", "_revisions": {"start": 2, "ids": ["y", "a"]}}, new_edits=False),
        "GET /{db}/a",
        docs({"_id": "x"}, new_edits=False),
        docs({"_id": "x", "_rev": "2-x"}, new_edits=False),
    ),
    question(
        "a batch of tombstones",
        docs(
            {"_id": "a", "_rev": "1-a", "_deleted": True},
            {"_id": "gone", "_deleted": True},
            {"_id": "no", "_deleted": True},
        ),
    ),
    question(
        "local documents in a batch",
        docs(
            {"_id": "_local/x", "n": 1},
            {"_id": "_local/one", "n": 3},
            {"_id": "_local/two", "_deleted": True, "_rev": "0-1"},
        ),
        "GET /{db}/_local/one",
        differs="each write of a local document counts its revision up, whatever it names",
    ),
    question(
        "a batch of all or nothing",
        docs({"_id": "x"}, {"_id": "b", "_rev": "2-b"}, {"_id": "_local/x"}, all_or_nothing=True),
        docs({"_id": "x"}, {"_id": "_y"}, all_or_nothing=True),
        docs(all_or_nothing=True),
        "GET /{db}/x",
    ),
    question("a batch that waits for nothing", docs({"_id": "x"}, all_or_nothing=False, w=1)),
    question(
        "read in bulk",
        get(
            {"id": "a"},
            {"id": "no"},
            {"id": "gone"},
            {"id": "b", "rev": "2-b"},
            {"id": "b", "rev": "9-z"},
            {"id": "conflicted", "rev": "2-d"},
        ),
    ),
    question("every leaf in bulk", get({"id": "conflicted"}), get({"id": "conflicted"}, query="?revs=true")),
    question(
        "the latest in bulk", get({"id": "b", "rev": "1-a"}, query="?latest=true"), get({"id": "b", "rev": "1-a"})
    ),
    question(
        "files in bulk",
        get({"id": "files"}),
        get({"id": "files"}, query="?attachments=true"),
        get({"id": "files", "atts_since": ["1-a"]}, query="?attachments=true"),
        get({"id": "files", "atts_since": ["1-a"]}),
        get({"id": "files", "atts_since": []}),
        get({"id": "files", "atts_since": []}, query="?attachments=true"),
        but(
            "no contents where none are wanted",
            "POST /{db}/_bulk_get?attachments=false",
            {"docs": [{"id": "files", "atts_since": ["1-a"]}]},
        ),
    ),
    question("an id twice in bulk", get({"id": "a"}, {"id": "a", "rev": "1-a"})),
    question("nothing in bulk", get()),
    question(
        "bad requests in bulk",
        get({}),
        get({"id": 1}),
        get({"id": "a", "rev": "x"}),
        get({"id": ""}),
        get({"id": "_no"}),
        Ask("POST /{db}/_bulk_get", {}),
        Ask("POST /{db}/_bulk_get", []),
        get({"id": "a", "rev": 1}),
    ),
    question("worse requests in bulk", get(1), Ask("POST /{db}/_bulk_get", {"docs": 1})),
    question(
        "what is missing",
        Ask(
            "POST /{db}/_revs_diff",
            {"a": ["1-a", "2-b"], "no": ["1-x"], "b": ["2-b"], "conflicted": ["4-x", "1-z"], "gone": ["3-x"]},
        ),
        Ask("POST /{db}/_revs_diff", {}),
        Ask("POST /{db}/_revs_diff", {"a": []}),
    ),
    question(
        "what is missing, without ancestors",
        Ask("POST /{db}/_missing_revs", {"a": ["1-a", "2-b"], "no": ["1-x"], "b": ["2-b"]}),
        Ask("POST /{db}/_missing_revs", {}),
    ),
    question(
        "bad questions for what is missing",
        Ask("POST /{db}/_revs_diff", []),
        Ask("POST /{db}/_revs_diff", {"a": "1-a"}),
        Ask("POST /{db}/_revs_diff", {"a": ["x"]}),
        Ask("POST /{db}/_revs_diff", {"a": [1]}),
        Ask("POST /{db}/_revs_diff", Raw(b"{")),
        Ask("POST /{db}/_revs_diff", {}, {"Content-Type": "text/plain"}),
        Ask("POST /{db}/_missing_revs", {"a": 1}),
    ),
)
