"""Encryption is known and not offered."""

from hnsemu.errors import Hr
from tests.policies.judged import context, on_endpoint, policy, refusal


def test_encryption_is_refused() -> None:
    assert refusal(on_endpoint, policy("Encryption")) is Hr.HCN_E_REQUEST_UNSUPPORTED


def test_before_schema_2_1_its_type_is_unknown() -> None:
    where = context(release="ws2019")
    assert refusal(on_endpoint, policy("Encryption"), where) is Hr.HCN_E_INVALID_POLICY_TYPE
