#!/usr/bin/env bash
# gonetsh, which asks netsh for a Windows node's interfaces, does not find the node's first address once there is a second
#
# Package:  github.com/rakelkar/gonetsh v0.3.2 (netsh), over the fake commands of k8s.io/utils.
# Expected: an interface with two addresses is found by either; the default interface is the one with the lower metric.
# Seen:     each further "IP Address" of an interface takes the place of the one before: by its first address, the
#           node's own, the interface is "not found". With two default gateways the interface that netsh lists first is
#           the default one, with InterfaceMetric 50 before 10: the library reads the metrics and compares none.
# Matters:  a second address is what hostPort redirections, virtual IPs and failover clusters put on a node's adapter,
#           and a network plugin that looks for its uplink by the node's address stops there; on a node with a storage
#           and a cluster adapter it takes the wrong uplink, and says nothing.
# In docs:  nothing acts on it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"

	"github.com/rakelkar/gonetsh/netsh"
	"k8s.io/utils/exec"
	"k8s.io/utils/exec/testing"
)

const addresses = `
Configuration for interface "Storage"
    DHCP enabled:                         No
    IP Address:                           192.168.7.4
    Subnet Prefix:                        192.168.7.0/24 (mask 255.255.255.0)
    Default Gateway:                      192.168.7.1
    Gateway Metric:                       0
    InterfaceMetric:                      50

Configuration for interface "Ethernet"
    DHCP enabled:                         No
    IP Address:                           10.0.0.4
    Subnet Prefix:                        10.0.0.0/24 (mask 255.255.255.0)
    IP Address:                           10.0.0.9
    Subnet Prefix:                        10.0.0.0/24 (mask 255.255.255.0)
    Default Gateway:                      10.0.0.1
    Gateway Metric:                       0
    InterfaceMetric:                      10
`

const interfaces = `
Idx     Met         MTU          State                Name
---  ----------  ----------  ------------  ---------------------------
  6          50        1500  connected     Storage
  4          10        1500  connected     Ethernet
`

// answering plays a netsh that answers with these texts, one after another.
func answering(texts ...string) netsh.Interface {
	fake := &testingexec.FakeExec{}
	for _, text := range texts {
		text := text
		command := &testingexec.FakeCmd{CombinedOutputScript: []testingexec.FakeAction{
			func() ([]byte, []byte, error) { return []byte(text), nil, nil },
		}}
		fake.CommandScript = append(fake.CommandScript, func(name string, args ...string) exec.Cmd {
			return testingexec.InitFakeCmd(command, name, args...)
		})
	}
	return netsh.New(fake)
}

func main() {
	for _, address := range []string{"10.0.0.4", "10.0.0.9"} {
		found, err := answering(addresses, interfaces).GetInterfaceByIP(address)
		fmt.Printf("interface of %s: %q %v\n", address, found.Name, err)
	}
	for _, name := range []string{"Storage", "Ethernet"} {
		found, _ := answering(addresses, interfaces).GetInterfaceByName(name)
		fmt.Println("metric of", name, "is", found.InterfaceMetric)
	}
	name, err := answering(addresses, interfaces).GetDefaultGatewayIfaceName()
	fmt.Println("default interface:", name, err)
}
EOF
{ go get github.com/rakelkar/gonetsh@v0.3.2 k8s.io/utils@v0.0.0-20240711033017-18e509b52bc8 && go mod tidy; } >log 2>&1 || { cat log; exit 2; }
go build -o finding . 2>log || { cat log; exit 2; }

seen=$(./finding)
expected='interface of 10.0.0.4: "" Interface not found: 10.0.0.4
interface of 10.0.0.9: "Ethernet" <nil>
metric of Storage is 50
metric of Ethernet is 10
default interface: Storage <nil>'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
