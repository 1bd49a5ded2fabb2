"""What the programs of Windows print about a network. The layout is inferred [I]."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

_LABEL = 34


@dataclass(frozen=True, slots=True)
class Nic:
    """An adapter inside a container, as ipconfig sees it.

    ip_address:  "" while no DHCP server has given it one. prefix_length: 0 then.
    mac_address: with dashes. dns_servers: in order.
    """

    name: str
    ip_address: str
    prefix_length: int
    gateway: str
    mac_address: str
    dns_servers: tuple[str, ...] = ()
    suffix: str = ""

    @property
    def mask(self) -> str:
        """Return the subnet mask."""
        return str(IPv4Network((0, self.prefix_length)).netmask)


def ipconfig(nics: Sequence[Nic], hostname: str, *, details: bool) -> list[str]:
    """Return the lines of ipconfig, or of ipconfig /all."""
    lines = ["", "Windows IP Configuration", ""]
    if details:
        lines += [
            _line("Host Name", hostname),
            _line("Primary Dns Suffix", ""),
            _line("Node Type", "Hybrid"),
            _line("IP Routing Enabled.", "No"),
            _line("WINS Proxy Enabled.", "No"),
        ]
    for nic in nics:
        lines += ["", f"Ethernet adapter {nic.name}:", "", *_adapter(nic, details=details)]
    return lines


def routes(nics: Sequence[Nic]) -> list[str]:
    """Return the lines of the IPv4 part of route print."""
    rule = "=" * 75
    lines = [rule, "", "IPv4 Route Table", rule, "Active Routes:"]
    lines.append("Network Destination        Netmask          Gateway       Interface  Metric")
    for nic in nics:
        if not nic.ip_address:
            continue
        network = IPv4Network((nic.ip_address, nic.prefix_length), strict=False)
        if nic.gateway:
            lines.append(_route("0.0.0.0", "0.0.0.0", nic.gateway, nic.ip_address))  # noqa: S104
        lines += [
            _route(str(network.network_address), nic.mask, "On-link", nic.ip_address),
            _route(nic.ip_address, "255.255.255.255", "On-link", nic.ip_address),
        ]
    return [*lines, rule]


def ping(name: str, address: str, *, count: int, replies: int) -> list[str]:
    """Return the lines of ping; `replies` of `count` packets were answered."""
    shown = address if name == address else f"{name} [{address}]"
    lines = ["", f"Pinging {shown} with 32 bytes of data:"]
    for number in range(count):
        is_answered = number < replies
        lines.append(
            f"Reply from {address}: bytes=32 time<1ms TTL=128"
            if is_answered
            else "Request timed out."
        )
    lost = count - replies
    share = 100 * lost // count
    lines += [
        "",
        f"Ping statistics for {address}:",
        f"    Packets: Sent = {count}, Received = {replies}, Lost = {lost} ({share}% loss),",
    ]
    if replies:
        lines += [
            "Approximate round trip times in milli-seconds:",
            "    Minimum = 0ms, Maximum = 0ms, Average = 0ms",
        ]
    return lines


def not_found_by_ping(name: str) -> list[str]:
    """Return what ping says of a name that does not resolve."""
    return [f"Ping request could not find host {name}. Please check the name and try again."]


def nslookup(server: str, name: str, addresses: Sequence[str]) -> list[str]:
    """Return the lines of nslookup; without addresses the name does not exist."""
    lines = ["Server:  UnKnown", f"Address:  {server}", ""]
    if not addresses:
        return [*lines, f"*** UnKnown can't find {name}: Non-existent domain"]
    label = "Address" if len(addresses) == 1 else "Addresses"
    first, *rest = addresses
    return [*lines, f"Name:    {name}", f"{label}:  {first}", *(f"          {a}" for a in rest), ""]


def net_connection(
    name: str, address: str, nic: Nic | None, port: int, *, succeeded: bool
) -> list[str]:
    """Return the lines of Test-NetConnection."""
    rows = [("ComputerName", name), ("RemoteAddress", address)]
    if port:
        rows.append(("RemotePort", str(port)))
    rows += [
        ("InterfaceAlias", nic.name if nic else ""),
        ("SourceAddress", nic.ip_address if nic else ""),
        ("TcpTestSucceeded" if port else "PingSucceeded", str(succeeded)),
    ]
    width = max(len(label) for label, _ in rows)
    return ["", *(f"{label:{width}} : {value}" for label, value in rows), ""]


def _adapter(nic: Nic, *, details: bool) -> Iterable[str]:
    yield _line("Connection-specific DNS Suffix", nic.suffix)
    if details:
        yield _line("Description", "Hyper-V Virtual Ethernet Adapter")
        yield _line("Physical Address.", nic.mac_address)
        yield _line("DHCP Enabled.", "No" if nic.ip_address else "Yes")
        yield _line("Autoconfiguration Enabled", "Yes")
    if not nic.ip_address:
        return
    yield _line("IPv4 Address.", nic.ip_address + ("(Preferred)" if details else ""))
    yield _line("Subnet Mask", nic.mask)
    yield _line("Default Gateway", nic.gateway)
    if details and nic.dns_servers:
        first, *rest = nic.dns_servers
        yield _line("DNS Servers", first)
        yield from (" " * (_LABEL + 5) + server for server in rest)


def _line(label: str, value: str) -> str:
    """Return a label and its value, dots in every other column between them."""
    dots = "".join("." if at % 2 == 0 else " " for at in range(len(label) + 1, _LABEL))
    return f"   {label} {dots}: {value}".rstrip()


def _route(destination: str, mask: str, gateway: str, interface: str) -> str:
    return f"{destination:>17} {mask:>16} {gateway:>16} {interface:>15} {271:>6}"
