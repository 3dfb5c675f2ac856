"""Threads begin as they are needed, never more than are allowed, and what waits for one is done."""

import threading
from types import SimpleNamespace

from sync.web.workers import Workers

PATIENCE_SECONDS = 10


class Errand:
    """What a thread is given in place of a connection: it is at work until it is let go."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def communicate(self) -> bool:
        self.begun.set()
        assert self.may_end.wait(PATIENCE_SECONDS)
        return False

    def close(self) -> None:
        """It is over."""


class Pool:
    """Workers of a server that does nothing else."""

    def __init__(self, most: int) -> None:
        self._others = set(threading.enumerate())  # of servers that other tests keep
        server = SimpleNamespace(stats={"Enabled": False, "Worker Threads": {}}, error_log=lambda *_: None)
        server.requests = self.workers = Workers(server, most)
        self.workers.start()

    def alive(self) -> int:
        begun = set(threading.enumerate()) - self._others
        return sum(thread.name.startswith("http-") for thread in begun)


def test_a_thread_more_begins_when_all_are_at_work_up_to_as_many_as_are_allowed() -> None:
    pool = Pool(2)
    workers = pool.workers
    assert pool.alive() == 0
    errands = [Errand() for _ in range(3)]
    for errand in errands:
        workers.put(errand)
    assert all(errand.begun.wait(PATIENCE_SECONDS) for errand in errands[:2])
    assert (pool.alive(), errands[2].begun.is_set()) == (2, False)
    errands[0].may_end.set()
    assert errands[2].begun.wait(PATIENCE_SECONDS), "what waited is done by whoever is free first"
    for errand in errands:
        errand.may_end.set()
    workers.stop(PATIENCE_SECONDS)
    assert pool.alive() == 0


def test_one_thread_does_for_one_after_the_other() -> None:
    pool = Pool(8)
    workers = pool.workers
    for _ in range(20):
        errand = Errand()
        errand.may_end.set()
        workers.put(errand)
        assert errand.begun.wait(PATIENCE_SECONDS)
    assert pool.alive() <= 4  # one may come before another has turned round
    workers.stop(PATIENCE_SECONDS)


def test_what_comes_from_many_sides_at_once_is_all_done() -> None:
    pool = Pool(5)
    workers = pool.workers
    errands = [Errand() for _ in range(200)]

    def put(some: list[Errand]) -> None:
        for errand in some:
            errand.may_end.set()
            workers.put(errand)

    threads = [threading.Thread(target=put, args=(errands[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(errand.begun.wait(PATIENCE_SECONDS) for errand in errands)
    assert pool.alive() <= 5
    workers.stop(PATIENCE_SECONDS)
    assert pool.alive() == 0
