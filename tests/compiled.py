"""What SQLAlchemy compiled, kept for all databases that one process of tests opens.

It compiles for an engine, and each test opens a database, so an engine, of its own: an eighth of
the processor time of such tests was compiling the same statements again. A service has one engine.
"""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

_MOST = 5_000


def share(patch: pytest.MonkeyPatch) -> None:
    """Let engines of one dialect share what is compiled."""
    compiled: LRUCache[Any, Any] = LRUCache(_MOST)
    create = Engine.__init__

    def create_sharing(self: Engine, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        self._compiled_cache = compiled

    patch.setattr(Engine, "__init__", create_sharing)
    # The dialect is a part of the key.
    patch.setattr(DefaultDialect, "__eq__", lambda one, other: _kind(one) == _kind(other))
    patch.setattr(DefaultDialect, "__hash__", lambda dialect: hash(_kind(dialect)))


def _kind(dialect: object) -> tuple[type, object]:
    return type(dialect), getattr(dialect, "paramstyle", None)
