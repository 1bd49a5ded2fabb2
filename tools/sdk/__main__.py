"""Run the clients that are named; by default all."""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from hnsemu.storage.migrate import upgrade
from tests.e2e.servers import serving
from tools.sdk import go, openapi_generator, rust, typescript
from tools.sdk.later import later
from tools.sdk.openapi_python_client import openapi_python_client
from tools.sdk.workshop import Command

CLIENTS: dict[str, Callable[[], Command]] = {
    "openapi-python-client": openapi_python_client,
    "openapi-typescript": typescript.openapi_typescript,
    "hey-api": typescript.hey_api,
    "orval": typescript.orval,
    "oapi-codegen": go.oapi_codegen,
    "ogen": go.ogen,
    "openapi-generator-python": openapi_generator.python,
    "openapi-generator-java": openapi_generator.java,
    "openapi-generator-go": openapi_generator.go,
    "openapi-generator-typescript-fetch": openapi_generator.typescript_fetch,
    "openapi-generator-csharp": openapi_generator.csharp,
    "progenitor": rust.progenitor,
}
"""By name: generates and compiles the client, returns the command that runs its program."""


def main() -> int:
    """Generate and run; return 1 when anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.sdk")
    parser.add_argument("client", nargs="*", help=", ".join(CLIENTS))
    clients = parser.parse_args().client or list(CLIENTS)
    if unknown := set(clients) - set(CLIENTS):
        parser.error(f"no client {', '.join(unknown)}; there are {', '.join(CLIENTS)}")
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/hnsemu.db"
        upgrade(url)
        with serving(url) as server, later(server.url) as later_url:
            for client in clients:
                begun = time.monotonic()
                try:
                    command = CLIENTS[client]()
                    for service in (server.url, later_url):
                        subprocess.run([*command, service], check=True, timeout=600)
                    outcome = "passed"
                except (subprocess.SubprocessError, OSError) as error:
                    failed.append(client)
                    outcome = f"failed: {error}"
                print(f"{client}: {outcome} ({time.monotonic() - begun:.0f} s)", flush=True)
    print(f"{len(clients) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
