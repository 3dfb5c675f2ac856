"""One packed stream: flushed, cut, hostile."""

import hashlib
import json
from random import Random

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.wire.dictionaries.shelf import Dictionary, WithWords
from sync.wire.frames import Frame, FrameReader, write_frame
from sync.wire.packing import EVEN, HARD, LARGEST_WINDOW_LOG, QUICK, Effort, Packer, Unpacker, effort_for
from sync.wire.stream import packed_by_size, to_answer

efforts = st.sampled_from((QUICK, EVEN, Effort(5, 18)))
frames = st.lists(st.builds(Frame, st.integers(0, 255), st.binary(max_size=300)), max_size=6)


def trained(seed: int) -> Dictionary:
    chance = Random(seed)
    words = [chance.randbytes(12) for _ in range(60)]
    samples = [b"".join(chance.choices(words, k=20)) for _ in range(400)]
    content = zstandard.train_dictionary(2048, samples, dict_id=40_000 + seed).as_bytes()
    return Dictionary(hashlib.sha256(content).hexdigest(), content)


ONE, OTHER = trained(1), trained(2)
dictionaries = st.sampled_from((None, ONE))


def unpack(stream: bytes, dictionary: Dictionary | None = None) -> bytes:
    unpacker = Unpacker(dictionary)
    plain = b"".join(unpacker.feed(stream))
    unpacker.end()
    return plain


@given(st.lists(st.binary(max_size=500), max_size=10), efforts, dictionaries)
def test_what_was_packed_is_unpacked(parts: list[bytes], effort: Effort, dictionary: Dictionary | None) -> None:
    packer = Packer(effort, dictionary)
    assert unpack(b"".join(map(packer.pack, parts)) + packer.end(), dictionary) == b"".join(parts)


WORDS = Random(7).randbytes(300)


def test_what_both_have_said_before_costs_next_to_nothing() -> None:
    plain, with_words = Packer(HARD, ONE), Packer(HARD, WithWords(ONE, WORDS))
    stream = with_words.pack(WORDS) + with_words.end()
    assert len(stream) < 40 < len(plain.pack(WORDS) + plain.end())
    unpacker = Unpacker(ONE, WORDS)
    assert b"".join(unpacker.feed(stream)) == WORDS


def test_who_has_not_the_words_or_is_not_told_of_them_reads_as_ever() -> None:
    packer, other = Packer(HARD, ONE), Packer(HARD, WithWords(ONE, WORDS))
    assert b"".join(Unpacker(ONE, WORDS).feed(packer.pack(b"a" * 99) + packer.end())) == b"a" * 99
    with pytest.raises(BadRequest, match="another dictionary"):
        list(Unpacker(ONE).feed(other.pack(WORDS) + other.end()))


@pytest.mark.parametrize(("version", "size", "differs"), [(4, 300, True), (3, 300, False), (4, 300 << 10, False)])
def test_an_answer_is_packed_with_its_offer_for_whoever_knows_that(version: int, size: int, differs: bool) -> None:
    assert (to_answer(b"x" * size, ONE, version=version) is not ONE) == differs
    assert to_answer(b"x", None, version=version) is None


@pytest.mark.parametrize("in_crowd", [False, True])
def test_in_a_crowd_too_what_stands_in_the_offer_costs_next_to_nothing(in_crowd: bool) -> None:
    [stream] = packed_by_size([(WORDS, False)], WithWords(ONE, WORDS), in_crowd=in_crowd)
    assert len(stream) < 40
    assert b"".join(Unpacker(ONE, WORDS).feed(stream)) == WORDS


@pytest.mark.parametrize("effort", [QUICK, EVEN])
def test_a_little_is_packed_hard_on_a_quick_link_too_and_much_is_not(effort: Effort) -> None:
    text = json.dumps([f"{number} of {number % 7}" for number in range(5_000)]).encode()
    for length, is_alike in ((3_000, True), (len(text), False)):
        quick, hard = (b"".join(packed_by_size([(text[:length], False)], effort=one)) for one in (effort, HARD))
        assert (quick == hard) == is_alike


def test_a_little_is_told_in_one_piece_and_nobody_waits_for_parts_of_it() -> None:
    said = [(write_frame(1, f"{number} of {number % 7}".encode()), True) for number in range(20)]
    assert list(packed_by_size(said)) == list(packed_by_size([(frame, False) for frame, _ in said]))


