#!/usr/bin/env bash
# A VNI of 69632 fits an overlay network of hcsshim, not the routes to its other hosts
#
# Packages: github.com/Microsoft/hcsshim v0.15.0 and github.com/Microsoft/hnslib v0.1.3 (package hcn of both),
#           github.com/flannel-io/flannel v0.28.10 (pkg/backend/vxlan).
# Expected: a VNI has 24 bits, so the number of a network, VsidPolicySetting.IsolationId, fits into that of its
#           routes, RemoteSubnetRoutePolicySetting.IsolationId, too.
# Seen:     the first is a uint32, the second a uint16: a route of VNI 69632 cannot be read. flannel for Windows
#           takes any VNI from 4096 on, writes the lower 16 bits, 4096, into the host's lease, and does not read
#           the lease of a Linux host, which has the number whole.
# Matters:  kube-proxy reads the routes with this type when it looks up its network, which it tries for ever. Hosts
#           that flannel joins make their routes for another network's number. Labs begin at 4096 and see neither;
#           a fabric hands out higher ones.
# In docs:  VSIDs have 24 bits throughout (policies/isolation.py).
#
# The packages are for Windows only. hcn's policies are built here without that tag, of flannel the function that
# writes a lease and the types of one, for Windows and for Linux.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
directory() { go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'; }
{
    hcsshim=$(directory github.com/Microsoft/hcsshim@v0.15.0)
    hnslib=$(directory github.com/Microsoft/hnslib@v0.1.3)
    flannel=$(directory github.com/flannel-io/flannel@v0.28.10)/pkg/backend/vxlan
} 2>log || { cat log; exit 2; }
mkdir hcsshim hnslib linux windows
sed '/^\/\/go:build windows$/d' "$hcsshim/hcn/hcnpolicy.go" >hcsshim/policy.go
sed '/^\/\/go:build windows$/d' "$hnslib/hcn/hcnpolicy.go" >hnslib/policy.go
cut() { sed -n "/^$1/,/^}/p" "$2"; }
cat >linux/lease.go <<'EOF'
package linux

type hardwareAddr string

EOF
cut 'type vxlanLeaseAttrs' "$flannel/vxlan_network.go" | sed 's/vxlanLeaseAttrs/Lease/' >>linux/lease.go
cat >windows/lease.go <<'EOF'
package windows

import (
	"encoding/json"
	"fmt"
	"net"
)

type hardwareAddr string

type Attrs struct {
	PublicIP    net.IP
	BackendType string
	BackendData json.RawMessage
}

EOF
{
    cut 'type vxlanLeaseAttrs' "$flannel/vxlan_network_windows.go"
    cut 'func newSubnetAttrs' "$flannel/vxlan_windows.go"
} | sed 's/newSubnetAttrs/New/; s/vxlanLeaseAttrs\( struct\|{\)/Lease\1/; s/lease\.LeaseAttrs/Attrs/; s/ip\.FromIP(publicIP)/publicIP/' \
    >>windows/lease.go
cat >main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"
	"net"

	hcsshim "finding/hcsshim"
	hnslib "finding/hnslib"
	"finding/linux"
	"finding/windows"
)

func main() {
	vni, number := []byte(`{"IsolationId":69632}`), 69632
	fmt.Println("network of hcsshim:", json.Unmarshal(vni, &hcsshim.VsidPolicySetting{}))
	fmt.Println("network of hnslib: ", json.Unmarshal(vni, &hnslib.VsidPolicySetting{}))
	fmt.Println("route of hcsshim:", json.Unmarshal(vni, &hcsshim.RemoteSubnetRoutePolicySetting{}))
	fmt.Println("route of hnslib: ", json.Unmarshal(vni, &hnslib.RemoteSubnetRoutePolicySetting{}))
	written, _ := windows.New(net.IPv4(10, 0, 0, 1), CONVERTED, nil)
	fmt.Println("lease of a Windows host:", string(written.BackendData))
	linux, _ := json.Marshal(linux.Lease{VNI: uint32(number)})
	fmt.Println("lease of a Linux host:  ", string(linux))
	fmt.Println("read on Windows:", json.Unmarshal(linux, &windows.Lease{}))
}
EOF
# what flannel itself hands to newSubnetAttrs for its VNI
converted=$(sed -n 's/.*newSubnetAttrs(be.extIface.ExtAddr, \(.*\)(cfg.VNI), nil).*/\1/p' "$flannel/vxlan_windows.go")
sed -i "s/CONVERTED/$converted(number)/" main.go
go build -mod=mod -o finding . 2>log || { cat log; exit 2; }
seen=$(./finding)
expected='network of hcsshim: <nil>
network of hnslib:  <nil>
route of hcsshim: json: cannot unmarshal number 69632 into Go struct field RemoteSubnetRoutePolicySetting.IsolationId of type uint16
route of hnslib:  json: cannot unmarshal number 69632 into Go struct field RemoteSubnetRoutePolicySetting.IsolationId of type uint16
lease of a Windows host: {"VNI":4096,"VtepMAC":""}
lease of a Linux host:   {"VNI":69632,"VtepMAC":""}
read on Windows: json: cannot unmarshal number 69632 into Go struct field Lease.VNI of type uint16'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
