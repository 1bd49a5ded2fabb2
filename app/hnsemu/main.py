"""The only wiring: settings, database, routers, refusals and middleware."""

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from hnsemu import __version__
from hnsemu.api import docs, faults, health, metrics, routing, v2
from hnsemu.api.admission import Admission
from hnsemu.api.deps import Service
from hnsemu.api.entrance import Entrance
from hnsemu.api.scope import DEFAULT_HOST
from hnsemu.config import Settings
from hnsemu.docker import door as docker
from hnsemu.docker.listener import Listener
from hnsemu.domain.host_definition import default_definition
from hnsemu.host import SeededSource, SystemSource
from hnsemu.services import hosts, journal
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns

_log = logging.getLogger("hnsemu")

_DESCRIPTION = """\
The Windows Host Networking Service as a REST microservice: the HCN 2 functions under `/v2` and
HNSCall of HNS 1 under `/v1`, on the same emulated Windows host.

- Members are named as on Windows. Empty members and zeros are left out; no member with a schema is
  null. Open ones (`Settings`, `AdditionalParams`) hold what was sent; null Settings are `{}`.
- A later version may answer with more members and values; a client ignores those it does not know.
- Times are FILETIMEs: 100 ns since 1601, more than 53 bits.
- A list with `view=ids` is an array of GUIDs, as HcnEnumerate… returns it.
- A refused request gets Windows' HRESULT as `ErrorCode` and in the header `Hns-Result`.
- All paths also exist under `/hosts/{host}`, for that host; the header `Hns-Host` names it.
"""

_TAGS = [
    {
        "name": "networks",
        "description": "HCN networks: virtual switches, subnets and address pools.",
    },
    {
        "name": "endpoints",
        "description": "HCN endpoints: switch ports with addresses and policies.",
    },
    {"name": "namespaces", "description": "HCN namespaces: network compartments of containers."},
    {"name": "loadbalancers", "description": "HCN load balancers."},
    {"name": "sdnroutes", "description": "HCN SDN routes."},
    {"name": "guestnetworkservices", "description": "Guest network services and their ports."},
    {"name": "policylists", "description": "Policy lists of all kinds, in the flat form of HNS 1."},
    {"name": "notifications", "description": "The HCN callbacks, as Server-Sent Events."},
    {"name": "hns", "description": "HNS 1: HNSCall over HTTP."},
    {"name": "host", "description": "The state that Windows would show of the host. Read-only."},
    {"name": "emulator", "description": "Create and control emulated hosts."},
    {"name": "operations", "description": "Health and metrics of the service."},
]

_AREAS = {
    "v1": ["hnsemu.api.v1"],
    "host": ["hnsemu.api.host"],
    "emulator": [
        "hnsemu.api.emulator",
        "hnsemu.docker.api.emulator",
        "hnsemu.dumps.api",
        "hnsemu.dumps.kubernetes.api",
    ],
}
"""What is loaded when somebody asks for it: by the first segment of its paths."""

_DESCRIBED = (
    "hnsemu.api.v2",
    *_AREAS["v1"],
    *_AREAS["host"],
    *_AREAS["emulator"],
    "hnsemu.api.metrics",
    "hnsemu.api.health",
)
"""What the OpenAPI document describes, in its order."""

_PAGES = {area: ["hnsemu.pages"] for area in ("", "ui", "assets")}
"""The same for pages, where there are any."""

_SHAPES = {"v1": "hnsemu.api.v1", "docker": "hnsemu.docker.api.failures"}
"""The modules whose `failure` answers refusals, by the first segment of a path."""


class Application(FastAPI):
    """FastAPI behind an entrance: Starlette's middleware sees only what has no route of ours."""

    entrance: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in; start and stop are FastAPI's."""
        scope["app"] = self
        serve = self.entrance if scope["type"] == "http" else super().__call__
        await serve(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Leave out the layer that answers and logs what fails: the entrance does, once."""
        outermost = super().build_middleware_stack()
        assert isinstance(outermost, ServerErrorMiddleware)  # noqa: S101 (FastAPI puts it there)
        return outermost.app

    async def serve_other(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that the table of routes does not know."""
        await super().__call__(scope, receive, send)


def create_app(settings: Settings) -> Application:
    """Return the service; its database must be migrated before the first request."""
    database = Database(
        settings.database_url,
        pool_size=settings.threads,
        notifications_kept=settings.notifications_kept,
    )
    source = SystemSource() if settings.seed is None else SeededSource(settings.seed)
    service = Service(settings, database, source, clients=docker.CLIENTS)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        database.learn_clock()
        if database.is_reader():
            _log.warning("the database is read-only: this service reads, and refuses writes")
        else:
            hosts.ensure_host(
                Hns(database, DEFAULT_HOST, source, docker.CLIENTS),
                default_definition(settings.release, settings.hns_version),
            )
        if database.is_sqlite:  # whose one process this is
            journal.recover(Hns(database, DEFAULT_HOST, source))
        database.loop_thread = threading.get_ident()
        yield
        await service.recorder.close()
        database.dispose()

    app = Application(
        title="hnsemu",
        version=__version__,
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        openapi_tags=_TAGS,
        docs_url=None,  # FastAPI's page loads its scripts from another server
        openapi_url=None,  # as /docs
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
    )
    app.state.service = service
    for part in (v2, docs, metrics, health):
        app.router.routes.extend(part.router.routes)  # including them would build each again
    has_pages = settings.ui != "off"
    table = routing.install(app, _AREAS | (_PAGES if has_pages else {}))
    docs.install(app, _DESCRIBED)
    read_by_people = ("", "ui", "docs") if has_pages else ()
    faults.install(app, _SHAPES | dict.fromkeys(read_by_people, "hnsemu.pages"))
    names = [settings.host, *settings.allowed_hosts.split(",")]
    admission = Admission(names, settings.token, settings.body_limit)
    routes = (table, docker.routes())
    app.entrance = Entrance(app.serve_other, routes, admission, service)
    if settings.docker_port:
        app.entrance = Listener(app.entrance, settings.docker_port)
    return app
