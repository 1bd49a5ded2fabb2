#!/usr/bin/env bash
# winfiletime makes two FILETIMEs of one moment that is written in two time zones
#
# Package:  winfiletime 2.1 (PyPI), from_datetime.
# Expected: a FILETIME is in UTC. The documentation says that a datetime without a zone is taken as UTC, so
#           one with a zone is converted.
# Seen:     the clock's face is taken as it is, whatever the zone: 10:53:20+02:00 becomes the FILETIME of
#           10:53:20 UTC, two hours after the moment that Python says is equal. to_datetime gives it back
#           without a zone. Convert with astimezone(timezone.utc) first.
# Matters:  LastUpdateTime in the Health of HNS's objects, ETL and event logs count FILETIMEs in UTC. A time
#           from an API with an offset, Kubernetes' or Docker's, lands in the future or the past of them, and
#           tests on a machine in UTC do not show it.
# In docs:  FILETIMEs are integers of UTC throughout (domain, storage, wire).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check winfiletime==2.1 >log 2>&1 || { cat log; exit 2; }
cat >zones.py <<'EOF'
from datetime import datetime

from winfiletime import from_datetime, to_datetime

utc = datetime.fromisoformat("2025-10-09T08:53:20+00:00")
for written in ("2025-10-09T08:53:20+00:00", "2025-10-09T10:53:20+02:00", "2025-10-09T01:53:20-07:00"):
    moment = datetime.fromisoformat(written)
    ticks = from_datetime(moment)
    hours = (ticks - from_datetime(utc)) / 36e9
    print(written, "same moment:", moment == utc, "FILETIME", ticks, "hours off:", hours, to_datetime(ticks))
EOF
seen=$(venv/bin/python zones.py 2>log) || { cat log; exit 2; }
expected='2025-10-09T08:53:20+00:00 same moment: True FILETIME 134044736000000000 hours off: 0.0 2025-10-09 08:53:20
2025-10-09T10:53:20+02:00 same moment: True FILETIME 134044808000000000 hours off: 2.0 2025-10-09 10:53:20
2025-10-09T01:53:20-07:00 same moment: True FILETIME 134044484000000000 hours off: -7.0 2025-10-09 01:53:20'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
