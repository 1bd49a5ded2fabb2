#!/usr/bin/env bash
# dissect.target keeps one port, one address and one profile of a Windows Firewall rule that has several
#
# Package:  dissect.target 3.25.1 (PyPI), plugin firewall, function rules (target-query -f firewall.rules).
# Expected: a rule in the registry repeats a key for each value, LPort=80|LPort=443 (MS-GPFAS 2.2.2.19; its example
#           has two LA4), and the record, whose lport is a list, holds all of them.
# Seen:     each value takes the place of the one before: lport is ['443'], ra4 the last address, profile the last
#           profile. Rules with one value, and ranges and lists with a comma in one key, are right.
# Matters:  a rule that opens 80 and 443 to two networks on two profiles is shown as one that opens 443 to one
#           network on one profile. Who checks an image of a container host for open ports misses the others.
# In docs:  nothing acts on it; GET /host/firewall lists the rules that HNS makes as documents.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check dissect.target==3.25.1 >log 2>&1 || { cat log; exit 2; }
cat >read.py <<'EOF'
from dissect.target.filesystem import VirtualFilesystem
from dissect.target.helpers.regutil import VirtualHive, VirtualKey
from dissect.target.plugins.os.windows.firewall import WindowsFirewallPlugin
from dissect.target.target import Target

FOLDER = "SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules"
START, END = "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|", "|Name=web|"
RULES = {
    "one": "Profile=Domain|LPort=80|RA4=LocalSubnet",
    "several": "Profile=Domain|Profile=Private|LPort=80|LPort=443|RA4=10.0.0.0/255.0.0.0|RA4=LocalSubnet",
}


class Registry:
    """The registry of the target: one key."""

    def __init__(self):
        self.hive = VirtualHive()
        key = VirtualKey(self.hive, FOLDER)
        for name, fields in RULES.items():
            key.add_value(name, START + fields + END)
        self.hive.map_key(FOLDER, key)

    def keys(self, path):
        if path.endswith(FOLDER):
            yield self.hive.key(FOLDER)


target = Target()
target.fs.mount("/", VirtualFilesystem())
target.registry = Registry()
for rule in WindowsFirewallPlugin(target).rules():
    print(f"{rule.key}: ports {rule.lport}, remote {rule.ra4}, profile {rule.profile}")
EOF
seen=$(venv/bin/python read.py 2>log) || { cat log; exit 2; }
expected="one: ports ['80'], remote LocalSubnet, profile Domain
several: ports ['443'], remote LocalSubnet, profile Private"
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
