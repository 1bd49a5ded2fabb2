"""The nouns of Docker's daemon in a state document.

What clients sent and read again in Go's order stays JSON text.
"""

from hnsemu.docker.domain.containers import Status
from hnsemu.docker.domain.files import Kind
from hnsemu.docker.domain.health import HealthStatus
from hnsemu.docker.domain.swarms import ID_LENGTH
from hnsemu.docker.storage import tables
from hnsemu.domain.state.shapes import (
    GUID,
    GUID_OR_NONE,
    TIME,
    Boolean,
    Choice,
    Integer,
    JsonText,
    Text,
)
from hnsemu.storage.nouns import Member, Noun

_TEXT, _NUMBER, _BOOLEAN = Text(), Integer(), Boolean()
_OBJECT, _LIST = JsonText(), JsonText((list,))
_OBJECT_OR_NULL = JsonText((dict, type(None)))
_SWARM_ID = Text("25 digits and letters.", ID_LENGTH)
_EXIT_CODE = Integer(-(2**31), 2**32 - 1)

NOUNS = (
    Noun(
        "daemon",
        tables.docker_daemons,
        [Member("id", GUID), Member("started", TIME)],
        derived=("last_event",),
        is_single=True,
    ),
    Noun(
        "swarm",
        tables.docker_swarms,
        [
            Member("swarm_id", _SWARM_ID),
            Member("node_id", _SWARM_ID),
            Member("address", _TEXT),
            Member("listen", _TEXT),
            Member("data_path", _TEXT),
            Member("remote", _TEXT),
            Member("record", _OBJECT_OR_NULL),
        ],
        is_single=True,
    ),
    Noun(
        "networks",
        tables.docker_networks,
        [
            Member("id", _TEXT),
            Member("name", _TEXT),
            Member("driver", _TEXT),
            Member("hns_id", GUID_OR_NONE),
            Member("created", TIME),
            Member("internal", _BOOLEAN),
            Member("attachable", _BOOLEAN),
            Member("config_only", _BOOLEAN),
            Member("config_from", _TEXT),
            Member("ipam", _OBJECT),
            Member("options", _OBJECT),
            Member("labels", _OBJECT),
        ],
    ),
    Noun(
        "images",
        tables.docker_images,
        [
            Member("id", _TEXT),
            Member("created", TIME),
            Member("size", _NUMBER),
            Member("config", _OBJECT),
            Member("last_tagged", TIME),
        ],
        parts=[
            Noun(
                "tags",
                tables.docker_image_tags,
                [Member("reference", _TEXT)],
                parent="image_key",
            )
        ],
    ),
    Noun(
        "containers",
        tables.docker_containers,
        [
            Member("id", _TEXT),
            Member("name", _TEXT),
            Member("created", TIME),
            Member("image", _TEXT),
            Member("image_id", _TEXT),
            Member("config", _OBJECT),
            Member("host_config", _OBJECT),
            Member("status", Choice([str(status) for status in Status])),
            Member("exit_code", _EXIT_CODE),
            Member("error", _TEXT),
            Member("pid", _NUMBER),
            Member("started", TIME),
            Member("finished", TIME),
            Member("restarts", _NUMBER),
            Member("stopped_by_hand", _BOOLEAN),
            Member("ports", _OBJECT),
            Member("inherited", _LIST),
            Member("health", Choice([str(status) for status in HealthStatus])),
        ],
        derived=("summary",),
        parts=[
            Noun(
                "endpoints",
                tables.docker_endpoints,
                [
                    Member("network", _TEXT),
                    Member("network_id", _TEXT),
                    Member("settings", _OBJECT),
                    Member("endpoint_id", _TEXT),
                    Member("hns_id", GUID_OR_NONE),
                    Member("mac_address", _TEXT),
                    Member("ip_address", _TEXT),
                    Member("prefix_length", Integer(0, 128)),
                    Member("gateway", _TEXT),
                    Member("dns_names", JsonText((list, type(None)))),
                    Member("ports", _LIST),
                ],
                parent="container_key",
                position="position",
            ),
            Noun(
                "execs",
                tables.docker_execs,
                [
                    Member("id", _TEXT),
                    Member("config", _OBJECT),
                    Member("running", _BOOLEAN),
                    Member("exit_code", _EXIT_CODE),
                    Member("pid", _NUMBER),
                ],
                parent="container_key",
            ),
            Noun(
                "files",
                tables.docker_files,
                [
                    Member("path", _TEXT),
                    Member("kind", Choice([str(kind) for kind in Kind])),
                    Member("content", Text("Base64.")),
                    Member("modified", TIME),
                    Member("read_only", _BOOLEAN),
                    Member("target", _TEXT),
                ],
                parent="container_key",
            ),
            Noun(
                "logs",
                tables.docker_logs,
                [
                    Member("time", TIME),
                    Member("stream", Choice([1, 2])),
                    Member("line", _TEXT),
                ],
                parent="container_key",
            ),
        ],
    ),
    Noun(
        "volumes",
        tables.docker_volumes,
        [
            Member("name", _TEXT),
            Member("created", TIME),
            Member("labels", _OBJECT_OR_NULL),
            Member("options", _OBJECT_OR_NULL),
        ],
    ),
    Noun(
        "events",
        tables.docker_events,
        [
            Member("time", TIME),
            Member("type", _TEXT),
            Member("action", _TEXT),
            Member("actor", _TEXT),
            Member("attributes", _OBJECT),
        ],
        counter=(tables.docker_daemons, "last_event"),
    ),
)
