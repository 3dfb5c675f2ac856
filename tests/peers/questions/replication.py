"""Questions about replications that a server is told to do: what it refuses, and what it tells of none.

What is done is another page's matter (`test_jobs`): its answers name servers, sessions and times.
"""

from tests.peers.asking import Ask, but, question

PLAIN = "the sentence without Erlang's term around it"
LOCAL = {"source": "{db}", "target": "{db}-other"}
AWAY = {"source": "http://127.0.0.1:1/a", "target": "http://127.0.0.1:1/b"}


def replicate(**members: object) -> Ask:
    return Ask("POST /_replicate", {**LOCAL, **members})


def job(name: str, body: object, differs: str = "") -> Ask:
    return but(differs, f"PUT /_replicator/{{db}}-{name}", body)


QUESTIONS = (
    question("a replication of nothing", Ask("POST /_replicate", {}), Ask("POST /_replicate", {"source": "{db}"})),
    question("a replication that is no object", Ask("POST /_replicate", []), Ask("POST /_replicate", 5)),
    question(
        "flags of a replication that are none",
        replicate(continuous=1),
        replicate(create_target="yes"),
        replicate(cancel=1),
        replicate(winning_revs_only=[]),
    ),
    question(
        "selections of a replication that are none",
        replicate(doc_ids=5),
        replicate(selector="x"),
        replicate(create_target_params=[]),
        replicate(doc_ids=[], selector={}),
        replicate(doc_ids=[], filter="a/b"),
        replicate(filter="a"),
        replicate(selector={"n": {"$no": 1}}),
    ),
    question(
        "a replication cancelled that is not there",
        Ask("POST /_replicate", {"replication_id": "none", "cancel": True}),
        Ask("POST /_replicate", {"_local_id": "none+continuous", "cancel": True}),
        replicate(cancel=True, continuous=True),
    ),
    question(
        "jobs and documents of jobs that are not there",
        "GET /_scheduler/jobs/none",
        "GET /_scheduler/docs/{db}",
        "GET /_scheduler/docs/{db}/a",
        "GET /_scheduler/docs/_replicator/{db}-none",
        "GET /_scheduler/docs?states=gone",
        "GET /_scheduler/docs?states=running&limit=0",
        "POST /_scheduler/jobs",
        "DELETE /_scheduler/docs",
    ),
    question(
        "documents that can be no job",
        job("a", {}),
        job("b", {"source": "http://127.0.0.1:1/a"}),
        job("c", {"source": {"url": 5}, "target": "http://127.0.0.1:1/b"}),
        job("d", {"source": {"url": "ftp://127.0.0.1/a"}, "target": "http://127.0.0.1:1/b"}),
        job("e", {**AWAY, "filter": "a"}),
        job("f", {**AWAY, "continuous": 1}, PLAIN),
        job("g", {**AWAY, "doc_ids": 5}, PLAIN),
        job("h", {**AWAY, "doc_ids": [], "selector": {}}, PLAIN),
        job("i", {**AWAY, "_replication_other": 1}),
    ),
)
