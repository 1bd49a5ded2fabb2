"""Encryption between containers, which HNS knows and no release offers."""

from typing import NoReturn

from hnsemu.errors import HnsError, Hr
from hnsemu.policies.model import PolicyContext
from hnsemu.schema.v2.policies.encryption import EncryptionPolicySetting


def refuse_encryption(_settings: EncryptionPolicySetting, _context: PolicyContext) -> NoReturn:
    """Refuse it.

    Raises: HCN_E_REQUEST_UNSUPPORTED.
    """
    raise HnsError(
        Hr.HCN_E_REQUEST_UNSUPPORTED, "Encryption: IPsec between containers is not supported"
    )
