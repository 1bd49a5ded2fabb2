"""The `Resources` block: switch ports, vNICs, NAT instances and compartments, as HNS shows them.

Both dialects carry it: HNS 1 as `Resources`, HCN 2 as `Health.Extra.Resources`. Ids are upper-case
and keys sorted in every release.
Source: hns-behaviour.md section 2.7 [O] and the captured networks, endpoints and namespaces.
"""

import uuid

from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.facts import Port, VSwitch
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import NatInstance, Network
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.releases import Release

Shape = dict[str, object]

_FLAGS_SINCE = (10, 0)
_NLM_SINCE = (13, 0)
_VM_PORT_SINCE = (15, 0)
_ISOLATION_SINCE = (15, 0)
_COMPARTMENT_TIME = 32  # milliseconds; the only figure ever captured
_ICS_FLAGS = {"dns": 1, "dhcp": 2}
_ISOLATE_SWITCH = 32
_OFF, _ON = 1, 2
"""States of the parts of ICS. Source: S:nat-9.2 (off), wsl-subnet-utility#2 (DNS on) [O]."""


def network_resources(network: Network, release: Release) -> Shape:
    """Return the block of a network: its host vNIC and NAT, or the RDID of an overlay."""
    time = network.created
    allocators: list[Shape] = []
    if network.host_vnic is not None:
        allocators.append(_host_vnic(network, network.host_vnic, release, time))
    if network.nat is not None:
        build = _ics if network.nat.engine == "ICS" else _winnat
        allocators.append(build(network, network.nat, release, time))
    order = len(allocators)
    if network.rdid_port is not None:
        allocators.append(_rdid(network, network.rdid_port, release, time))
    parent = network.vswitch.parent_id if network.vswitch else ""
    return _block(network.activity_id, order, allocators, release, time, parent)


def layer_resources(network: Network, switch: VSwitch, release: Release) -> Shape:
    """Return the block of the layer under a network: its virtual switch.

    MacAddress holds the name of the switch, as hosts print it. The allocator's ID is ours, from
    that of the switch.
    Source: WSL#7127, #6913, #6769 and #6427 [O] for internal switches; ExternalNic of external
    ones and SwitchAllocated of those configured beforehand by their names [I].
    """
    time = network.created
    allocator = _allocator(
        str(uuid.uuid5(uuid.UUID(switch.id), "allocator")),
        0,
        "Virtual Switch",
        release,
        time,
        ExternalNic=switch.kind is SwitchKind.EXTERNAL,
        IsolateSwitch=bool(network.flags & _ISOLATE_SWITCH),
        MacAddress=switch.name,
        SwitchAllocated=switch.by_hns,
        SwitchId=switch.id.upper(),
    )
    return _block(switch.parent_id, 1, [allocator], release, time, "")


def endpoint_resources(endpoint: Endpoint, release: Release) -> Shape:
    """Return the block of an endpoint; its port and ACLs are in it while it is attached."""
    time = endpoint.created
    allocators: list[Shape] = []
    attached = endpoint.state in {EndpointState.ATTACHED, EndpointState.ATTACHED_SHARING}
    if endpoint.port is not None and attached:
        allocators = [
            _endpoint_port(endpoint, endpoint.port, release, endpoint.started),
            _acl_policy(endpoint.port, release, endpoint.started),
        ]
        if endpoint.port.isolation and release.hns >= _ISOLATION_SINCE:
            allocators.append(_isolation(endpoint.port, release, endpoint.started))
    return _block(endpoint.activity_id, 0, allocators, release, time, endpoint.parent_id)


def namespace_resources(namespace: Namespace, release: Release) -> Shape:
    """Return the block of a namespace: its compartment, if it has one."""
    time = namespace.updated
    allocators: list[Shape] = []
    if namespace.compartment_id:
        allocators.append(
            _allocator(
                namespace.allocator_id,
                0,
                "Network Compartment",
                release,
                time,
                CompartmentGuid=namespace.compartment_guid.upper(),
                CompartmentId=namespace.compartment_id,
                CompartmentType=0,
            )
        )
    block = _block(namespace.activity_id, len(allocators), allocators, release, time, "")
    if allocators and "CompartmentOperationTime" in block:
        block["CompartmentOperationTime"] = _COMPARTMENT_TIME
    return block


def policy_list_resources(policy_list: PolicyList, release: Release) -> Shape:
    """Return the block of a policy list, which never has allocators."""
    return _block(policy_list.activity_id, 1, [], release, policy_list.updated, "")


def health(time: int, **more: int) -> Shape:
    """Return a Health member: no error, last changed at FILETIME `time`."""
    return dict(sorted({"LastErrorCode": 0, "LastUpdateTime": time, **more}.items()))


def _block(
    activity: str, order: int, allocators: list[Shape], release: Release, time: int, parent: str
) -> Shape:
    block: Shape = {"AdditionalParams": {}, "AllocationOrder": order}
    if allocators:
        block["Allocators"] = allocators
    if release.hns >= _FLAGS_SINCE:
        block["CompartmentOperationTime"] = 0
        block["Flags"] = 0
    block["Health"] = health(time)
    block["ID"] = activity.upper()
    block["PortOperationTime"] = 0
    block["State"] = 1
    block["SwitchOperationTime"] = 0
    block["VfpOperationTime"] = 0
    if parent:
        block["parentId"] = parent.upper()
    return block


