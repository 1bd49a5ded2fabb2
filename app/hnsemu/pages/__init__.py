"""Pages: the emulated hosts in a browser, from the same use cases as the API."""

from fastapi import FastAPI

from hnsemu.pages import assets, hosts, objects, topology
from hnsemu.pages.refusals import failure

__all__ = ["failure", "install"]


def install(app: FastAPI) -> None:
    """Add the pages to the service."""
    for part in (assets, hosts, objects, topology):
        app.include_router(part.router)
