#!/usr/bin/env bash
# prometheus-parse splits a label at the comma in its value, and drops a sample that has braces in one
#
# Packages: prometheus-parse 0.2.5 (crates.io), beside openmetrics-parser 0.4.4 (crates.io) and
#           parse-prometheus-text-format 1.1.1 (npm).
# Expected: a label value is any text between quotes, in which only \\, \" and \n are escaped. A reader gives the
#           text back, or an error.
# Seen:     of six valid samples prometheus-parse reads one as it is. `vEthernet (Ethernet, 2)` becomes
#           `vEthernet (Ethernet`, a value with `=` loses its label, one with braces its whole sample. Neither Rust
#           crate undoes the escapes: `C:\lab` comes out as `C:\\lab`. Both report success; npm's reader is right.
# Matters:  names on Windows are made of just these: `\Device\NPF_{…}`, `C:\…`, adapters and vSwitches as people name
#           them. A sum over the samples is too small by those that are missing, and two adapters become one.
# In docs:  nothing acts on it; the labels of /metrics here are hosts, kinds, methods and paths.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export CARGO_HOME=$work/cargo CARGO_PROFILE_DEV_DEBUG=0 npm_config_loglevel=error

cat >metrics.txt <<'EOF'
# TYPE windows_net_bytes_total counter
windows_net_bytes_total{nic="vEthernet (nat)"} 1
windows_net_bytes_total{nic="vEthernet (Ethernet, 2)"} 2
windows_net_bytes_total{nic="vlan=5"} 3
windows_net_bytes_total{nic="\\Device\\NPF_{0C1D2E3F}"} 4
windows_net_bytes_total{nic="C:\\lab"} 5
windows_net_bytes_total{nic="the \"lab\""} 6
EOF
cat >read.js <<'EOF'
const parse = require("parse-prometheus-text-format");
console.log("parse-prometheus-text-format");
for (const metric of parse(require("fs").readFileSync("metrics.txt", "utf8"))[0].metrics)
  console.log(` ${metric.value} nic=<${metric.labels.nic}>`);
EOF
mkdir src
cat >Cargo.toml <<'EOF'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
openmetrics-parser = "=0.4.4"
prometheus-parse = "=0.2.5"
EOF
cat >src/main.rs <<'EOF'
use prometheus_parse::{Scrape, Value};

fn main() {
    let text = std::fs::read_to_string("metrics.txt").unwrap();
    println!("openmetrics-parser");
    let exposition = openmetrics_parser::prometheus::parse_prometheus(&text).unwrap();
    for family in exposition.families.values() {
        for sample in family.iter_samples() {
            let number = match &sample.value {
                openmetrics_parser::PrometheusValue::Counter(counter) => counter.value.as_f64(),
                _ => panic!(),
            };
            let labels = sample.get_labelset().unwrap();
            println!(" {number} nic=<{}>", labels.get_label_value("nic").unwrap_or(""));
        }
    }
    println!("prometheus-parse");
    let scrape = Scrape::parse(text.lines().map(|line| Ok(line.to_owned()))).unwrap();
    for sample in scrape.samples {
        let Value::Counter(number) = sample.value else { panic!() };
        println!(" {number} nic=<{}>", sample.labels.get("nic").unwrap_or(""));
    }
}
EOF
{
    npm install --silent --no-audit --no-fund --ignore-scripts parse-prometheus-text-format@1.1.1
    cargo build --quiet
} >log 2>&1 || { cat log; exit 2; }
seen=$(node read.js && target/debug/finding)
expected='parse-prometheus-text-format
 1 nic=<vEthernet (nat)>
 2 nic=<vEthernet (Ethernet, 2)>
 3 nic=<vlan=5>
 4 nic=<\Device\NPF_{0C1D2E3F}>
 5 nic=<C:\lab>
 6 nic=<the "lab">
openmetrics-parser
 1 nic=<vEthernet (nat)>
 2 nic=<vEthernet (Ethernet, 2)>
 3 nic=<vlan=5>
 4 nic=<\\Device\\NPF_{0C1D2E3F}>
 5 nic=<C:\\lab>
 6 nic=<the \"lab\">
prometheus-parse
 1 nic=<vEthernet (nat)>
 2 nic=<vEthernet (Ethernet>
 3 nic=<>
 5 nic=<C:\\lab>
 6 nic=<the \"lab\>'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
