"""Commands in containers as the API has them. Source: replies of dockerd 28.5.2 [O]."""

from collections.abc import Mapping
from typing import Any

from hnsemu.docker.domain.execs import Exec
from hnsemu.docker.schema.containers import words
from hnsemu.docker.schema.golang import List, Struct

EXEC = Struct(
    "ExecOptions",
    {
        "User": str,
        "Privileged": bool,
        "Tty": bool,
        "ConsoleSize": List(int),
        "AttachStdin": bool,
        "AttachStderr": bool,
        "AttachStdout": bool,
        "Detach": bool,
        "DetachKeys": str,
        "Env": List(str),
        "WorkingDir": str,
        "Cmd": object,
    },
)

START = Struct("ExecStartOptions", {"Detach": bool, "Tty": bool, "ConsoleSize": List(int)})


def exec_request(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the command that a document of `EXEC` wants run.

    Raises: DockerError 400 for a command that is neither a text nor a list of texts.
    """
    return {**document, "Cmd": words(document["Cmd"], "Cmd")}


def exec_document(command: Exec) -> dict[str, object]:
    """Return a command as inspect shows it."""
    config = command.config
    return {
        "ID": command.id,
        "Running": command.running,
        "ExitCode": command.exit_code,
        "ProcessConfig": {
            "tty": config["Tty"],
            "entrypoint": config["Cmd"][0],
            "arguments": config["Cmd"][1:],
        },
        "OpenStdin": config["AttachStdin"],
        "OpenStderr": config["AttachStderr"],
        "OpenStdout": config["AttachStdout"],
        "CanRemove": False,
        "ContainerID": command.container_id,
        "DetachKeys": config["DetachKeys"],
        "Pid": command.pid,
    }
