"""The state of a host as a document: every row of every table of it, and back."""

from hnsemu.storage.state.hns import HOST, NOUNS
from hnsemu.storage.state.reading import read
from hnsemu.storage.state.writing import NewRow, last_numbers, rows_of, write

__all__ = ["HOST", "NOUNS", "NewRow", "last_numbers", "read", "rows_of", "write"]
