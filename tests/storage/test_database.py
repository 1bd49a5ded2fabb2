"""Connections: each thread keeps its own, and those of ended threads are closed."""

import threading

import pytest
from sqlalchemy import text

from hnsemu.storage.database import Database, WriterBusy


def test_connections_of_ended_threads_are_closed(database: Database) -> None:
    def work() -> None:
        with database.reading() as connection:
            connection.execute(text("SELECT 1"))
        with database.writing() as connection:
            connection.execute(text("SELECT 1"))

    for _ in range(20):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert database.connections_in_use() <= len(("reader", "writer"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_event_loop_does_not_wait_for_another_writer(database: Database) -> None:
    database.loop_thread = threading.get_ident()
    is_writing, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with database.writing():
            is_writing.set()
            may_end.wait()

    thread = threading.Thread(target=write)
    thread.start()
    is_writing.wait()
    with pytest.raises(WriterBusy), database.writing():
        pass
    may_end.set()
    thread.join()
    with database.writing() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
