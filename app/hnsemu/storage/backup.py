"""A copy of a SQLite database while others read and write it."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote


def copy_sqlite(source: Path, target: Path) -> None:
    """Write the database as of now to a new file, with SQLite's online backup.

    Readers and writers go on meanwhile. The target appears when it is complete, and holds
    everything: it needs no file beside it.
    Raises: FileNotFoundError if there is no source; FileExistsError if there is a target; OSError;
            sqlite3.Error.
    """
    if not source.is_file():
        raise FileNotFoundError(f"there is no file {source}")
    if target.exists():
        raise FileExistsError(f"{target} exists; a backup overwrites nothing")
    handle, part = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    try:
        with closing(_open(source)) as original, closing(sqlite3.connect(part)) as copy:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # the copy said WAL, as the source does
        Path(part).rename(target)
    except BaseException:
        Path(part).unlink()
        raise


def _open(source: Path) -> sqlite3.Connection:
    """Open a database for reading; the file is not created."""
    return sqlite3.connect(f"file:{quote(str(source.absolute()))}?mode=ro", uri=True, timeout=10)
