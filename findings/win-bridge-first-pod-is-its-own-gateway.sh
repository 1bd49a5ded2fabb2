#!/usr/bin/env bash
# The first pod of win-bridge and host-local is its own gateway, and its IPv6 address is lost
#
# Package:  github.com/containernetworking/plugins v1.10.0: win-bridge, and host-local as its IPAM plugin.
# Expected: the endpoint in HNS has the addresses and the gateway that the IPAM plugin answers with, and so has the
#           result of the plugin.
# Seen:     win-bridge takes the first address alone. Its gateway is always that of the subnet's second address: with
#           "gateway": "10.244.1.1" in the file, host-local skips .1 and gives the first pod .2, which is the gateway
#           now. Of a pod with two families the IPv6 address is taken from the pool and stands nowhere. "rangeStart"
#           with the third address helps for the first.
# Matters:  the first pod of each node comes up and reaches nothing, or is refused for a second use of the address,
#           until it is moved; dual-stack pods are single-stack, which no component reports.
# In docs:  docs/fidelity.md: on l2bridge networks pods send to an endpoint of the host at .2.
#
# The plugin is for Windows only. Its own sources are built here without that tag; only hcsshim is exchanged, for a few
# functions that print what win-bridge asks for. host-local is the real one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
{
    plugins=$(go mod download -json github.com/containernetworking/plugins@v1.10.0 |
        sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    go get github.com/containernetworking/plugins/plugins/ipam/host-local@v1.10.0 \
        github.com/containernetworking/plugins/pkg/ipam@v1.10.0 github.com/buger/jsonparser@v1.6.1
} 2>log || { cat log; exit 2; }
mkdir bridge hns hcn hcsshim bin
linux() {
    sed '/^\/\/go:build windows$/d
        s,"github.com/Microsoft/hcsshim/hcn","finding/hcn",
        s,"github.com/Microsoft/hcsshim","finding/hcsshim",
        s,"github.com/containernetworking/plugins/pkg/hns","finding/hns",' "$1"
}
linux "$plugins/plugins/main/windows/win-bridge/win-bridge_windows.go" >bridge/main.go
linux "$plugins/pkg/hns/endpoint_windows.go" >hns/endpoint.go
linux "$plugins/pkg/hns/netconf_windows.go" >hns/netconf.go
cat >hcsshim/hcsshim.go <<'EOF'
package hcsshim

import (
	"encoding/json"
	"errors"
	"net"
)

type Subnet struct{ AddressPrefix string }
type HNSNetwork struct {
	Id, Type string
	Subnets  []Subnet
}
type HNSEndpoint struct {
	Id, Name, VirtualNetwork, DNSServerList, DNSSuffix, GatewayAddress, MacAddress string
	IPAddress                                                                     net.IP
	Policies                                                                      []json.RawMessage
}

var errNone, ErrComputeSystemDoesNotExist = errors.New("HNS 1 is not asked"), errors.New("no such system")

func IsNotExist(error) bool                                     { return false }
func GetHNSNetworkByName(string) (*HNSNetwork, error)           { return nil, errNone }
func GetHNSEndpointByName(string) (*HNSEndpoint, error)         { return nil, errNone }
func HotAttachEndpoint(string, string) error                    { return errNone }
func HotDetachEndpoint(string, string) error                    { return errNone }
func (endpoint *HNSEndpoint) Create() (*HNSEndpoint, error)     { return nil, errNone }
func (endpoint *HNSEndpoint) Delete() (*HNSEndpoint, error)     { return nil, errNone }
func (endpoint *HNSEndpoint) ContainerDetach(string) error      { return errNone }
EOF
cat >hcn/hcn.go <<'EOF'
package hcn

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

type SchemaVersion struct{ Major, Minor int }
type IpConfig struct{ IpAddress string }
type Route struct{ NextHop, DestinationPrefix string }
type Dns struct {
	Domain                      string
	Search, ServerList, Options []string
}
type EndpointPolicy struct {
	Type     string
	Settings json.RawMessage
}
type HostComputeEndpoint struct {
	Id, Name, HostComputeNetwork, HostComputeNamespace, MacAddress string
	Policies                                                       []EndpointPolicy
	IpConfigurations                                               []IpConfig
	Dns                                                            Dns
	Routes                                                         []Route
	SchemaVersion                                                  SchemaVersion
}
type Subnet struct{ IpAddressPrefix string }
type Ipam struct{ Subnets []Subnet }
type HostComputeNetwork struct {
	Id, Type string
	Ipams    []Ipam
}
type Namespace struct{}

const L2Bridge, L2Tunnel = "L2Bridge", "L2Tunnel"

var errNone = errors.New("not found")

func DSRSupported() error          { return nil }
func IsNotFoundError(err error) bool { return err == errNone }
func GetNetworkByName(string) (*HostComputeNetwork, error) {
	return &HostComputeNetwork{"n1", L2Bridge, []Ipam{{[]Subnet{{"10.244.1.0/24"}, {"fd00:10:244:1::/64"}}}}}, nil
}
func GetEndpointByName(string) (*HostComputeEndpoint, error)    { return nil, errNone }
func GetNamespaceByID(string) (*Namespace, error)               { return nil, errNone }
func AddNamespaceEndpoint(string, string) error                 { return nil }
func RemoveNamespaceEndpoint(string, string) error              { return nil }
func (endpoint *HostComputeEndpoint) Delete() error             { return nil }
func (endpoint *HostComputeEndpoint) Create() (*HostComputeEndpoint, error) {
	fmt.Fprintln(os.Stderr, "asks HNS for", endpoint.IpConfigurations, "gateway", endpoint.Routes)
	return endpoint, nil
}
EOF
go build -mod=mod -o bin/win-bridge ./bridge 2>log || { cat log; exit 2; }
go build -mod=mod -o bin/host-local github.com/containernetworking/plugins/plugins/ipam/host-local 2>log ||
    { cat log; exit 2; }
export CNI_COMMAND=ADD CNI_IFNAME=eth0 CNI_PATH=$work/bin CNI_NETNS=11111111-2222-4333-8444-555555555555
export CNI_NETNS_OVERRIDE=true

add() { # container, ranges
    CNI_CONTAINERID=$1 bin/win-bridge >answer 2>asked <<EOF || { cat answer asked >&2; exit 2; }
{"cniVersion": "1.0.0", "name": "$1", "type": "win-bridge", "apiVersion": 2,
 "ipam": {"type": "host-local", "dataDir": "$work/data", "ranges": [$2]}}
EOF
    cat asked
    python3 -c 'import json; print("answers", *json.load(open("answer"))["ips"])'
    echo "in the pool" "$(cd "data/$1" && echo [0-9a-f]*[0-9])"
}
four='{"subnet": "10.244.1.0/24", "gateway": "10.244.1.1"'
seen=$(add dual "[$four}], [{\"subnet\": \"fd00:10:244:1::/64\"}]" && add later "[$four, \"rangeStart\": \"10.244.1.3\"}]")
expected='asks HNS for [{10.244.1.2}] gateway [{10.244.1.2 0.0.0.0/0}]
answers {'"'"'address'"'"': '"'"'10.244.1.2/24'"'"', '"'"'gateway'"'"': '"'"'10.244.1.2'"'"'}
in the pool 10.244.1.2 fd00:10:244:1::2
asks HNS for [{10.244.1.3}] gateway [{10.244.1.2 0.0.0.0/0}]
answers {'"'"'address'"'"': '"'"'10.244.1.3/24'"'"', '"'"'gateway'"'"': '"'"'10.244.1.2'"'"'}
in the pool 10.244.1.3'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
