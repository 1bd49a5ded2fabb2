"""Seeds: what a service loads at its start, as a client of itself."""

import json
import os
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hnsemu.api import seeds
from hnsemu.errors import HnsError
from hnsemu.schema.host.seed_record import SeedRecord, SeedState
from hnsemu.schema.host.seeds import SCRIPTS, SeedRequest, requests_of, seed_files

_PATIENCE = 300  # seconds for a script, or a request
_LINE = re.compile(r"line (\d+)")
_LONGEST = 500  # characters of a reason


class _SeedError(Exception):
    """A seed failed; line: where, 0 if that is not known."""

    def __init__(self, detail: str, line: int = 0) -> None:
        super().__init__(detail)
        self.detail, self.line = detail[:_LONGEST], line


@dataclass(frozen=True, slots=True)
class Seeding:
    """A folder of seeds, and the service that they are for. certificate: "" for HTTP."""

    folder: Path
    url: str
    token: str
    certificate: str

    def run(self, files: Sequence[Path]) -> bool:
        """Load the seeds in their order until one fails; tell whether all were loaded."""
        records = [SeedRecord(name=file.name) for file in files]
        for number, file in enumerate(files):
            records[number] = records[number].model_copy(update={"state": SeedState.RUNNING})
            seeds.write(records)
            records[number] = self._result(file)
            seeds.write(records)
            if records[number].state == SeedState.FAILED:
                sys.stderr.write(f"hnsemu: {seeds.pending()}\n")
                return False
        return True

    def _result(self, file: Path) -> SeedRecord:
        try:
            items = self._script(file) if file.suffix in SCRIPTS else self._documents(file)
        except _SeedError as failure:
            return SeedRecord(
                name=file.name, state=SeedState.FAILED, line=failure.line, detail=failure.detail
            )
        return SeedRecord(name=file.name, state=SeedState.DONE, items=items)

    def _documents(self, file: Path) -> int:
        try:
            requests = requests_of(file.read_bytes())
        except OSError as error:
            raise _SeedError(f"cannot be read: {error.strerror}") from error
        except HnsError as refusal:
            raise _SeedError(refusal.detail, _line_of(refusal.detail)) from refusal
        for request in requests:
            self._send(request)
        return len(requests)

    def _send(self, seed: SeedRequest) -> None:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = None if seed.body is None else seed.body.encode()
        request = urllib.request.Request(  # noqa: S310 (of this service)
            self.url + seed.path, body, headers, method=seed.method
        )
        context = None
        if self.certificate:
            context = ssl.create_default_context(cafile=self.certificate)
            context.check_hostname = False
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE, context=context) as answer:  # noqa: S310 (as above)
                status, text = answer.status, ""
        except urllib.error.HTTPError as error:
            status, text = error.code, _detail(error.read())
        except OSError as error:
            raise _SeedError(f"{seed.method} {seed.path}: {error}", seed.line) from error
        is_expected = status == seed.status if seed.status else not text
        if not is_expected:
            raise _SeedError(f"{seed.method} {seed.path}: {status} {text}".strip(), seed.line)

    def _script(self, file: Path) -> int:
        python = {"python3": sys.executable}
        program, *options = SCRIPTS[file.suffix]
        command = [python.get(program, program)]
        if program == "bash":
            command += ["-Eeuo", "pipefail"]
        variables = {"HNSEMU_URL": self.url, "HNSEMU_TOKEN": self.token}
        try:
            done = subprocess.run(
                [*command, *options, str(file.absolute())],
                cwd=self.folder,
                env={**os.environ, **variables, "PATH": _path()},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=_PATIENCE,
            )
        except subprocess.TimeoutExpired as error:
            raise _SeedError(f"does not end within {_PATIENCE} seconds") from error
        except OSError as error:
            raise _SeedError(f"cannot be run: {error}") from error
        if done.returncode:
            said = done.stderr.strip() or "no message"
            raise _SeedError(f"exit code {done.returncode}: {said[-_LONGEST:]}", _line_of(said))
        return 0


@contextmanager
def seeding_status(folder: Path, files: Sequence[Path]) -> Iterator[None]:
    """Show the seeds as waiting until they are loaded. folder: for the file that says so."""
    seeds.announce(folder / "seeds.json")
    seeds.write([SeedRecord(name=file.name) for file in files])
    yield


def files_in(folder: str) -> list[Path]:
    """Return the seeds of a folder by name.

    Raises: OSError.
    """
    return seed_files(Path(folder))


def _path() -> str:
    """Return where programs are looked for: `hnsemu` is beside the Python that runs this."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def _line_of(text: str) -> int:
    found = _LINE.findall(text)
    return int(found[0]) if found else 0


def _detail(body: bytes) -> str:
    try:
        record = json.loads(body)
        return str(record.get("Detail") or record.get("message") or record.get("Error") or record)
    except (ValueError, AttributeError):
        return body[:_LONGEST].decode(errors="replace")
