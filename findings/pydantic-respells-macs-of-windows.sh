#!/usr/bin/env bash
# Pydantic's MacAddress reads the MAC of an endpoint of HNS and writes it as Linux does; the one that Hyper-V prints it refuses
#
# Package:  pydantic-extra-types 2.10.5 (pydantic_extra_types.mac_address) with pydantic 2.11.7 (PyPI).
# Expected: a type that checks a MAC keeps its text; what is one to Windows is one to it.
# Seen:     00-15-5D-5E-80-9B of HNS and Get-NetAdapter becomes 00:15:5d:5e:80:9b in the model and in its JSON.
#           00155D5E809B, as Get-VMNetworkAdapter prints it, is refused for its length, which "must be 14": that of the
#           dotted kind, 0015.5D5E.809B, which is taken and written with colons, too. Eight bytes pass.
# Matters:  an endpoint that is read into a model and compared with what was sent, or with ipconfig, never has the same
#           MAC; written back to a service that compares texts it is a change. A column of Hyper-V's MACs is refused
#           whole, by a sentence about a length that no MAC of six bytes has.
# In docs:  nothing acts on it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pydantic-extra-types==2.10.5 pydantic==2.11.7 >log 2>&1 ||
    { cat log; exit 2; }
cat >read.py <<'EOF'
from pydantic import BaseModel, ValidationError
from pydantic_extra_types.mac_address import MacAddress


class Endpoint(BaseModel):
    MacAddress: MacAddress


for text in ("00-15-5D-5E-80-9B", "0015.5D5E.809B", "00-15-5D-5E-80-9B-00-01", "00155D5E809B"):
    try:
        print(text, "is", Endpoint(MacAddress=text).model_dump_json())
    except ValidationError as error:
        print(text, "is refused:", error.errors()[0]["msg"].strip())
EOF
seen=$(venv/bin/python read.py 2>log) || { cat log; exit 2; }
expected='00-15-5D-5E-80-9B is {"MacAddress":"00:15:5d:5e:80:9b"}
0015.5D5E.809B is {"MacAddress":"00:15:5d:5e:80:9b"}
00-15-5D-5E-80-9B-00-01 is {"MacAddress":"00:15:5d:5e:80:9b:00:01"}
00155D5E809B is refused: Length for a 00155D5E809B MAC address must be 14'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
