#!/usr/bin/env bash
# Rust's crate cidr writes 10.244.3.7/32 into JSON as 10.244.3.7, which two of its neighbours do not read
#
# Packages: cidr 0.3.2, ipnet 2.12.2, ipnetwork 0.21.1 and ip_network 0.4.1 (crates.io), with their serde features.
# Expected: a prefix is written as it was read, the route to one host, /32 or /128, like any other; an address without
#           a length is one to all four or to none; and so is an address with host bits, 10.244.3.7/24.
# Seen:     cidr leaves out the length where it is that of a host. ipnet and ip_network then refuse the text; ipnetwork
#           reads it. With host bits, ipnet and ipnetwork keep 10.244.3.7/24 as it is, cidr and ip_network refuse it.
# Matters:  with cidr the DestinationPrefix of a route to one host leaves as 10.244.3.7, which Go's net.ParseCIDR, with
#           which clients of HNS read prefixes, refuses. A test with a /24 passes. CNI results hold the address of a
#           pod with the length of its subnet, host bits and all, which two of the types do not read.
# In docs:  docs/sdks.md, at progenitor: which crate reads and writes prefixes as HNS does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export CARGO_HOME=$work/cargo CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 CARGO_BUILD_JOBS=1

mkdir src
cat >Cargo.toml <<'EOF'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
cidr = { version = "=0.3.2", features = ["serde"] }
ip_network = { version = "=0.4.1", features = ["serde"] }
ipnet = { version = "=2.12.2", features = ["serde"] }
ipnetwork = { version = "=0.21.1", features = ["serde"] }
serde = { version = "1", default-features = false }
serde_json = "1"
EOF
cat >src/main.rs <<'EOF'
use serde::{de::DeserializeOwned, Serialize};

fn show<Prefix: Serialize + DeserializeOwned>(name: &str) {
    for text in ["10.244.0.0/16", "10.244.3.7/32", "10.244.3.7", "10.244.3.7/24"] {
        let read = serde_json::from_str::<Prefix>(&format!("\"{text}\""));
        let written = read.map(|prefix| serde_json::to_string(&prefix).unwrap());
        println!("{name}: {text} {}", written.unwrap_or("refused".into()));
    }
}

fn main() {
    show::<cidr::IpCidr>("cidr");
    show::<ipnet::IpNet>("ipnet");
    show::<ipnetwork::IpNetwork>("ipnetwork");
    show::<ip_network::IpNetwork>("ip_network");
}
EOF
cargo build --quiet >log 2>&1 || { cat log; exit 2; }
seen=$(target/debug/finding)
expected='cidr: 10.244.0.0/16 "10.244.0.0/16"
cidr: 10.244.3.7/32 "10.244.3.7"
cidr: 10.244.3.7 "10.244.3.7"
cidr: 10.244.3.7/24 refused
ipnet: 10.244.0.0/16 "10.244.0.0/16"
ipnet: 10.244.3.7/32 "10.244.3.7/32"
ipnet: 10.244.3.7 refused
ipnet: 10.244.3.7/24 "10.244.3.7/24"
ipnetwork: 10.244.0.0/16 "10.244.0.0/16"
ipnetwork: 10.244.3.7/32 "10.244.3.7/32"
ipnetwork: 10.244.3.7 "10.244.3.7/32"
ipnetwork: 10.244.3.7/24 "10.244.3.7/24"
ip_network: 10.244.0.0/16 "10.244.0.0/16"
ip_network: 10.244.3.7/32 "10.244.3.7/32"
ip_network: 10.244.3.7 refused
ip_network: 10.244.3.7/24 refused'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
