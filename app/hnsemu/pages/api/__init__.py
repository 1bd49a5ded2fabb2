"""The operations of the API, to read without JavaScript; /docs lets one try them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Response

from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit

router = PageRouter(prefix="/ui")

_METHODS = ("get", "post", "put", "patch", "delete", "head")


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the OpenAPI document, with what is shown of it. id: its operationId."""

    tag: str
    id: str
    method: str
    path: str
    summary: str
    description: str

    def has(self, text: str) -> bool:
        """Tell whether a text stands in one of its words, in whatever case."""
        words = (self.id, self.method, self.path, self.summary, self.description)
        return text.lower() in " ".join(words).lower()


@router.page("/api")
def show_api(visit: Visit) -> Response:
    """What there is to call, by tag, in the order of the document."""
    spec = visit.request.app.openapi()
    found = [operation for operation in _operations(spec) if operation.has(visit.asks("q"))]
    tags = [
        (
            tag["name"],
            tag.get("description", ""),
            [part for part in found if part.tag == tag["name"]],
        )
        for tag in spec["tags"]
    ]
    return visit.shown(
        "api/list.html",
        "API",
        document="/openapi.json",
        tags=[(name, text, operations) for name, text, operations in tags if operations],
        address=visit.address,
    )


def _operations(spec: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in spec["paths"].items():
        for method in _METHODS:
            if method not in methods:
                continue
            told = methods[method]
            yield Operation(
                told["tags"][0],
                told["operationId"],
                method.upper(),
                path,
                told.get("summary", ""),
                told.get("description", ""),
            )
