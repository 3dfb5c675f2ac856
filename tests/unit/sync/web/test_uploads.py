"""A photo that is uploaded by a form is on no disk while it is read."""

import io
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
