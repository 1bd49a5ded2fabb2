"""/docs: the OpenAPI document to read and to try, without files from other servers; its parts."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.openapi_3_0 import as_3_0
from hnsemu.api.openapi_parts import PARTS, part
from hnsemu.errors import HnsError, Hr

# Swagger UI. The package keeps it up to date; its code is not used.
_ASSETS = Path(str(files("fastapi_offline"))) / "static"
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
<title>hnsemu</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
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
});
"""

router = APIRouter()


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
    if name not in _TYPES:
        raise HnsError(Hr.E_ELEMENT_NOT_FOUND, f"/docs has no {name}; GET /docs shows the page")
    return _answer((_ASSETS / name).read_bytes(), _TYPES[name])


@router.get("/openapi-3.0.json", include_in_schema=False)
async def get_openapi_3_0(request: Request) -> Response:
    """The OpenAPI document in version 3.0."""
    return answers.document(as_3_0(request.app.openapi()))


@router.get("/openapi-{part}.json", include_in_schema=False)
async def get_openapi_part(request: Request) -> Response:
    """A part of the OpenAPI document: the paths of one dialect and their schemas."""
    name = request.path_params["part"]
    if name not in PARTS:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"the document has no part {name!r}; its parts are {', '.join(PARTS)}",
        )
    return answers.document(part(request.app.openapi(), name))


def _answer(content: str | bytes, kind: str) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=kind, headers=headers)
