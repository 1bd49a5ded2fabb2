#!/usr/bin/env bash
# whereabouts never gives the last address of an IPv6 range, host-local does
#
# Packages: github.com/k8snetworkplumbingwg/whereabouts v0.9.2 (pkg/iphelpers) and
#           github.com/containernetworking/plugins v1.10.0 (host-local's allocator).
# Expected: IPv6 has no broadcast address, so the last one is an address like others; two IPAM plugins
#           of CNI agree on what a subnet holds.
# Seen:     in IPv4 they agree. In 2001:db8::/125 host-local ends with ::7, whereabouts with ::6: it
#           leaves out what would be the broadcast address in IPv4.
# Matters:  a pool that was filled by one plugin is "full" or "has one free" to the other; tests that
#           run a dual-stack pool dry count differently for its two families.
# In docs:  our pools give it out, as host-local does (domain/ipam.py).
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
	"net"

	"github.com/containernetworking/cni/pkg/types"
	"github.com/containernetworking/plugins/plugins/ipam/host-local/backend/allocator"
	"github.com/k8snetworkplumbingwg/whereabouts/pkg/iphelpers"
)

func main() {
	for _, prefix := range []string{"10.244.1.0/29", "2001:db8::/125"} {
		_, subnet, _ := net.ParseCIDR(prefix)
		pool := allocator.Range{Subnet: types.IPNet(*subnet)}
		if err := pool.Canonicalize(); err != nil {
			panic(err)
		}
		first, last, err := iphelpers.GetIPRange(*subnet, nil, nil)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s host-local %s-%s whereabouts %s-%s\n", prefix, pool.RangeStart, pool.RangeEnd, first, last)
	}
}
EOF
go get github.com/k8snetworkplumbingwg/whereabouts/pkg/iphelpers@v0.9.2 \
    github.com/containernetworking/plugins/plugins/ipam/host-local/backend/allocator@v1.10.0 \
    2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='10.244.1.0/29 host-local 10.244.1.1-10.244.1.6 whereabouts 10.244.1.1-10.244.1.6
2001:db8::/125 host-local 2001:db8::1-2001:db8::7 whereabouts 2001:db8::1-2001:db8::6'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
