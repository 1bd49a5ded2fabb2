"""What runs in containers: nothing; a few commands answer from the emulated network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from hnsemu.docker.domain import console, terminal
from hnsemu.docker.domain.commands import Command, Kind, understood
from hnsemu.docker.domain.console import Nic
from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.events import OUTPUT, PRINTED, Event, printed
from hnsemu.docker.services.containers import ending
from hnsemu.docker.services.containers.queries import network_owner
from hnsemu.docker.services.containers.resolution import addresses_of
from hnsemu.docker.storage import events, logs
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.packet import ICMP, TCP, Packet
from hnsemu.domain.tracing.model import Trace, Verdict
from hnsemu.domain.tracing.question import Probe
from hnsemu.errors import HnsError
from hnsemu.services.dataplane.fabric import StoredFabric
from hnsemu.services.dataplane.trace import traced
from hnsemu.storage import endpoints
from hnsemu.storage.transaction import Transaction

_USER = r"user manager\containeradministrator"
_FIRST_PID, _PIDS = 1000, 16000
_ECHO, _PORT = 8, 49700
_CANNOT_RESOLVE, _CANNOT_CONNECT = 6, 7
_FAILED = 1


@dataclass(frozen=True, slots=True)
class Output:
    """What a command printed, and its exit code. ends: whether it leaves the shell that ran it."""

    lines: Sequence[str]
    exit_code: int = 0
    ends: bool = False


def new_pid(tx: Transaction) -> int:
    """Return a process id as Windows gives them: a multiple of 4."""
    return _FIRST_PID + 4 * tx.source.below(_PIDS // 4)


def run_own_command(tx: Transaction, container: DockerContainer) -> None:
    """Run a container's own command: it waits, or it prints something and the container ends."""
    command = own_command(container)
    if command.kind is Kind.SHELL and container.has_console:
        greets = terminal.greeting(command.text, tx.host.release.build)
        say(tx, container, greets, terminal.prompt(command.text))
    if command.kind in {Kind.WAIT, Kind.SHELL}:
        return
    output = run(tx, container, command)
    say(tx, container, output.lines)
    ending.ended(tx, container, output.exit_code)


def own_command(container: DockerContainer) -> Command:
    """Return what a container's own command does."""
    return understood(container.command, interactive=is_interactive(container))


def own_shell(container: DockerContainer) -> str:
    """Return the name of the shell that one types into, "" where the command reads nothing."""
    command = own_command(container)
    return command.text if command.kind is Kind.SHELL else ""


def say(
    tx: Transaction, container: DockerContainer, lines: Sequence[str], prompt: str = ""
) -> None:
    """Let a container print lines: into its log, and to those who are attached.

    prompt: what a shell shows behind them on a console; the log does not have it.
    """
    if lines:
        logs.append(tx, container, lines)
    if lines or prompt:
        events.append(tx, Event(OUTPUT, PRINTED, container.id, printed(lines, prompt)))


def is_interactive(container: DockerContainer) -> bool:
    """Tell whether somebody can type into the container's own command."""
    return bool(container.config["OpenStdin"] or container.config["Tty"])


def run(tx: Transaction, container: DockerContainer, command: Command) -> Output:
    """Run a command that ends by itself."""
    program = _PROGRAMS.get(command.kind)
    if program is not None:
        return program(tx, container, command)
    shown = command.text or command.kind.value
    return Output([f"hnsemu: nothing runs here; {shown!r} ended at once"])


def _ipconfig(tx: Transaction, container: DockerContainer, command: Command) -> Output:
    hostname = str(container.config["Hostname"])
    return Output(console.ipconfig(_nics(tx, container), hostname, details=command.details))


def _routes(tx: Transaction, container: DockerContainer, _command: Command) -> Output:
    return Output(console.routes(_nics(tx, container)))


def _hostname(_tx: Transaction, container: DockerContainer, _command: Command) -> Output:
    return Output([str(container.config["Hostname"])])


def _whoami(_tx: Transaction, _container: DockerContainer, _command: Command) -> Output:
    return Output([_USER])


def _exit(_tx: Transaction, _container: DockerContainer, command: Command) -> Output:
    return Output([], command.count, ends=True)


def _ping(tx: Transaction, container: DockerContainer, command: Command) -> Output:
    addresses = addresses_of(tx, container, command.target)
    if not addresses:
        return Output(console.not_found_by_ping(command.target), _FAILED)
    is_answered = _is_answered(tx, container, addresses[0], ICMP, 0)
    replies = command.count if is_answered else 0
    lines = console.ping(command.target, addresses[0], count=command.count, replies=replies)
    return Output(lines, 0 if replies else _FAILED)


