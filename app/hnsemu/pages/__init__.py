"""Pages: the emulated hosts in a browser, from the same use cases as the API."""

from collections.abc import Mapping

from fastapi import FastAPI

from hnsemu.api.faults import Shape
from hnsemu.config import Settings
from hnsemu.pages import access, assets, hosts, objects, topology, trace
from hnsemu.pages.refusals import failure

__all__ = ["install", "shapes"]

_AREAS = ("", "ui", "docs")


def install(app: FastAPI, settings: Settings) -> None:
    """Add the pages to the service, unless it is to have none."""
    if settings.ui == "off":
        return
    for part in (access, assets, hosts, objects, topology, trace):
        app.include_router(part.router)


def shapes(settings: Settings) -> Mapping[str, Shape]:
    """Return how refusals look, by the first segment of a path; a person reads these."""
    return {} if settings.ui == "off" else dict.fromkeys(_AREAS, failure)
