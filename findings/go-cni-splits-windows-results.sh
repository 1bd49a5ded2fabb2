#!/usr/bin/env bash
# containerd's go-cni hands out an eth0 with the address and another interface with the MAC
#
# Package:  github.com/containerd/go-cni v1.1.14, with results as win-bridge and win-overlay of
#           containernetworking/plugins v1.10.0 shape them: one interface named after the HNS
#           endpoint, and an address without an `interface` index.
# Expected: one interface with its MAC and its address.
# Seen:     two. "eth0", which no plugin named, has the address and no MAC; the endpoint has the MAC
#           and no address. With the index set, as the CNI specification asks, "eth0" is still there,
#           and empty: CRI takes the addresses of a pod from exactly that one.
# Matters:  whoever looks up a pod's MAC by its address finds "", and a plugin that is "mended" to set
#           the index leaves its pods without an address.
# In docs:  nothing acts on it yet.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

mkdir bin conf
cat >bin/stand-in <<EOF
#!/bin/sh
cat >/dev/null
cat "$work/result"
EOF
chmod +x bin/stand-in
cat >conf/10-pods.conflist <<'EOF'
{"cniVersion": "1.0.0", "name": "pods", "plugins": [{"type": "stand-in"}]}
EOF
cat >go.mod <<'EOF'
module finding
EOF
cat >main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"sort"

	gocni "github.com/containerd/go-cni"
)

func main() {
	network, err := gocni.New(
		gocni.WithPluginDir([]string{"bin"}), gocni.WithPluginConfDir("conf"), gocni.WithDefaultConf)
	if err != nil {
		panic(err)
	}
	result, err := network.Setup(context.Background(), "web", "/proc/self/ns/net")
	if err != nil {
		panic(err)
	}
	var lines []string
	for name, found := range result.Interfaces {
		line := fmt.Sprintf("%s mac=%q", name, found.Mac)
		for _, address := range found.IPConfigs {
			line += " ip=" + address.IP.String()
		}
		lines = append(lines, line)
	}
	sort.Strings(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
}
EOF
go get github.com/containerd/go-cni@v1.1.14 2>log || { cat log; exit 2; }
go build -o setup . 2>log || { cat log; exit 2; }

setup() { # index of the interface, or nothing
    cat >result <<EOF
{"cniVersion": "1.0.0",
 "interfaces": [{"name": "web_pods", "mac": "00-15-5D-01-02-03"}],
 "ips": [{"address": "10.244.1.5/24", "gateway": "10.244.1.1"$1}]}
EOF
    ./setup
}
seen=$(echo "as win-overlay answers:"; setup ''; echo "with the index:"; setup ', "interface": 0')
expected='as win-overlay answers:
eth0 mac="" ip=10.244.1.5
web_pods mac="00-15-5D-01-02-03"
with the index:
eth0 mac=""
web_pods mac="00-15-5D-01-02-03" ip=10.244.1.5'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
