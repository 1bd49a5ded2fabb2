#!/usr/bin/env bash
# Four Rust crates for MAC addresses write four things into JSON, and one of them reads no text
#
# Packages: macaddr 1.0.1, mac_address 1.2.1, eui48 1.1.0 and advmac 1.0.3 (crates.io), with their serde features.
# Expected: a MAC is a text in JSON; what FromStr takes, Deserialize takes; the separators differ perhaps.
# Seen:     all four parse HNS's 00-15-5D-01-02-03. In JSON macaddr writes [0,21,93,1,2,3] and refuses the text;
#           mac_address writes colons, eui48 hyphens with small letters, advmac what HNS writes.
# Matters:  a Rust type for an endpoint compiles with each of them. With one it cannot read what HNS answers, with two
#           the text it writes is another key than HNS's.
# In docs:  docs/sdks.md, at progenitor: which crate reads and writes MACs as HNS does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export CARGO_HOME=$work/cargo CARGO_PROFILE_DEV_DEBUG=0

mkdir src
cat >Cargo.toml <<'EOF'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
advmac = { version = "=1.0.3", features = ["serde"] }
eui48 = { version = "=1.1.0", features = ["serde"] }
mac_address = { version = "=1.2.1", features = ["serde"] }
macaddr = { version = "=1.0.1", features = ["serde_std"] }
serde = "1"
serde_json = "1"
EOF
cat >src/main.rs <<'EOF'
use std::fmt::Debug;
use std::str::FromStr;

use serde::{de::DeserializeOwned, Serialize};

const MAC: &str = "00-15-5D-01-02-03";

fn show<Mac: FromStr<Err: Debug> + Serialize + DeserializeOwned>(name: &str) {
    let written = serde_json::to_string(&Mac::from_str(MAC).unwrap()).unwrap();
    let read = serde_json::from_str::<Mac>(&format!("\"{MAC}\"")).is_ok();
    println!("{name}: writes {written}, reads \"{MAC}\": {read}");
}

fn main() {
    show::<macaddr::MacAddr6>("macaddr");
    show::<mac_address::MacAddress>("mac_address");
    show::<eui48::MacAddress>("eui48");
    show::<advmac::MacAddr6>("advmac");
}
EOF
cargo build --quiet >log 2>&1 || { cat log; exit 2; }
seen=$(target/debug/finding)
expected='macaddr: writes [0,21,93,1,2,3], reads "00-15-5D-01-02-03": false
mac_address: writes "00:15:5D:01:02:03", reads "00-15-5D-01-02-03": true
eui48: writes "00-15-5d-01-02-03", reads "00-15-5D-01-02-03": true
advmac: writes "00-15-5D-01-02-03", reads "00-15-5D-01-02-03": true'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
