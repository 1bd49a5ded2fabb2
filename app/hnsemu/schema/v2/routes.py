"""SDN route lists."""

from typing import Annotated, ClassVar

from pydantic import AliasChoices, Field

from hnsemu.errors import Hr
from hnsemu.schema.base import Since
from hnsemu.schema.v2.common import Base
from hnsemu.schema.v2.policies.route import SDNRoutePolicySetting


class HostComputeRoute(Base):
    """SDN routes, and the endpoints to which they apply."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    host_compute_network: Annotated[str | None, Since("2.5")] = None
    host_compute_endpoints: tuple[str, ...] | None = None
    # hcsshim writes the list under `Setting`. Source: hns-behaviour.md section 3.4 [C].
    routes: tuple[SDNRoutePolicySetting, ...] | None = Field(
        default=None, alias="Routes", validation_alias=AliasChoices("Routes", "Setting")
    )
