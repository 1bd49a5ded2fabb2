"""What the OpenAPI document says of state documents; their shape is declared beside the tables."""

from pydantic import BaseModel, ConfigDict, Field


class HostState(BaseModel):
    """The whole state of a host with every value that the emulator chose.

    Lists are in the order of creation, objects name each other by id, times are FILETIMEs. A member
    that is left out has its default.
    """

    model_config = ConfigDict(extra="allow")


class NamedState(BaseModel):
    """One line of a stream: a host and its state."""

    name: str = Field(examples=["node-1"])
    state: HostState


class HostDump(BaseModel):
    """A document of a real host, as PowerShell, hnsdiag, hcn or docker prints it.

    The body may hold many of them, one behind the other or in lists, with other text around.
    """

    model_config = ConfigDict(extra="allow")


class ClusterDump(BaseModel):
    """An object of Kubernetes, or a List of them, as `kubectl get -o json` prints it.

    The body may hold many of them, as YAML documents or as JSON, one behind the other.
    """

    model_config = ConfigDict(extra="allow")
