#!/usr/bin/env bash
# pypsrp sends 10000000000 to PowerShell as a number of 32 bits
#
# Packages: pypsrp 0.9.1 (pypsrp.serializer) and psrpcore 0.3.1 (PyPI), two clients' sides of PowerShell's remoting.
# Expected: what does not fit a type of PowerShell's takes a wider one, <I64>; what came as one type goes back as it.
# Seen:     each int is an <I32>, a number of 32 bits (MS-PSRP): psrpcore, which writes <I64>, refuses to read
#           10000000000 there. What came from Windows as <U32>, <I64> or <DT> goes back as <I32> and text. Values
#           with a tag, TaggedValue("I64", …), are right. Floats, which Python has as doubles, are <Sg> to both, a
#           Single, in which 16777217 is 16777216.
# Matters:  rates of virtual switches and QoS policies count bits in a second: 10 Gbit/s is too many for 32. HCN's
#           codes, such as 0x803B0001 as a UInt32, come out of one call and do not go into the next. Tag numbers.
# In docs:  docs/sdks.md: ErrorCode is unsigned, above 2^31; all integers are int64.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pypsrp==0.9.1 psrpcore==0.3.1 >log 2>&1 || { cat log; exit 2; }
cat >values.py <<'EOF'
import struct
import xml.etree.ElementTree as ElementTree

from psrpcore.types import deserialize_clixml, serialize_clixml
from pypsrp.serializer import Serializer, TaggedValue

BEGIN = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
END = "</Objs>"


def pypsrp(value):
    return ElementTree.tostring(Serializer().serialize(value), encoding="unicode")


def psrpcore(value):
    return serialize_clixml(value, None).removeprefix(BEGIN).removesuffix(END)


def read(document):
    try:
        return deserialize_clixml(BEGIN + document + END, None)[0]
    except ValueError:
        return "nothing: refused"


for value in (2147483647, 10_000_000_000, TaggedValue("I64", 10_000_000_000)):
    written = pypsrp(value)
    print("pypsrp writes", written, "and psrpcore reads", read(written))
print("psrpcore writes", psrpcore(10_000_000_000))
for came in ("<U32>2151350273</U32>", "<I64>10000000000</I64>", "<DT>2025-10-09T10:53:20Z</DT>"):
    print(came, "goes back as", pypsrp(Serializer().deserialize(came)), "by psrpcore as", psrpcore(read(came)))
print("16777217.0:", pypsrp(16777217.0), "as a Single:", struct.unpack("f", struct.pack("f", 16777217.0))[0])
print("psrpcore writes", psrpcore(16777217.0))
EOF
seen=$(venv/bin/python -W ignore values.py 2>log) || { cat log; exit 2; }
expected='pypsrp writes <I32>2147483647</I32> and psrpcore reads 2147483647
pypsrp writes <I32>10000000000</I32> and psrpcore reads nothing: refused
pypsrp writes <I64>10000000000</I64> and psrpcore reads 10000000000
psrpcore writes <I64>10000000000</I64>
<U32>2151350273</U32> goes back as <I32>2151350273</I32> by psrpcore as <U32>2151350273</U32>
<I64>10000000000</I64> goes back as <I32>10000000000</I32> by psrpcore as <I64>10000000000</I64>
<DT>2025-10-09T10:53:20Z</DT> goes back as <S>2025-10-09T10:53:20Z</S> by psrpcore as <DT>2025-10-09T10:53:20Z</DT>
16777217.0: <Sg>16777217.0</Sg> as a Single: 16777216.0
psrpcore writes <Sg>16777217.0</Sg>'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
