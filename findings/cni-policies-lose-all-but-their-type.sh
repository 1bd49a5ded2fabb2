#!/usr/bin/env bash
# win-bridge and Calico read one list of `policies` in two shapes, and of the other shape only the type is left
#
# Packages: github.com/containernetworking/plugins v1.10.0 (pkg/hns, of win-bridge and win-overlay),
#           github.com/projectcalico/calico at a0db560f0520 of August 2025 (its CNI plugin), v0.15.0 of hcsshim.
# Expected: both take policies as {"name": "EndpointPolicy", "value": …} and call HCN; a value of HNS 1's shape,
#           with its members beside Type, is converted or refused when apiVersion is 2.
# Seen:     win-bridge with apiVersion 2 hands on {"Type":"OutBoundNAT"} and {"Type":"ROUTE"}: exceptions and prefix
#           are gone, without a word, and the type is still HNS 1's. Calico converts an OutBoundNAT, but leaves ROUTE
#           its name, which is SDNRoute in HCN; and it puts Settings into Settings when the value has HCN's shape, as
#           win-bridge wants it, so that the exceptions are where HNS does not look.
# Matters:  the step from dockershim to containerd is one number in the file, "apiVersion": 2. From then on pods talk
#           to each other and to services from the host's address. A file taken from one plugin to the other does
#           the same.
# In docs:  tests/requests/calico-cni--conf-exceptionlist-in-v2.json is such a request.
#
# The plugins are for Windows only. Their sources are built here without that tag; HCN is not called.
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
    plugins=$(directory github.com/containernetworking/plugins@v1.10.0)
    calico=$(directory github.com/projectcalico/calico@v1.11.0-cni-plugin.0.20250813170300-a0db560f0520)
    go get github.com/sirupsen/logrus@v1.9.3 github.com/containernetworking/cni/pkg/types@v1.3.1 \
        github.com/buger/jsonparser@v1.6.1
} 2>log || { cat log; exit 2; }
mkdir hcn hns winpol
sed '/^\/\/go:build windows$/d' "$hcsshim/hcn/hcnpolicy.go" >hcn/policy.go
sed 's,github.com/Microsoft/hcsshim/hcn,finding/hcn,' "$plugins/pkg/hns/netconf_windows.go" >hns/netconf.go
sed 's,github.com/projectcalico/calico/cni-plugin/internal/pkg/utils/hcn,finding/hcn,' \
    "$calico/cni-plugin/internal/pkg/utils/winpol/windows_policy.go" >winpol/policy.go
cat >hcn/dsr.go <<'EOF'
package hcn

func DSRSupported() error { return nil }
EOF
cat >main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"
	"net"

	"finding/hns"
	"finding/winpol"

	"github.com/sirupsen/logrus"
)

func main() {
	for _, shape := range [][2]string{
		{"as HNS 1 has them", `[
 {"name": "EndpointPolicy", "value": {"Type": "OutBoundNAT", "ExceptionList": ["10.96.0.0/12"]}},
 {"name": "EndpointPolicy", "value": {"Type": "ROUTE", "DestinationPrefix": "10.96.0.0/12", "NeedEncap": true}}]`},
		{"as HCN has them", `[
 {"name": "EndpointPolicy", "value": {"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.96.0.0/12"]}}},
 {"name": "EndpointPolicy", "value": {"Type": "SDNRoute", "Settings": {"DestinationPrefix": "10.96.0.0/12", "NeedEncap": true}}}]`},
	} {
		var file hns.NetConf
		if err := json.Unmarshal([]byte(`{"name": "pods", "apiVersion": 2, "policies": `+shape[1]+`}`), &file); err != nil {
			panic(err)
		}
		fmt.Println(shape[0])
		for _, policy := range file.GetHostComputeEndpointPolicies() {
			written, _ := json.Marshal(policy)
			fmt.Println("  win-bridge", string(written))
		}
		_, pool, _ := net.ParseCIDR("10.244.0.0/16")
		_, policies, err := winpol.CalculateEndpointPolicies(
			&file, []*net.IPNet{pool}, true, nil, logrus.NewEntry(logrus.New()))
		if err != nil {
			panic(err)
		}
		for _, policy := range policies {
			written, _ := json.Marshal(policy)
			fmt.Println("  Calico    ", string(written))
		}
	}
}
EOF
go build -mod=mod -o finding . 2>log || { cat log; exit 2; }
seen=$(./finding)
expected='as HNS 1 has them
  win-bridge {"Type":"OutBoundNAT"}
  win-bridge {"Type":"ROUTE"}
  Calico     {"Type":"OutBoundNAT","Settings":{"Exceptions":["10.96.0.0/12","10.244.0.0/16"]}}
  Calico     {"Type":"ROUTE","Settings":{"DestinationPrefix":"10.96.0.0/12","NeedEncap":true}}
as HCN has them
  win-bridge {"Type":"OutBoundNAT","Settings":{"Exceptions":["10.96.0.0/12"]}}
  win-bridge {"Type":"SDNRoute","Settings":{"DestinationPrefix":"10.96.0.0/12","NeedEncap":true}}
  Calico     {"Type":"OutBoundNAT","Settings":{"Exceptions":["10.244.0.0/16"],"Settings":{"Exceptions":["10.96.0.0/12"]}}}
  Calico     {"Type":"SDNRoute","Settings":{"Settings":{"DestinationPrefix":"10.96.0.0/12","NeedEncap":true}}}'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
