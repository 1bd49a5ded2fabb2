"""/assets: the style and the scripts of the pages; nothing comes from another server."""

from importlib.resources import files

from fastapi import APIRouter, Request, Response

from hnsemu.errors import HnsError, Hr

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOLDER = files(__name__)
_DAY = 86_400

router = APIRouter()


@router.get("/assets/{version}/{asset}", include_in_schema=False)
async def get_asset(request: Request) -> Response:
    """A file of the pages. Its address has the version, so a browser may keep it.

    So have those that a script asks for from beside itself.
    """
    name = request.path_params["asset"]
    kind = _TYPES.get(name[name.rfind(".") :])
    file = _FOLDER / name
    if kind is None or "/" in name or not file.is_file():
        raise HnsError(Hr.E_ELEMENT_NOT_FOUND, f"/assets has no {name}")
    headers = {"Cache-Control": f"max-age={_DAY}", "X-Content-Type-Options": "nosniff"}
    return Response(file.read_bytes(), 200, headers, kind)
