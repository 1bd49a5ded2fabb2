"""What is done to the whole OpenAPI document: links, examples, and schemas that generators read.

Measured on generators of clients: integers without a format become 32 bits, nulls become unions,
and closed enumerations fail at a value that a later Windows adds.
"""

import re
from collections.abc import Mapping
from typing import Any

from hnsemu.api.examples import IDS
from hnsemu.api.hns_outputs import envelope

Json = dict[str, Any]


def drop_untold(paths: Mapping[str, Mapping[str, Json]]) -> None:
    """Leave out the JSON that FastAPI adds to answers that are of another kind."""
    for operations in paths.values():
        for each in operations.values():
            for answer in each["responses"].values():
                content = answer.get("content", {})
                if content.get("application/json") == {"schema": {}} and len(content) > 1:
                    del content["application/json"]


def link(paths: Mapping[str, Mapping[str, Json]]) -> None:
    """Say that the ID of what a request made is the id in the paths below."""
    for path, operations in paths.items():
        answers = operations.get("post", {}).get("responses", {})
        version, noun = path.split("/")[1], path.rpartition("/")[2]
        below = f"/{version}/{noun}/{{id}}"
        pointer, status = ("/Output/ID", "200") if version == "v1" else ("/ID", "201")
        if below not in paths or status not in answers:
            continue
        answers[status]["links"] = {
            each["operationId"]: {
                "operationId": each["operationId"],
                "parameters": {"id": f"$response.body#{pointer}"},
            }
            for other, methods in paths.items()
            if other.startswith(below)
            for each in methods.values()
            if not each["operationId"].startswith("stream")  # they have no end
        }


def show_ids(paths: Mapping[str, Mapping[str, Json]]) -> None:
    """Let the example of every id be that of an object of its kind."""
    for path, operations in paths.items():
        shown = IDS.get(path.partition("/{")[0])
        for each in operations.values():
            each["parameters"] = [
                {**parameter, "example": shown}
                if shown and parameter["name"] == "id"
                else parameter
                for parameter in each.get("parameters", [])
            ]


def show_outputs(paths: Mapping[str, Mapping[str, Json]]) -> None:
    """Put an example into every envelope: its Output is of any shape."""
    for operations in paths.values():
        for each in operations.values():
            example = envelope(each["operationId"])
            if example is not None:
                each["responses"]["200"]["content"]["application/json"]["example"] = example


def tidy(node: Any) -> Any:  # noqa: ANN401 (any JSON value)
    """Make integers int64, drop nulls and titles, and unwrap what they leave alone."""
    if isinstance(node, list):
        return [tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: value if key in {"example", "examples"} else tidy(value) for key, value in node.items()
    }
    if isinstance(kept.get("anyOf"), list):
        arms = [arm for arm in kept.pop("anyOf") if arm != {"type": "null"}]
        kept = {**arms[0], **kept} if len(arms) == 1 else {**kept, "anyOf": arms}
    if kept.get("default", 0) is None:
        del kept["default"]
    if isinstance(kept.get("title"), str):
        del kept["title"]
    if isinstance(kept.get("prefixItems"), list):  # a pair of the same, which generators read so
        kept["items"] = kept.pop("prefixItems")[0]
    if kept.get("type") == "integer":
        kept.setdefault("format", "int64")
    if isinstance(kept.get("description"), str):
        kept["description"] = re.sub(r"\s+", " ", kept["description"]).strip()
    return kept


def opened(node: Any) -> Any:  # noqa: ANN401 (any JSON value)
    """Turn closed enumerations into texts with known values: later Windows knows more.

    Clients of closed ones fail at the first value that they do not know.
    """
    if isinstance(node, list):
        return [opened(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: value if key in {"example", "examples"} else opened(value)
        for key, value in node.items()
    }
    if kept.get("type") == "string" and isinstance(kept.get("enum"), list):
        known = kept.pop("enum")
        said = f"{kept.get('description', '')} Known: {', '.join(known)}."
        kept |= {"description": said.strip(), "x-extensible-enum": known}
    return kept
