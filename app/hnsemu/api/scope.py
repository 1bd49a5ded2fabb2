"""Many hosts in one service: `/hosts/{name}/…` is the whole service for that host."""

import functools
import re
from urllib.parse import quote, unquote

from starlette.types import Scope

from hnsemu.domain.storable import storable

DEFAULT_HOST = "default"

_HOST = "hnsemu.host"
_PATH = "hnsemu.path"
_SEGMENTS = "hnsemu.segments"
_OF_A_HOST = re.compile(r"(/hosts/([^/]+))/")


def host_of(scope: Scope) -> str:
    """Return the name of the emulated host that a request addresses."""
    name: str = scope[_HOST]
    return name


def set_host(scope: Scope, name: str) -> None:
    """Address a request to the emulated host `name`."""
    scope[_HOST] = storable(name)


def path_of(scope: Scope) -> str:
    """Return the path of a request below its host; a slash inside a segment is `%2F` in it."""
    path: str = scope[_PATH]
    return path


def segments_of(scope: Scope) -> list[str]:
    """Return the segments of `path_of`, decoded; those of a path at `/` are one empty text."""
    segments: list[str] = scope[_SEGMENTS]
    return segments


def address(scope: Scope) -> bytes:
    """Read the emulated host from the path, and leave the rest of the path to the routes.

    `/hosts/{name}` becomes a root path, as ASGI has it. Return the name as a header has it.
    """
    name = DEFAULT_HOST
    root = scope.get("root_path", "")
    escaped = _escaped(scope, root)
    if escaped:
        below = "/".join(segment.replace("/", "%2F") for segment in escaped)
        scope["path"] = f"{root}/{below}"
    elif scope["path"].startswith("//", len(root)):  # behind an address that ends with a slash
        scope["path"] = f"{root}/{scope['path'][len(root) :].lstrip('/')}"
    found = _OF_A_HOST.match(scope["path"], len(root))
    if found is not None:
        prefix, name = found.groups()
        root = scope["root_path"] = root + prefix
        if escaped:
            name, escaped = escaped[1], escaped[2:]
    set_host(scope, name)
    scope[_PATH] = scope["path"][len(root) :]
    scope[_SEGMENTS] = escaped or scope[_PATH].strip("/").split("/")
    return _in_header(name)


@functools.lru_cache(maxsize=256)
def _in_header(name: str) -> bytes:
    return quote(name).encode()


def _escaped(scope: Scope, root: str) -> list[str]:
    """Return the decoded segments below `root` of a path with an escaped slash, [] without one.

    Such a slash belongs to its segment, while the decoded path of the server ends the segment there
    (RFC 3986, section 2.2). Docker's daemon reads the decoded path, so its paths have none.
    """
    raw: bytes = scope.get("raw_path") or b""
    if b"%" not in raw or b"%2f" not in raw.lower():
        return []
    below = raw.decode("ascii", "replace")[len(root) :]
    segments = [unquote(segment) for segment in below.strip("/").split("/")]
    of_host = segments[2:] if segments[0] == "hosts" else segments
    return [] if of_host[:1] == ["docker"] else segments
