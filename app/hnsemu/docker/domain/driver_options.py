"""The options of the Windows drivers: `com.docker.network.windowsshim.*`.

Source: docker.md section 2, moby libnetwork/drivers/windows [C]; texts recorded [O].
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hnsemu.docker.domain.networks import HNS_ID, HNS_NAME, SHIM
from hnsemu.docker.domain.strconv import parse_bool, parse_uint
from hnsemu.docker.errors import BAD_REQUEST, FAILED, DockerError

_BITS = 32


@dataclass(frozen=True, slots=True)
class DriverOptions:
    """What the driver of a network reads from its options.

    vlan, vsid: 0 for none. exceptions: destinations that are not translated, () for none.
    """

    hns_name: str = ""
    hns_id: str = ""
    adapter: str = ""
    dns_servers: str = ""
    dns_suffix: str = ""
    vlan: int = 0
    vsid: int = 0
    mac_pools: tuple[tuple[str, str], ...] = ()
    outbound_nat: bool = False
    exceptions: tuple[str, ...] = ()
    gateway_dns: bool = True


def driver_options(options: Mapping[str, str]) -> DriverOptions:
    """Read the options; keys that the driver does not know are left to inspect.

    Raises: DockerError 500 for a number or boolean that is none, 400 for half a range of MACs.
    """

    def text(name: str) -> str:
        return options.get(f"{SHIM}{name}", "")

    exceptions = text("outboundnat_exceptions")
    return DriverOptions(
        hns_name=options.get(HNS_NAME, ""),
        hns_id=options.get(HNS_ID, ""),
        adapter=text("interface"),
        dns_servers=text("dnsservers"),
        dns_suffix=text("dnssuffix"),
        vlan=_number(options, "vlanid"),
        vsid=_number(options, "vsid"),
        mac_pools=_mac_pools(options),
        outbound_nat=_flag(options, "enable_outboundnat"),
        exceptions=tuple(exceptions.split(",")) if exceptions else (),
        gateway_dns=not _flag(options, "disable_gatewaydns"),
    )


def _flag(options: Mapping[str, str], name: str) -> bool:
    text = options.get(f"{SHIM}{name}")
    if text is None:
        return False
    try:
        return parse_bool(text)
    except ValueError as error:
        raise DockerError(FAILED, str(error)) from error


def _number(options: Mapping[str, str], name: str) -> int:
    text = options.get(f"{SHIM}{name}")
    if text is None:
        return 0
    try:
        return parse_uint(text, _BITS)
    except ValueError as error:
        raise DockerError(FAILED, str(error)) from error


def _mac_pools(options: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    text = options.get(f"{SHIM}macpool")
    if text is None:
        return ()
    ends = text.split(",")
    if len(ends) % 2:
        raise DockerError(
            BAD_REQUEST,
            "invalid mac pool. You must specify both a start range and an end range",
        )
    return tuple(zip(ends[::2], ends[1::2], strict=True))
