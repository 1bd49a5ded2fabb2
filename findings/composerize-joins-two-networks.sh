#!/usr/bin/env bash
# composerize makes one network "lan,nat" of two, and one called "name=nat,ip=…" of the long form
#
# Package:  composerize 1.7.6 (npm), which turns `docker run` into a Compose file.
# Expected: since Docker 25 `docker run` takes --network more than once, and with parts: name=…,ip=…,alias=…. The Compose
#           file has two networks, or the address and the aliases; or the converter refuses what it does not know.
# Seen:     it knows --ip beside one --network. Two of them become one external network whose name is both with a
#           comma, and the long form is a name as a whole; the address is nowhere else. The advice above it is to
#           create that network, with the driver bridge.
# Matters:  two networks are how a Windows container has a nat and a transparent leg. The file is valid; `docker compose
#           up` says that network "lan,nat" is not found, and who follows the advice fails again: no Windows daemon
#           has a driver bridge.
# In docs:  nothing acts on it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export npm_config_loglevel=error

npm install --silent --no-audit --no-fund --ignore-scripts composerize@1.7.6 >log 2>&1 || { cat log; exit 2; }
cat >convert.js <<'EOF'
const convert = require("composerize");
for (const networks of ["--network nat --ip 172.20.0.5", "--network lan --network nat", "--network name=nat,ip=172.20.0.5"]) {
  console.log(networks);
  console.log(convert(`docker run ${networks} mcr.microsoft.com/windows/nanoserver`).replace(/^(#.* network create)/, "# … network create"));
}
EOF
seen=$(node convert.js 2>log) || { cat log; exit 2; }
expected='--network nat --ip 172.20.0.5
# … network create -d bridge nat
name: <your project name>
services:
    nanoserver:
        networks:
            nat:
                ipv4_address: 172.20.0.5
        image: mcr.microsoft.com/windows/nanoserver
networks:
    nat:
        external: true
        name: nat
--network lan --network nat
# … network create -d bridge lan,nat
name: <your project name>
services:
    nanoserver:
        networks:
            - lan,nat
        image: mcr.microsoft.com/windows/nanoserver
networks:
    lan,nat:
        external: true
        name: lan,nat
--network name=nat,ip=172.20.0.5
# … network create -d bridge name=nat,ip=172.20.0.5
name: <your project name>
services:
    nanoserver:
        networks:
            - name=nat,ip=172.20.0.5
        image: mcr.microsoft.com/windows/nanoserver
networks:
    name=nat,ip=172.20.0.5:
        external: true
        name: name=nat,ip=172.20.0.5'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
