#!/usr/bin/env bash
# Aerleon writes a policy whose order matters as Windows Firewall rules, which have no order: the last term wins
#
# Package:  aerleon 1.18.0 (PyPI), targets windows_advfirewall and nftables; it goes back to Google's Capirca.
# Expected: a policy means the same on all targets: the first term that matches decides. "Allow the web, deny the
#           rest" lets the web in; a target that cannot say it refuses the policy.
# Seen:     nftables keeps the order of the terms. For Windows each term becomes a rule, `allow` first and then `block`
#           for any address and protocol. In Windows Firewall the order of rules means nothing and block rules take
#           precedence over allow rules (MS-FASP, FW_RULE_ACTION): nothing gets in. An `inet` policy also names the
#           IPv6 addresses of its network there, which the target's own `inet6` is for.
# Matters:  a last term that denies is how such policies end. Without one it works on Windows, where the profile
#           blocks what nothing allows; with it a host answers nobody. ACLs of HNS do have an order, their priority:
#           the policy that is right for an endpoint is wrong for its host.
# In docs:  docs/fidelity.md: ACLs act by priority; a rule of type Host is Windows Firewall's.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check aerleon==1.18.0 >log 2>&1 || { cat log; exit 2; }
cat >generate.py <<'EOF'
from aerleon import api
from aerleon.lib.naming import Naming

NAMES = """
networks:
  LAN: {values: [{address: 10.127.130.0/24}, {address: "fd00:130::/64"}]}
services:
  HTTP: [{protocol: tcp, port: 80}]
"""
TERMS = [
    {"name": "web", "source-address": "LAN", "destination-port": "HTTP", "protocol": "tcp", "action": "accept"},
    {"name": "deny-rest", "action": "deny"},
]

names = Naming()
names.ParseYaml(NAMES, "names.yaml")
for target, options in {"windows_advfirewall": "in inet", "nftables": "inet input"}.items():
    header = {"comment": "finding", "targets": {target: options}}
    policy = {"filename": "policy", "filters": [{"header": header, "terms": TERMS}]}
    [written] = api.Generate([policy], names).values()
    print(target)
    for line in written.splitlines():
        if "add rule" in line or "saddr" in line or line.strip() == "drop":
            print(" ", line.strip())
EOF
seen=$(venv/bin/python generate.py 2>log) || { cat log; exit 2; }
expected='windows_advfirewall
  netsh advfirewall firewall add rule name=i_web enable=yes interfacetype=any dir=in remoteip=10.127.130.0/24,fd00:130::/64 localip=any localport=80 protocol=tcp action=allow
  netsh advfirewall firewall add rule name=i_deny-rest enable=yes interfacetype=any dir=in remoteip=any localip=any protocol=any action=block
nftables
  ip saddr 10.127.130.0/24 tcp dport 80 ct state new accept
  drop'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
