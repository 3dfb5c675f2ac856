"""Where the files of a form are while it is read: in memory, up to a bound for all of them.

Flask puts what is larger than half a megabyte into a temporary file, in the clear: a photo of an identity card, on a
disk whose data is encrypted otherwise.

Must not know: what is uploaded.
"""

from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Flask, Request


def keep_uploads_in_memory(app: Flask, *, most_bytes: int) -> None:
    """Have files of up to so many bytes never reach a disk; larger ones go to a temporary file.

    So do all files of a form larger than two of these: a hundred volumes of a stick are sealed, and a gigabyte.
    """

    class Uploading(Request):
        def _get_file_stream(
            self,
            total_content_length: int | None,
            content_type: str | None,
            filename: str | None = None,
            content_length: int | None = None,
        ) -> IO[bytes]:
            """Werkzeug's own place for this, to be overridden."""
            is_much = (total_content_length or 0) > 2 * most_bytes
            return cast(IO[bytes], SpooledTemporaryFile(max_size=1 if is_much else most_bytes))

    app.request_class = Uploading
