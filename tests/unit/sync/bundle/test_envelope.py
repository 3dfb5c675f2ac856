"""The envelope: for one node, whole, and telling nothing outside."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.bundle.envelope import CHUNK_BYTES, MAGIC, Sealer, is_volume, opened, room_within, sealed_size
from sync.bundle.padding import LEAST_BYTES, rounded
from sync.bundle.refusals import BrokenVolume, NotAVolume, NotForUs
from sync.trust import keys

OURS = keys.load(bytes(range(32)))
OTHERS = keys.load(bytes(range(1, 33)))
SIZES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 7)


def seal(inside: bytes) -> bytes:
    sink = io.BytesIO()
    sealer = Sealer(sink, OURS.public)
    for begin in range(0, len(inside), 10_000):
        sealer.write(inside[begin : begin + 10_000])
    sealer.end()
    return sink.getvalue()


def unseal(volume: bytes, pair=OURS) -> bytes:
    return b"".join(opened(io.BytesIO(volume), pair))


def pattern(size: int) -> bytes:
    return (b"0123456789abcdefg" * (size // 17 + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_out_and_its_size_was_foretold(size):
    volume = seal(pattern(size))
    assert unseal(volume) == pattern(size)
    assert len(volume) == sealed_size(size)


@given(st.integers(200, 1 << 30))
def test_there_is_room_for_as_much_as_fits_and_not_a_byte_more(size):
    room = room_within(size)
    assert sealed_size(room) <= size
    assert sealed_size(room + 1) > size


def test_nobody_else_can_open_it():
    with pytest.raises(NotForUs):
        unseal(seal(b"secret"), OTHERS)


def test_what_is_no_volume_is_told_from_what_is():
    for nothing in (b"", b"PK\x03\x04", MAGIC[:5]):
        with pytest.raises(NotAVolume):
            unseal(nothing)
    for torn in (MAGIC, MAGIC + bytes(31), MAGIC + bytes(32), seal(b"x")[:50]):
        with pytest.raises(NotForUs):
            unseal(torn)


class PulledOut(io.BytesIO):
    """A stick that is pulled out behind so many reads."""

    def __init__(self, content: bytes, reads: int) -> None:
        super().__init__(content)
        self._left = reads

    def read(self, size: int | None = -1) -> bytes:
        """Read, or fail as the system does."""
        self._left -= 1
        if self._left < 0:
            raise OSError(5, "Input/output error")
        return super().read(size)


@pytest.mark.parametrize("reads", range(1, 5))
def test_a_stick_pulled_out_while_it_is_read_leaves_a_beginning(reads):
    inside, came = pattern(3 * CHUNK_BYTES), []
    with pytest.raises(BrokenVolume, match="读不出来"):
        came.extend(opened(PulledOut(seal(inside), reads), OURS))
    assert b"".join(came) == inside[: len(came) * CHUNK_BYTES]
    assert len(came) == max(0, reads - 3)


def test_a_volume_whose_beginning_the_stick_cannot_give_is_damaged_and_no_fault_of_ours():
    with pytest.raises(BrokenVolume):
        is_volume(PulledOut(b"", reads=0))


def test_the_same_is_never_sealed_alike():
    assert seal(b"x")[len(MAGIC) :] != seal(b"x")[len(MAGIC) :]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SIZES[1:]), st.data())
def test_a_change_of_any_bit_is_noticed_and_nothing_changed_comes_out(size, data):
    volume = bytearray(seal(pattern(size)))
    bit = data.draw(st.integers(0, len(volume) * 8 - 1))
    volume[bit // 8] ^= 1 << bit % 8
    assert_only_a_beginning(bytes(volume), pattern(size))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SIZES[1:]), st.data())
def test_a_cut_anywhere_is_noticed_and_leaves_a_beginning(size, data):
    volume = seal(pattern(size))
    assert_only_a_beginning(volume[: data.draw(st.integers(0, len(volume) - 1))], pattern(size))


def test_chunks_cannot_change_places_or_come_from_another_volume():
    inside = pattern(3 * CHUNK_BYTES)
    one, two = seal(inside), seal(inside)
    first, step = len(MAGIC) + 32, CHUNK_BYTES + 16
    swapped = one[:first] + one[first + step : first + 2 * step] + one[first : first + step] + one[first + 2 * step :]
    foreign = one[: first + step] + two[first + step :]
    left_out = one[: first + step] + one[first + 2 * step :]
    longer = one + one[first : first + step]
    for changed in (swapped, foreign, left_out, longer):
        assert_only_a_beginning(changed, inside)


def assert_only_a_beginning(volume: bytes, inside: bytes) -> None:
    came = bytearray()
    with pytest.raises((NotAVolume, NotForUs, BrokenVolume)):
        came.extend(byte for chunk in opened(io.BytesIO(volume), OURS) for byte in chunk)
    assert inside.startswith(bytes(came))


@given(st.integers(0, 1 << 34))
def test_a_last_volume_grows_by_an_eighth_at_most_and_tells_little(size):
    assert size <= rounded(size) <= max(LEAST_BYTES, size * 9 // 8)
    assert rounded(rounded(size)) == rounded(size)


def test_few_sizes_remain():
    assert len({rounded(size) for size in range(1 << 20, 2 << 20, 1000)}) <= 33
