"""An offer and an answer with every kind of frame in them, as the version of today writes them.

    python -m tests.unit.sync.wire.recording      writes them down under the number of this version

What was recorded once is never written anew: stations are updated when somebody comes by, and until then old and new
must understand each other.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sync.records.ids import chunk_body, chunk_id, content_revision, sha256_hex
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.typed import Value
from sync.values.conversation import Garbled, Item, Mark, SetAside, Share, Told
from sync.values.digest import revision_digest
from sync.values.documents import Document
from sync.values.json_text import canonical
from sync.values.statements import Answer, Offer, Signed
from sync.wire.conversation import Kind, read_items, read_opening, write_conversation
from sync.wire.exchange import VERSION, read_answer, read_offer, write_answer, write_offer
from sync.wire.stream import dictionary_of, frames_of, packed, proposed, to_answer, type_of

RECORDED = Path(__file__).parent / "recorded"
HOME, PHOTOS = "station_k3m7q", "blobs_k3m7q"


def _case(generation: int, events: int) -> Document:
    log = [
        {"by": "acct:wang", "number": number, "set": {"applicant_name": "王秀英", "note": f"第{number}次"}}
        for number in range(1, events + 1)
    ]
    body = canonical({"type": "case", "fold": 1, "events": log, "state": {"status": "received"}, "disputes": []})
    digests = tuple(f"{number:032x}" for number in range(generation, 0, -1))
    return Document("case:k3m7q-abc", Branch(generation, digests), body)


def _chunk() -> Document:
    content = bytes(range(256)) * 8
    digest = sha256_hex(content)
    revision = content_revision(digest)
    return Document(chunk_id(digest), Branch(1, (revision.digest,)), chunk_body(content))


FORMER, NEWER = _case(2, 4), _case(4, 5)
SIGNED = Signed("seal", '{"counter":1,"note":"第一"}'.encode(), "a" * 16, bytes(range(64)))
OFFER = Offer((SIGNED,), "life:7", (Share(HOME, "7-a", "9-b"), Share(PHOTOS, "", "")), "", ("public",))
ANSWER = Answer(
    (SIGNED,),
    "life:8",
    ((HOME, "12-b"),),
    1_758_866_645_000,
    ((HOME, "8-a"),),
    (SetAside(HOME, "case:k3m7q-bad", Revision(1, "c" * 32), "不收"),),
    (PHOTOS,),
)
CHILD = b'{"events":[],"type":"case"}'
FIRST = revision_digest(None, CHILD, deleted=False)
SECOND = revision_digest(Revision(1, FIRST), CHILD, deleted=False)
ITEMS = (
    Told(HOME, Document("case:k3m7q-new", Branch(1, (FIRST,)), CHILD)),
    Told(HOME, Document("case:k3m7q-newer", Branch(2, (SECOND, FIRST)), CHILD)),
    Told(HOME, FORMER),
    Mark(HOME, "7-a"),
    Told(HOME, NEWER, base=(FORMER.revision, FORMER.body)),
    Told(HOME, Document("case:k3m7q-old", Branch(2, ("d" * 32, "e" * 32), deleted=True), b"{}")),
    Told(HOME, _case(1, 1), plain=True),
    Mark(HOME, "8-a"),
    Told(PHOTOS, _chunk()),
    Mark(PHOTOS, '~["3-a",["9-a",2048,"ff",2]]'),
)


class Said(Value):
    """One direction of an exchange: its media type, its bytes, and what is in it, as plain values.

    answering  the offer behind the dictionary that it was packed with, as text
    """

    content_type: str
    stream: bytes
    opening: Any
    items: list[Any]
    answering: str = ""


def frames(kind: Kind) -> Iterator[tuple[bytes, bool]]:
    """What the version of today writes."""
    text = write_offer(OFFER) if kind is Kind.OFFER else write_answer(ANSWER)
    return write_conversation(kind, text, ITEMS, version=VERSION)


def understood(kind: Kind, content_type: str, stream: bytes, answering: str = "") -> Said:
    """What the version of today reads in a stream."""

    def held(name: str, doc_id: str, revision: Revision) -> Document | None:
        return FORMER if (name, doc_id, revision) == (HOME, FORMER.id, FORMER.revision) else None

    arrived = frames_of([stream], dictionary_of(content_type), answering=answering.encode())
    text = read_opening(arrived, kind)
    opening = read_offer(text) if kind is Kind.OFFER else read_answer(text)
    items = [_item(item) for item in read_items(arrived, held)]
    return Said(content_type, stream, _plain(opening), items, answering)


def names() -> Iterable[str]:
    """The recordings that there are."""
    return sorted(path.stem for path in RECORDED.glob("*.json"))


def recorded(name: str) -> tuple[Kind, Said]:
    """A recording as it was written down."""
    told = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return Kind[name.partition("-")[2].upper()], Said(
        *(told["content_type"], base64.b64decode(told["stream"]), told["opening"], told["items"]),
        told.get("answering", ""),
    )


def record() -> None:
    """Write down what this version says, unless that was done."""
    for kind in (Kind.OFFER, Kind.ANSWER):
        path = RECORDED / f"{VERSION}-{kind.name.lower()}.json"
        if not path.exists():
            dictionary = proposed()
            answering = write_offer(OFFER) if kind is Kind.ANSWER else b""
            used = to_answer(answering, dictionary, version=VERSION) if answering else dictionary
            stream = b"".join(packed(frames(kind), used))
            said = understood(kind, type_of(dictionary), stream, answering.decode())
            told = {
                "content_type": said.content_type,
                "stream": base64.b64encode(said.stream).decode(),
                "opening": said.opening,
                "items": said.items,
                **({"answering": said.answering} if said.answering else {}),
            }
            path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _item(item: Item) -> Any:
    if isinstance(item, Mark):
        return {"mark": [item.name, item.position]}
    if isinstance(item, Garbled):
        return {"garbled": [item.name, item.reason]}
    document = item.document
    path = {"start": document.path.generation, "ids": list(document.path.digests), "deleted": document.path.deleted}
    return {"told": [item.name, document.id, path, document.body.decode()]}


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Revision):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if hasattr(value, "__struct_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    return value


if __name__ == "__main__":
    record()
