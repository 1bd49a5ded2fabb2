"""A service for tests: started for them, or the running one that HNSEMU_URL names."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hnsemu.cli.connections import FAILURES
from hnsemu.testing.http import Api, Refusal, api_of
from hnsemu.wine.processes import end_with_parent

_COMMAND = [sys.executable, "-m", "hnsemu.cli", "serve", "--ephemeral", "--port", "0"]
_PATIENCE = 15  # seconds that a service has to stop


class ServiceError(Exception):
    """There is no service for the tests; the message says why and what to do."""


@dataclass(frozen=True)
class Service:
    """A service that answers. is_own: whether it was started for the tests."""

    api: Api = field(repr=False)
    is_own: bool

    @property
    def url(self) -> str:
        """Return the address of the service."""
        return self.api.url


@contextmanager
def service(url: str = "", *, own: bool = False) -> Iterator[Service]:
    """Yield the service at `url`, else the one at HNSEMU_URL, else one started for the block.

    own: start one even where HNSEMU_URL names one.
    Raises: ServiceError.
    """
    named = url or ("" if own else os.environ.get("HNSEMU_URL", ""))
    with ExitStack() as stack:
        api = _api_of(named or stack.enter_context(_started()))
        stack.callback(api.connections.close)
        if named:
            _check_ready(api)
        yield Service(api, is_own=not named)


def _api_of(url: str) -> Api:
    """Return the requests to a service. Raises: ServiceError for what is no address of one."""
    if "/hosts/" in urlsplit(url).path:
        raise ServiceError(
            f"{url} is the address of a host; tests make hosts of their own, so name its service"
        )
    try:
        return api_of(url)
    except ValueError as error:
        raise ServiceError(f"{url!r} is no address of a service: {error}") from error


def _check_ready(api: Api) -> None:
    """Raises: ServiceError unless the service is ready."""
    try:
        api.get("/readyz")
    except (Refusal, *FAILURES) as error:
        raise ServiceError(
            f"no service is ready at {api.url}: {error}; start one with `hnsemu serve`, or unset "
            "HNSEMU_URL so that one is started for the tests"
        ) from error


@contextmanager
def _started() -> Iterator[str]:
    """Run a service with a temporary database on a free port; yield its address.

    Raises: ServiceError.
    """
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as messages,
        subprocess.Popen(
            _COMMAND,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=messages,
            text=True,
            env=_environment(os.environ),
            preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            process_group=0,  # Ctrl-C reaches the tests only; the service ends after them
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101 (a pipe, see above)
        try:
            ready = process.stdout.readline()
            if not ready:
                messages.seek(0)
                raise ServiceError(f"the service did not start: {messages.read().strip()}")
            yield ready.split()[-1]
        finally:
            _stop(process)


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a service to which no settings of others apply."""
    kept = {name: value for name, value in variables.items() if not name.startswith("HNSEMU_")}
    return kept | {"HNSEMU_CONFIG": os.devnull}


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)
        return
    process.kill()
