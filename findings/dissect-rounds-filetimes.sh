#!/usr/bin/env bash
# dissect.util turns most FILETIMEs into a neighbouring microsecond
#
# Package:  dissect.util 3.24 (PyPI), ts.wintimestamp.
# Expected: a FILETIME counts 100 ns; a Python datetime holds microseconds, so all but its last digit
#           arrive.
# Seen:     the ticks become a 64-bit float of seconds since 1601 first, which today counts in steps of
#           2^-19 s, 1.9 microseconds. Of the 1,000,000 microseconds of a second 624,936 come out
#           wrong, and 524,288 different values are left.
# Matters:  HNS writes LastUpdateTime of an object's Health as a FILETIME. Two documents in order
#           become equal, and a time that went through the library does not find its document again.
# In docs:  FILETIMEs are integers throughout (domain, storage, wire).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check dissect.util==3.24
seen=$(venv/bin/python - <<'EOF'
from datetime import datetime, timedelta, timezone

from dissect.util.ts import wintimestamp

FIRST = 133_500_000_000_000_000


def exact(ticks):
    return datetime(1601, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=ticks // 10)


for ticks in (FIRST + 10, FIRST + 20, FIRST + 30):
    print(ticks, "is", exact(ticks).microsecond, "and becomes", wintimestamp(ticks).microsecond)
second = range(FIRST, FIRST + 10_000_000, 10)
print("wrong:", sum(wintimestamp(ticks) != exact(ticks) for ticks in second), "of", len(second))
print("different:", len({wintimestamp(ticks) for ticks in second}))
EOF
)
expected='133500000000000010 is 1 and becomes 2
133500000000000020 is 2 and becomes 2
133500000000000030 is 3 and becomes 2
wrong: 624936 of 1000000
different: 524288'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
