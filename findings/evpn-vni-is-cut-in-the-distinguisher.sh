#!/usr/bin/env bash
# GoBGP reads the route distinguisher 10.0.0.1:69632 as 10.0.0.1:4096, and any four-octet AS as 65535
#
# Packages: github.com/osrg/gobgp/v3 v3.37.0 and exabgp 5.0.15 (PyPI).
# Expected: behind an address or a four-octet AS, a route distinguisher and a route target have 16 bits
#           (RFC 4364, RFC 5668), and a VNI has 24. What does not fit is refused, as by ExaBGP; what
#           fits stays.
# Seen:     GoBGP's parsers keep the lower 16 bits and return no error: behind an address VNI 69632 becomes
#           4096, 131072 becomes 0. They read 4200000000 as AS 65535, with any VNI; only written
#           64086.59904 it is that AS, and the VNI is cut again. Targets fare as distinguishers do.
# Matters:  "loopback:VNI" and "AS:VNI" are how one usually makes them. Two networks then share one
#           distinguisher and one target, the routes of either replace the other's, and every host imports
#           both. Windows overlays begin at 4096, so small labs do not see it.
# In docs:  nothing acts on it; networks are told apart by VSID here (docs/dataplane.md).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check exabgp==5.0.15 >log 2>&1 || { cat log; exit 2; }
cat >go.mod <<'EOF'
module finding
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"

	"github.com/osrg/gobgp/v3/pkg/packet/bgp"
)

func main() {
	for _, administrator := range []string{"10.0.0.1", "4200000000", "64086.59904", "65000"} {
		for _, vni := range []int{69632, 131072} {
			written := fmt.Sprintf("%s:%d", administrator, vni)
			distinguisher, first := bgp.ParseRouteDistinguisher(written)
			target, second := bgp.ParseRouteTarget(written)
			fmt.Println("GoBGP", written, "is rd", distinguisher, "rt", target, first, second)
		}
	}
}
EOF
cat >exa.py <<'EOF'
from exabgp.configuration.static.mpls import route_distinguisher

for written in ("10.0.0.1:69632", "4200000000:69632", "4200000000:4096", "65000:69632"):
    try:
        print("ExaBGP", written, "is", str(route_distinguisher(lambda: written)).strip())
    except ValueError:
        print("ExaBGP", written, "is refused")
EOF
go get github.com/osrg/gobgp/v3/pkg/packet/bgp@v3.37.0 2>log || { cat log; exit 2; }
seen=$(go run . 2>log && venv/bin/python exa.py 2>log) || { cat log; exit 2; }
expected='GoBGP 10.0.0.1:69632 is rd 10.0.0.1:4096 rt 10.0.0.1:4096 <nil> <nil>
GoBGP 10.0.0.1:131072 is rd 10.0.0.1:0 rt 10.0.0.1:0 <nil> <nil>
GoBGP 4200000000:69632 is rd 65535:69632 rt 65535:69632 <nil> <nil>
GoBGP 4200000000:131072 is rd 65535:131072 rt 65535:131072 <nil> <nil>
GoBGP 64086.59904:69632 is rd 64086.59904:4096 rt 64086.59904:4096 <nil> <nil>
GoBGP 64086.59904:131072 is rd 64086.59904:0 rt 64086.59904:0 <nil> <nil>
GoBGP 65000:69632 is rd 65000:69632 rt 65000:69632 <nil> <nil>
GoBGP 65000:131072 is rd 65000:131072 rt 65000:131072 <nil> <nil>
ExaBGP 10.0.0.1:69632 is refused
ExaBGP 4200000000:69632 is refused
ExaBGP 4200000000:4096 is rd 4200000000:4096
ExaBGP 65000:69632 is rd 65000:69632'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
