#!/usr/bin/env bash
# jc calls the zone of a link-local address its prefix length
#
# Package:  jc 1.26.1 (PyPI), parser ipconfig.
# Expected: in `fe80::1%24` 24 is the zone: the index of the interface. ipconfig prints no IPv6 prefix length
#           at all, so prefix_length is null; a member for the zone would hold 24.
# Seen:     prefix_length is 24 for link-local addresses, and the zone stands nowhere else. Other IPv6
#           addresses keep a zone in their text and have no prefix_length; DNS servers keep it too.
# Matters:  a container host has an adapter "vEthernet (…)" for each network, and indexes that grow with each:
#           prefixes seem to change with the order in which adapters came, and one of them is 64 by chance. The
#           zone, which netsh and the iphlpapi functions want, is looked for in vain.
# In docs:  nothing acts on it; GET /host/adapters has interface indexes and prefix lengths as two members.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check jc==1.26.1 >log 2>&1 || { cat log; exit 2; }
cat >ipconfig.txt <<'EOF'

Windows IP Configuration

   Host Name . . . . . . . . . . . . : node-1

Ethernet adapter vEthernet (nat):

   Connection-specific DNS Suffix  . :
   Description . . . . . . . . . . . : Hyper-V Virtual Ethernet Adapter
   Physical Address. . . . . . . . . : 00-15-5D-3E-92-01
   Link-local IPv6 Address . . . . . : fe80::1%24(Preferred)
   IPv4 Address. . . . . . . . . . . : 172.20.0.1(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.240.0
   Default Gateway . . . . . . . . . :

Ethernet adapter vEthernet (Ethernet):

   Connection-specific DNS Suffix  . :
   Link-local IPv6 Address . . . . . : fe80::2%7(Preferred)
   Default Gateway . . . . . . . . . : fe80::99%7
   DNS Servers . . . . . . . . . . . : fe80::53%7
EOF
cat >read.py <<'EOF'
import jc

for adapter in jc.parse("ipconfig", open("ipconfig.txt").read())["adapters"]:
    print(adapter["name"])
    for address in adapter["link_local_ipv6_addresses"]:
        print(" ", address)
    print("  gateways", adapter["default_gateways"], "DNS", adapter["dns_servers"])
EOF
seen=$(venv/bin/python read.py 2>log) || { cat log; exit 2; }
expected='vEthernet (nat)
  {'"'address': 'fe80::1', 'prefix_length': 24, 'status': 'Preferred'"'}
  gateways [] DNS []
vEthernet (Ethernet)
  {'"'address': 'fe80::2', 'prefix_length': 7, 'status': 'Preferred'"'}
  gateways ['"'fe80::99%7'"'] DNS ['"'fe80::53%7'"']'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
