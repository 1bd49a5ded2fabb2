"""The platform of images: Windows on amd64, whatever a client asks for.

Source: containerd platforms v1.0.0, moby v28.5.2 daemon/images/image.go [C].
"""

import re

from hnsemu.docker.errors import BAD_REQUEST, NOT_FOUND, DockerError

_OWN = ("windows", "amd64")
_ARCHITECTURES = {
    **{name: name for name in ("386", "amd64", "arm", "arm64", "ppc64le", "riscv64", "s390x")},
    "aarch64": "arm64",
    "x86-64": "amd64",
    "x86_64": "amd64",
}
_SYSTEMS = frozenset({"darwin", "freebsd", "linux", "windows"})
_PART = r"[A-Za-z0-9_-]+"
_PLATFORM = re.compile(rf"({_PART})(?:\([A-Za-z0-9_.-]*\))?(?:/({_PART}))?(?:/{_PART})?")


def check_platform(reference: str, platform: str) -> None:
    """Refuse an image of another platform than the one that is wanted; "" is any.

    Raises: DockerError 400, 404.
    """
    if not platform:
        return
    wanted = _read(platform)
    if wanted != _OWN:
        own, other = "/".join(_OWN), "/".join(wanted)
        raise DockerError(
            NOT_FOUND,
            f"image with reference {reference} was found but its platform ({own}) does not match "
            f"the specified platform ({other})",
        )


def _read(text: str) -> tuple[str, str]:
    """Return the system and the architecture that a text names, each perhaps left out."""
    found = _PLATFORM.fullmatch(text.lower())
    if found is None:
        raise DockerError(BAD_REQUEST, f'"{text}": invalid platform: invalid argument')
    first, second = found[1], found[2] or ""
    if not second and first in _ARCHITECTURES:
        return _OWN[0], _ARCHITECTURES[first]
    if not second and first not in _SYSTEMS:
        what = "unknown operating system or architecture: invalid argument"
        raise DockerError(BAD_REQUEST, f'"{text}": {what}')
    return first, _ARCHITECTURES.get(second, second) or _OWN[1]
