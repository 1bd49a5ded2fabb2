#!/usr/bin/env bash
# docker run --network name=External asks for the network `external`
#
# Package:  github.com/docker/cli v29.9.3 (opts.NetworkOpt, the parser of --network).
# Expected: `--network External` and `--network name=External,ip=…` mean the same network; keys may
#           be case-blind, values are taken as written.
# Seen:     the long form makes lower case of the whole field before it splits it: the name of the
#           network, its aliases and the values of driver-opt. The short form keeps the name.
# Matters:  networks of Windows hosts have capitals ("External", "Ethernet", "Default Switch"), and
#           network names are compared exactly: a command that works breaks as soon as somebody adds
#           ip= or mac-address= to it. An emulator must not blame its own look-up for that.
# In docs:  nothing acts on it yet.
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

	"github.com/docker/cli/opts"
)

func main() {
	for _, written := range []string{
		"External",
		"name=External",
		"name=External,alias=Web,driver-opt=com.example.Zone=East",
	} {
		var networks opts.NetworkOpt
		if err := networks.Set(written); err != nil {
			panic(err)
		}
		found := networks.Value()[0]
		fmt.Println(written, "=>", found.Target, found.Aliases, found.DriverOpts)
	}
}
EOF
go get github.com/docker/cli/opts@v29.9.3+incompatible github.com/moby/moby/api@v1.56.1 \
    github.com/moby/moby/client@v0.6.2 github.com/docker/go-units@v0.5.0 2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='External => External [] map[]
name=External => external [] map[]
name=External,alias=Web,driver-opt=com.example.Zone=East => external [web] map[com.example.zone:east]'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
