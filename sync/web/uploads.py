"""Where the files of a form are while it is read: in memory, up to a bound.

Flask puts what is larger than half a megabyte into a temporary file, in the clear: a photo of an identity card, on a
disk whose data is encrypted otherwise.

Must not know: what is uploaded.
"""

from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Flask, Request


def keep_uploads_in_memory(app: Flask, *, most_bytes: int) -> None:
    """Have files of up to so many bytes never reach a disk; larger ones go to a temporary file."""

    class Uploading(Request):
        def _get_file_stream(
            self,
            total_content_length: int | None,
            content_type: str | None,
            filename: str | None = None,
            content_length: int | None = None,
        ) -> IO[bytes]:
            """Werkzeug's own place for this, to be overridden."""
            return cast(IO[bytes], SpooledTemporaryFile(max_size=most_bytes))

    app.request_class = Uploading
