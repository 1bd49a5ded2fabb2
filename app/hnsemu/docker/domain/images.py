"""Images: names without content. Any reference can be pulled.

An image is what its reference says, so its id is made from it, and two hosts agree on it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hnsemu.docker.domain.ids import short
from hnsemu.docker.errors import BAD_REQUEST, DockerError

_DEFAULT_REGISTRY, _DEFAULT_OWNER, _DEFAULT_TAG = "docker.io", "library", "latest"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"(?P<name>(?:[\w.-]+(?::\d+)?/)?{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)

OWN_COMMAND = ("serve.exe",)
"""Cmd of every image: a container without a command of its own runs until it is stopped."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that was pulled. tags: references as people write them. created: FILETIME."""

    id: str
    created: int
    tags: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    key: int = 0

    @property
    def short_id(self) -> str:
        """Return the first digits of the id, as people see them."""
        return short(self.id.removeprefix("sha256:"))

    @property
    def digests(self) -> tuple[str, ...]:
        """Return the references by digest: of the repository that it was pulled from."""
        return tuple(
            f"{tag.rpartition(':')[0]}@{self.id}" for tag in self.tags if digest_of(tag) == self.id
        )


@dataclass(frozen=True, slots=True)
class Reference:
    """A name and a tag, such as windows/nanoserver:ltsc2025."""

    name: str
    tag: str

    @property
    def familiar(self) -> str:
        """Return the reference as people write it: without docker.io and library."""
        name = self.name.removeprefix(f"{_DEFAULT_REGISTRY}/").removeprefix(f"{_DEFAULT_OWNER}/")
        separator = "@" if self.tag.startswith("sha256:") else ":"
        return f"{name}{separator}{self.tag}"

    @property
    def repository(self) -> str:
        """Return the name as /images/create prints it."""
        return self.name.removeprefix(f"{_DEFAULT_REGISTRY}/")


def read_reference(text: str, tag: str = "") -> Reference:
    """Return what a reference means in full; `tag` wins over the one in the text.

    Raises: DockerError 400.
    """
    found = _REFERENCE.fullmatch(text)
    if found is None or len(text) > 255:  # noqa: PLR2004 (the longest name of a repository)
        raise DockerError(BAD_REQUEST, "invalid reference format")
    name = found["name"]
    first, has_slash, _ = name.partition("/")
    if not has_slash or not (set(first) & set(".:") or first == "localhost"):
        owner = "" if has_slash else f"{_DEFAULT_OWNER}/"
        name = f"{_DEFAULT_REGISTRY}/{owner}{name}"
    return Reference(name, tag or found["digest"] or found["tag"] or _DEFAULT_TAG)


def digest_of(text: str) -> str:
    """Return the digest of a text, as ids of images and layers are written."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def new_image(reference: Reference, created: int) -> Image:
    """Return the image that a reference names when it is pulled."""
    return Image(
        digest_of(reference.familiar),
        created,
        (reference.familiar,),
        {
            "Cmd": list(OWN_COMMAND),
            "Entrypoint": None,
            "Env": None,
            "ExposedPorts": None,
            "Labels": None,
            "OnBuild": None,
            "User": "",
            "Volumes": None,
            "WorkingDir": "",
        },
    )
