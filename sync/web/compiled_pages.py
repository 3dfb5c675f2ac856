"""Templates are compiled once to a version of the program, and kept: beside the data, or where several nodes find them.

On an old PC to compile all pages takes some seconds, and whoever opens the first page of each kind after a start would
wait for his share of them. So what is not kept yet is compiled as soon as the node runs, by a process of its own: what
that takes of memory would stay with the node. While people are served, each page waits for a moment in which nobody is,
a second at the most. From then on a page's code is read. What is kept is told by a hash from
what a failing disk made of it: such a page is compiled anew.

Must not know: what pages show, who looks at them.
"""

import hashlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from sync.version import VERSION
from sync.web.child_process import WITHOUT_WINDOW
from sync.web.leisure import Leisure
from sync.web.page_compiler import LENGTH_BYTES, Page, description, line_of

_HASH_BYTES = 32
_CHILD = (sys.executable, "-m", "sync.web.page_compiler")

_log = logging.getLogger(__name__)


@contextmanager
def compiled_ahead(app: Flask, directory: Path) -> Iterator[None]:
    """Keep an application's compiled templates in a directory, and compile what is missing while the block runs."""
    kept = KeptPages(directory)
    app.jinja_env.bytecode_cache = kept
    over = threading.Event()
    thread = threading.Thread(target=compile_missing, args=(app.jinja_env, kept, over), name="pages")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def compile_missing(env: Any, kept: "KeptPages", over: threading.Event) -> None:
    """Compile every page of which nothing is kept; one that is asked for before is compiled for who asks.

    over  set when no more are wanted
    """
    # By name: their sources together are a third of a megabyte, which would stay with the node.
    missing = [page.name for page in _pages(env, kept, _names(env)) if not kept.read(page.key, page.checksum)]
    if not missing or over.is_set():
        return
    done = 0
    with suppress(OSError), closing(_codes(description(env), _pages(env, kept, _at_leisure(missing, over)))) as codes:
        for page, code in codes:
            kept.keep(page.key, page.checksum, code)
            done += 1
            if over.is_set():
                return
    if done < len(missing):
        _log.warning("%d pages are not compiled ahead: whoever asks for one first waits for it", len(missing) - done)


def _names(env: Any) -> list[str]:
    return sorted(env.list_templates(extensions=("html",)))


def _at_leisure(names: Iterable[str], over: threading.Event) -> Iterator[str]:
    leisure = Leisure(over.wait)
    for name in names:
        leisure.wait()
        yield name


def _pages(env: Any, kept: "KeptPages", names: Iterable[str]) -> Iterator[Page]:
    for name in names:
        source, file, _ = env.loader.get_source(env, name)
        yield Page(name, file, source, kept.get_cache_key(name, file), kept.get_source_checksum(source))


def _codes(described: object, pages: Iterable[Page]) -> Generator[tuple[Page, bytes]]:
    """Each page and what it is kept as, once a process of its own has it ready; fewer when it fails. Raises OSError."""
    with subprocess.Popen(
        _CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=WITHOUT_WINDOW
    ) as child:
        try:
            assert child.stdin
            assert child.stdout
            child.stdin.write(line_of(described))
            for page in pages:
                child.stdin.write(line_of(page))
                child.stdin.flush()
                size = int.from_bytes(child.stdout.read(LENGTH_BYTES), "big")
                code = child.stdout.read(size)
                if not code or len(code) < size:
                    return
                yield page, code
        finally:
            child.kill()


class KeptPages(BytecodeCache):
    """One file to a template; what cannot be read or written is compiled, and delays nobody otherwise."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def load_bytecode(self, bucket: Bucket) -> None:
        """Jinja asks for a template's code."""
        if code := self.read(bucket.key, bucket.checksum):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Jinja has compiled a template."""
        self.keep(bucket.key, bucket.checksum, bucket.bytecode_to_string())

    def read(self, key: str, checksum: str) -> bytes:
        """What a bucket became; b"" where that is not here, not whole, or of another source or version."""
        with suppress(OSError):
            kept = (self._directory / key).read_bytes()
            if kept[:_HASH_BYTES] == _hash(checksum, kept[_HASH_BYTES:]):
                return kept[_HASH_BYTES:]
        return b""

    def keep(self, key: str, checksum: str, code: bytes) -> None:
        """Keep what a bucket became."""
        beside = self._directory / f"{key}.{os.getpid()}-{threading.get_ident()}"
        with suppress(OSError):
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                beside.write_bytes(_hash(checksum, code) + code)
                beside.replace(self._directory / key)
            finally:
                beside.unlink(missing_ok=True)


def _hash(checksum: str, code: bytes) -> bytes:
    return hashlib.sha256(VERSION.encode() + checksum.encode() + code).digest()
