#!/usr/bin/env bash
# kube-proxy gives the first pods of all nodes one and the same MAC when they have IPv6 addresses
#
# Package:  k8s.io/kubernetes v1.37.2 (pkg/proxy/winkernel, conjureMac).
# Expected: a remote endpoint gets a MAC made of its address, so that, as the function says, "mac addresses are
#           unique for proper load balancing".
# Seen:     in IPv4 they are. Of an IPv6 address the last four bytes are taken, and in reverse: what tells nodes
#           apart, the bytes before, is left out. Pods are numbered from the front of each node's /64, so the pods
#           ::5 of three nodes are 02-11-05-00-00-00 all three, and a fourth address shares it with a cluster IP.
# Matters:  the backends of one service, one pod on each node, are the endpoints with equal MACs. HNS takes them, as
#           remote ones may repeat; a capture or a table of VFP that goes by MAC shows one backend, and a tool
#           that keys endpoints by MAC loses all but one.
# In docs:  docs/fidelity.md: remote endpoints may repeat a MAC.
#
# The package is for Windows only. The function, as it stands in the source, is built here.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
kubernetes=$(go mod download -json k8s.io/kubernetes@v1.37.2 2>log | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p') ||
    { cat log; exit 2; }
cat >main.go <<'EOF'
package main

import (
	"fmt"
	"net"
)

func main() {
	for _, address := range []string{
		"10.244.1.5", "10.244.2.5", "10.244.3.5",
		"fd00:10:244:1::5", "fd00:10:244:2::5", "fd00:10:244:3::5", "fd00:10:96::5",
	} {
		fmt.Println(address, conjureMac("02-11", net.ParseIP(address)))
	}
}

EOF
sed -n '/^func conjureMac/,/^}/p' "$kubernetes/pkg/proxy/winkernel/proxier.go" >>main.go
called=$(grep -c 'conjureMac("02-11", ' "$kubernetes/pkg/proxy/winkernel/proxier.go" || true)
go build -mod=mod -o finding . 2>log || { cat log; exit 2; }
seen=$(./finding; echo "called with this prefix: $called times")
expected='10.244.1.5 02-11-0a-f4-01-05
10.244.2.5 02-11-0a-f4-02-05
10.244.3.5 02-11-0a-f4-03-05
fd00:10:244:1::5 02-11-05-00-00-00
fd00:10:244:2::5 02-11-05-00-00-00
fd00:10:244:3::5 02-11-05-00-00-00
fd00:10:96::5 02-11-05-00-00-00
called with this prefix: 2 times'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
