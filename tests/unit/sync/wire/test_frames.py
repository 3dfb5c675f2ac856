"""Frames cut anywhere, noise, and kinds of other versions."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest, TooLarge
from sync.wire.frames import LARGEST_FRAME_BYTES, Frame, FrameReader, read_number, write_frame, write_number

frames = st.lists(st.builds(Frame, st.integers(0, 255), st.binary(max_size=300)), max_size=8)
cuts = st.lists(st.integers(0, 2000), max_size=30)


def written(them: list[Frame]) -> bytes:
    return b"".join(write_frame(one.kind, one.payload) for one in them)


def pieces(data: bytes, at: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(one, len(data)) for one in at), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


@given(frames, cuts)
def test_frames_arrive_equal_however_the_stream_is_cut(sent: list[Frame], at: list[int]) -> None:
    reader = FrameReader()
    assert [one for piece in pieces(written(sent), at) for one in reader.feed(piece)] == sent
    assert not reader.is_within_frame
    reader.end()


@given(frames)
def test_every_prefix_gives_exactly_the_frames_that_are_whole_in_it(sent: list[Frame]) -> None:
    stream, ends = written(sent), []
    for one in sent:
        ends.append((ends[-1] if ends else 0) + len(write_frame(one.kind, one.payload)))
    byte_by_byte, got = FrameReader(), []
    for length in range(len(stream) + 1):
        at_once = FrameReader()
        whole = sum(end <= length for end in ends)
        assert list(at_once.feed(stream[:length])) == sent[:whole]
        got += byte_by_byte.feed(stream[max(length - 1, 0) : length])
        assert got == sent[:whole]
        assert at_once.is_within_frame == byte_by_byte.is_within_frame == (length not in {0, *ends})


def test_a_stream_that_broke_off_within_a_frame_is_told_from_one_that_ended() -> None:
    reader = FrameReader()
    assert list(reader.feed(write_frame(1, b"whole") + write_frame(2, b"half")[:-1])) == [Frame(1, b"whole")]
    with pytest.raises(BadRequest, match="broke off within a frame"):
        reader.end()


def test_frames_before_a_broken_one_are_given_first() -> None:
    given = FrameReader().feed(write_frame(1, b"good") + b"\x02" + b"\xff" * 9)
    assert next(given) == Frame(1, b"good")
    with pytest.raises(BadRequest, match="not a number"):
        next(given)


def test_a_frame_too_large_is_refused_before_its_payload_is_here() -> None:
    reader = FrameReader(largest_bytes=100)
    assert list(reader.feed(write_frame(7, bytes(100)))) == [Frame(7, bytes(100))]
    with pytest.raises(BadRequest, match="at most 100 bytes, this one claims 101"):
        list(reader.feed(b"\x07" + write_number(101)))


def test_the_largest_record_fits_and_nothing_larger_is_written() -> None:
    assert len(write_frame(0, bytes(1 << 20), b"beside it")) > 1 << 20
    with pytest.raises(TooLarge):
        write_frame(0, bytes(LARGEST_FRAME_BYTES), b"x")


@given(st.lists(st.binary(max_size=64), max_size=20))
def test_noise_is_refused_or_read_and_nothing_else(noise: list[bytes]) -> None:
    reader = FrameReader(largest_bytes=1000)
    try:
        for piece in noise:
            list(reader.feed(piece))
    except BadRequest:
        return
    assert len(reader._held) <= 1010


def test_kinds_of_newer_versions_are_handed_on_and_say_whether_they_may_be_passed_over() -> None:
    newer = [Frame(0x7F, b"must be understood"), Frame(0x80, b"may be passed over"), Frame(0xFF, b"")]
    read = list(FrameReader().feed(written(newer)))
    assert read == newer
    assert [one.is_optional for one in read] == [False, True, True]


@given(st.integers(0, 2**35 - 1), st.binary(max_size=3))
def test_a_number_is_read_as_it_was_written(number: int, behind: bytes) -> None:
    text = write_number(number)
    assert read_number(text + behind) == (number, len(text))
    assert all(read_number(text[:cut]) is None for cut in range(len(text)))


@pytest.mark.parametrize("text", [b"\x80\x00", b"\xff\x80\x00", b"\xff\xff\xff\xff\xff", b"\x80" * 9])
def test_a_number_written_longer_than_need_be_is_none(text: bytes) -> None:
    with pytest.raises(BadRequest):
        read_number(text)
