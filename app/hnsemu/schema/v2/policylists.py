"""Plain policy lists."""

from typing import ClassVar

from hnsemu.errors import Hr
from hnsemu.schema.base import RawJson
from hnsemu.schema.v2.common import Base


class HostComputePolicyList(Base):
    """A plain policy list: policies, and the endpoints to which they apply."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    references: tuple[str, ...] | None = None
    policies: tuple[RawJson, ...] | None = None
