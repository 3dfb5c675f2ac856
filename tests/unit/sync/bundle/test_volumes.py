"""Volumes: signed segment by segment, within their size, and worth their whole segments when they are cut off."""

import io
import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.bundle.envelope import Sealer
from sync.bundle.header import Header, read_header, write_header
from sync.bundle.parts import Part
from sync.bundle.reading import Volume
from sync.bundle.refusals import BrokenVolume, NotAVolume, NotForUs
from sync.bundle.writing import LEAST_VOLUME_BYTES, VolumeWriter
from sync.errors import BadRequest, SyncError, Unauthorized
from sync.revisions.tree import Branch
from sync.trust import keys
from sync.typed import replace
from sync.values.conversation import Item, Mark, Told
from sync.values.documents import Document
from sync.values.statements import Signed
from sync.wire.conversation import nothing_held, read_items
from sync.wire.frames import FIRST_OPTIONAL, write_frame

OURS = keys.load(bytes(range(32)))
THEIRS = keys.load(bytes(range(1, 33)))
HEADER = Header(
    Signed("certificate", b"{}", THEIRS.writer, bytes(64)),
    life="0123456789abcdef",
    epoch=1,
    number=3,
    volume=2,
    to=OURS.writer,
    rests_on="",
    since={"public": "3-abc"},
    holds_of="fedcba9876543210",
    holds={"": ("17",), "station_k3m7q": ("5-abc", "4-abc")},
    at_ms=1_758_866_645_000,
    wants={"blobs_k3m7q": ("9f" * 32,)},
)


