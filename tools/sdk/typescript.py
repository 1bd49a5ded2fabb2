"""Generators that npm has: openapi-typescript, hey-api, orval."""

from tools.openapi import DOCUMENT
from tools.sdk.workshop import Command, bundle, fresh, packages, run


def openapi_typescript() -> Command:
    """Types, used with openapi-fetch."""
    folder = fresh("openapi-typescript", keep="node_modules")
    programs = packages(folder)
    run(folder, programs / "openapi-typescript", DOCUMENT, "-o", "hns.d.ts")
    run(folder, programs / "tsc")
    return ["node", folder / "compiled" / "smoke.js"]


def hey_api() -> Command:
    """Functions with a fetch client."""
    folder = fresh("hey-api", keep="node_modules")
    programs = packages(folder)
    run(folder, programs / "openapi-ts", "--silent", "-i", DOCUMENT, "-o", "hns")
    return bundle(folder)


def orval() -> Command:
    """Functions with fetch, and the one of ours that knows the server."""
    folder = fresh("orval", keep="node_modules")
    programs = packages(folder)
    run(folder, programs / "orval", DOCUMENT=str(DOCUMENT))
    return bundle(folder)
