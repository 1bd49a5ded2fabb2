"""Settings of Encryption policies."""

from typing import Annotated, Any, ClassVar

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Since
from hnsemu.schema.enums import AuthenticationType, EncryptionMethod, accepts


class AuthenticationMethod(Document):
    """AuthenticationMethod of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY


class AuthenticationCertificate(AuthenticationMethod):
    """AuthenticationCertificate of the schema."""

    certificate_name: Annotated[str | None, Since("2.1")] = None


class AuthenticationPresharedKey(AuthenticationMethod):
    """AuthenticationPresharedKey of the schema."""

    key: Annotated[str | None, Since("2.1")] = None


class PrioritizedAuthenticationMethod(Document):
    """PrioritizedAuthenticationMethod of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    type: Annotated[
        Annotated[AuthenticationType, accepts(AuthenticationType)] | None, Since("2.1")
    ] = None
    settings: Annotated[Any, Since("2.1")] = None


class EncryptionPolicySetting(Document):
    """EncryptionPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    encryption_method_type: Annotated[
        Annotated[EncryptionMethod, accepts(EncryptionMethod)] | None, Since("2.1")
    ] = None
    authentication_methods: Annotated[
        tuple[PrioritizedAuthenticationMethod, ...] | None, Since("2.1")
    ] = None
    name: Annotated[str | None, Since("2.1")] = None
    endpoints1: Annotated[tuple[str, ...] | None, Since("2.1")] = None
    endpoints2: Annotated[tuple[str, ...] | None, Since("2.1")] = None
    protocol_type: Annotated[str | None, Since("2.1")] = None
    endpoint1_ports: Annotated[tuple[str, ...] | None, Since("2.1")] = None
    endpoint2_ports: Annotated[tuple[str, ...] | None, Since("2.1")] = None
