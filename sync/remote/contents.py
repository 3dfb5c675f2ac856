"""Contents that are on another server, and contents on their way to one.

A large attachment is not fetched with its document: it is asked for by itself when somebody reads it, as often
as somebody does. Going the other way, a document with large contents is one request with the contents behind it,
which wants lengths and digests beforehand; what cannot say them is put into a temporary file first.

Must not know: sockets, databases, who wants the documents.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import md5
from tempfile import TemporaryFile
from typing import IO

from sync.typed import Value, replace
from sync.values.contents import PIECE_BYTES, length_of, pieces_of
from sync.values.documents import Attachment
from sync.wire.arriving import digest_text

# Below this a content rides in the JSON of its batch: on a slow link a round trip of its own costs more.
LARGE_BYTES = 1 << 20


class RemoteContent(Value):
    """An attachment of a revision on a server.

    take  gives its bytes from the beginning, each time anew
    """

    take: Callable[[], Iterator[bytes]]

    @property
    def length(self) -> None:
        """Nobody can vouch for it: CouchDB tells the packed length of what was uploaded packed."""
        return None

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`; what stands before them is fetched and dropped."""
        at = 0
        for piece in self.take():
            wanted = piece[max(0, start - at) : None if stop is None else max(0, stop - at)]
            at += len(piece)
            if wanted:
                yield wanted
            if stop is not None and at >= stop:
                return


class Spooled(Value):
    """A content in a temporary file."""

    file: IO[bytes]
    length: int

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`."""
        end = self.length if stop is None else min(stop, self.length)
        while start < end:
            self.file.seek(start)
            piece = self.file.read(min(PIECE_BYTES, end - start))
            start += len(piece)
            yield piece


def is_large(files: Sequence[Attachment]) -> bool:
    """Whether files are too large to ride in the JSON of a batch."""
    lengths = [length_of(file.data) for file in files if file.data is not None]
    return None in lengths or sum(length or 0 for length in lengths) > LARGE_BYTES


def measured(files: Sequence[Attachment], until_sent: ExitStack) -> tuple[Attachment, ...]:
    """The same files with true lengths and digests; temporary files live as long as `until_sent`."""
    return tuple(_measured(file, until_sent) for file in files)


def _measured(file: Attachment, until_sent: ExitStack) -> Attachment:
    if file.data is None or length_of(file.data) is not None:
        return file
    spool = until_sent.enter_context(TemporaryFile())  # noqa: SIM115
    length, digest = 0, md5(usedforsecurity=False)
    for piece in pieces_of(file.data):
        spool.write(piece)
        digest.update(piece)
        length += len(piece)
    return replace(file, length=length, digest=digest_text(digest.digest()), data=Spooled(spool, length))
