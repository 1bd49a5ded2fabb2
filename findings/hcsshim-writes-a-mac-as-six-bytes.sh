#!/usr/bin/env bash
# NewEndpoint of hcsshim's HNS 1 API writes the six bytes of a MAC where HNS reads its text
#
# Package:  github.com/Microsoft/hcsshim v0.15.0 (HNSNetwork.NewEndpoint, HNSEndpoint.Create).
# Expected: NewEndpoint(ip, mac) takes a net.HardwareAddr, so the request says "00-15-5D-01-02-03", or at
#           least "00:15:5d:01:02:03".
# Seen:     it says string(mac): six characters with the numbers of the six bytes, of which those from 80 on become
#           U+FFFD, one and the same for all. The MAC cannot be had back from what was sent. Only nil, an endpoint
#           without a MAC of its own, is written as it should be. MacAddress set afterwards, as text, is sent as set.
# Matters:  who pins MACs, for DHCP or for licences, gets an error about a field that he filled with a valid value,
#           and a log in which it looks empty.
# In docs:  domain/mac.py names the text that was sent when it is no MAC.
#
# The package is for Windows only. Its own sources are built here without that tag; only the file that
# calls into Windows is exchanged, for one that prints the request.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
{
    hcsshim=$(go mod download -json github.com/Microsoft/hcsshim@v0.15.0 | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    go get github.com/sirupsen/logrus@v1.9.3
} 2>log || { cat log; exit 2; }
mkdir hns
for file in hns hnsendpoint hnsnetwork hnspolicy namespace; do
    sed '/^\/\/go:build windows$/d' "$hcsshim/internal/hns/$file.go" >"hns/$file.go"
done
cat >hns/hnsfuncs.go <<'EOF'
package hns

import "fmt"

func hnsCall(method, path, request string, response any) error {
	fmt.Printf("%+q\n", request)
	return nil
}
EOF
cat >main.go <<'EOF'
package main

import (
	"net"

	"finding/hns"
)

func main() {
	network := &hns.HNSNetwork{Id: "n1"}
	for _, written := range []string{"00-15-5D-A1-B2-C3", "00-15-5D-C3-A1-B2", "30-31-32-33-34-35", ""} {
		mac, _ := net.ParseMAC(written)
		if _, err := network.NewEndpoint(net.ParseIP("10.0.0.5"), mac).Create(); err != nil {
			panic(err)
		}
	}
}
EOF
go build -mod=mod -o finding . 2>log || { cat log; exit 2; }
seen=$(./finding)
expected='"{\"VirtualNetwork\":\"n1\",\"MacAddress\":\"\\u0000\\u0015]\\ufffd\\ufffd\\ufffd\",\"IPAddress\":\"10.0.0.5\"}"
"{\"VirtualNetwork\":\"n1\",\"MacAddress\":\"\\u0000\\u0015]\u00e1\\ufffd\",\"IPAddress\":\"10.0.0.5\"}"
"{\"VirtualNetwork\":\"n1\",\"MacAddress\":\"012345\",\"IPAddress\":\"10.0.0.5\"}"
"{\"VirtualNetwork\":\"n1\",\"IPAddress\":\"10.0.0.5\"}"'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
