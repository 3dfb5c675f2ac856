"""What earlier versions said is understood by this one, and this one says what it said when it was recorded."""

import pytest

from sync.typed import replace
from sync.wire.conversation import Kind
from sync.wire.exchange import VERSION
from sync.wire.frames import FIRST_OPTIONAL, Frame, FrameReader, write_frame
from sync.wire.packing import Unpacker
from sync.wire.stream import dictionary_of, packed
from tests.unit.sync.wire.recording import Said, frames, names, recorded, understood


@pytest.mark.parametrize("name", names())
def test_what_was_recorded_is_understood_as_it_was_meant(name: str) -> None:
    kind, said = recorded(name)
    assert _known_then(understood(kind, said.content_type, said.stream, said.answering), said) == said


@pytest.mark.parametrize("name", names())
def test_a_recording_needs_its_dictionary_or_none_and_says_which(name: str) -> None:
    _, said = recorded(name)
    dictionary = dictionary_of(said.content_type)
    assert dictionary is not None
    assert said.content_type.endswith(dictionary.name[:8])


@pytest.mark.parametrize("kind", [Kind.OFFER, Kind.ANSWER])
def test_this_version_says_what_it_said_when_it_was_recorded(kind: Kind) -> None:
    """Whoever changes what is said gives it a new number, and records that."""
    _, said = recorded(f"{VERSION}-{kind.name.lower()}")
    unpacker, reader = Unpacker(dictionary_of(said.content_type), said.answering.encode()), FrameReader()
    then = [frame for plain in unpacker.feed(said.stream) for frame in reader.feed(plain)]
    now = [frame for told, _ in frames(kind) for frame in FrameReader().feed(told)]
    assert [_told(frame) for frame in then] == [_told(frame) for frame in now]


def _told(frame: Frame) -> tuple[int, bytes]:
    """How a body is packed against another is for zstd to say, whose releases differ; the head before it is ours."""
    head, base, _ = frame.payload.partition(b'"base"')
    return frame.kind, head if base else frame.payload


@pytest.mark.parametrize("kind", [Kind.OFFER, Kind.ANSWER])
def test_what_two_versions_from_now_may_say_more_is_passed_over(kind: Kind) -> None:
    """Members of the opening, and frames, that nobody knows yet."""

    def later():
        for told, _ in frames(kind):
            for frame in FrameReader().feed(told):
                payload = frame.payload
                if frame.kind == kind:
                    payload = payload.replace(b'"version":%d' % VERSION, b'"version":%d,"news":[1]' % (VERSION + 2))
                    assert payload != frame.payload
                yield write_frame(frame.kind, payload), True
                if frame.kind != Kind.END:
                    yield write_frame(FIRST_OPTIONAL + 7, b"news"), False

    _, said = recorded(f"{VERSION}-{kind.name.lower()}")
    now = understood(kind, "application/x-yizhan", b"".join(packed(later())))
    assert _known_then(now, said).opening == {**said.opening, "version": VERSION + 2}
    assert now.items == said.items


def _known_then(now: Said, said: Said) -> Said:
    """Without what an opening may say by now that it did not when it was recorded."""
    return replace(now, opening={name: now.opening[name] for name in said.opening})
