#!/usr/bin/env bash
# The reverse zone of WinNAT's 172.20.0.0/20 is 0-255.20.172.in-addr.arpa to IPy, as is that of any net from .0 on
#
# Package:  IPy 1.2 (PyPI), IP.reverseName and IP.reverseNames.
# Expected: reverseName gives the range of the octet that the prefix cuts, as it does for a /25: 0-127 there, 0-15 here.
# Seen:     only in the last octet does the range end where the network ends. In the others it runs to 255: a /20 and a
#           /22 from the same address have one name, and those of 172.20.0.0/20 and 172.20.16.0/20, which share
#           nothing, overlap. reverseNames of the same object names the right 16 zones.
# Matters:  the networks that Windows picks for NAT are a /20, cluster networks are a /14 or /12. A delegation that is
#           named by reverseName claims zones of neighbours, and two networks ask for the same one.
# In docs:  nothing acts on it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check IPy==1.2 >log 2>&1 || { cat log; exit 2; }
cat >names.py <<'EOF'
from IPy import IP

for text in ("172.20.4.0/25", "172.20.0.0/20", "172.20.0.0/22", "172.20.16.0/20", "10.244.0.0/14"):
    zones = IP(text).reverseNames()
    print(text, "is", IP(text).reverseName(), f"and {len(zones)} zones, the last", zones[-1])
EOF
seen=$(venv/bin/python names.py 2>log) || { cat log; exit 2; }
expected='172.20.4.0/25 is 0-127.4.20.172.in-addr.arpa. and 128 zones, the last 127.4.20.172.in-addr.arpa.
172.20.0.0/20 is 0-255.20.172.in-addr.arpa. and 16 zones, the last 15.20.172.in-addr.arpa.
172.20.0.0/22 is 0-255.20.172.in-addr.arpa. and 4 zones, the last 3.20.172.in-addr.arpa.
172.20.16.0/20 is 16-255.20.172.in-addr.arpa. and 16 zones, the last 31.20.172.in-addr.arpa.
10.244.0.0/14 is 244-255.10.in-addr.arpa. and 4 zones, the last 247.10.in-addr.arpa.'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
