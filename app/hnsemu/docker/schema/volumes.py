"""Volumes as the API shows them. Source: a reply of dockerd 28.5.2 [O]."""

from hnsemu.docker.domain.mounts import mount_point
from hnsemu.docker.domain.times import rfc3339
from hnsemu.docker.domain.volumes import DRIVER, Volume
from hnsemu.docker.schema.shapes import Map, Pointer, Struct
from hnsemu.domain.filetime import TICKS

CREATE_OPTIONS = Struct(
    "volume.CreateOptions",
    {"Name": str, "Driver": str, "DriverOpts": Map(str), "Labels": Map(str)},
    unread={"ClusterVolumeSpec": Pointer(Struct("volume.ClusterVolumeSpec", {}))},
)
"""The document of POST /volumes/create."""


def volume_document(volume: Volume) -> dict[str, object]:
    """Return a volume as list and inspect show it; its time is in whole seconds."""
    return {
        "CreatedAt": rfc3339(volume.created - volume.created % TICKS),
        "Driver": DRIVER,
        "Labels": None if volume.labels is None else dict(volume.labels),
        "Mountpoint": mount_point(volume.name),
        "Name": volume.name,
        "Options": None,
        "Scope": "local",
    }
