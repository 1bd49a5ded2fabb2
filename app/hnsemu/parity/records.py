"""Records: what a real host answered to a plan, and which Windows it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hnsemu.domain.file_text import decoded
from hnsemu.domain.releases import RELEASES, Release, Version, with_versions
from hnsemu.parity.plans import check_format, check_plan, refused, texts_of

Json = Any

KIND = "hnsemu-parity-record"
LARGEST = 16 << 20
"""Bytes of a record; a whole plan makes less than one."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The Windows on which a record was made. hns: None where its HNS did not say it."""

    build: int
    is_server: bool
    edition: str
    hns: Version | None

    def release(self) -> Release:
        """Return the nearest known release, with the versions and the build of the machine.

        Raises: E_INVALIDARG for a build and an HNS version that no Windows has together.
        """
        known = self._nearest()
        older = [release for release in RELEASES.values() if release.build <= self.build]
        if not older:
            return known
        schema = max(release.schema for release in older)
        return with_versions(known, hns=self.hns, schema=schema, build=self.build)

    def _nearest(self) -> Release:
        """Return the newest known release of its line that is not newer, else the oldest one."""
        line = [known for known in RELEASES.values() if known.is_client != self.is_server]
        older = [known for known in line if known.build <= self.build]
        nearest = max(known.build for known in older) if older else line[0].build
        same = [known for known in line if known.build == nearest]
        return max(
            (known for known in same if self.hns is None or known.hns <= self.hns),
            key=lambda known: known.hns,
            default=same[0],
        )


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read. results: of each case that was begun, of each of its steps."""

    machine: Machine
    cases: Sequence[Mapping[str, Json]]
    results: Sequence[Sequence[Json]]


def read_record(content: bytes) -> Record:
    """Return the record in a file.

    Raises: HCN_E_INVALID_JSON with a sentence for what is none.
    """
    if len(content) > LARGEST:
        raise refused(f"the file has more than {LARGEST >> 20} MiB, which no record has")
    try:
        document = json.loads(decoded(content))
    except json.JSONDecodeError as error:
        what = f"line {error.lineno}: the record is not complete JSON; was it cut off?"
        raise refused(what) from error
    except (RecursionError, ValueError) as error:
        raise refused("the record has values that no answer of HNS has") from error
    check_format(document, KIND, "record")
    for _ in texts_of(document):
        pass  # it says how deep a document is
    check_plan(document.get("plan"))
    cases = document["plan"]["cases"]
    return Record(_machine(document.get("machine")), cases, _results(document, cases))


def _machine(members: Json) -> Machine:
    if not isinstance(members, dict):
        raise refused("`machine` of the record is missing")
    build, product = members.get("build"), members.get("product")
    if isinstance(build, bool) or not isinstance(build, int) or product not in {"server", "client"}:
        raise refused("`machine` of the record needs `build`, a number, and `product`")
    return Machine(build, product == "server", str(members.get("edition", "")), _version(members))


def _version(members: Mapping[str, Json]) -> Version | None:
    """Return the version in the answer to GET /globals/version, if there is one."""
    answer = members.get("hns")
    output = answer.get("Output") if isinstance(answer, dict) else None
    version = output.get("Version", output) if isinstance(output, dict) else None
    if not isinstance(version, dict):
        return None
    major, minor = version.get("Major"), version.get("Minor")
    return (major, minor) if isinstance(major, int) and isinstance(minor, int) else None


def _results(document: Mapping[str, Json], cases: Sequence[Mapping[str, Json]]) -> list[list[Json]]:
    results = document.get("results")
    if not isinstance(results, list) or len(results) > len(cases):
        raise refused("`results` of the record is no list with a list for each case of its plan")
    for number, (case, steps) in enumerate(zip(cases, results, strict=False), 1):
        if not isinstance(steps, list) or len(steps) != len(case["steps"]):
            raise refused(f"case {number}: the record has not a result for each step of the plan")
        for step, result in zip(case["steps"], steps, strict=True):
            if not isinstance(result, dict) or result.get("call") != step["call"]:
                raise refused(f"case {number}: a result is of another call than its step")
            if not isinstance(result.get("hresult", result.get("skipped")), str):
                raise refused(f"case {number}: a result has neither `hresult` nor `skipped`")
    return results