def _nslookup(tx: Transaction, container: DockerContainer, command: Command) -> Output:
    addresses = addresses_of(tx, container, command.target)
    nics = _nics(tx, container)
    server = next((nic.dns_servers[0] for nic in nics if nic.dns_servers), "")
    server = server or next((nic.gateway for nic in nics), "")
    lines = console.nslookup(server, command.target, addresses)
    return Output(lines, 0 if addresses else _FAILED)


def _connect(tx: Transaction, container: DockerContainer, command: Command) -> Output:
    addresses = addresses_of(tx, container, command.target) if command.target else []
    if not addresses:
        if command.details:
            return Output([f"WARNING: Name resolution of {command.target} failed"], _FAILED)
        return Output([f"curl: ({_CANNOT_RESOLVE}) Could not resolve host: {command.target}"],
                      _CANNOT_RESOLVE)  # fmt: skip
    protocol = TCP if command.port else ICMP
    succeeded = _is_answered(tx, container, addresses[0], protocol, command.port)
    if command.details:
        nic = next(iter(_nics(tx, container)), None)
        lines = console.net_connection(
            command.text, addresses[0], nic, command.port, succeeded=succeeded
        )
        return Output(lines, 0 if succeeded else _FAILED)
    if succeeded:
        return Output([f"hnsemu: {command.text} can be reached; nothing runs there to answer"])
    text = f"Failed to connect to {command.target} port {command.port}: Timed out"
    return Output([f"curl: ({_CANNOT_CONNECT}) {text}"], _CANNOT_CONNECT)


def _is_answered(
    tx: Transaction, container: DockerContainer, address: str, protocol: int, port: int
) -> bool:
    """Tell whether a packet of the container arrives, and its answer comes back."""
    if ip_address(address).is_loopback:  # it never leaves the container
        return True
    return any(
        _arrives(trace) and (trace.reply is None or _arrives(trace.reply))
        for endpoint in _own_endpoints(tx, container)
        for trace in _traces(tx, endpoint, address, protocol, port)
    )


def _traces(
    tx: Transaction, endpoint: Endpoint, address: str, protocol: int, port: int
) -> list[Trace]:
    destination = ip_address(address)
    packet = Packet(
        protocol,
        destination,
        destination,
        source_port=_PORT if port else 0,
        destination_port=port,
        icmp_type=None if port else _ECHO,
        tcp_flags=("SYN",) if port else (),
    )
    probe = Probe(packet, endpoint=endpoint.id, reply=True)
    try:
        return [result.trace for result in traced(tx, StoredFabric(tx), probe)]
    except HnsError:  # an endpoint without an address of this family
        return []


def _arrives(trace: Trace) -> bool:
    return trace.verdict is Verdict.DELIVERED


def _own_endpoints(tx: Transaction, container: DockerContainer) -> list[Endpoint]:
    """Return the endpoints of the container, or of the one whose network it shares."""
    owner = network_owner(tx, container)
    found = (endpoints.find(tx, endpoint.hns_id) for endpoint in owner.endpoints if endpoint.hns_id)
    return [endpoint for endpoint in found if endpoint is not None]


def _nics(tx: Transaction, container: DockerContainer) -> list[Nic]:
    nics = []
    for number, endpoint in enumerate(_own_endpoints(tx, container), 1):
        alias = "Ethernet" if number == 1 else f"Ethernet {number}"
        address = next(iter(endpoint.ip_configurations), None)  # None: DHCP is to give one
        gateways = [
            route.next_hop
            for route in endpoint.routes
            if route.destination_prefix in {"0.0.0.0/0", "::/0"}
        ]
        nics.append(
            Nic(
                f"vEthernet ({alias})",
                address.ip_address if address else "",
                address.prefix_length if address else 0,
                gateways[0] if gateways else "",
                endpoint.mac_address.upper().replace(":", "-"),
                tuple(endpoint.dns.server_list),
                endpoint.dns.domain,
            )
        )
    return nics


_PROGRAMS: dict[Kind, Callable[[Transaction, DockerContainer, Command], Output]] = {
    Kind.IPCONFIG: _ipconfig,
    Kind.ROUTES: _routes,
    Kind.HOSTNAME: _hostname,
    Kind.WHOAMI: _whoami,
    Kind.EXIT: _exit,
    Kind.PING: _ping,
    Kind.NSLOOKUP: _nslookup,
    Kind.CONNECT: _connect,
}
