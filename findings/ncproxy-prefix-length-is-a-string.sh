#!/usr/bin/env bash
# ncproxy takes an IPv6 prefix length as a number for HCN endpoints, as a string for its own
#
# Package:  github.com/Microsoft/hcsshim v0.15.0, pkg/ncproxy/ncproxygrpc/v1 (runs on Linux too).
# Expected: ipv6address_prefixlength is the uint32 that ipaddress_prefixlength is, in both kinds of
#           endpoint settings.
# Seen:     it is uint32 in HcnEndpointSettings and string in NCProxyEndpointSettings, two members of
#           one oneof. In JSON the number is refused by the second; only the string is taken by both,
#           because protojson reads numbers from strings, never strings from numbers. What comes out
#           differs in kind, too.
# Matters:  one JSON or YAML template for both kinds of endpoints works for IPv4 and fails with the
#           first dual-stack pod; in Go a shared code path does not compile.
# In docs:  nothing acts on it; PrefixLength is a number here, as HCN has it.
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
	for _, length := range []string{`64`, `"64"`} {
		for _, kind := range []string{"hcnEndpoint", "ncproxyEndpoint"} {
			var settings ncproxy.EndpointSettings
			sent := fmt.Sprintf(`{"%s":{"ipaddressPrefixlength":24,"ipv6addressPrefixlength":%s}}`, kind, length)
			if err := protojson.Unmarshal([]byte(sent), &settings); err != nil {
				fmt.Println(kind, length, "refused")
				continue
			}
			answer, _ := protojson.Marshal(&settings)
			var plain bytes.Buffer // protojson puts spaces in at random, on purpose
			_ = json.Compact(&plain, answer)
			fmt.Println(kind, length, "=>", plain.String())
		}
	}
}
EOF
go get github.com/Microsoft/hcsshim/pkg/ncproxy/ncproxygrpc/v1@v0.15.0 2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='hcnEndpoint 64 => {"hcnEndpoint":{"ipaddressPrefixlength":24,"ipv6addressPrefixlength":64}}
ncproxyEndpoint 64 refused
hcnEndpoint "64" => {"hcnEndpoint":{"ipaddressPrefixlength":24,"ipv6addressPrefixlength":64}}
ncproxyEndpoint "64" => {"ncproxyEndpoint":{"ipaddressPrefixlength":24,"ipv6addressPrefixlength":"64"}}'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
