"""Runs the steps of a job or of a composite action as the runner of GitHub Actions does.

Of expressions it knows contexts, `failure()` and a comparison with ''. Of other actions it knows
those that this repository uses; what `upload-artifact` was given is kept.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
OURS = "OWNER/hnsemu"
PATIENCE = 300

Step = Mapping[str, Any]
Context = dict[str, Any]


@dataclass
class Runner:
    """The machine of a job.

    folder: the checkout of the job. skips: ids of steps that are passed over. artifacts: what was
    uploaded, by name.
    """

    folder: Path
    temp: Path
    skips: frozenset[str] = frozenset()
    variables: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    output: str = ""

    def job(self, workflow: str) -> bool:
        """Run the only job of a workflow; tell whether it succeeded."""
        (job,) = yaml.safe_load(workflow)["jobs"].values()
        self.variables |= job.get("env", {})
        return self._all(job["steps"], {"env": self.variables, **self._contexts()}, self.folder)

    def action(self, folder: Path, given: Mapping[str, str]) -> tuple[bool, dict[str, str]]:
        """Run a composite action; return whether it succeeded, and its outputs."""
        action = yaml.safe_load((folder / "action.yml").read_text())
        assert set(given) <= set(action["inputs"])
        inputs = {name: found["default"] for name, found in action["inputs"].items()}
        context = {"inputs": inputs | dict(given), **self._contexts()}
        succeeded = self._all(action["runs"]["steps"], context, folder)
        outputs = action.get("outputs", {}).items()
        return succeeded, {name: _filled(found["value"], context) for name, found in outputs}

    def _contexts(self) -> Context:
        return {"steps": {}, "runner": {"temp": str(self.temp)}}

    def _all(self, steps: Sequence[Step], context: Context, action: Path) -> bool:
        succeeded = True
        for step in steps:
            if step.get("id") in self.skips or not _is_due(step.get("if"), context, succeeded):
                continue
            done, outputs = self._step(step, context, action)
            succeeded &= done
            context["steps"][step.get("id")] = {"outputs": outputs}
        return succeeded

    def _step(self, step: Step, context: Context, action: Path) -> tuple[bool, dict[str, str]]:
        if "run" in step:
            return self._run(step, context, action)
        given = {name: _filled(str(value), context) for name, value in step.get("with", {}).items()}
        name, _, _ = step["uses"].partition("@")
        if name.startswith(OURS):
            return self.action(ROOT / name.removeprefix(OURS).lstrip("/"), given)
        if name == "actions/upload-artifact":
            self.artifacts[given["name"]] = Path(given["path"])
        known = {"actions/setup-python": {"python-path": sys.executable}}
        assert name in {"actions/checkout", "actions/upload-artifact", *known}
        return True, known.get(name, {})

    def _run(self, step: Step, context: Context, action: Path) -> tuple[bool, dict[str, str]]:
        files = {name: self.temp / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH")}
        for file in files.values():
            file.write_text("")
        own = {name: _filled(value, context) for name, value in step.get("env", {}).items()}
        paths = {name: str(file) for name, file in files.items()}
        runner = {"RUNNER_TEMP": str(self.temp), "GITHUB_ACTION_PATH": str(action)}
        done = subprocess.run(
            [
                "bash",
                "--noprofile",
                "--norc",
                "-eo",
                "pipefail",
                "-c",
                _filled(step["run"], context),
            ],
            cwd=self.folder,
            env={**os.environ, **self.variables, **paths, **runner, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        self.output += done.stdout
        found = files["GITHUB_PATH"].read_text().splitlines()
        if found:
            path = self.variables.get("PATH", os.environ["PATH"])
            self.variables["PATH"] = os.pathsep.join([*reversed(found), path])
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        return done.returncode == 0, dict(line.split("=", 1) for line in lines)


def _is_due(condition: str | None, context: Context, succeeded: bool) -> bool:  # noqa: FBT001
    """Tell whether a step runs. Source: a condition without a status function adds success()."""
    if condition == "failure()":
        return not succeeded
    if condition is None:
        return succeeded
    left, _, right = condition.partition(" != ")
    assert right == "''", condition
    return succeeded and _value(left, context) != ""


def _filled(text: str, context: Context) -> str:
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: _value(found[1], context), text)


def _value(path: str, context: Context) -> str:
    found: Any = context
    for name in path.split("."):
        found = found.get(name, "") if found else ""
    return str(found)