def documents(count: int, size: int = 200) -> list[Item]:
    told = []
    for number in range(count):
        body = json.dumps({"text": os.urandom(size // 2).hex(), "number": number}).encode()
        told.append(Told("station_k3m7q", Document(f"case:k3m7q-{number}", Branch(1, (f"{number:032x}",)), body)))
    return told


def segments(count: int) -> list[list[Item]]:
    return [[*documents(3), Mark("station_k3m7q", f"{number}-abc")] for number in range(count)]


def written(
    told: list[list[Item]], *, header=HEADER, pair=THEIRS, receiver=OURS, size=LEAST_VOLUME_BYTES, last=True
) -> bytes:
    sink = io.BytesIO()
    writer = VolumeWriter(sink, write_header(header), pair, receiver=receiver.public, size=size)
    for segment in told:
        writer.write(b"".join(writer.items.write(item) for item in segment))
    writer.end(is_last=last)
    return sink.getvalue()


def opened(volume: bytes, key_of=lambda header: THEIRS.public) -> Volume:
    return Volume(io.BytesIO(volume), OURS, key_of)


def read(volume: bytes) -> tuple[list[Item], Volume | None]:
    """What comes out, up to whatever is wrong."""
    items: list[Item] = []
    found = None
    try:
        found = opened(volume)
        items.extend(read_items(found.frames(), nothing_held))
    except SyncError:
        pass
    return items, found


def test_what_is_told_comes_out_with_its_header_and_its_end():
    told = segments(4)
    items, volume = read(written(told))
    assert items == [item for segment in told for item in segment]
    assert volume.header == HEADER
    assert (volume.is_whole, volume.is_last) == (True, True)
    assert read(written(told, last=False))[1].is_last is False


@pytest.mark.parametrize("kind", [Part.PIECE, Part.END, FIRST_OPTIONAL])
def test_parts_that_say_nothing_are_not_gone_through_without_end(kind: int) -> None:
    """Whoever knows our public key and somebody's certificate can write them; twenty million took a minute."""
    sink = io.BytesIO()
    sealer = Sealer(sink, OURS.public)
    sealer.write(write_frame(Part.HEAD, write_header(HEADER)))
    sealer.write(write_frame(kind) * 100_000)
    sealer.end()
    with pytest.raises(BrokenVolume, match="没有签名"):
        opened(sink.getvalue())


def test_all_but_the_last_have_the_very_size_that_was_asked_for():
    assert len(written(segments(1), size=LEAST_VOLUME_BYTES, last=False)) == LEAST_VOLUME_BYTES
    assert len(written(segments(1), size=5_000_001, last=False)) in range(5_000_001 - 16, 5_000_002)
    assert len(written(segments(1))) == len(written(segments(9))) == 64 << 10


@settings(max_examples=10, deadline=None)
@given(st.integers(LEAST_VOLUME_BYTES, LEAST_VOLUME_BYTES + 100_000), st.integers(100_000, 1_000_000))
def test_a_volume_stays_within_its_size_whatever_is_put_into_it(size, weight):
    sink = io.BytesIO()
    writer = VolumeWriter(sink, write_header(HEADER), THEIRS, receiver=OURS.public, size=size)
    while writer.has_room_for(frames := os.urandom(weight)):
        writer.write(frames)
    writer.end(is_last=False)
    assert size - 16 <= len(sink.getvalue()) <= size


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_of_a_volume_cut_off_all_whole_segments_count_and_nothing_else(data):
    told = segments(6)
    whole = written(told)
    items, volume = read(whole[: data.draw(st.integers(0, len(whole) - 1))])
    flat = [item for segment in told for item in segment]
    assert items == flat[: len(items)]
    assert len(items) % 4 == 0
    assert volume is None or not volume.is_whole


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_change_anywhere_is_noticed(data):
    told = segments(3)
    volume = bytearray(written(told))
    bit = data.draw(st.integers(0, len(volume) * 8 - 1))
    volume[bit // 8] ^= 1 << bit % 8
    items, found = read(bytes(volume))
    assert items == [item for segment in told for item in segment][: len(items)]
    assert found is None or not found.is_whole


def test_what_another_signed_is_refused_before_anything_comes_out():
    with pytest.raises(Unauthorized):
        opened(written(segments(1), pair=OURS))


def test_who_is_not_believed_is_refused_before_anything_comes_out():
    def nobody(header: Header) -> bytes:
        raise Unauthorized("nobody we know")

    with pytest.raises(Unauthorized, match="nobody we know"):
        opened(written(segments(1)), nobody)


def test_a_volume_for_another_is_refused_though_somebody_sealed_it_to_us():
    """Its first receiver could have opened it, and sealed it anew."""
    with pytest.raises(NotForUs):
        opened(written(segments(1), header=replace(HEADER, to=THEIRS.writer)))
    with pytest.raises(NotForUs):
        opened(written(segments(1), receiver=THEIRS))


def test_what_has_no_end_of_its_own_is_not_whole():
    sink = io.BytesIO()
    writer = VolumeWriter(sink, write_header(HEADER), THEIRS, receiver=OURS.public, size=LEAST_VOLUME_BYTES)
    writer.write(writer.items.write(Mark("public", "1-a")))
    writer._sealer.end()  # as a hostile exporter would leave it
    volume = opened(sink.getvalue())
    with pytest.raises(BrokenVolume):
        list(read_items(volume.frames(), nothing_held))
    assert not volume.is_whole


def test_a_stranger_can_fill_no_memory_with_what_is_not_signed():
    sink = io.BytesIO()
    writer = VolumeWriter(sink, write_header(HEADER), THEIRS, receiver=OURS.public, size=LEAST_VOLUME_BYTES)
    writer._sign = lambda: None
    for _ in range(10):
        writer.write(os.urandom(1 << 20))
    writer._sealer.end()
    with pytest.raises(BrokenVolume, match="太长"):
        opened(sink.getvalue())


def test_a_file_of_something_else_is_told_so():
    with pytest.raises(NotAVolume):
        opened(b"PK\x03\x04" + bytes(100_000))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"set": -1},
        {"set": True},
        {"at": 2**52},
        {"volume": "1"},
        {"life": None},
        {"holds": []},
        {"since": {"public": 3}},
        {"holds": {"life": "", "marks": {"public": "1"}}},
        {"holds": {"life": "", "marks": {"public": [""]}}},
        {"certificate": {}},
        {"wants": []},
        {"wants": {"blobs_k3m7q": "9f"}},
        {"wants": {"blobs_k3m7q": [7]}},
    ],
)
def test_a_header_that_has_not_its_shape_is_refused(change):
    body = json.loads(write_header(HEADER))
    with pytest.raises(BadRequest):
        read_header(json.dumps({**body, **change}).encode())


def test_who_asks_for_no_photos_writes_what_a_former_version_wrote():
    body = json.loads(write_header(replace(HEADER, wants={})))
    assert body.keys() == {
        *("version", "certificate", "life", "epoch", "set", "volume", "to", "rests_on", "since", "holds", "at")
    }
    assert read_header(json.dumps(body).encode()).wants == {}
