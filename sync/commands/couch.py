"""`yizhan couch serve`: a data directory behind CouchDB's HTTP API, alone and at the root.

A node's directory is not served so: whoever reaches it would read and write people's records, and pass by their laws.

Must not know: stations, records, the centre.
"""

from contextlib import closing
from pathlib import Path
from uuid import uuid4

import click

from sync.commands.key_place import named_keys
from sync.commands.speaking import Group, option
from sync.errors import BadRequest, Forbidden
from sync.http_api.api import create_app
from sync.http_api.cors import Cors
from sync.http_api.feeds import PLACES, FeedGate
from sync.messages import N_, _
from sync.replicator.scheduler import MOST_RUNNING
from sync.replicator.service import ReplicationService
from sync.store.beside import put_whole
from sync.store.engine import Engine
from sync.store.ledger.settings import setting
from sync.users.accounts import Accounts
from sync.users.governed import GovernedDatabases
from sync.users.passwords import Passwords
from sync.values.addresses import is_loopback
from sync.web.serving import serve

# Requests that do not wait. They share the disk, so more threads would only queue there.
BUSY_THREADS = 64  # one machine has not quite half of them at most


@click.group(cls=Group, help=N_("Serve a directory as a CouchDB, for PouchDB, CouchDB and their tools."))
def couch() -> None:
    """The plain server."""


@couch.command("serve", help=N_("Serve the databases of a directory until SIGTERM or Ctrl-C."))
@option(
    "--data",
    "directory",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("Where the documents are kept; made when it is not there."),
)
@option("--host", default="127.0.0.1", show_default=True, help=N_("Address to listen on."))
@option("--port", default=5984, show_default=True, type=click.IntRange(0, 65535), help=N_("0 takes any free port."))
@option(
    "--admin",
    envvar="YIZHAN_ADMIN",
    metavar="NAME:PASSWORD",
    help=N_(
        "The administrator. Better told in YIZHAN_ADMIN, which other users of the machine cannot read. "
        "Without it everyone on this machine is admitted."
    ),
)
@option(
    "--cors",
    envvar="YIZHAN_CORS",
    metavar="ORIGIN[,ORIGIN...]",
    help=N_(
        "Pages of which other origins may use the server, such as https://app.example; * for all. None by default."
    ),
)
@option(
    "--max-attachment-size",
    "max_attachment_bytes",
    envvar="YIZHAN_MAX_ATTACHMENT_SIZE",
    default=1 << 30,
    show_default=True,
    type=click.IntRange(min=1),
    metavar="BYTES",
    help=N_("The largest attachment taken; JSON bodies, and what is in them, are limited to 64 MiB."),
)
@option(
    "--replications",
    "most_replications",
    envvar="YIZHAN_REPLICATIONS",
    default=MOST_RUNNING,
    show_default=True,
    type=click.IntRange(min=1),
    metavar="N",
    help=N_("Replications that run at once; the others wait for their turn."),
)
def serve_couch(
    directory: Path,
    host: str,
    port: int,
    admin: str | None,
    cors: str | None,
    max_attachment_bytes: int,
    most_replications: int,
) -> None:
    """Serve, and say where."""
    named = name_and_password(admin) if admin else None
    if named is None and not is_loopback(host):
        raise Forbidden(
            _("Listening on %(host)s without an administrator would let anyone write", host=host),
            remedy=_("Give --admin NAME:PASSWORD, or listen on 127.0.0.1."),
        )
    pages = origins(cors) if cors else None
    if named is None and pages and pages.for_all:
        raise Forbidden(
            _("With --cors * and without an administrator any page of the world could write"),
            remedy=_("Give --admin NAME:PASSWORD, or name the origins."),
        )
    directory.mkdir(parents=True, exist_ok=True)
    feeds = FeedGate()
    with closing(Engine.open(directory, keys=named_keys())) as engine:
        _require_plain(engine, directory)
        passwords = Passwords()
        accounts = Accounts(engine.databases, admin=named, passwords=passwords) if named else None
        if accounts:
            accounts.prepare()
        uuid = _uuid(directory)
        # Jobs write as the server does: users' documents that they bring obey the law, too.
        governed = GovernedDatabases(engine.databases, passwords)
        replicator = ReplicationService(governed, engine.wakes, server=uuid, most_running=most_replications)
        app = create_app(
            engine.databases,
            uuid=uuid,
            accounts=accounts,
            passwords=passwords,
            cors=pages,
            feeds=feeds,
            max_attachment_bytes=max_attachment_bytes,
            replicator=replicator,
            compacting=engine.upkeep.compacting,
            trouble=lambda: engine.trouble,
        )

        def ready(real_port: int) -> None:
            replicator.start(own_address(host, real_port))
            click.echo(f"yizhan couch: serving {directory} on http://{host}:{real_port}/")

        def stopping() -> None:
            feeds.close()
            replicator.close()

        serve(
            app,
            host,
            port,
            threads=BUSY_THREADS + PLACES,
            waiting=PLACES,  # one machine may have them all: an application that serves many, a CouchDB
            ready=ready,
            stopping=stopping,
            allow_plain=accounts is not None,
            largest_body_bytes=0,  # the API counts for itself: JSON, and each attachment
        )


def own_address(host: str, port: int) -> str:
    """Where this machine reaches a server that listens on an address, every address among them."""
    reached = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def name_and_password(admin: str) -> tuple[str, str]:
    """The administrator's name and password out of `NAME:PASSWORD`; raises click.BadParameter."""
    name, colon, password = admin.partition(":")
    if not (name and colon and password):
        raise click.BadParameter(_("Write it as NAME:PASSWORD"), param_hint="--admin")
    return name, password


def origins(text: str) -> Cors:
    """The origins out of `ORIGIN,ORIGIN…`; raises click.BadParameter."""
    try:
        return Cors.of([each.strip() for each in text.split(",")])
    except BadRequest as refusal:
        raise click.BadParameter(refusal.reason, param_hint="--cors") from None


def _require_plain(engine: Engine, directory: Path) -> None:
    if engine.read(lambda reader: setting(reader, "node.level")):
        raise Forbidden(
            _("%(directory)s is the data directory of a station or a centre", directory=directory),
            remedy=_("Run it with `yizhan edge serve` or `yizhan central serve`, or name another directory."),
        )


def _uuid(directory: Path) -> str:
    """Names this server to replicators; kept beside the documents, so that it outlives a restart."""
    path = directory / "server_uuid"
    if not path.exists():
        put_whole(path, uuid4().hex.encode())
    return path.read_text(encoding="ascii").strip()
