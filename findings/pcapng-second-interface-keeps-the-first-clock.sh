#!/usr/bin/env bash
# dpkt reads every interface of a pcapng file with the clock of the first, two others forget the offset
#
# Packages: dpkt 1.9.8, python-pcapng 2.1.1 and scapy 2.8.0 (PyPI).
# Expected: pcapng gives each interface a resolution (if_tsresol) and an offset in seconds (if_tsoffset),
#           and each section interfaces of its own. Readers apply them where they stand, or say that
#           they do not.
# Seen:     five files, each with packets of one and the same moment in 2025. dpkt takes the resolution of
#           the first interface for all: a packet of a second one in 100 ns steps comes from the year
#           2527, one in nanoseconds from 57742. Scapy keeps an interface's resolution when a new section
#           begins. python-pcapng and Scapy leave if_tsoffset out: 1970. No two of the three agree, none
#           is right about all five, and none complains.
# Matters:  captures of a virtual switch have an interface per port, and files of several hosts are put
#           together section by section: packets of one trace end up hours or centuries apart.
# In docs:  nothing acts on it; a trace here has no clock.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check dpkt==1.9.8 python-pcapng==2.1.1 scapy==2.8.0 >log 2>&1 ||
    { cat log; exit 2; }
cat >clocks.py <<'EOF'
from struct import pack

from dpkt.pcapng import Reader
from pcapng import FileScanner
from pcapng.blocks import EnhancedPacket
from scapy.utils import rdpcap

MOMENT = 1_760_000_000
FRAME = bytes.fromhex("00155d00000200155d0000010800") + bytes(46)


def block(kind, body):
    return pack("<II", kind, len(body) + 12) + body + pack("<I", len(body) + 12)


def option(code, value):
    return pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def interface(digits, offset=None):
    options = option(9, bytes([digits]))
    if offset is not None:
        options += option(14, pack("<q", offset))
    return block(1, pack("<HHI", 1, 0, 65535) + options + option(0, b""))


def packet(number, ticks):
    sizes = (len(FRAME), len(FRAME))
    return block(6, pack("<IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, *sizes) + FRAME)


SECTION = block(0x0A0D0D0A, pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
MICROSECONDS = interface(6) + packet(0, MOMENT * 10**6)
FILES = {
    "one interface": SECTION + MICROSECONDS,
    "100 ns in a second": SECTION + MICROSECONDS + interface(7) + packet(1, MOMENT * 10**7),
    "ns in a second": SECTION + MICROSECONDS + interface(9) + packet(1, MOMENT * 10**9),
    "ns in a section": SECTION + MICROSECONDS + SECTION + interface(9) + packet(0, MOMENT * 10**9),
    "offset": SECTION + interface(6, offset=MOMENT) + packet(0, 0),
}
for name, content in FILES.items():
    with open("made.pcapng", "wb") as file:
        file.write(content)
    with open("made.pcapng", "rb") as file:
        dpkt = [int(moment) for moment, _ in Reader(file)]
    with open("made.pcapng", "rb") as file:
        pcapng = [int(read.timestamp) for read in FileScanner(file) if isinstance(read, EnhancedPacket)]
    scapy = [int(read.time) for read in rdpcap("made.pcapng")]
    print(f"{name}: dpkt {dpkt} python-pcapng {pcapng} Scapy {scapy}")
EOF
seen=$(venv/bin/python clocks.py 2>log) || { cat log; exit 2; }
expected='one interface: dpkt [1760000000] python-pcapng [1760000000] Scapy [1760000000]
100 ns in a second: dpkt [1760000000, 17600000000] python-pcapng [1760000000, 1760000000] Scapy [1760000000, 1760000000]
ns in a second: dpkt [1760000000, 1760000000000] python-pcapng [1760000000, 1760000000] Scapy [1760000000, 1760000000]
ns in a section: dpkt [1760000000, 1760000000000] python-pcapng [1760000000, 1760000000] Scapy [1760000000, 1760000000000]
offset: dpkt [1760000000] python-pcapng [0] Scapy [0]'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
