"""Connections: each thread keeps its own, and those of ended threads are closed."""

import threading

from sqlalchemy import text

from hnsemu.storage.database import Database


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
