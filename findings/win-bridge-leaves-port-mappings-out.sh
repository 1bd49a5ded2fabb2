#!/usr/bin/env bash
# win-bridge leaves port mappings out and answers with success, and with HNS 1 it leaves out the host's address
#
# Package:  github.com/containernetworking/plugins v1.10.0 (pkg/hns, of win-bridge and win-overlay), with the policies
#           of hcsshim v0.15.0.
# Expected: each of runtimeConfig.portMappings becomes a policy of the endpoint with all that it says, or ADD fails and
#           the pod tells why.
# Seen:     `sctp`, and a mapping without a protocol, become no policy, without an error or a line of a log; "132",
#           the number of SCTP as text, becomes one. hostIP is kept as VIP with apiVersion 2 and left out with 1, the
#           version that is taken when a file names none.
# Matters:  the pod runs, kubectl shows its hostPort, and nobody answers there. Whether a pod's port is bound to one
#           address of the host is decided by a number in the file of the CNI plugin.
# In docs:  nothing acts on it; policies are what clients send.
#
# The package is for Windows only. Its own source is built here without that tag; HCN is not called.
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
    go get github.com/containernetworking/cni/pkg/types@v1.3.1 github.com/buger/jsonparser@v1.6.1
} 2>log || { cat log; exit 2; }
mkdir hcn hns
sed '/^\/\/go:build windows$/d' "$hcsshim/hcn/hcnpolicy.go" >hcn/policy.go
echo 'package hcn; func DSRSupported() error { return nil }' >hcn/dsr.go
sed 's,github.com/Microsoft/hcsshim/hcn,finding/hcn,' "$plugins/pkg/hns/netconf_windows.go" >hns/netconf.go
cat >main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"

	"finding/hns"
)

func main() {
	for _, version := range []string{"1", "2"} {
		fmt.Println("apiVersion", version)
		for _, mapping := range []string{
			`"protocol":"tcp","hostIP":"10.127.130.35"`, `"protocol":"sctp"`, `"protocol":"132"`, `"hostIP":""`,
		} {
			var file hns.NetConf
			if err := json.Unmarshal([]byte(`{"apiVersion":`+version+`,"runtimeConfig":{"portMappings":[
 {"hostPort":8080,"containerPort":80,`+mapping+`}]}}`), &file); err != nil {
				panic(err)
			}
			file.ApplyPortMappingPolicy(file.RuntimeConfig.PortMaps)
			fmt.Println(" ", mapping, "=>", len(file.Policies))
			for _, policy := range file.Policies {
				fmt.Println("   ", string(policy.Value))
			}
		}
	}
}
EOF
go build -mod=mod -o finding . 2>log || { cat log; exit 2; }
seen=$(./finding)
expected='apiVersion 1
  "protocol":"tcp","hostIP":"10.127.130.35" => 1
    {"Type": "NAT", "InternalPort": 80, "ExternalPort": 8080, "Protocol": "tcp"}
  "protocol":"sctp" => 0
  "protocol":"132" => 1
    {"Type": "NAT", "InternalPort": 80, "ExternalPort": 8080, "Protocol": "132"}
  "hostIP":"" => 0
apiVersion 2
  "protocol":"tcp","hostIP":"10.127.130.35" => 1
    {"Type": "PortMapping", "Settings": {"InternalPort": 80, "ExternalPort": 8080, "Protocol": 6, "VIP": "10.127.130.35"}}
  "protocol":"sctp" => 0
  "protocol":"132" => 1
    {"Type": "PortMapping", "Settings": {"InternalPort": 80, "ExternalPort": 8080, "Protocol": 132, "VIP": ""}}
  "hostIP":"" => 0'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
