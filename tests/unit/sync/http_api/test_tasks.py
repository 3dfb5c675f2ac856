"""What runs on its own, and who is asked about it."""

from sync.http_api.tasks import Tasks, compactions


def test_those_who_have_tasks_are_asked_each_time() -> None:
    tasks, theirs = Tasks(), [{"type": "replication"}]
    assert tasks.told() == []
    tasks.add(lambda: theirs)
    tasks.add(lambda: compactions({"a": 1_800_000_000.5}))
    replication, compaction = tasks.told()
    assert replication == {"type": "replication"}
    told = ("type", "database", "started_on")
    assert [compaction[name] for name in told] == ["database_compaction", "a", 1_800_000_000]
    theirs.clear()
    assert tasks.told() == [compaction]
