"""What a job's thread does: open both ends, replicate, and for a continuous job wait for more and go on.

Must not know: queues, turns, what becomes of a failure.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from sync.database import Databases
from sync.replication.follow import await_more
from sync.replication.replicate import Replicator
from sync.replication.report import Options, Report
from sync.replicator.job import Job, Stats
from sync.replicator.opening import Ends, open_ends
from sync.store.wakes import Wakes
from sync.values.json_text import parse_object

# Beside the history, too, where ids are chosen: CouchDB's clients of old look for them there.
_COUNTED = ("start_time", "end_time", "docs_read", "docs_written", "doc_write_failures")


class Worker:
    """Carries jobs out, each in the thread that calls it."""

    def __init__(
        self,
        databases: Databases,
        wakes: Wakes,
        *,
        server: str,
        address: Callable[[], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """wakes: of the engine; server: names this one in replication ids; address: where it is, for answers."""
        self._databases = databases
        self._wakes = wakes
        self._server = server
        self._address = address
        self._clock = clock

    def work(self, job: Job) -> Mapping[str, Any]:
        """Carry a job out until it is done or halted.

        returns  what `_replicate` answers, for what was done
        raises   what ended it: NotFound, Unauthorized, LinkError, StorageError …
        """
        ends = open_ends(job.specification, self._databases, self._wakes, self._address())
        job.ends = ends
        try:
            return self._replicate(job, ends)
        finally:
            job.ends = None
            ends.close()

    def _replicate(self, job: Job, ends: Ends) -> Mapping[str, Any]:
        replicator = Replicator(ends.source, ends.target, options=self._options(job))
        while True:
            report = self._run(job, replicator)
            if not job.specification.continuous or job.halt.is_set():
                return _answer(job, replicator, report)
            job.is_idle = True
            try:
                await_more(replicator, ends.source, stop=job.halt)
            finally:
                job.is_idle = False

    def _options(self, job: Job) -> Options:
        asked = job.specification
        return Options(
            id=asked.log_id(self._server),
            doc_ids=asked.doc_ids,
            part_only=asked.selector is not None,
            winners_only=asked.winners_only,
            begin=asked.begin,
            use_checkpoints=asked.use_checkpoints,
            checkpoint_seconds=asked.checkpoint_seconds,
        )

    def _run(self, job: Job, replicator: Replicator) -> Report:
        before: Stats = job.stats

        def progress(report: Report) -> None:
            job.stats, job.updated = before.plus(report), self._clock()

        report = replicator.run(progress=progress, stop=job.halt.is_set)
        if report.error is not None:
            raise report.error
        job.errors, job.error = 0, None
        return report


def _answer(job: Job, replicator: Replicator, report: Report) -> Mapping[str, Any]:
    """The log as CouchDB tells it, with `no_changes` when this run had nothing to add."""
    if not job.specification.use_checkpoints:
        return {"ok": True, "use_checkpoints": False}
    log = parse_object(replicator.log) if replicator.log else {}
    quiet: dict[str, Any] = {} if report.checkpoints else {"no_changes": True}
    counts = {} if job.specification.doc_ids is None else _newest_counts(log)
    return {"ok": True, **quiet, **log, **counts}


def _newest_counts(log: Mapping[str, Any]) -> dict[str, Any]:
    history = log.get("history")
    newest = history[0] if isinstance(history, list) and history else None
    return {name: newest[name] for name in _COUNTED if name in newest} if isinstance(newest, dict) else {}
