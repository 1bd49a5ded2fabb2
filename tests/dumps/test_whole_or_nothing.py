"""An import that is killed, or loses its database, in the middle leaves no part of a host."""

import multiprocessing
import signal
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text

from hnsemu.services import hosts
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.conftest import DATABASES
from tests.dumps.imports import IMPORTS, NAMES, CountingSource, killed, service


def names(url: str) -> list[str]:
    """Return which hosts a database has, as a service that is started afterwards sees it."""
    database = Database(url)
    found = hosts.host_names(service(database))
    database.dispose()
    return found


def last_of(url: str, work: Callable[[Hns], None]) -> int:
    """Return how many GUIDs an import asks for; all that it made is gone afterwards."""
    database = Database(url)
    hns = service(database)
    work(hns)
    assert isinstance(hns.source, CountingSource)
    for name in hosts.host_names(hns):
        hosts.delete_host(Hns(database, name, hns.source))
    database.dispose()
    return hns.source.count


@pytest.mark.parametrize("work", IMPORTS)
def test_killed_at_its_last_object_it_leaves_nothing(
    database_url: str, work: Callable[[Hns], None]
) -> None:
    at = last_of(database_url, work)
    victim = multiprocessing.get_context("spawn").Process(
        target=killed, args=(database_url, work, at)
    )
    victim.start()
    victim.join()
    assert victim.exitcode == -signal.SIGKILL
    assert names(database_url) == []


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
@pytest.mark.parametrize("work", IMPORTS)
def test_a_lost_database_is_asked_again_for_the_whole(
    database_url: str, work: Callable[[Hns], None]
) -> None:
    others = create_engine(database_url, isolation_level="AUTOCOMMIT")

    def lose() -> None:
        with others.connect() as connection:
            connection.execute(text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ))  # fmt: skip

    at = last_of(database_url, work)
    database = Database(database_url)
    work(service(database, at, lose))
    database.dispose()
    others.dispose()
    assert names(database_url) == NAMES[work]
