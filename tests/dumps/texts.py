"""What people paste and redirect, in the forms that issues of public projects have it in."""

import json
from collections.abc import Mapping

NETWORK_ID, ENDPOINT_ID, LIST_ID = (
    "B5A22566-BEBC-400C-ABEF-B6717DE7AF59",
    "0d3f0c1a-52b6-4c07-8b9a-f4e3f2f8d6b5",
    "D680D0E7-185B-46A7-B097-37A8B439F588",
)

LIST_VIEW = f"""\
PS C:\\Users\\me> Get-HnsNetwork


ActivityId             : 2D5B4A5C-40C8-4707-9DD9-62AA866A3B7C
AdditionalParams       :
CurrentEndpointCount   : 1
Extensions             : {{@{{Id=E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A; IsEnabled=False; Name=Microsoft Windows Filtering Platform}},
                         @{{Id=F74F241B-440F-4433-BB28-00F89EAD20D8; IsEnabled=False; Name=Microsoft Azure VFP Switch
                         Extension}}}}
Flags                  : 8
Health                 : @{{LastErrorCode=0; LastUpdateTime=133318808183134023}}
ID                     : {NETWORK_ID}
IPv6                   : False
LayeredOn              : 24DDF755-8077-4CAD-BEE4-6D6B6B4E015B
MacPools               : {{@{{EndMacAddress=00-15-5D-2B-FF-FF; StartMacAddress=00-15-5D-2B-F0-00}}}}
Name                   : lan-of-acme
NatName                : NAT48C0DEC2-ED26-4DC5-A408-9B510A985ABC
Policies               : {{}}
State                  : 1
Subnets                : {{@{{AdditionalParams=; AddressPrefix=172.27.144.0/20; Flags=0; GatewayAddress=172.27.144.1; Health=;
                         ID=6815FDA3-CD3E-47B7-ADFE-EF4D32160ABE; Policies=System.Object[]; State=0}}}}
Type                   : nat
Version                : 55834574851

PS C:\\Users\\me> Get-HnsEndpoint

ID                 : {ENDPOINT_ID}
Name               : web-of-acme
Version            : 55834574851
Resources          : @{{AdditionalParams=; AllocationOrder=0; Allocators=System.Object[]; ID=4503493F-861A-4175-A476-A8ED2F0940A2;
                     PortOperationTime=0; State=1}}
VirtualNetwork     : {NETWORK_ID}
VirtualNetworkName : lan-of-acme
MacAddress         : 00-15-5D-2B-FE-47
IPAddress          : 172.27.148.101
PrefixLength       : 20
GatewayAddress     : 172.27.144.1
Policies           : {{@{{Action=Block; Direction=In; Priority=100; Protocols=6; LocalPorts=8080; Type=ACL}}}}
DNSServerList      : 192.168.1.15
SharedContainers   : {{}}
"""  # noqa: E501 (as wide as the console was)

SUBNET = {"AddressPrefix": "172.27.144.0/20", "GatewayAddress": "172.27.144.1"}
NETWORK = {
    "ID": NETWORK_ID, "Name": "lan-of-acme", "Type": "nat", "Version": 55834574851,
    "Subnets": [SUBNET],
}  # fmt: skip
ENDPOINT = {
    "ID": ENDPOINT_ID, "Name": "web-of-acme", "VirtualNetwork": NETWORK_ID,
    "IPAddress": "172.27.148.101", "MacAddress": "00-15-5D-2B-FE-47",
}  # fmt: skip
POLICY_LIST = {
    "ID": LIST_ID, "References": [f"/endpoints/{ENDPOINT_ID}"],
    "Policies": [{"Type": "ELB", "VIPs": ["10.96.0.10"], "Protocol": 6, "ExternalPort": 80,
                  "InternalPort": 8080}],
}  # fmt: skip
ADAPTER = (
    '{"Name": "LAN", "ifIndex": 4, "SystemName": "ACME-7", "PermanentAddress": "000C29112233",'
    ' "MacAddress": "00-0C-29-11-22-33", "DriverDate": "\\/Date(1600000000000)\\/",'
    ' "InstanceID": "{0694B065-E10B-4A86-A34A-2C3F88B2909E}",'
    ' "CimSystemProperties": {"ServerName": "ACME-7"}}'
)
DOCKER_NETWORK = {
    "Name": "lan-of-acme", "Id": "6314c8bde88fbaf92e10a054c2db04e42ea17c8e608b6a9fce0c101f78eb4ddb",
    "Created": "2016-12-19T10:41:17.8344844+01:00", "Scope": "local", "Driver": "nat",
    "IPAM": {"Driver": "windows", "Options": None,
             "Config": [{"Subnet": "192.168.55.0/24", "Gateway": "192.168.55.1"}]},
    "Containers": {
        "71662d5871b5c4605290aedd3a352a5d659afc6c39dc9427ef86d5de3951103b": {
            "Name": "web-of-acme", "EndpointID": "9b99ae87" * 8, "MacAddress": "00:15:5d:50:d8:a1",
            "IPv4Address": "192.168.55.7/16", "IPv6Address": ""},
    },
    "Options": {"com.docker.network.windowsshim.hnsid": NETWORK_ID.lower(),
                "com.docker.network.windowsshim.networkname": "lan-of-acme"},
    "Labels": {"com.example.owner": "jane-of-acme"},
}  # fmt: skip
UNKNOWN_DOCKER = {**DOCKER_NETWORK, "Options": None}


def shallow(document: Mapping[str, object]) -> str:
    """Return what ConvertTo-Json writes of a list without -Depth: objects far within are texts."""

    def cut(value: object, depth: int) -> object:
        if isinstance(value, dict):
            if depth > 2:
                return "@{" + "; ".join(f"{k}={inner(v)}" for k, v in value.items()) + "}"
            return {name: cut(item, depth + 1) for name, item in value.items()}
        if isinstance(value, list):
            if depth > 2:
                return " ".join(map(str, value))
            return [cut(item, depth + 1) for item in value]
        return value

    def inner(value: object) -> str:
        return "System.Object[]" if isinstance(value, list) else str(value)

    return json.dumps(cut([document], 0))


HNSDIAG_TABLE = f"""\
PS C:\\> hnsdiag.exe list all
Networks:
Name             ID
vpcbr06684cbed472 {NETWORK_ID}

Endpoints:
Name             ID                                   Virtual Network Name
Ethernet         {ENDPOINT_ID} vpcbr06684cbed472
"""
DOCKER_TABLE = """\
NETWORK ID          NAME                DRIVER              SCOPE
295e2fb54331        external-virtual    transparent         local
"""
WRAPPED = json.dumps(NETWORK).replace("lan-of-acme", "lan-of-\nacme")
LOG = (
    "[22:14:59.869][WindowsDaemon  ][Info   ] debug: [GET]=>[/networks/] Request : \n"
    f"[22:14:59.885][WindowsDaemon  ][Info   ] debug: Network Response : {json.dumps([NETWORK])}\n"
)
