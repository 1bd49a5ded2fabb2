#!/usr/bin/env bash
# parse-prometheus-text-format makes one histogram without labels of all that a metric has, and keeps the last one's
#
# Packages: parse-prometheus-text-format 1.1.1 and prom-client 15.1.3 (npm), beside prometheus-client 0.22.1 (PyPI).
# Expected: a histogram or summary with labels comes as one for each set of labels, with buckets or quantiles, sum and
#           count, as counters do.
# Seen:     what prom-client writes of calls to two networks becomes one histogram: the buckets of the last network,
#           no labels, no sum, no count. Summaries fare alike. With one set of labels it is the same; only without
#           any label all is there, as in the example of its README. Python reads both networks.
# Matters:  latencies of hosts, networks and methods have labels. A test or a page in Node that asks whether calls to
#           network nat were slow gets the answer of l2bridge, with success.
# In docs:  docs/operations.md, "What to watch", names it at GET /metrics: hnsemu_request_seconds has labels.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export npm_config_loglevel=error

{
    npm install --silent --no-audit --no-fund --ignore-scripts parse-prometheus-text-format@1.1.1 prom-client@15.1.3
    python3 -m venv venv
    venv/bin/pip install -q --disable-pip-version-check prometheus-client==0.22.1
} >log 2>&1 || { cat log; exit 2; }
cat >metrics.js <<'EOF'
const fs = require("node:fs");
const client = require("prom-client");
const parse = require("parse-prometheus-text-format").default ?? require("parse-prometheus-text-format");

const CALLS = {
    "no label": [[{}, 0.05], [{}, 0.5]],
    "one network": [[{ network: "nat" }, 0.05], [{ network: "nat" }, 0.5]],
    "two networks": [[{ network: "nat" }, 0.05], [{ network: "nat" }, 0.5], [{ network: "l2bridge" }, 5]],
};

(async () => {
    for (const [title, calls] of Object.entries(CALLS)) {
        client.register.clear();
        const labelNames = ["network"];
        const histogram = new client.Histogram({ name: "calls", help: "s", labelNames, buckets: [0.1, 1] });
        const summary = new client.Summary({ name: "bytes", help: "B", labelNames, percentiles: [0.5] });
        for (const [labels, seconds] of calls) {
            histogram.observe(labels, seconds);
            summary.observe(labels, seconds);
        }
        const text = await client.register.metrics();
        fs.writeFileSync(`${title}.txt`, text);
        console.log(title);
        for (const family of parse(text)) console.log(" ", family.type, JSON.stringify(family.metrics));
    }
})();
EOF
cat >metrics.py <<'EOF'
from prometheus_client.parser import text_string_to_metric_families

for family in text_string_to_metric_families(open("two networks.txt").read()):
    counts = {sample.labels["network"]: sample.value for sample in family.samples if sample.name.endswith("_count")}
    print("  to Python:", family.type, "of", counts)
EOF
seen=$(node metrics.js 2>log && venv/bin/python metrics.py 2>>log) || { cat log; exit 2; }
expected='no label
  HISTOGRAM [{"buckets":{"1":"2","0.1":"1","+Inf":"2"},"count":"2","sum":"0.55"}]
  SUMMARY [{"quantiles":{"0.5":"0.275"},"count":"2","sum":"0.55"}]
one network
  HISTOGRAM [{"buckets":{"1":"2","0.1":"1","+Inf":"2"}}]
  SUMMARY [{"quantiles":{"0.5":"0.275"}}]
two networks
  HISTOGRAM [{"buckets":{"1":"0","0.1":"0","+Inf":"1"}}]
  SUMMARY [{"quantiles":{"0.5":"5"}}]
  to Python: histogram of {'\''nat'\'': 2, '\''l2bridge'\'': 1}
  to Python: summary of {'\''nat'\'': 2, '\''l2bridge'\'': 1}'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
