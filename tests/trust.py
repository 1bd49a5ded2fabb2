"""The certificates that HTTP clients trust, read once for all clients of a process of tests.

Each client reads them again, though few speak TLS: 40 ms of processor time, more than most tests
take, and hundreds of tests open clients, some for each request.
"""

import functools
import ssl
from typing import Any

import httpx
import pytest


def share(patch: pytest.MonkeyPatch) -> None:
    """Let clients that trust what httpx trusts share one context of TLS."""
    shared = functools.cache(httpx.create_ssl_context)

    def create(*, verify: Any, cert: Any, trust_env: bool) -> ssl.SSLContext:
        if verify is True and cert is None:
            return shared(trust_env=trust_env)
        return httpx.create_ssl_context(verify, cert, trust_env)

    patch.setattr("httpx._transports.default.create_ssl_context", create)
