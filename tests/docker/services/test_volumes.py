"""What volumes cost, counted in calls."""

from collections.abc import Callable

from hnsemu.docker.services import daemon
from hnsemu.docker.services.volumes import ensure_volumes
from hnsemu.storage.transaction import Hns, Transaction, writes
from tests.work import is_linear


@writes
def mention(tx: Transaction, names: list[str]) -> None:
    ensure_volumes(tx, dict.fromkeys(names, False))


def test_a_container_may_mention_many_volumes(hns: Hns) -> None:
    daemon.start_at_first_request(hns)

    def work(count: int) -> Callable[[], None]:
        return lambda: mention(hns, [f"data-{count}-{number}" for number in range(count)])

    assert is_linear(work)
