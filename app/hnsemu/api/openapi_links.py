"""Links of the OpenAPI document: what can be done with an object that a request creates.

They are written into the finished paths, as the links of one operation name all the others below
the path of the object, which other modules declare.
"""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def link(paths: Mapping[str, Mapping[str, Json]]) -> None:
    """Say that the ID of a created object is the id in the paths below it."""
    for path, operations in paths.items():
        answers = operations.get("post", {}).get("responses", {})
        version, noun = path.split("/")[1], path.rpartition("/")[2]
        below = f"/{version}/{noun}/{{id}}"
        pointer, status = ("/Output/ID", "200") if version == "v1" else ("/ID", "201")
        if below not in paths or status not in answers:
            continue
        answers[status]["links"] = {
            operation["operationId"]: {
                "operationId": operation["operationId"],
                "parameters": {"id": f"$response.body#{pointer}"},
            }
            for other, methods in paths.items()
            if other.startswith(below)
            for operation in methods.values()
            if not operation["operationId"].startswith("stream")  # they have no end
        }
