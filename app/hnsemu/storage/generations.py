"""How often each host was written to: what stands for its state while nothing is read."""

from collections import Counter
from collections.abc import Collection

from hnsemu.storage.marks import Mark


class Generations:
    """Counts of commits, by the one process that writes. Who counts holds the writer's lock."""

    def __init__(self) -> None:
        """Begin with a database that nothing was written to."""
        self._total = 0
        self._everywhere = 0
        self._of: Counter[str] = Counter()

    def count(self, hosts: Collection[str] | None) -> None:
        """Count a commit that changed these hosts, by name; None for what may concern all."""
        if hosts is None:
            self._everywhere += 1
            self._of.clear()
        else:
            self._of.update(hosts)
        self._total += 1

    def of(self, hosts: Collection[str] | None) -> str:
        """Return what stands for the state of these hosts, of the whole database for None."""
        if hosts is None:
            return f"{self._total:x}"
        own = ".".join(f"{self._of[name]:x}" for name in sorted(hosts))
        return f"{self._everywhere:x}.{own}"

    def mark(self) -> Mark:
        """Return this moment; from any thread."""
        return Mark(
            f"{self._everywhere:x}", {name: f"{n:x}" for name, n in self._of.copy().items()}
        )
