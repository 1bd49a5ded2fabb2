"""Images as the API shows them. Source: replies of dockerd 28.5.2 [O]."""

from hnsemu.docker.domain.images import Image, digest_of
from hnsemu.docker.domain.times import NEVER, rfc3339, unix
from hnsemu.domain.releases import Release

_STORE = r"C:\ProgramData\docker\windowsfilter"


def summary_document(image: Image) -> dict[str, object]:
    """Return an image as lists show it."""
    return {
        "Containers": -1,
        "Created": unix(image.created),
        "Id": image.id,
        "Labels": image.config.get("Labels"),
        "ParentId": "",
        "RepoDigests": list(image.digests),
        "RepoTags": list(image.tags),
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
        "OsVersion": f"10.0.{release.build}.1",
        "Size": 0,
        "GraphDriver": {
            "Data": {"dir": rf"{_STORE}\{layer.removeprefix('sha256:')}"},
            "Name": "windowsfilter",
        },
        "RootFS": {"Type": "layers", "Layers": [layer]},
        "Metadata": {"LastTagTime": NEVER},
        "Config": dict(image.config),
    }
