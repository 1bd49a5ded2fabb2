"""The only wiring: settings, database, routers, refusals and what surrounds every request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI, Request, Response

from app import __version__
from app.api import answers, emulator, faults, openapi, routing, v1, v2
from app.api import host as host_views
from app.api.admission import AllowedHosts, BodyLimit
from app.api.deps import Service, call
from app.api.scope import DEFAULT_HOST, HostScope
from app.config import Settings
from app.domain.hosts import HostDefinition
from app.domain.releases import release_named
from app.host import SeededSource, SystemSource
from app.services import hosts
from app.storage.engine import Database, Hns

_TAGS = [
    {"name": "networks", "description": "HCN networks."},
    {"name": "endpoints", "description": "HCN endpoints."},
    {"name": "namespaces", "description": "HCN namespaces."},
    {"name": "loadbalancers", "description": "HCN load balancers."},
    {"name": "sdnroutes", "description": "HCN SDN routes."},
    {"name": "policylists", "description": "Plain policy lists."},
    {"name": "hns", "description": "HNS 1: HNSCall over HTTP."},
    {"name": "host", "description": "What Windows would show; read-only."},
    {"name": "emulator", "description": "Making and steering emulated hosts."},
    {"name": "operations", "description": "Health."},
]


def create_app(settings: Settings) -> FastAPI:
    """Return the service; its database must be migrated before the first request."""
    database = Database(settings.database_url, pool_size=settings.threads)
    source = SystemSource() if settings.seed is None else SeededSource(settings.seed)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        hosts.ensure_host(
            Hns(database, DEFAULT_HOST, source),
            HostDefinition(release=release_named(settings.release)),
        )
        yield
        database.dispose()

    app = FastAPI(
        title="hnsemu",
        version=__version__,
        description="The Windows Host Networking Service (HNS and HCN) as a REST microservice.",
        lifespan=lifespan,
        generate_unique_id_function=openapi.operation_id,
        openapi_tags=_TAGS,
        docs_url=None,  # the stock page loads its scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
    )
    app.state.service = Service(settings, database, source)
    for part in (v2, v1, host_views, emulator):
        app.include_router(part.router)
    _add_operations(app)
    routing.install(app)
    openapi.install(app)
    faults.install(app, {"v1": v1.failure})
    # The last one added is the first one reached.
    app.add_middleware(BodyLimit, limit=settings.body_limit)
    app.add_middleware(AllowedHosts, allowed=[settings.host, *settings.allowed_hosts.split(",")])
    app.add_middleware(HostScope)
    return app


def _add_operations(app: FastAPI) -> None:
    @app.get("/healthz", tags=["operations"], **openapi.operation())
    async def healthz(_request: Request) -> Response:
        """Answer 200 while the process lives."""
        return answers.document({"Status": "ok", "Version": __version__})

    @app.get("/readyz", tags=["operations"], **openapi.operation())
    async def readyz(request: Request) -> Response:
        """Answer 200 when the database answers."""
        await call(request, hosts.list_hosts, 1)
        return answers.document({"Status": "ready", "Version": __version__})
