"""The commands of `hnsemu`: which module each is in, and what `hnsemu --help` says of it.

A command loads its own module and Typer, and `--help` neither: Typer takes ten times as long to
load as Python takes to start. Each module has a `Typer` named `cli` with its commands.
"""

_SERVING, _PACKETS = "hnsemu.cli.serving", "hnsemu.cli.packets"
_HOSTS, _OBJECTS, _STATE = "hnsemu.cli.hosts", "hnsemu.cli.objects", "hnsemu.cli.state"
_REQUESTS = "hnsemu.cli.requests"

COMMANDS = {
    "serve": (_SERVING, "Run the service until SIGTERM or Ctrl-C."),
    "migrate": (_SERVING, "Upgrade the tables of the database to this version."),
    "backup": (_SERVING, "Copy the SQLite database of a service to a new file."),
    "healthcheck": (_SERVING, "Exit with 0 if the service on this machine is ready."),
    "version": (_SERVING, "Print the version number."),
    "config": (_SERVING, "Inspect the settings of the service."),
    "wrap": ("hnsemu.testing.wrap", "Run a command with an emulated host of its own."),
    "trace": (_PACKETS, "Trace a packet and print every decision and the verdict."),
    "reachability": (_PACKETS, "Show as a grid which endpoints reach which, and why not."),
    "graph": ("hnsemu.cli.graph", "Draw what stands on what on a host."),
    "vfpctrl": ("hnsemu.cli.vfpctrl", "Print VFP ports, layers and rules as vfpctrl does."),
    "events": ("hnsemu.cli.events", "Print notifications, one JSON object per line."),
    "requests": (_REQUESTS, "Show what programs called on a host, if its journal is on."),
    "verify": (_REQUESTS, "Say whether programs called what was expected, and how often."),
    "faults": ("hnsemu.cli.faults", "Let calls of a host fail as they fail on real hosts."),
    "hnsdiag": ("hnsemu.cli.hnsdiag", "List and delete HNS objects as hnsdiag does."),
    "docker": ("hnsemu.cli.docker", "Lead Docker's clients to an emulated host."),
    "parity": ("hnsemu.testing.parity", "Compare a real host with an emulated one, call by call."),
    "hosts": (_HOSTS, "Manage emulated hosts."),
    "state": (_STATE, "Save the state of hosts to a file, or load it."),
    "snapshots": (_STATE, "Save states of a host in the service, and return to them."),
    "clock": ("hnsemu.cli.clock", "Stop the clock of all hosts, move it, or let it run."),
    "fleet": (_HOSTS, "Create many hosts with many endpoints."),
    "shards": ("hnsemu.cli.shards", "Lead clients of several services to their hosts."),
    "networks": (_OBJECTS, "Manage networks."),
    "endpoints": (_OBJECTS, "Manage endpoints."),
    "namespaces": (_OBJECTS, "Manage namespaces."),
    "loadbalancers": (_OBJECTS, "Manage load balancers."),
    "sdnroutes": (_OBJECTS, "Manage SDN routes."),
    "policylists": (_OBJECTS, "Manage policy lists."),
}  # fmt: skip
"""Module and summary of each command, in the order of the help; a test compares it with Typer's."""

_HELP = """\
Usage: hnsemu [OPTIONS] COMMAND [ARGS]...

  The Windows Host Networking Service (HNS and HCN) as a REST microservice.

Options:
  --debug               Print every request to stderr as a curl command.
  -V, --version         Print the version and exit.
  --install-completion  Install completion for the current shell.
  --show-completion     Show completion for the current shell, to copy it or
                        customize the installation.
  -h, --help            Show this message and exit.

Commands:
"""


def help_text() -> str:
    """Return what `hnsemu --help` prints."""
    width = max(map(len, COMMANDS))
    lines = (f"  {name:{width}}  {summary}\n" for name, (_, summary) in COMMANDS.items())
    return _HELP + "".join(lines)
