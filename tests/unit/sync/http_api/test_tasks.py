"""What runs on its own, and who is told of it."""

from sync.http_api.tasks import Tasks


def test_a_task_is_told_of_while_it_runs() -> None:
    tasks = Tasks(clock=lambda: 1_800_000_000.5)
    with tasks.running("database_compaction", database="a"):
        (told,) = tasks.told()
        assert told == {
            "type": "database_compaction",
            "database": "a",
            "pid": told["pid"],
            "started_on": 1_800_000_000,
            "updated_on": 1_800_000_000,
        }
    assert tasks.told() == []


def test_those_who_can_be_asked_are_asked_each_time() -> None:
    tasks, theirs = Tasks(), [{"type": "replication"}]
    tasks.add(lambda: theirs)
    assert tasks.told() == theirs
    theirs.clear()
    assert tasks.told() == []
