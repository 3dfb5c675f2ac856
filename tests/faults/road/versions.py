"""Nodes of other versions, as they speak: what they do not know they do not say, and do not understand.

    old    2: no dictionary, every revision told, no avowals, every database compared at first contact
    later  two from now: more in each opening, and frames that nobody knows yet

Only what is said is of another version. Such a node keeps its books as today's do.

Must not know: which node that is.
"""

from collections.abc import Callable, Iterator
from typing import Any

OLD, TODAY, LATER = VERSIONS = ("old", "today", "later")


def speak(version: str) -> None:
    """Have this process speak so; to be called before anything that speaks is imported."""
    if version == OLD:
        _as_before()
    elif version == LATER:
        _as_two_from_now()


def _as_before() -> None:
    from sync.wire import exchange
    from sync.wire.dictionaries import shelf

    exchange.VERSION = 2
    shelf.names = lambda: ()

    from sync.custody import issuing, taking
    from sync.errors import BadRequest
    from sync.node.road import answering, conversing
    from sync.node.vouching import holding
    from sync.wire import conversation

    def not_known(document: Any, fields: Any) -> Any:
        raise BadRequest("a record of a version that this node does not know")

    conversation._with_digest = not_known
    conversation._DIGESTS_WORKED_OUT = 1 << 30
    taking.AVOWAL = taking.QUITTANCE = "a kind that is not known yet"
    issuing.issue_avowals = holding.issue_avowals = lambda tx, own, *, now_ms: None
    answering.Answering._of_what_is_empty = lambda self, here, offer: {}
    conversing.Conversing._begin_where_nothing_is = lambda self, answer, offer: False
    conversing.Conversing._heard_of = lambda self, name: self._marks.pulled(name)


def _as_two_from_now() -> None:
    from sync.wire import conversation, exchange
    from sync.wire.frames import FIRST_OPTIONAL, write_frame

    exchange.VERSION += 2
    exchange.write_offer = _with_news(exchange.write_offer)
    exchange.write_answer = _with_news(exchange.write_answer)
    write = conversation.write_conversation

    def write_more(*args: Any, **more: Any) -> Iterator[tuple[bytes, bool]]:
        frames = write(*args, **more)
        yield next(frames)
        for frame in frames:
            yield write_frame(FIRST_OPTIONAL + 7, b"news"), False
            yield frame

    conversation.write_conversation = write_more


def _with_news(write: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    return lambda said: write(said)[:-1] + b',"news":[1]}'
