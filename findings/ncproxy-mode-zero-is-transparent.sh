#!/usr/bin/env bash
# A network without a mode is Transparent to ncproxy and NAT to HCN, and their numbers differ
#
# Package:  github.com/Microsoft/hcsshim v0.15.0, pkg/ncproxy/ncproxygrpc/v1 (runs on Linux too).
# Expected: ncproxy is hcsshim's gate to HCN, so it counts network modes as HCN does: NAT 0, ICS 1,
#           Transparent 2. HNS leaves the type out for NAT, hcsshim's hcn fills NAT in when it is missing.
# Seen:     Transparent is 0 and NAT is 1. protojson leaves the zero out, so here it is a Transparent
#           network that comes without a mode, and {"mode": 1}, ICS to HCN, is NAT.
# Matters:  whoever hands documents or numbers through from one to the other bridges pods onto the
#           physical network that were to sit behind NAT, and sees no error.
# In docs:  nothing acts on it; a network without Type is NAT here, as HNS has it.
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
	"bytes"
	"encoding/json"
	"fmt"

	ncproxy "github.com/Microsoft/hcsshim/pkg/ncproxy/ncproxygrpc/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	for _, read := range []string{`{"name":"pods"}`, `{"name":"pods","mode":1}`, `{"name":"pods","mode":"Transparent"}`} {
		var network ncproxy.HostComputeNetworkSettings
		if err := protojson.Unmarshal([]byte(read), &network); err != nil {
			panic(err)
		}
		answer, _ := protojson.Marshal(&network)
		var plain bytes.Buffer // protojson puts spaces in at random, on purpose
		_ = json.Compact(&plain, answer)
		fmt.Println(read, "is", network.GetMode(), "and is written", plain.String())
	}
}
EOF
go get github.com/Microsoft/hcsshim/pkg/ncproxy/ncproxygrpc/v1@v0.15.0 2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='{"name":"pods"} is Transparent and is written {"name":"pods"}
{"name":"pods","mode":1} is NAT and is written {"name":"pods","mode":"NAT"}
{"name":"pods","mode":"Transparent"} is Transparent and is written {"name":"pods"}'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
