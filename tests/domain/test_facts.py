"""Small values that several nouns share."""

import pytest

from hnsemu.domain.facts import Dns


@pytest.mark.parametrize(
    ("dns", "expected"),
    [
        (Dns(), False),
        (Dns(domain="test"), True),
        (Dns(search=("test",)), True),
        (Dns(server_list=("10.0.0.1",)), True),
        (Dns(options=("ndots:5",)), True),
    ],
)
def test_dns_is_true_when_anything_is_set(dns: Dns, *, expected: bool) -> None:
    assert bool(dns) is expected
