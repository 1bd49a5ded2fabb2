"""Settings of SetPolicy policies."""

from typing import Annotated, ClassVar

from hnsemu.errors import Hr
from hnsemu.schema.base import Document
from hnsemu.schema.enums import SetPolicyTypes, accepts


class SetPolicySetting(Document):
    """An IP set: addresses and prefixes, or ids of other sets, comma-separated."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    id: str | None = None
    name: str | None = None
    policy_type: Annotated[SetPolicyTypes, accepts(SetPolicyTypes)] | None = None
    values: str | None = None
