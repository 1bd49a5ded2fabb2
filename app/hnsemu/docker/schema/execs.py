"""Commands in containers as the API has them. Source: replies of dockerd 28.5.2 [O]."""

from hnsemu.docker.domain.execs import Exec
from hnsemu.docker.schema.shapes import UINT, List, Pointer, Struct

EXEC = Struct(
    "container.ExecOptions",
    {
        "User": str,
        "Privileged": bool,
        "Tty": bool,
        "ConsoleSize": Pointer(List(UINT, 2)),
        "AttachStdin": bool,
        "AttachStderr": bool,
        "AttachStdout": bool,
        "Detach": bool,
        "DetachKeys": str,
        "Env": List(str),
        "WorkingDir": str,
        "Cmd": List(str),
    },
)

START = Struct(
    "container.ExecStartOptions",
    {"Detach": bool, "Tty": bool, "ConsoleSize": Pointer(List(UINT, 2))},
)


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
