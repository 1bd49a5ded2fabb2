"""Settings of ACL, TierAcl and NetworkACL policies."""

from functools import cached_property
from typing import Annotated, ClassVar

from hnsemu.domain.policies.acl import Tuple5
from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Since, Uint16
from hnsemu.schema.enums import ActionType, DirectionType, RuleType, accepts


class FiveTuple(Document):
    """What a rule matches: comma lists of protocols, addresses and ports; empty means any."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    protocols: Annotated[str | None, Since("2.5")] = None
    local_addresses: Annotated[str | None, Since("2.5")] = None
    remote_addresses: Annotated[str | None, Since("2.5")] = None
    local_ports: Annotated[str | None, Since("2.5")] = None
    remote_ports: Annotated[str | None, Since("2.5")] = None
    priority: Annotated[Uint16 | None, Since("2.5")] = None

    @cached_property
    def tuple5(self) -> Tuple5:
        """Return the texts of the rule."""
        return Tuple5(
            protocols=self.protocols or "",
            local_addresses=self.local_addresses or "",
            remote_addresses=self.remote_addresses or "",
            local_ports=self.local_ports or "",
            remote_ports=self.remote_ports or "",
        )


class FiveTuple_2(Document):  # noqa: N801 (the name of the schema)
    """FiveTuple_2 of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    protocols: Annotated[str | None, Since("2.5")] = None
    local_addresses: Annotated[str | None, Since("2.5")] = None
    remote_addresses: Annotated[str | None, Since("2.5")] = None
    local_ports: Annotated[str | None, Since("2.5")] = None
    remote_ports: Annotated[str | None, Since("2.5")] = None
    priority: Annotated[Uint16 | None, Since("2.5")] = None


class CommonAclPolicySetting(FiveTuple):
    """CommonAclPolicySetting of the schema."""

    id: str | None = None
    action: Annotated[ActionType, accepts(ActionType)] | None = None
    direction: Annotated[DirectionType, accepts(DirectionType)] | None = None
    rule_type: Annotated[RuleType, accepts(RuleType)] | None = None


class AclPolicySetting(CommonAclPolicySetting):
    """An ACL: allow or block what the five-tuple matches; lower Priority first."""


class NetworkAclPolicySetting(CommonAclPolicySetting):
    """An ACL for every endpoint of a network."""


class TierAclRule(FiveTuple):
    """A rule of a tier: allow, block, or pass on to the next tier."""

    id: Annotated[str | None, Since("2.10")] = None
    tier_acl_rule_action: Annotated[
        Annotated[ActionType, accepts(ActionType)] | None, Since("2.10")
    ] = None


class TierAclPolicySetting(Document):
    """A tier of ACL rules; tiers apply in their Order."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    name: Annotated[str | None, Since("2.10")] = None
    direction: Annotated[Annotated[DirectionType, accepts(DirectionType)] | None, Since("2.10")] = (
        None
    )
    order: Annotated[Uint16 | None, Since("2.10")] = None
    tier_acl_rules: Annotated[tuple[TierAclRule, ...] | None, Since("2.10")] = None
