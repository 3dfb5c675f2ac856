"""Photos are made fit in a process of its own: what it takes of memory ends with it, and so does what goes wrong."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from edge_node.pictures.fitter import Fitter, Unbearable
from edge_node.pictures.fitting import MOST_PIXELS
from tests.unit.edge_node.applications import JPEG
from tests.unit.edge_node.pictures.drawing import notes, opened, page, saved
from tests.unit.edge_node.pictures.test_fitting import bomb

TARGET = 100_000


@pytest.fixture
def fitter() -> Fitter:
    return Fitter(target_bytes=TARGET)


def test_a_large_photo_is_made_another_and_a_fit_one_only_loses_what_stands_beside_it(fitter):
    large = fitter.fitted(saved(page(2400, 1800), quality=90))
    assert large.is_another
    assert len(large.content) <= TARGET
    small = fitter.fitted(saved(page(160, 120), exif=notes()))
    assert not small.is_another
    assert dict(opened(small.content).getexif()) == {}
    assert fitter.fitted(JPEG).content == JPEG


def test_turned_off_no_photo_is_made_another_and_none_says_where_it_was_taken():
    content = saved(page(2400, 1800), quality=90, exif=notes())
    filed = Fitter(target_bytes=0).fitted(content)
    assert not filed.is_another
    assert opened(filed.content).tobytes() == opened(content).tobytes()
    assert dict(opened(filed.content).getexif()) == {}


def test_too_many_pixels_are_named(fitter):
    with pytest.raises(Unbearable, match="60000×60000"):
        fitter.fitted(bomb(60_000, 60_000) + bytes(TARGET))


@pytest.mark.parametrize("content", [JPEG * 4, b"\xff\xd8\xff" + bytes(2 * TARGET)])
def test_what_cannot_be_opened_is_filed_as_it_is(fitter, content):
    assert fitter.fitted(content).content == content


def test_a_photo_that_takes_for_ever_is_filed_as_it_is(caplog):
    content = saved(page(2400, 1800), quality=90)
    assert Fitter(target_bytes=TARGET, patience_seconds=0.01).fitted(content).content == content
    assert "was not made fit" in caplog.text


def test_many_at_once_are_made_fit_one_by_one_and_the_servers_memory_stays_as_it_was(fitter):
    content = saved(page(4032, 3024), quality=90)
    before = _resident_kilobytes()
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(fitter.fitted(content).content)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert _resident_kilobytes() - before < 8_000


def test_a_photo_of_twelve_million_pixels_is_never_decoded_whole(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(saved(page(4032, 3024), quality=90))
    # Through a small process: what a child had of its parent at its beginning counts as its own.
    measuring = (
        "import resource, subprocess, sys; "
        "subprocess.run([sys.executable, '-m', 'edge_node.pictures.child', '100000'], stdin=open(sys.argv[1]), "
        "stdout=subprocess.DEVNULL, check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", measuring, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 72_000  # Python and Pillow are 30 MB, the whole picture would be 48 MB


@pytest.mark.parametrize("mode", ["RGBA", "LA", "I;16"])
def test_a_page_of_as_many_dots_as_are_taken_is_made_fit_within_what_a_station_has(mode):
    largest = Image.new(mode, (8000, MOST_PIXELS // 8000))
    content = saved(largest, "PNG", compress_level=1) + bytes(TARGET)
    command = [sys.executable, "-m", "edge_node.pictures.child", str(TARGET)]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    assert opened(done.stdout).size == (2000, 1250)


def _resident_kilobytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
