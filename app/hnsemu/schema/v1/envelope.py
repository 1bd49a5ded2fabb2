"""The envelope of HNSCall, and the HRESULT beside it, by release.

Source: hns-behaviour.md sections 1.3 and 6.1; docker/for-win#4449 for the blanks of 1803 [O].
"""

from collections.abc import Mapping

import orjson

from hnsemu.domain.releases import Release
from hnsemu.errors import HnsError, Hr

_S_OK = 0
_COMPACT_SINCE = (9, 0)
_ERROR_CODE_SINCE = (9, 0)
_SUCCESS_FIRST_SINCE = (13, 0)
_OBJECTS_NAMED_SINCE = (7, 0)

_OBJECTS = {Hr.HCN_E_NETWORK_NOT_FOUND, Hr.HCN_E_ENDPOINT_NOT_FOUND}
# HNSCall itself succeeds when an object is not found.
_NOT_FOUND = {*_OBJECTS, Hr.E_ELEMENT_NOT_FOUND}


def success(output: object, release: Release) -> bytes:
    """Return the envelope around `output`; None leaves Output out, as DELETE does."""
    members: dict[str, object] = {"Success": True}
    if output is not None:
        members["Output"] = output
    return _print(_in_order(members, release), release)


def failure(error: HnsError, release: Release) -> bytes:
    """Return the envelope of a refusal; Detail, which Windows does not have, comes last."""
    shown = _known_code(error.hr, release)
    members: dict[str, object] = {"Success": False, "Error": shown.message}
    if release.hns >= _ERROR_CODE_SINCE:
        members["ErrorCode"] = shown.hresult
    detail = {"Detail": error.detail} if error.detail else {}
    return _print(_in_order(members, release) | detail, release)


def call_result(error: HnsError, release: Release, method: str) -> int:
    """Return the HRESULT that HNSCall itself returns beside the envelope."""
    if release.hns < _ERROR_CODE_SINCE:
        return _S_OK
    if error.hr in _NOT_FOUND and method in {"GET", "HEAD", "DELETE"}:
        return _S_OK
    return error.hr.hresult


def _known_code(hr: Hr, release: Release) -> Hr:
    """Return the code that the release knows: WS2016 does not say what was not found."""
    early = release.hns < _OBJECTS_NAMED_SINCE
    return Hr.E_INVALID_OBJECT if early and hr in _OBJECTS else hr


def _in_order(members: dict[str, object], release: Release) -> dict[str, object]:
    return members if release.hns >= _SUCCESS_FIRST_SINCE else dict(sorted(members.items()))


def _print(members: Mapping[str, object], release: Release) -> bytes:
    text = orjson.dumps(members)
    return text if release.hns >= _COMPACT_SINCE else spaced(orjson.loads(text)).encode()


def spaced(value: object) -> str:
    """Print with a blank around each token, as HNS did before 1809."""
    if isinstance(value, dict):
        inner = ", ".join(f"{spaced(key)} : {spaced(member)}" for key, member in value.items())
        return f"{{ {inner} }}" if inner else "{ }"
    if isinstance(value, list):
        return f"[ {', '.join(spaced(item) for item in value)} ]"
    return orjson.dumps(value).decode()
