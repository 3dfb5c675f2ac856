"""A centre runs: it owns its directory, answers, looks after itself, and takes commands, until told to stop.

Must not know: the command line.
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from central.commands import commands_of
from central.fan_in.following import following
from central.jobs.schedule import scheduled
from central.services.found_centre import open_centre
from central.settings import Settings
from central.wiring import build_app, build_centre
from sync.http_api.feeds import PLACES, FeedGate
from sync.node.meeting.showing import Showing
from sync.stick_pages.pages import LARGEST_UPLOAD_BYTES
from sync.values.addresses import is_loopback
from sync.web.compiled_pages import compiled_ahead
from sync.web.control import listening
from sync.web.serving import serve
from sync.web.tls import browser_context


def serve_centre(directory: Path, settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C.

    ready   called with the URL once the centre answers
    raises  StoreLocked when another process runs it; StorageError when port or certificate cannot be had;
            Forbidden when the directory is a station's
    """
    feeds = FeedGate()
    browsers = browser_context(settings.certificate, settings.certificate_key) if settings.certificate else None
    scheme = "https" if browsers and not is_loopback(settings.host) else "http"
    with open_centre(directory, couch=settings.couch(), keys=settings.keys()) as node:
        centre = build_centre(node, settings)
        app = build_app(centre, feeds)
        with (
            following(node),
            scheduled(node, settings),
            closing(centre.transfers),
            listening(directory, commands_of(centre), group="central"),
            compiled_ahead(app, settings.pages_in(directory)),
        ):
            serve(
                app,
                settings.host,
                settings.port,
                threads=settings.threads + PLACES,
                ready=lambda port: ready(f"{scheme}://{settings.host}:{port}/"),
                stopping=feeds.close,
                tls=Showing(node, browsers=browsers),
                largest_body_bytes=LARGEST_UPLOAD_BYTES,
                allow_plain=settings.allow_plain_http,
            )
