"""A photo that is uploaded by a form is on no disk while it is read."""

import io
import tracemalloc
from pathlib import Path

import pytest
from flask import Flask, request

from sync.web.uploads import keep_uploads_in_memory


@pytest.mark.parametrize(("size", "on_disk"), [(2 << 20, False), (5 << 20, True)])
def test_a_file_of_a_form_is_held_in_memory_up_to_the_bound(size: int, on_disk: bool, tmp_path: Path, monkeypatch):
    """Linux lists open files, unlinked ones among them."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    app = Flask("uploading")
    keep_uploads_in_memory(app, most_bytes=4 << 20)
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="photo.jpg"\r\n\r\n'
    body = io.BytesIO(head + b"p" * size + b"\r\n--x--\r\n")
    with app.test_request_context(method="POST", input_stream=body, content_type="multipart/form-data; boundary=x"):
        photo = request.files["photo"]
        links = [Path(link) for link in Path("/proc/self/fd").iterdir()] if Path("/proc/self/fd").exists() else []
        there = [str(link.readlink()) for link in links if link.is_symlink()]
        if there:
            assert any(str(tmp_path) in target for target in there) is on_disk
        assert len(photo.read()) == size
        photo.close()


def test_many_small_files_of_a_large_form_are_not_all_held_in_memory(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    app = Flask("uploading")
    keep_uploads_in_memory(app, most_bytes=1 << 20)
    part = b'--x\r\nContent-Disposition: form-data; name="volumes"; filename="a.yzb"\r\n\r\n' + bytes(500_000) + b"\r\n"
    body = part * 20 + b"--x--\r\n"
    told = {"content_type": "multipart/form-data; boundary=x", "content_length": len(body)}
    tracemalloc.start()
    try:
        with app.test_request_context(method="POST", input_stream=io.BytesIO(body), **told):
            files = request.files.getlist("volumes")
            held, _most = tracemalloc.get_traced_memory()
            assert [len(file.read()) for file in files] == [500_000] * 20
            for file in files:
                file.close()
    finally:
        tracemalloc.stop()
    assert held < 4 << 20
