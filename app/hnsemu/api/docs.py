"""/docs: the OpenAPI document to read and to try, without files from other servers; its parts."""

from collections.abc import Sequence
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI, Request, Response

from hnsemu.api import answers
from hnsemu.api.openapi_3_0 import as_3_0
from hnsemu.api.openapi_parts import PARTS, part
from hnsemu.errors import HnsError, Hr

_TYPES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · hnsemu</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/own.css">
</head>
<body>
<main id="page"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# What Swagger UI leaves out: contrast, and room on a phone.
_STYLE = """.swagger-ui .info .title small { background: #4b5360; }
.swagger-ui .info .title small.version-stamp { background: #3d6b00; }
.swagger-ui .btn.authorize { color: #1a6b45; }
.swagger-ui .info a { color: #1a5f9e; }
#page .servers > label select { max-width: calc(100vw - 3rem); }
#page .opblock-tag > * { min-width: 0; flex-shrink: 1; }
#page .opblock-tag > button { flex-shrink: 0; }
#page .servers, #page .info, #page .opblock-tag { max-width: 100%; overflow-wrap: anywhere; }
"""
# Requests go to the server of the page, not to the server named in the document.
_START = """fetch("openapi.json").then((answer) => answer.json()).then((spec) => {
  const server = spec.servers[0];
  server.url = server.url.replace("http:", location.protocol);
  server.variables.address.default = location.host;
  SwaggerUIBundle({
    spec, dom_id: "#page", deepLinking: true, displayRequestDuration: true,
    docExpansion: "none", filter: true, validatorUrl: null
  });
  // Swagger UI names neither its fields nor the level of this heading.
  const name = () => {
    for (const field of document.querySelectorAll("#page :is(input, select):not([aria-label])")) {
      const { variable } = field.dataset;
      field.setAttribute("aria-label", variable || field.placeholder || field.id || "value");
    }
    for (const heading of document.querySelectorAll("#page h4:not([aria-level])")) {
      heading.setAttribute("role", "heading");
      heading.setAttribute("aria-level", "2");
    }
  };
  const page = document.getElementById("page");
  new MutationObserver(name).observe(page, { childList: true, subtree: true });
  name();
});
"""

router = APIRouter()


def install(app: FastAPI, modules: Sequence[str]) -> None:
    """Let `app` build its document at the first request for it.

    modules: those whose `router` it describes, in this order.
    """

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            # It knows an example of each request and answer, and their models.
            app.openapi_schema = import_module("hnsemu.api.openapi").build(app, modules)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to replace it


@router.get("/docs", include_in_schema=False)
async def show_docs(_request: Request) -> Response:
    """The page."""
    return _answer(_PAGE, "text/html")


@router.get("/docs/{asset}", include_in_schema=False)
async def get_docs_asset(request: Request) -> Response:
    """A script, a style or a picture of the page."""
    name = request.path_params["asset"]
    if name == "start.js":
        return _answer(_START, "text/javascript")
    if name == "own.css":
        return _answer(_STYLE, "text/css")
    if name not in _TYPES:
        raise HnsError(Hr.E_ELEMENT_NOT_FOUND, f"/docs has no {name}; GET /docs shows the page")
    # The package keeps Swagger UI up to date; its code is not used.
    folder = Path(str(files("fastapi_offline"))) / "static"
    return _answer((folder / name).read_bytes(), _TYPES[name])


@router.get("/openapi.json", include_in_schema=False)
async def get_openapi(request: Request) -> Response:
    """The OpenAPI document."""
    return answers.document(await run_sync(request.app.openapi))


@router.get("/openapi-3.0.json", include_in_schema=False)
async def get_openapi_3_0(request: Request) -> Response:
    """The OpenAPI document in version 3.0."""
    return answers.document(as_3_0(await run_sync(request.app.openapi)))


@router.get("/openapi-{part}.json", include_in_schema=False)
async def get_openapi_part(request: Request) -> Response:
    """A part of the OpenAPI document: the paths of one dialect and their schemas."""
    name = request.path_params["part"]
    if name not in PARTS:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"the document has no part {name!r}; its parts are {', '.join(PARTS)}",
        )
    return answers.document(part(await run_sync(request.app.openapi), name))


def _answer(content: str | bytes, kind: str) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=kind, headers=headers)
