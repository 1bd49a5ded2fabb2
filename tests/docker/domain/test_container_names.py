"""Names for containers that were given none."""

from hnsemu.docker.domain.container_names import random_name
from hnsemu.docker.domain.containers import check_name
from hnsemu.host import SeededSource


def test_a_random_name_is_a_name() -> None:
    source = SeededSource()
    names = [random_name(source) for _ in range(50)]
    assert [check_name(name) for name in names] == names
    assert len(set(names)) > 25