@given(frames, dictionaries)
def test_a_prefix_gives_exactly_the_frames_whose_bytes_have_arrived_after_a_flush(
    sent: list[Frame], dictionary: Dictionary | None
) -> None:
    packer, stream, ends = Packer(QUICK, dictionary), b"", []
    for one in sent:
        stream += packer.pack(write_frame(one.kind, one.payload)) + packer.flush()
        ends.append(len(stream))
    stream += packer.end()
    unpacker, reader, got = Unpacker(dictionary), FrameReader(), []
    for length in range(1, len(stream) + 1):
        got += [one for plain in unpacker.feed(stream[length - 1 : length]) for one in reader.feed(plain)]
        assert got == sent[: sum(end <= length for end in ends)]
        assert unpacker.has_ended == (length == len(stream))
    assert not reader.is_within_frame


@pytest.mark.parametrize("effort", [QUICK, EVEN, HARD])
def test_much_is_unpacked_in_pieces_and_equal(effort: Effort) -> None:
    chance = Random(4)
    plain = b"".join(chance.choice((b"a" * 5000, chance.randbytes(700))) for _ in range(300))
    packer, unpacker = Packer(effort), Unpacker()
    stream = packer.pack(plain) + packer.end()
    got = [piece for start in range(0, len(stream), 1000) for piece in unpacker.feed(stream[start : start + 1000])]
    assert b"".join(got) == plain
    assert max(map(len, got)) <= 128 << 10


@pytest.mark.parametrize(
    ("bits_per_second", "effort"),
    [(0, HARD), (64_000, HARD), (256_000, EVEN), (4_000_000, EVEN), (100_000_000, QUICK), (float("inf"), QUICK)],
)
def test_the_slower_the_link_the_harder_is_packed(bits_per_second: float, effort: Effort) -> None:
    assert effort_for(bits_per_second) is effort


def test_a_few_bytes_that_stand_for_gigabytes_are_unpacked_only_as_far_as_somebody_reads() -> None:
    packer = Packer(HARD)
    bomb = packer.pack(bytes(64 << 20)) + packer.end()
    assert len(bomb) < 8000
    pieces = Unpacker().feed(bomb)
    assert all(len(next(pieces)) <= 128 << 10 for _ in range(20))


def test_a_stream_that_broke_off_is_told_from_one_that_ended() -> None:
    packer = Packer()
    stream = packer.pack(b"so far") + packer.flush()
    unpacker = Unpacker()
    assert b"".join(unpacker.feed(stream)) == b"so far"
    with pytest.raises(BadRequest, match="broke off"):
        unpacker.end()
    list(unpacker.feed(packer.end()))
    unpacker.end()


@pytest.mark.parametrize(("packed", "unpacked"), [(ONE, OTHER), (ONE, None), (None, ONE)])
def test_another_dictionary_is_refused_in_clear_words(packed: Dictionary | None, unpacked: Dictionary | None) -> None:
    packer = Packer(QUICK, packed)
    with pytest.raises(BadRequest, match="another dictionary"):
        unpack(packer.pack(b"words") + packer.end(), unpacked)


def test_a_window_that_a_small_machine_cannot_afford_is_refused_at_the_head() -> None:
    packer = Packer(Effort(3, LARGEST_WINDOW_LOG + 1))
    with pytest.raises(BadRequest, match="look back"):
        unpack(packer.pack(bytes(10)) + packer.flush())


def test_something_behind_the_end_is_refused() -> None:
    packer = Packer()
    with pytest.raises(BadRequest, match="behind the end"):
        unpack(packer.pack(b"all") + packer.end() + b"more")


def test_a_stream_with_a_checksum_and_a_known_length_is_read_too() -> None:
    assert unpack(zstandard.ZstdCompressor(write_checksum=True).compress(b"plain" * 9)) == b"plain" * 9


@given(
    st.binary(max_size=400), st.booleans(), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=3)
)
def test_noise_is_refused_or_read_and_nothing_else(noise: bytes, as_it_is: bool, flips: list[tuple[int, int]]) -> None:
    packer = Packer(QUICK)
    stream = bytearray(packer.pack(noise) + packer.end()) if not as_it_is else bytearray(noise)
    for place, value in flips:
        if place < len(stream):
            stream[place] = value
    unpacker = Unpacker()
    try:
        assert all(len(piece) <= 128 << 10 for piece in unpacker.feed(bytes(stream)))
    except BadRequest:
        return


@given(st.binary(max_size=100))
def test_noise_behind_a_lawful_head_is_refused_or_read(noise: bytes) -> None:
    packer = Packer(QUICK)
    head = (packer.pack(b"") + packer.flush())[:6]
    try:
        assert all(len(piece) <= 128 << 10 for piece in Unpacker().feed(head + noise))
    except BadRequest:
        return
