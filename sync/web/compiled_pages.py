"""Templates are compiled once to a version of the program, and kept beside the data.

On an old PC to compile all pages takes some seconds, and whoever opens the first page of each kind after a start would
wait for his share of them. So a thread compiles what is not kept yet as soon as the node runs, and from then on a
page's code is read. What is kept is told by a hash from what a failing disk made of it: such a page is compiled anew.

Must not know: what pages show, who looks at them.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from sync.version import VERSION

_DIRECTORY = "pages"
_HASH_BYTES = 32


@contextmanager
def compiled_ahead(app: Flask, directory: Path) -> Iterator[None]:
    """Keep an application's compiled templates under a directory, and compile what is missing while the block runs."""
    kept = KeptPages(directory / _DIRECTORY)
    app.jinja_env.bytecode_cache = kept
    over = threading.Event()
    thread = threading.Thread(target=compile_missing, args=(app.jinja_env, kept, over.is_set), name="pages")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def compile_missing(env: Any, kept: BytecodeCache, is_over: Callable[[], bool]) -> None:
    """Compile every page of which nothing is kept; what was compiled is not held in memory."""
    for name in sorted(env.list_templates(extensions=("html",))):
        if is_over():
            return
        source, filename, _ = env.loader.get_source(env, name)
        bucket = kept.get_bucket(env, name, filename, source)
        if bucket.code is None:
            bucket.code = env.compile(source, name, filename)
            kept.set_bucket(bucket)


class KeptPages(BytecodeCache):
    """One file to a template; what cannot be read or written is compiled, and delays nobody otherwise."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def load_bytecode(self, bucket: Bucket) -> None:
        """Jinja asks for a template's code."""
        with suppress(OSError):
            kept = (self._directory / bucket.key).read_bytes()
            if kept[:_HASH_BYTES] == _hash(kept[_HASH_BYTES:]):
                bucket.bytecode_from_string(kept[_HASH_BYTES:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Jinja has compiled a template."""
        code = bucket.bytecode_to_string()
        beside = self._directory / f"{bucket.key}.{os.getpid()}-{threading.get_ident()}"
        with suppress(OSError):
            self._directory.mkdir(mode=0o700, exist_ok=True)
            try:
                beside.write_bytes(_hash(code) + code)
                beside.replace(self._directory / bucket.key)
            finally:
                beside.unlink(missing_ok=True)


def _hash(code: bytes) -> bytes:
    return hashlib.sha256(VERSION.encode() + code).digest()
