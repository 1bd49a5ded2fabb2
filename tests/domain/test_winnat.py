"""The external port of a mapping that leaves it to HNS."""

import pytest

from hnsemu.domain.winnat import choose_port
from hnsemu.errors import HnsError, Hr


@pytest.mark.parametrize(
    ("taken", "first", "port"),
    [
        (set(), 0, 49152),
        (set(), 5, 49157),
        ({49157, 49158}, 5, 49159),
        ({65535}, 16383, 49152),  # round to the beginning
    ],
)
def test_the_first_free_port_from_there_on_is_taken(taken: set[int], first: int, port: int) -> None:
    assert choose_port(taken, first) == port


def test_when_all_are_taken_it_is_refused() -> None:
    with pytest.raises(HnsError) as refusal:
        choose_port(range(49152, 65536), 7)
    assert refusal.value.hr is Hr.HCN_E_PORT_NOT_FOUND
