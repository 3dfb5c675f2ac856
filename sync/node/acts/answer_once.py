"""A request repeated under its key is answered as the first time, and done once.

The answer is kept in the transaction that does the work. So a client that heard nothing, because
the link or the power went, may repeat until it hears: either nothing had happened, or it gets the
answer it missed.

Must not know: what is being done.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from sync.errors import Invalid
from sync.messages import _
from sync.node.node import Node
from sync.node.own_clock import has_leapt
from sync.store.ledger.requests import Kept, keep_answer, kept_answer, sweep_answers
from sync.store.transaction import Reader, Transaction
from sync.typed import Value
from sync.values.json_text import dump, dump_sorted

JSON = "application/json"
# As long as a node is trusted without contact: a phone may have been away that long with a request unanswered.
KEPT_MS = 45 * 24 * 3_600_000


class KeyReused(Invalid):
    """The key of a request was used for another one."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(
            reason or _("This Idempotency-Key was used for another request"),
            fields=[("Idempotency-Key", _("used for another request, choose another one"))],
        )
        self.remedy = _("A new request needs a new Idempotency-Key.")


class Request(Value):
    """What makes a request the same as an earlier one.

    account  who asks;  key, the client's own name for this request
    digest   of what is asked
    """

    account: str
    key: str
    digest: bytes


class Answer(Value):
    """An answer as the client gets it; `replayed` when it had been given before."""

    status: int
    body: bytes
    replayed: bool = False


def request_of(account: str, key: str, *parts: Any) -> Request:
    """Name a request by everything it asks; parts are whatever JSON can say."""
    return Request(account, key, hashlib.sha256(dump_sorted(list(parts))).digest())


def earlier_answer(node: Node, request: Request | None) -> Answer | None:
    """The answer already given to this request, if any; raises KeyReused."""
    if request is None:
        return None
    return node.engine.look(lambda reader: _kept(reader, request))


def answer_once(
    tx: Transaction, request: Request | None, work: Callable[[], dict[str, Any]], *, status: int, now_ms: int
) -> Answer:
    """Do the work and keep its answer, or give the answer kept before.

    request  None when the client named none: then it is done each time it is asked
    work     in this transaction; returns the answer's JSON object
    raises   KeyReused when the key was used for something else; whatever the work raises
    """
    kept = _kept(tx, request) if request is not None else None
    if kept is not None:
        return kept
    body = dump(work())
    if request is not None:
        keep_answer(tx, request.account, request.key, Kept(request.digest, status, JSON, body), now_ms=now_ms)
    return Answer(status, body)


def forget_old_answers(node: Node) -> None:
    """Forget answers that nobody will ask for again; none while the clock shows a time nothing vouches for."""
    now_ms = node.clock()

    def work(tx: Transaction) -> None:
        if not has_leapt(tx, now_ms):
            sweep_answers(tx, before_ms=now_ms - KEPT_MS)

    node.write(work)


def _kept(reader: Reader, request: Request) -> Answer | None:
    kept = kept_answer(reader, request.account, request.key)
    if kept is None:
        return None
    if kept.request != request.digest:
        raise KeyReused
    return Answer(kept.status, kept.body, replayed=True)
