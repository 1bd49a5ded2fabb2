"""What a container is started with: security options and devices, which nobody reads before.

Source: moby v28.5.2 daemon/oci_windows.go [C].
"""

from collections.abc import Mapping
from typing import Any

from hnsemu.docker.errors import FAILED, DockerError

_SCHEMES = frozenset({"file", "registry", "raw"})


def check_spec(host_config: Mapping[str, Any]) -> None:
    """Refuse what is no credential spec and no device; whether there are such is not looked at.

    Raises: DockerError 500.
    """
    for option in host_config["SecurityOpt"] or ():
        _check_security(option)
    for device in host_config["Devices"] or ():
        _check_device(device["PathOnHost"])


def _check_security(option: str) -> None:
    key, equals, value = option.partition("=")
    if not equals:
        raise _failed(f"invalid security option: no equals sign in supplied value {option}")
    if key.lower() != "credentialspec":
        raise _failed(f"security option not supported: {key}")
    scheme, _, spec = value.partition("://")
    if scheme.lower() not in _SCHEMES or not spec:
        raise _failed(
            "invalid credential spec security option - value must be prefixed by 'file://', "
            "'registry://', or 'raw://' followed by a non-empty value"
        )


def _check_device(path: str) -> None:
    if path.startswith("class/"):
        return
    kind, colon, _ = path.partition("://")
    if not (kind and colon):
        what = "IDType cannot be empty" if colon else "must be 'class/ID' or 'IDType://ID'"
        raise _failed(f"invalid device assignment path: '{path}', {what}")


def _failed(text: str) -> DockerError:
    return DockerError(FAILED, text)
