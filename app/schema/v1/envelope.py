"""The envelope of HNSCall, and the HRESULT beside it, by release.

Source: hns-behaviour.md sections 1.3 and 6.1 [O].
"""

from collections.abc import Mapping

import orjson

from app.domain.releases import Release
from app.errors import HnsError, Hr

_S_OK = 0
_COMPACT_SINCE = (7, 0)
_ERROR_CODE_SINCE = (9, 0)
_SUCCESS_FIRST_SINCE = (13, 0)

# Not found is no failure of HNSCall itself from 1809 on; WS2016 words it in another way.
_NOT_FOUND = {
    Hr.HCN_E_NETWORK_NOT_FOUND,
    Hr.HCN_E_ENDPOINT_NOT_FOUND,
    Hr.E_ELEMENT_NOT_FOUND,
}


def success(output: object, release: Release) -> bytes:
    """Return the envelope around `output`; None leaves Output out, as DELETE does."""
    members: dict[str, object] = {"Success": True}
    if output is not None:
        members["Output"] = output
    return _print(members, release)


def failure(error: HnsError, release: Release) -> bytes:
    """Return the envelope of a refusal; Detail, which is ours, comes last."""
    members: dict[str, object] = {"Success": False, "Error": _shown(error, release).message}
    if release.hns >= _ERROR_CODE_SINCE:
        members["ErrorCode"] = _shown(error, release).hresult
    return _print(members, release, {"Detail": error.detail} if error.detail else {})


def call_result(error: HnsError, release: Release, method: str) -> int:
    """Return the HRESULT that HNSCall itself returns beside the envelope."""
    if release.hns < _ERROR_CODE_SINCE:
        return _S_OK
    if error.hr in _NOT_FOUND and method in {"GET", "DELETE"}:
        return _S_OK
    return error.hr.hresult


def _shown(error: HnsError, release: Release) -> Hr:
    objects = {Hr.HCN_E_NETWORK_NOT_FOUND, Hr.HCN_E_ENDPOINT_NOT_FOUND}
    return Hr.E_INVALID_OBJECT if release.hns < _COMPACT_SINCE and error.hr in objects else error.hr


def _print(
    members: Mapping[str, object], release: Release, last: Mapping[str, object] | None = None
) -> bytes:
    if release.hns < _SUCCESS_FIRST_SINCE:
        members = dict(sorted(members.items()))
    text = orjson.dumps({**members, **(last or {})})
    return text if release.hns >= _COMPACT_SINCE else _spaced(orjson.loads(text)).encode()


def _spaced(value: object) -> str:
    """Print with a blank around every token, as 1.x does."""
    if isinstance(value, dict):
        inner = ", ".join(f"{_spaced(key)} : {_spaced(each)}" for key, each in value.items())
        return f"{{ {inner} }}" if inner else "{ }"
    if isinstance(value, list):
        return f"[ {', '.join(_spaced(each) for each in value)} ]"
    return orjson.dumps(value).decode()
