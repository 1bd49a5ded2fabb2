"""What the Windows drivers read from the options of a network."""

import pytest

from hnsemu.docker.domain.driver_options import DriverOptions, driver_options
from hnsemu.docker.domain.networks import SHIM
from hnsemu.docker.errors import DockerError


@pytest.mark.parametrize(
    ("options", "read"),
    [
        ({}, DriverOptions()),
        ({"k": "v", f"{SHIM}sourcemac": "00-11"}, DriverOptions()),
        ({f"{SHIM}networkname": "n"}, DriverOptions(hns_name="n")),
        ({f"{SHIM}hnsid": "X"}, DriverOptions(hns_id="X")),
        ({f"{SHIM}interface": "Ethernet"}, DriverOptions(adapter="Ethernet")),
        ({f"{SHIM}dnsservers": "1.1.1.1,8.8.8.8"}, DriverOptions(dns_servers="1.1.1.1,8.8.8.8")),
        ({f"{SHIM}dnssuffix": "corp"}, DriverOptions(dns_suffix="corp")),
        ({f"{SHIM}vlanid": "007"}, DriverOptions(vlan=7)),
        ({f"{SHIM}vsid": "4096"}, DriverOptions(vsid=4096)),
        ({f"{SHIM}macpool": "a,b,c,d"}, DriverOptions(mac_pools=(("a", "b"), ("c", "d")))),
        ({f"{SHIM}enable_outboundnat": "T"}, DriverOptions(outbound_nat=True)),
        ({f"{SHIM}outboundnat_exceptions": "a,b"}, DriverOptions(exceptions=("a", "b"))),
        ({f"{SHIM}disable_gatewaydns": "1"}, DriverOptions(gateway_dns=False)),
    ],
)
def test_options_are_read(options: dict[str, str], read: DriverOptions) -> None:
    assert driver_options(options) == read


@pytest.mark.parametrize(
    ("name", "value", "status", "text"),
    [
        ("vlanid", "x", 500, 'strconv.ParseUint: parsing "x": invalid syntax'),
        ("vlanid", "", 500, 'strconv.ParseUint: parsing "": invalid syntax'),
        ("vsid", "-1", 500, 'strconv.ParseUint: parsing "-1": invalid syntax'),
        ("vsid", "²", 500, 'strconv.ParseUint: parsing "²": invalid syntax'),
        ("vlanid", str(1 << 32), 500, 'parsing "4294967296": value out of range'),
        ("vlanid", "9" * 5000, 500, "value out of range"),
        ("enable_outboundnat", "yes", 500, 'strconv.ParseBool: parsing "yes": invalid syntax'),
        ("disable_gatewaydns", "", 500, 'strconv.ParseBool: parsing "": invalid syntax'),
        ("macpool", "a", 400, "You must specify both a start range and an end range"),
    ],
)
def test_a_bad_option_is_refused(name: str, value: str, status: int, text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        driver_options({f"{SHIM}{name}": value})
    assert refusal.value.status == status
    assert text in refusal.value.message
