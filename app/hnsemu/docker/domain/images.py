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

_AT = "@"  # before a digest

OWN_COMMAND = ("serve.exe",)
"""Cmd of every image: a container without a command of its own runs until it is stopped."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that was pulled. Times are FILETIMEs.

    last_tagged: when somebody gave it a tag, 0 for never: a pull is none.
    references: tags, and digests that it was pulled by, as people write them.
    """

    id: str
    created: int
    references: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    last_tagged: int = 0
    key: int = 0

    @property
    def short_id(self) -> str:
        """Return the first digits of the id, as people see them."""
        return short(self.id.removeprefix("sha256:"))

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the references by tag."""
        return tuple(text for text in self.references if _AT not in text)

    @property
    def digests(self) -> tuple[str, ...]:
        """Return the references by digest: of the repositories that it was pulled from."""
        pulled_by_digest = (text for text in self.references if _AT in text)
        pulled_by_tag = (
            f"{tag.rpartition(':')[0]}{_AT}{self.id}"
            for tag in self.tags
            if digest_of(tag) == self.id
        )
        return tuple(dict.fromkeys((*pulled_by_digest, *pulled_by_tag)))

    @property
    def is_of_one_name(self) -> bool:
        """Tell whether it has one tag at most, and digests in the repository of it only."""
        repositories = {repository_of(name) for name in (*self.tags, *self.digests)}
        return len(self.tags) <= 1 and len(repositories) == 1


def repository_of(reference: str) -> str:
    """Return the repository of a reference with a tag or a digest, as people write it."""
    return reference.partition(_AT)[0] if _AT in reference else reference.rpartition(":")[0]


@dataclass(frozen=True, slots=True)
class Reference:
    """A name and a tag or digest, such as windows/nanoserver:ltsc2025."""

    name: str
    tag: str

    @property
    def familiar(self) -> str:
        """Return the reference as people write it: without docker.io and library."""
        return f"{self.familiar_name}{_AT if self.is_digest else ':'}{self.tag}"

    @property
    def familiar_name(self) -> str:
        """Return the name as people write it."""
        return self.name.removeprefix(f"{_DEFAULT_REGISTRY}/").removeprefix(f"{_DEFAULT_OWNER}/")

    @property
    def is_digest(self) -> bool:
        """Tell whether the tag is a digest."""
        return self.tag.startswith("sha256:")

    @property
    def digest(self) -> str:
        """Return the digest of the image that is pulled: the one that is asked for."""
        return self.tag if self.is_digest else digest_of(self.familiar)

    @property
    def repository(self) -> str:
        """Return the name as /images/create prints it."""
        return self.name.removeprefix(f"{_DEFAULT_REGISTRY}/")


def read_reference(text: str, tag: str = "") -> Reference:
    """Return what a reference means in full; `tag` wins over the one in the text.

    Raises: DockerError 400.
    """
    domain, remote = _parts(text)
    if remote != remote.lower():
        what = f"repository name ({remote}) must be lowercase"
        raise DockerError(BAD_REQUEST, f"invalid reference format: {what}")
    found = _REFERENCE.fullmatch(text)
    if found is None or len(text) > 255:  # noqa: PLR2004 (the longest name of a repository)
        raise DockerError(BAD_REQUEST, "invalid reference format")
    name = f"{domain}/{remote}"
    return Reference(name, tag or found["digest"] or found["tag"] or _DEFAULT_TAG)


def _parts(text: str) -> tuple[str, str]:
    """Return the registry of a reference, and its repository there.

    Source: splitDockerDomain of distribution/reference v0.6.0 [C].
    """
    first, has_slash, rest = text.partition("/")
    is_domain = set(first) & set(".:") or first == "localhost" or first != first.lower()
    domain, remote = (first, rest) if has_slash and is_domain else (_DEFAULT_REGISTRY, text)
    remote = remote.partition(":")[0].partition(_AT)[0]
    if domain == _DEFAULT_REGISTRY and "/" not in remote:
        remote = f"{_DEFAULT_OWNER}/{remote}"
    return domain, remote


def digest_of(text: str) -> str:
    """Return the digest of a text, as ids of images and layers are written."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def new_image(reference: Reference, created: int) -> Image:
    """Return the image that a reference names when it is pulled."""
    return Image(
        reference.digest,
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
