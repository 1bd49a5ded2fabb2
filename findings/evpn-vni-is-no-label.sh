#!/usr/bin/env bash
# The EVPN route that GoBGP writes with label 4096 is one with label 256 to ExaBGP, and back it is 65537
#
# Packages: github.com/osrg/gobgp/v3 v3.37.0 and exabgp 5.0.15 (PyPI).
# Expected: both call the member "label", so 4096 is 4096 on both sides of a session.
# Seen:     GoBGP writes the 24 bits as they are, a VNI of RFC 8365: 00 10 00. ExaBGP writes an MPLS
#           label of RFC 7432, 20 bits, 3 of traffic class and the bottom of the stack: 01 00 01. Each
#           reads the other's route its own way and neither complains: 256 (ExaBGP shows the raw 4096
#           behind it), and 65537.
# Matters:  a test that feeds VNIs of Windows overlays (4096 and up) into a fabric with one of them and
#           listens with the other sees a VNI that nobody configured, and both ends say "label".
# In docs:  nothing acts on it; the VSID here is the VNI (docs/dataplane.md).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check exabgp==5.0.15
cat >go.mod <<'EOF'
module finding
EOF
cat >main.go <<'EOF'
package main

import (
	"encoding/hex"
	"fmt"
	"os"

	"github.com/osrg/gobgp/v3/pkg/packet/bgp"
)

func main() {
	if len(os.Args) == 1 {
		rd, _ := bgp.ParseRouteDistinguisher("65000:1")
		route := bgp.NewEVPNMacIPAdvertisementRoute(
			rd, bgp.EthernetSegmentIdentifier{}, 0, "00:15:5d:01:02:03", "10.244.1.5", []uint32{4096})
		written, err := route.Serialize()
		if err != nil {
			panic(err)
		}
		fmt.Println(hex.EncodeToString(written))
		return
	}
	written, _ := hex.DecodeString(os.Args[1])
	var route bgp.EVPNNLRI
	if err := route.DecodeFromBytes(written); err != nil {
		panic(err)
	}
	fmt.Println(route.RouteTypeData.(*bgp.EVPNMacIPAdvertisementRoute).Labels)
}
EOF
go get github.com/osrg/gobgp/v3/pkg/packet/bgp@v3.37.0 2>log || { cat log; exit 2; }
go build -o gobgp . 2>log || { cat log; exit 2; }

cat >exa.py <<'EOF'
import sys

from exabgp.bgp.message.update.nlri.evpn.mac import MAC
from exabgp.bgp.message.update.nlri.qualifier import Labels

route = bytes.fromhex(sys.argv[1])
found = MAC.unpack(route[2:])  # behind type and length
if sys.argv[2] == "read":
    print(found.label)
else:
    written = MAC(found.rd, found.esi, found.etag, found.mac, found.maclen, Labels([4096]), found.ip)
    print((route[:2] + written._pack()).hex())
EOF

gobgp=$(./gobgp)
exabgp=$(venv/bin/python exa.py "$gobgp" write)
seen="GoBGP  4096 is written ${gobgp: -6}, read by ExaBGP as$(venv/bin/python exa.py "$gobgp" read)
ExaBGP 4096 is written ${exabgp: -6}, read by GoBGP as label $(./gobgp "$exabgp")"
expected='GoBGP  4096 is written 001000, read by ExaBGP as label 256 (4096)
ExaBGP 4096 is written 010001, read by GoBGP as label [65537]'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
