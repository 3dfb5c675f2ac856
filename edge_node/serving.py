"""A station runs: it owns its directory, answers, looks after itself, and takes commands, until told to stop.

Must not know: the command line.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from edge_node.commands import commands_of
from edge_node.jobs.beginning import first_step_of, pace_of
from edge_node.jobs.schedule import Daily, scheduled
from edge_node.services.found_station import open_station
from edge_node.services.let_go_of_photos import let_go_quietly
from edge_node.services.watch_tolerances import watch_tolerances
from edge_node.settings import Settings
from edge_node.station import Station
from edge_node.wiring import build_app, build_station
from sync.http_api.feeds import PLACES, FeedGate
from sync.node.acts.answer_once import forget_old_answers
from sync.node.lists.tending import Caretaker
from sync.node.meeting.showing import Showing
from sync.node.vouching.holding import account_for
from sync.node.vouching.lost_photos import give_up_unreadable
from sync.node.vouching.quitting import tidy_avowals
from sync.stick_pages.pages import LARGEST_UPLOAD_BYTES
from sync.values.addresses import is_loopback
from sync.web.compiled_pages import compiled_ahead
from sync.web.control import listening
from sync.web.serving import serve
from sync.web.tls import browser_context

_SETTLED_SECONDS = 600.0


def serve_station(directory: Path, settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C.

    ready   called with the URL once the station answers
    raises  StoreLocked when another process runs it; StorageError when port or certificate cannot be had;
            NotAStation when the directory is a centre's
    """
    feeds = FeedGate()
    browsers = browser_context(settings.certificate, settings.certificate_key) if settings.certificate else None
    scheme = "https" if browsers and not is_loopback(settings.host) else "http"
    with open_station(directory, couch=settings.couch(), keys=settings.keys()) as node:
        station = build_station(node, settings)
        app = build_app(station, feeds)
        with (
            tended(station),
            listening(directory, commands_of(station), group="edge"),
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


def daily_of(station: Station) -> tuple[Daily, ...]:
    """What a station does once a day."""
    return (
        Daily("sweep", lambda: forget_old_answers(station.node)),
        Daily("originals", station.photos.originals.tidy),
        Daily("drafts", station.drafts.tidy),
        Daily("avowals", lambda: tidy_avowals(station.node)),
        Daily("photos", lambda: give_up_unreadable(station.node)),
        Daily("tolerances", lambda: watch_tolerances(station.node)),
        # After a start there is more urgent work.
        Daily("let-go", lambda: _let_go(station), after_seconds=_SETTLED_SECONDS),
    )


def _let_go(station: Station) -> None:
    let_go_quietly(station.node, older_than_days=station.settings.let_go_days, stop=lambda: station.courier.is_ending)


@contextmanager
def tended(station: Station) -> Iterator[None]:
    """The station looks after itself while the block runs: merges, lists, receipts, and the road up."""
    node = station.node
    try:
        with scheduled(
            station.courier,
            pace_of(station),
            first_step_of(station),
            daily_of(station),
            planned=lambda seconds: station.road.watch.plan(node.clock() + int(seconds * 1000)),
        ) as calling:

            def then(stations: frozenset[str], is_ending: Callable[[], bool]) -> None:
                account_for(node, stations, is_ending=is_ending)
                calling.written(stations)

            station.courier.tell_of_runs(calling.reached)
            station.courier.tell_of_moves(calling.elsewhere)
            caretaker = Caretaker(node, then=then)
            caretaker.start()
            try:
                yield
            finally:
                caretaker.stop()
    finally:
        station.fetcher.close()
        station.transfers.close()
        station.courier.close()
