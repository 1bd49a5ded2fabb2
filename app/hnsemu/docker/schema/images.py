"""Images as the API shows them. Source: replies of dockerd 28.5.2 [O]."""

from collections.abc import Sequence

from hnsemu.docker.domain.images import Image, Reference, digest_of, repository_of
from hnsemu.docker.domain.patterns import is_like
from hnsemu.docker.domain.times import rfc3339, unix
from hnsemu.domain.releases import Release

_STORE = r"C:\ProgramData\docker\windowsfilter"
_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_MANIFEST_SIZE = 529  # bytes: of one layer


def summary_document(image: Image, patterns: Sequence[str] = ()) -> dict[str, object]:
    """Return an image as lists show it.

    patterns: if there are any, only the references that are like one of them are shown.
    Raises: DockerError 500 for a pattern that is none.
    """
    return {
        "Containers": -1,
        "Created": unix(image.created),
        "Id": image.id,
        "Labels": image.config.get("Labels"),
        "ParentId": "",
        "RepoDigests": _like(image.digests, patterns),
        "RepoTags": _like(image.tags, patterns),
        "SharedSize": -1,
        "Size": 0,
    }


def image_document(image: Image, release: Release) -> dict[str, object]:
    """Return an image as inspect shows it."""
    layer = digest_of(f"layer of {image.id}")
    return {
        "Id": image.id,
        "RepoTags": list(image.tags),
        "RepoDigests": list(image.digests),
        "Parent": "",
        "Comment": "",
        "Created": rfc3339(image.created),
        "DockerVersion": "",
        "Author": "",
        "Architecture": "amd64",
        "Os": "windows",
        "OsVersion": _os_version(release),
        "Size": 0,
        "GraphDriver": {
            "Data": {"dir": rf"{_STORE}\{layer.removeprefix('sha256:')}"},
            "Name": "windowsfilter",
        },
        "RootFS": {"Type": "layers", "Layers": [layer]},
        "Metadata": {"LastTagTime": rfc3339(image.last_tagged)},
        "Config": dict(image.config),
    }


def history_document(image: Image, release: Release) -> dict[str, object]:
    """Return the step that made an image: its only layer, applied as in Microsoft's base images."""
    return {
        "Comment": "",
        "Created": unix(image.created),
        "CreatedBy": f"Apply image {_os_version(release)}",
        "Id": image.id,
        "Size": 0,
        "Tags": list(image.tags) or None,
    }


def distribution_document(reference: Reference, release: Release) -> dict[str, object]:
    """Return the manifest of an image as a registry tells of it: the one that a pull prints."""
    return {
        "Descriptor": {"mediaType": _MANIFEST, "digest": reference.digest, "size": _MANIFEST_SIZE},
        "Platforms": [
            {"architecture": "amd64", "os": "windows", "os.version": _os_version(release)}
        ],
    }


def _os_version(release: Release) -> str:
    return f"10.0.{release.build}.1"


def _like(references: Sequence[str], patterns: Sequence[str]) -> list[str]:
    return [
        reference
        for reference in references
        if not patterns
        or any(
            is_like(reference, pattern) or is_like(repository_of(reference), pattern)
            for pattern in patterns
        )
    ]
