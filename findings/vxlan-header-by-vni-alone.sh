#!/usr/bin/env bash
# A VXLAN layer that is told only its VNI is no VXLAN header, neither in Scapy nor in gopacket
#
# Packages: scapy 2.8.0 (PyPI) and github.com/gopacket/gopacket v1.7.7.
# Expected: VXLAN(vni=4096) / Ether() and layers.VXLAN{VNI: 4096} give the header of RFC 7348: the
#           flag "VNI is valid" and nothing else, 08 00 00 00 00 10 00 00.
# Seen:     Scapy writes 0c 00 00 03: it puts a next protocol in and with it a bit of VXLAN-GPE, which
#           belongs to another UDP port. gopacket writes 00 00 00 00: the VNI is there, the flag that
#           makes it valid is not. Both read their own packet back as VXLAN with VNI 4096. With the
#           flags given by hand, flags=8 and ValidIDFlag: true, both are right.
# Matters:  made-up packets for an overlay prove nothing about a switch that looks at the flags, and
#           a reader built on either library accepts what such a switch drops.
# In docs:  nothing acts on it; traces here know VSIDs, not bytes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check scapy==2.8.0
cat >packet.py <<'EOF'
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.layers.vxlan import VXLAN

for given in ({}, {"flags": 8}):
    outer = IP(src="10.127.130.35", dst="10.127.130.36") / UDP(sport=50000, dport=4789)
    written = bytes(outer / VXLAN(vni=4096, **given) / Ether(src="00:15:5d:00:00:01"))
    print("Scapy", given, written[28:36].hex(" "), "vni", IP(written)[VXLAN].vni)
EOF
cat >go.mod <<'EOF'
module finding
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

func main() {
	for _, header := range []*layers.VXLAN{{VNI: 4096}, {VNI: 4096, ValidIDFlag: true}} {
		buffer := gopacket.NewSerializeBuffer()
		if err := header.SerializeTo(buffer, gopacket.SerializeOptions{}); err != nil {
			panic(err)
		}
		read := gopacket.NewPacket(buffer.Bytes(), layers.LayerTypeVXLAN, gopacket.Default)
		vni := read.Layer(layers.LayerTypeVXLAN).(*layers.VXLAN).VNI
		fmt.Printf("gopacket {ValidIDFlag: %v} % x vni %d\n", header.ValidIDFlag, buffer.Bytes(), vni)
	}
}
EOF
go get github.com/gopacket/gopacket/layers@v1.7.7 2>log || { cat log; exit 2; }
seen=$(venv/bin/python packet.py 2>log && go run . 2>log) || { cat log; exit 2; }
expected="Scapy {} 0c 00 00 03 00 10 00 00 vni 4096
Scapy {'flags': 8} 08 00 00 00 00 10 00 00 vni 4096
gopacket {ValidIDFlag: false} 00 00 00 00 00 10 00 00 vni 4096
gopacket {ValidIDFlag: true} 08 00 00 00 00 10 00 00 vni 4096"
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
