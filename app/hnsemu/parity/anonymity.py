"""Records without what tells of their machine: what HNS chose is replaced, the plan stays."""

import json
from typing import Any

from hnsemu.dumps.anonymity import Anonymiser
from hnsemu.parity.comparison import planned_parts
from hnsemu.parity.plans import texts_of
from hnsemu.parity.records import KIND, read_record

Json = Any


def record_in(text: str) -> dict[str, Json] | None:
    """Return the record that a text is, None for another text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and value.get("kind") == KIND else None


def anonymised_record(record: dict[str, Json], key: bytes) -> dict[str, Json]:
    """Return a record in which names, addresses, MACs and ids are replaced, but those of its plan.

    key: equal keys, equal replacements.
    Raises: HCN_E_INVALID_JSON for a record that has not what a record has.
    """
    read_record(json.dumps(record).encode())
    steps = [case["steps"] for case in record["plan"]["cases"]]
    kept = planned_parts(steps) | {text.lower() for text in texts_of(steps)}
    anonymiser = Anonymiser(key, kept=frozenset(kept))
    told = [record["results"], record.get("leftovers", [])]
    anonymiser.learn(told)
    results, leftovers = anonymiser.document(told)
    return record | {"results": results, "leftovers": leftovers}