def _allocator(
    allocator_id: str, order: int, tag: str, release: Release, time: int, **members: object
) -> Shape:
    shape: Shape = {
        "AdditionalParams": {},
        "AllocationOrder": order,
        "Health": health(time),
        "ID": allocator_id.upper(),
        "IsPolicy": False,
        "State": 3,
        "Tag": tag,
        **members,
    }
    if release.hns >= _FLAGS_SINCE:
        shape["Flags"] = 0
    return dict(sorted(shape.items()))


def _vnic(port: Port, release: Release, *, management: bool) -> Shape:
    shape: Shape = {
        "AdapterNetCfgInstanceId": f"{{{port.interface_id.upper()}}}",
        "CompartmendId": port.compartment,  # misspelt on the wire
        "Connected": port.connected,
        "DevicelessNic": False,
        "EndpointNicGuid": port.nic_id.upper(),
        "EndpointPortGuid": port.port_id.upper(),
        "InterfaceGuid": port.interface_id.upper(),
        "IsolationId": port.isolation,
        "MacAddress": port.mac,
        "ManagementPort": management,
        "NicFriendlyName": port.friendly_name,
        "WaitForIpv6Interface": False,
        "nonPersistentPort": False,
    }
    if release.hns < _NLM_SINCE:
        return shape | {"Hidden": False}
    shape |= {
        "DNSFirewallRules": True,
        "DevicelessNic": True,
        "DhcpDisabled": True,
        "NcfHidden": False,
        "NlmHidden": True,
    }
    if release.hns >= _VM_PORT_SINCE:
        shape |= {"DeviceInstanceID": "", "VmPort": False}
    return shape


def _host_vnic(network: Network, port: Port, release: Release, time: int) -> Shape:
    members = _vnic(port, release, management=True)
    members["SwitchId"] = network.vswitch.id.upper() if network.vswitch else ""
    if network.mode is Mode.NAT:
        members["PreferredPortFriendlyName"] = f"Container NIC {port.allocator_id[:8]}"
    else:
        members["PreferredPortFriendlyName"] = f"Host Vnic {network.id.upper()}"
    if release.hns >= _VM_PORT_SINCE:
        members["NetworkId"] = network.id.upper()
        members["PortFriendlyNamePrefix"] = "Host Vnic"
    return _allocator(port.allocator_id, 0, "Host Vnic", release, time, **members)


def _ics(network: Network, nat: NatInstance, release: Release, time: int) -> Shape:
    dns = bool(network.flags & _ICS_FLAGS["dns"])
    dhcp = bool(network.flags & _ICS_FLAGS["dhcp"])
    members: Shape = {
        "Dhcp": dhcp,
        "Dns": dns,
        "ExternalInterfaceConstraint": 0,
        "Health": health(
            time, DHCPState=_ON if dhcp else _OFF, DNSState=_ON if dns else _OFF, ICSState=_ON
        ),
        "ICSFlags": 0,
        "Prefix": nat.prefix_length,
        "PrivateInterfaceGUID": nat.interface_id.upper(),
        "SubnetIPAddress": nat.subnet_address,
    }
    if release.hns >= _NLM_SINCE:
        members |= {"DisableSharing": False, "ICSDHCPFlags": 0}
    return _allocator(nat.allocator_id, 1, "ICS", release, time, **members)


def _winnat(_network: Network, nat: NatInstance, release: Release, time: int) -> Shape:
    return _allocator(
        nat.allocator_id,
        1,
        "NAT",
        release,
        time,
        Health=health(time, NATState=2),
        Prefix=nat.prefix_length,
        PrivateInterfaceGUID=nat.interface_id.upper(),
        SubnetIPAddress=nat.subnet_address,
    )


def _rdid(network: Network, port: Port, release: Release, time: int) -> Shape:
    return _allocator(
        port.allocator_id,
        0,
        "RDID",
        release,
        time,
        Isolation_0=network.vsid,
        PortId=port.port_id.upper(),
        RDID=network.id.upper(),
        SwitchId=network.vswitch.id.upper() if network.vswitch else "",
    )


def _endpoint_port(endpoint: Endpoint, port: Port, release: Release, time: int) -> Shape:
    members = _vnic(port, release, management=False)
    members["PreferredPortFriendlyName"] = endpoint.id.upper()
    members["SwitchId"] = endpoint.switch_id.upper()
    return _allocator(port.allocator_id, 0, "Endpoint Port", release, time, **members)


def _acl_policy(port: Port, release: Release, time: int) -> Shape:
    """Return the allocator of the default ACLs. Source: S:endpoint-attached-9.1 [O]."""
    rules = [
        {"Action": "Allow", "Direction": direction, "Priority": 65500, "Type": "ACL"}
        for direction in ("In", "Out")
    ]
    return _allocator(port.nic_id, 1, "ACL Policy", release, time, IsPolicy=True, Rules=rules)


def _isolation(port: Port, release: Release, time: int) -> Shape:
    """Return the allocator of NAT endpoints on WS2025. Source: S:endpoint-isolation-15 [O]."""
    return _allocator(
        port.interface_id,
        2,
        "Isolation Policy",
        release,
        time,
        InDefaultIsolation=False,
        IsPolicy=True,
        IsolationID=port.isolation,
        IsolationType=3,
    )
