"""A request handed to a WSGI application, and its answer sent: with as few calls to the system as there can be.

An answer that is there whole leaves in one piece, head and body together; one that is made while it is sent leaves
piece by piece, in chunks where its length is not told.

source  PEP 3333; RFC 9112, 6 and 7.1

Must not know: routes, how a request is read.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from sync.web.heads import Head, has_body, write_head

if TYPE_CHECKING:
    from types import TracebackType

    ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

_TOGETHER_BYTES = 64 << 10  # a body up to this is copied behind its head rather than sent by itself


class Exchange(Protocol):
    """A request that is being answered."""

    head: Head
    close_connection: bool
    sent_headers: bool

    def send(self, piece: bytes) -> None:
        """Send all of it."""
        ...

    def settle(self) -> None:
        """See to it that nothing stands before the next request, or close the connection after this answer."""
        ...

    def connection_headers(self) -> list[tuple[str, str]]:
        """What the other side is told about the connection."""
        ...

    def takes_chunks(self) -> bool:
        """Whether the other side can be sent chunks."""
        ...


class Answering:
    """One answer."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self._left: int | None = None  # of the length that was told
        self._chunked = False
        self._bodiless = False

    def answer(self, app: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> None:
        """Have the application answer; what it raises comes through, and then the answer is not whole."""
        answer = app(environ, self._start)
        try:
            if isinstance(answer, list):
                self._send_whole(b"".join(answer))
            else:
                for piece in answer:
                    if piece:
                        self._write(piece)
                self._end()
        finally:
            close = getattr(answer, "close", None)
            if close:
                close()

    def _start(
        self, status: str, headers: list[tuple[str, str]], exc_info: "ExcInfo | None" = None
    ) -> Callable[[bytes], None]:
        """WSGI's `start_response`."""
        if exc_info and self._exchange.sent_headers:
            raise exc_info[1]
        if self._status and not exc_info:
            raise RuntimeError("the answer has been begun already")
        self._status, self._headers = status, headers
        return self._write

    def _send_whole(self, body: bytes) -> None:
        if self._exchange.sent_headers:  # the application has used `write`
            if body:
                self._write(body)
            self._end()
            return
        head = self._begin(len(body))
        if self._bodiless:
            body = b""
        if len(body) <= _TOGETHER_BYTES:
            self._exchange.send(head + body)
        else:
            self._exchange.send(head)
            self._exchange.send(body)

    def _write(self, piece: bytes) -> None:
        begun = b"" if self._exchange.sent_headers else self._begin(None)
        self._keep_count(len(piece))
        if self._bodiless:
            piece = b""
        elif self._chunked:
            piece = b"%x\r\n%b\r\n" % (len(piece), piece)
        if begun or piece:
            self._exchange.send(begun + piece)

    def _end(self) -> None:
        """Say that this was all."""
        if not self._exchange.sent_headers:
            self._exchange.send(self._begin(0))
        if self._chunked:
            self._exchange.send(b"0\r\n\r\n")
        elif self._left and not self._bodiless:
            self._exchange.close_connection = True  # less came than was told, and only the end of all tells

    def _begin(self, size: int | None) -> bytes:
        """The head; `size` is that of the body where all of it is there."""
        if not self._status:
            raise RuntimeError("the answer was not begun")
        exchange, status = self._exchange, int(self._status[:3])
        names = {name.lower() for name, _ in self._headers}
        more: list[tuple[str, str]] = []
        self._bodiless = not has_body(exchange.head.method, status)
        if "content-length" in names:
            self._left = next(int(value) for name, value in self._headers if name.lower() == "content-length")
            if size is not None and size != self._left and not self._bodiless:
                raise ValueError("the body is not as long as was told")
        elif size is not None and not self._bodiless:
            more.append(("Content-Length", str(size)))
            self._left = size
        elif not self._bodiless and exchange.takes_chunks():
            more.append(("Transfer-Encoding", "chunked"))
            self._chunked = True
        elif not self._bodiless:
            exchange.close_connection = True
        if status == 413:  # Content Too Large: what may still come is not worth reading
            exchange.close_connection = True
        exchange.settle()
        if "connection" not in names:
            more += exchange.connection_headers()
        exchange.sent_headers = True
        return write_head(self._status, self._headers, more)

    def _keep_count(self, size: int) -> None:
        """Hold the body to the length told, which is what the other side goes by."""
        if self._left is None or self._bodiless:
            return
        if size > self._left:
            raise ValueError("the body is longer than was told")
        self._left -= size
